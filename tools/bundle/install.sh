#!/bin/sh
# Installs 打非一张图 from this folder alone; the network is not used. Linux x86-64, Python 3.11.
set -eu
cd "$(dirname "$0")"

case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in zh*) zh=1 ;; *) zh= ;; esac
say() { if [ -n "$zh" ]; then echo "$1"; else echo "$2"; fi; }

PYTHON=${PYTHON:-python3.11}
if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
  say "需要 Python 3.11：请先安装 python3.11 与 python3.11-venv（或用 PYTHON=路径 指明），再运行本脚本。" \
      "Python 3.11 is needed: install python3.11 and python3.11-venv (or name it with PYTHON=path), then run this script again."
  exit 1
fi
if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
  say "这里的安装包只适用于 Linux x86-64：其他系统请在联网的同类机器上用 make bundle 另做一份。" \
      "These packages are for Linux x86-64 only: make a bundle for this system on a machine of its kind."
  exit 1
fi

say "[1/3] 核对文件" "[1/3] Checking the files"
if ! sha256sum --check --quiet SHA256SUMS; then
  say "有文件缺失或被改动：请重新拷贝整个文件夹，再运行本脚本。" \
      "A file is missing or was changed: copy the whole folder again, then run this script."
  exit 1
fi
say "[2/3] 建立 Python 虚拟环境" "[2/3] Creating the Python environment"
if ! "$PYTHON" -m venv --clear .venv; then
  say "无法建立虚拟环境：请先安装 python3.11-venv，再运行本脚本。" \
      "The Python environment cannot be created: install python3.11-venv, then run this script again."
  exit 1
fi
say "[3/3] 安装软件包" "[3/3] Installing the packages"
.venv/bin/python -m pip --isolated install --quiet --disable-pip-version-check --no-deps \
  --no-index --find-links wheels/linux-x86_64 --require-hashes -r app/requirements/run.txt
sha256sum SHA256SUMS > .venv/installed.sha256
say "安装完成。" "Installed."
