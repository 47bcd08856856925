"""The tests, one folder a room.

Odoo runs the modules it finds bound here under a name that starts with ``test_``: every ``test_*.py`` of a room is
bound, so that a new file is run without being listed anywhere.
"""

import importlib
import pkgutil

for room in pkgutil.iter_modules(__path__):
    if not room.ispkg:
        continue
    package = importlib.import_module(f"{__name__}.{room.name}")
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.startswith("test_"):
            name = f"test_{room.name}_{module.name.removeprefix('test_')}"
            globals()[name] = importlib.import_module(f"{package.__name__}.{module.name}")
