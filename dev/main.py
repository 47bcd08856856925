"""Entry point of the commands: ``main.py COMMAND [ARGUMENT...]``, called by their shell wrappers."""

import importlib
import sys

from runtime.errors import guard

COMMANDS = {
    "run": "runtime.practice",
    "test": "runtime.testing",
    "lint": "runtime.linting",
    "erp-suites": "runtime.erp_suites",
    "lifecycle": "runtime.lifecycle",
}


def main() -> int:
    command, arguments = sys.argv[1], sys.argv[2:]
    return importlib.import_module(COMMANDS[command]).main(arguments)


if __name__ == "__main__":
    sys.exit(guard(main))
