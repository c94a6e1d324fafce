#!/bin/sh
# Installs 打非一张图 when needed, builds the demo district when there is no database, and serves it.
set -eu
cd "$(dirname "$0")"
if ! [ -f .venv/installed.sha256 ] || ! sha256sum --check --status .venv/installed.sha256; then
  sh ./install.sh
fi
cd app
exec ../.venv/bin/python -m tools.serve_demo --installed
