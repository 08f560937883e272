#!/bin/sh
# Make the virtual environment in .venv with a Python that is new enough, or say in one sentence why that cannot be.
set -eu

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:-python3.11 python3 python3.12 python3.13 python3.14 python}; do
        if new_enough "$candidate"; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

if new_enough .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; then
    exit 0
fi

if ! python=$(find_python); then
    found=$(${PYTHON:-python3} --version 2>/dev/null || echo "no Python")
    echo "Guanxi needs Python 3.11 or newer, and this machine has $found." \
        "Install a newer one, or name it: make run PYTHON=/path/to/python3.11" >&2
    exit 1
fi

echo "Making a virtual environment in .venv with $("$python" --version) …"
if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv --clear .venv
else
    # Debian keeps ensurepip in a package of its own; the pip that is there can do the same work.
    "$python" -m venv --clear --without-pip .venv
    "$python" -m pip --python .venv/bin/python install --quiet --disable-pip-version-check pip
fi
