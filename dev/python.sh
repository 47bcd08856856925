# Sourced by the commands with their arguments: sets $python to a Python that Odoo 19 can run on,
# the one named by --python (or the variable PYTHON) or the first suitable one of the machine.

# Whether $1 is a Python from 3.10 to 3.13.
suitable_python() {
    "$1" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

# Prints the value of --python among the arguments, or nothing.
asked_python() {
    while [ $# -gt 0 ]; do
        case $1 in
            --python) printf '%s' "${2-}"; return ;;
            --python=*) printf '%s' "${1#--python=}"; return ;;
            --) return ;;
        esac
        shift
    done
}

python=$(asked_python "$@")
python=${python:-${PYTHON-}}
if [ -n "$python" ]; then
    if ! suitable_python "$python"; then
        echo "'$python' is not a Python from 3.10 to 3.13, which is what Odoo 19 runs on: name another with --python PATH." >&2
        exit 1
    fi
else
    for python in python3 python3.13 python3.12 python3.11 python3.10 /usr/bin/python3 ''; do
        suitable_python "$python" && break
    done
    if [ -z "$python" ]; then
        echo "Odoo 19 runs on Python 3.10 to 3.13 and none was found here: install one, or name one with --python PATH." >&2
        exit 1
    fi
fi
