#!/bin/sh
# Installs 打非一张图 when needed, builds the demo district when there is no database, and serves it.
set -eu
cd "$(dirname "$0")"
if ! [ -f .venv/installed.sha256 ] || ! sha256sum --check --status .venv/installed.sha256; then
  sh ./install.sh
fi
# The data lie beside the program, so a newer program can take its place.
here=$(pwd)
ONEMAP_FOLDER=${ONEMAP_FOLDER:-$here/var}
ONEMAP_DATABASE_URL=${ONEMAP_DATABASE_URL:-sqlite:///$here/var/onemap.sqlite}
export ONEMAP_FOLDER ONEMAP_DATABASE_URL
cd app
exec ../.venv/bin/python -m tools.serve_demo --installed
