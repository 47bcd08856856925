"""Bring ``i18n/`` up to date with the texts of the code: run it as ``./run --shell < dev/export_translations.py``.

The template is exported from the database, translations that still have a text are kept, the others dropped, and
texts without a French translation are listed.
"""

import io
from pathlib import Path

import polib

from odoo.tools.misc import file_path
from odoo.tools.translate import trans_export

MODULE = "medical_practice"
folder = Path(file_path(f"{MODULE}/i18n"))
buffer = io.BytesIO()
trans_export(False, [MODULE], buffer, "po", env)  # noqa: F821 - given by Odoo's shell
template = polib.pofile(buffer.getvalue().decode())
for key in ("POT-Creation-Date", "PO-Revision-Date"):
    template.metadata.pop(key, None)
template.sort(key=lambda entry: entry.msgid)
template.save(str(folder / f"{MODULE}.pot"))
for path in sorted(folder.glob("*.po")):
    known = {entry.msgid: entry for entry in polib.pofile(str(path))}
    catalogue = polib.POFile(wrapwidth=78)
    catalogue.metadata = {**template.metadata, "Language": path.stem}
    for entry in template:
        text = known[entry.msgid].msgstr if entry.msgid in known else ""
        if text or path.stem == "fr":
            fields = {"msgid": entry.msgid, "msgstr": text, "occurrences": entry.occurrences, "comment": entry.comment}
            catalogue.append(polib.POEntry(**fields))
    catalogue.save(str(path))
    missing = [entry.msgid for entry in catalogue if not entry.msgstr]
    print(f"{path.name}: {len(catalogue)} texts, {len(missing)} without translation")
    for text in missing:
        print(f"  {text!r}")
