@echo off
rem Untried: written for Windows 10 x64 and never run there. Tell us what happened.
rem Installs when needed, builds the demo district when there is no database, and serves it.
chcp 65001 >nul
setlocal
cd /d "%~dp0"
if exist .venv\installed.stamp goto start

py -3.11 -c "import struct, sys; sys.exit(struct.calcsize('P') != 8)" >nul 2>&1
if errorlevel 1 (
  echo 需要 64 位 Python 3.11：请先安装，再运行本脚本。 64-bit Python 3.11 is needed: install it, then run this script again.
  pause
  exit /b 1
)
echo [1/2] 建立 Python 虚拟环境 Creating the Python environment
py -3.11 -m venv --clear .venv
if errorlevel 1 goto failed
echo [2/2] 安装软件包 Installing the packages
.venv\Scripts\python.exe -m pip --isolated install --quiet --disable-pip-version-check --no-deps --no-index --find-links wheels\windows-amd64 --require-hashes -r app\requirements\run.txt
if errorlevel 1 goto failed
echo installed> .venv\installed.stamp

:start
rem The data lie beside the program, so a newer program can take its place.
if not defined ONEMAP_FOLDER set "ONEMAP_FOLDER=%~dp0var"
if not defined ONEMAP_DATABASE_URL set "ONEMAP_DATABASE_URL=sqlite:///%~dp0var/onemap.sqlite"
cd app
..\.venv\Scripts\python.exe -m tools.serve_demo --installed
exit /b %errorlevel%

:failed
echo 安装没有完成：请把上面的文字发给供应方。 The installation failed: send the text above to your supplier.
pause
exit /b 1
