import io
import re

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import trans_export

MODULE = "medical_practice"
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\{.*?\}\}")


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """French is complete, and says what the English says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        buffer = io.BytesIO()
        trans_export(False, [MODULE], buffer, "po", cls.env)
        cls.template = polib.pofile(buffer.getvalue().decode())
        cls.french = {entry.msgid: entry for entry in polib.pofile(file_path(f"{MODULE}/i18n/fr.po"))}

    def test_every_text_is_translated(self):
        missing = [
            entry.msgid
            for entry in self.template
            if not self.french.get(entry.msgid) or not self.french[entry.msgid].msgstr
        ]
        self.assertFalse(missing, f"{len(missing)} texts without French: {missing[:20]}")

    def test_no_translation_is_left_over(self):
        # The texts of the demonstration are translated too; a database without it does not hold them.
        texts = {
            entry.msgid
            for entry in self.french.values()
            if not all("_demo" in reference for reference, _line in entry.occurrences)
        }
        self.assertFalse(texts - {entry.msgid for entry in self.template})

    def test_nothing_is_marked_as_doubtful(self):
        self.assertFalse([entry.msgid for entry in self.french.values() if "fuzzy" in entry.flags])

    def test_placeholders_are_kept(self):
        for msgid, entry in self.french.items():
            with self.subTest(msgid=msgid):
                self.assertCountEqual(PLACEHOLDER.findall(msgid), PLACEHOLDER.findall(entry.msgstr))
