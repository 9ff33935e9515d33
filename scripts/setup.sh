#!/bin/sh
# Everything `make demo` and `make test` need, once, in any order, resumable.
# usage: scripts/setup.sh demo|test
# Writes nothing outside this folder except system packages, and those only as root or with password-less sudo.
set -eu
purpose=${1:?demo or test}
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

# --- Python ------------------------------------------------------------------------------------------------------
find_python() {
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] || continue
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}
if ! python=$(find_python); then
    say "sovscan needs Python 3.11 or newer (Debian 12, Ubuntu 24.04 and later have it; Ubuntu 22.04 does not)."
    say "Install it, or name it: PYTHON=/path/to/python3.12 make $purpose"
    exit 1
fi

# --- system packages ---------------------------------------------------------------------------------------------
as_root=""
can_install=no
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then
        can_install=yes
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
        can_install=yes
    fi
fi

has_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }
has_library() { "$python" -c "import ctypes, sys; ctypes.CDLL(sys.argv[1])" "$1" 2>/dev/null; }
has_pango() {
    if [ "$(uname -s)" = Darwin ]; then
        has_library libpango-1.0.dylib || has_library /opt/homebrew/lib/libpango-1.0.dylib
    else
        has_library libpango-1.0.so.0 && has_library libpangoft2-1.0.so.0 && has_library libharfbuzz-subset.so.0
    fi
}
has_dns_server() { PATH="$PATH:/usr/sbin:/sbin" command -v nsd >/dev/null 2>&1; }

wanted=""
has_venv || wanted="$wanted python3-venv"
has_pango || wanted="$wanted libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
[ "$purpose" != test ] || has_dns_server || wanted="$wanted nsd"

install_packages() {
    # A DNS server that comes as a package must not start as a service: tests run their own on loopback.
    policy=/usr/sbin/policy-rc.d
    ours=no
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null && $as_root chmod 755 "$policy" && ours=yes
    fi
    status=0
    # shellcheck disable=SC2086
    {
        $as_root apt-get update -qq &&
            $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted
    } >&2 || status=$?
    [ "$ours" = no ] || $as_root rm -f "$policy"
    if [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1; then
        $as_root systemctl disable --quiet nsd 2>/dev/null || true
    fi
    return $status
}

if [ -n "$wanted" ]; then
    if [ "$can_install" = yes ]; then
        say "installing:$wanted"
        install_packages || say "some packages could not be installed"
    elif command -v apt-get >/dev/null 2>&1; then
        say "missing system packages; install them with:"
        say "    sudo apt-get update && sudo apt-get install --no-install-recommends$wanted"
    elif [ "$(uname -s)" = Darwin ]; then
        has_pango || say "PDF reports need Pango: brew install pango"
    else
        say "this system has no apt-get; install the equivalents of:$wanted"
    fi
fi
if ! has_venv; then
    say "stopping: a virtual environment cannot be made without python3-venv"
    exit 1
fi
has_pango || say "note: without Pango, HTML reports are written and PDF reports are not"
[ "$purpose" != test ] || has_dns_server || say "note: no NSD; the pure-Python DNS server stands in for it"

# --- checkers of pages, for the tests only ------------------------------------------------------------------------
# 36 MB of Node.js packages without their install scripts; where they cannot be had, their tests say so and are skipped.
if [ "$purpose" = test ]; then
    wanted_pages=$(cksum <tests/web/package-lock.json)
    if ! command -v npm >/dev/null 2>&1; then
        say "note: no npm; the browser checks of the HTML report are skipped"
    elif [ "$(cat tests/web/node_modules/.sovscan 2>/dev/null)" != "$wanted_pages" ]; then
        if npm ci --prefix tests/web --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null 2>&1; then
            printf '%s\n' "$wanted_pages" >tests/web/node_modules/.sovscan
        else
            say "note: npm could not install the page checkers; the browser checks of the HTML report are skipped"
        fi
    fi
fi

# --- virtual environment -----------------------------------------------------------------------------------------
lock=requirements/runtime.lock
[ "$purpose" = demo ] || lock=requirements/development.lock
stamp=".venv/.sovscan-$purpose"
state=$("$python" - "$lock" <<'PY'
import hashlib, pathlib, sys
content = b"".join(pathlib.Path(name).read_bytes() for name in ("pyproject.toml", sys.argv[1]))
print(hashlib.sha256(content + sys.version.encode()).hexdigest())
PY
)
# An environment set up for the tests serves the demo as well.
for known in "$stamp" .venv/.sovscan-test; do
    if [ "$purpose" = demo ] || [ "$known" = "$stamp" ]; then
        [ -f "$known" ] && [ "$(sed -n 1p "$known")" = "$state" ] && exit 0
        [ "$purpose" = demo ] && [ -f "$known" ] && [ "$(sed -n 2p "$known")" = "$(cksum <pyproject.toml)" ] && exit 0
    fi
done
if [ -e .venv ] && ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    say "the virtual environment is incomplete: making it again"
    rm -rf .venv
fi
[ -e .venv ] || "$python" -m venv .venv
say "installing Python packages (once)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
printf '%s\n%s\n' "$state" "$(cksum <pyproject.toml)" >"$stamp"
