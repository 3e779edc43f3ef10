#!/usr/bin/env bash
# The parts of the Makefile that take more than a line.
#   machine, machine-test   checks Python and Node, installs the Debian packages that are missing
#   packages FILE           makes .venv if there is none and installs what FILE pins
#   assets                  fetches what package-lock.json pins for the site and copies it to static/vendor/
#   biome                   fetches what it pins for checking scripts and style sheets, too
#   port                    is PORT free?
#   lock                    writes requirements.txt and requirements-dev.txt from pyproject.toml
set -euo pipefail
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
export PIP_DISABLE_PIP_VERSION_CHECK=1

die() {
    echo "townedu: $*" >&2
    exit 1
}

# Runs a command without its talk; if it fails, shows how the talk ended.
quietly() {
    local log
    log=$(mktemp)
    if "$@" </dev/null >"$log" 2>&1; then
        rm "$log"
    else
        tail -n 20 "$log" >&2
        rm "$log"
        return 1
    fi
}

# WeasyPrint's libraries (the subsetter makes a Chinese PDF 12 times faster), fonts of the PDF and, the last two, of the
# rare characters in names, catalogues.
RUN_PACKAGES=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk fonts-arphic-ukai
    fonts-babelstone-han fonts-hanazono gettext)
# The browser, the C library that the driver of Playwright links to, and tools that read PDFs back.
TEST_PACKAGES=(chromium libatomic1 poppler-utils)

machine() {
    command -v "$PYTHON" >/dev/null || die "Python is missing: install Python 3.11 or newer."
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        die "$("$PYTHON" --version) is too old: townedu needs Python 3.11 or newer (PYTHON=… chooses another one)."
    command -v node >/dev/null && command -v npm >/dev/null ||
        die "Node.js or its npm is missing: install Node 20."

    local package missing=()
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
    [[ ${#missing[@]} == 0 ]] || install "${missing[@]}"
}

install() {
    local root=()
    command -v apt-get >/dev/null || die "the Debian packages $* are missing, and there is no apt-get to install them."
    if [[ $(id -u) != 0 ]]; then
        command -v sudo >/dev/null || die "the Debian packages $* are missing: run as root, or install sudo."
        sudo -v || die "the Debian packages $* are missing, and sudo refused."
        root=(sudo)
    fi
    echo "Installing $*"
    quietly "${root[@]}" apt-get update || die "apt-get could not read the lists of packages."
    quietly "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        -o DPkg::Lock::Timeout=120 "$@" || die "apt-get could not install $*."
    # matplotlib keeps a list of the fonts that it has found.
    rm -f "${XDG_CACHE_HOME:-$HOME/.cache}"/matplotlib/fontlist*.json
}

packages() {
    .venv/bin/python -c 'import pip' 2>/dev/null || "$PYTHON" -m venv --clear .venv
    echo "Installing the Python packages of $1"
    # The file names every package, so nothing else may come along; the check tells if one were missing.
    quietly .venv/bin/python -m pip install --no-deps --requirement "$1" &&
        quietly .venv/bin/python -m pip check || die "the Python packages of $1 could not be installed."
}

node_packages() {
    quietly npm ci --ignore-scripts "$@" || die "npm could not install what package-lock.json names."
}

biome() {
    echo "Installing the Node packages of the checks"
    node_packages
}

assets() {
    # What only the checks need is left out, unless it is there: npm would take it away.
    local without=(--omit=dev)
    [[ ! -e node_modules/.bin/biome ]] || without=()
    node_packages "${without[@]}"
    mkdir -p static/vendor
    # Without the source maps' addresses: the maps are not served, and Django's manifest would look for them.
    local file
    for file in bootstrap/dist/css/bootstrap.min.css bootstrap/dist/js/bootstrap.bundle.min.js \
        htmx.org/dist/htmx.min.js; do
        sed '/# sourceMappingURL=/d' "node_modules/$file" >"static/vendor/${file##*/}"
    done
}

port() {
    [[ ${PORT:=8000} =~ ^[0-9]{1,5}$ ]] && ((10#$PORT > 0 && 10#$PORT < 65536)) ||
        die "PORT must be a number from 1 to 65535, not '$PORT'."
    ! (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null ||
        die "port $PORT is taken: stop what listens there, or choose another one, as in 'make run PORT=8001'."
}

lock() {
    local folder
    folder=$(mktemp -d)
    # shellcheck disable=SC2064  # the folder of now, not of then
    trap "rm -rf '$folder'" EXIT
    "$PYTHON" -m venv "$folder/venv"
    freeze() {  # $1: the lock file, $2: an expression on pyproject's data
        "$PYTHON" -c "import tomllib; data = tomllib.load(open('pyproject.toml', 'rb')); print(*$2, sep='\n')" \
            >"$folder/wanted"
        "$folder/venv/bin/python" -m pip install --quiet --requirement "$folder/wanted"
        "$folder/venv/bin/python" -m pip freeze >"$1"
    }
    freeze requirements.txt "data['project']['dependencies']"
    freeze requirements-dev.txt "data['dependency-groups']['dev']"
}

case ${1:-} in
    machine) machine "${RUN_PACKAGES[@]}" ;;
    machine-test) machine "${RUN_PACKAGES[@]}" "${TEST_PACKAGES[@]}" ;;
    packages | assets | biome | port | lock) "$@" ;;
    *) die "deploy/setup.sh knows machine, machine-test, packages FILE, assets, biome, port and lock." ;;
esac
