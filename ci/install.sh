#!/usr/bin/env bash
# Install sovscan from the checkout this file stands in into a virtual environment of its own.
# usage: ci/install.sh FOLDER
set -euo pipefail
folder=${1:?usage: ci/install.sh FOLDER}
here=$(cd "$(dirname "$0")/.." && pwd)
python=${SOVSCAN_PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "sovscan needs Python 3.11 or later; name one with the input 'python'" >&2
    exit 2
fi
"$python" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$here/requirements/runtime.lock"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$here"
