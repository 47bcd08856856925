"""Loading drugs from a table, and the command that loads without the screen."""

from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo.cli.command import find_command
from odoo.tests import TransactionCase, tagged

from ..lib.test_drugs_csv import FULL, table


class DrugsCsvCase(TransactionCase):
    def setUp(self):
        super().setUp()
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name, "drugs.csv")
        # What an earlier load left in the database is none of these tests' business.
        for name in ("medical_drug", "medical_substance", "medical_drug_package", "medical_generic_group"):
            self.env.cr.execute(f"UPDATE {name} SET register_kind = 'earlier_' || register_kind")
        self.env.invalidate_all()

    def _write(self, *rows):
        self.path.write_text(table([{**FULL, **row} for row in rows]), encoding="utf-8")
        return self.path

    def _load(self, *rows):
        return self.env["medical.register"].load_edition("drugs_csv", self._write(*rows))

    def _drug(self, code="A1"):
        return self.env["medical.drug"].search([("register_kind", "=", "drugs_csv"), ("register_code", "=", code)])


@tagged("post_install", "-at_install")
class TestDrugsCsvLoad(DrugsCsvCase):
    def test_fields(self):
        self.assertEqual(self._load({})["taken"], 1)
        drug = self._drug()
        expected = {"strength": "500 mg", "dose_unit": "capsule", "max_daily_dose": 3, "max_daily_unit": "g"}
        self.assertRecordValues(drug, [expected | {"conditions": "not for the night", "atc_code": "J01CA04"}])
        self.assertEqual(drug.package_ids.mapped("quantity"), [12, 30])
        self.assertEqual(drug.substance_ids.substance_id.key, "amoxicilin")

    def test_languages(self):
        for language in ("fr_FR", "de_DE"):
            self.env["res.lang"]._activate_lang(language)
        self._load({})
        names = [self._drug().with_context(lang=language).name for language in ("en_US", "fr_FR", "de_DE")]
        self.assertEqual(names, ["Amoxil", "Amoxil", "Amoxil Kapseln"])
        self.assertEqual(self._drug().with_context(lang="fr_FR").form, "Gélule")

    def test_the_next_edition(self):
        self._load({}, {"code": "A2", "name": "Amoxident"}, {"code": "A3", "name": "Amoxan"})
        self.assertEqual(self._drug().alternative_ids.mapped("name"), ["Amoxan", "Amoxident"])
        report = self._load({}, {"code": "A2", "name": "Amoxidental"})
        self.assertEqual((report["taken"], report["changed"], report["withdrawn"]), (0, 1, 1))
        self.assertFalse(self._drug("A3").marketed)

    def test_a_column_that_is_not_there(self):
        self._load({"narcotic_class": "narcotic"})
        self.path.write_text("code,name,substances\nA1,Amoxil,amoxicillin|500 mg\n", encoding="utf-8")
        self.env["medical.register"].load_edition("drugs_csv", self.path)
        self.assertEqual((self._drug().narcotic_class, self._drug().atc_code), ("narcotic", "J01CA04"))
        self.assertTrue(self._drug().package_ids[0].marketed)


@tagged("post_install", "-at_install")
class TestCommand(DrugsCsvCase):
    """``odoo medical_load``, with the connection of the test."""

    def _run(self, *words):
        command = find_command("medical_load")
        self.assertTrue(command, "Odoo finds the command of the addon")

        @contextmanager
        def environment(_command, _database):
            with self.env.cr.savepoint():
                yield self.env(su=True)

        self.patch(command, "_environment", environment)
        self.patch(command, "_configure", lambda _command, _arguments: None)
        output, errors = StringIO(), StringIO()
        code = None
        with redirect_stdout(output), redirect_stderr(errors):
            try:  # assertRaises would undo what the command did
                command().run(["-d", self.env.cr.dbname, *map(str, words)])
            except SystemExit as end:
                code = end.code
        return code, output.getvalue(), errors.getvalue()

    def test_report(self):
        code, output, errors = self._run("drugs_csv", self._write({}, {"code": "A2", "atc": "?"}))
        self.assertEqual(code, 0)
        self.assertIn("taken: 1\n", output)
        self.assertIn("drugs.csv:3: “?” is no ATC code.", output)
        self.assertTrue(errors.endswith("100 %\n"))
        self.assertTrue(self._drug())

    def test_refused(self):
        self.path.write_text("no table", encoding="utf-8")
        code, _output, errors = self._run("drugs_csv", self.path)
        self.assertEqual(code, 1)
        self.assertIn("holds no table with the columns code, name, substances", errors)
        code, _output, errors = self._run("martian", self.path)
        self.assertIn("no register of the kind martian", errors)

    def test_misuse(self):
        code, _output, errors = self._run("drugs_csv", self.path.parent / "nowhere")
        self.assertEqual(code, 2)
        self.assertIn("there is no", errors)

    def test_wrong_file(self):
        self._load(*({"code": f"B{number}", "name": f"Brand {number}"} for number in range(60)))
        self.assertTrue(self._drug("B1").marketed)
        code, _output, errors = self._run("drugs_csv", self._write({}))
        self.assertEqual(code, 1)
        self.assertIn("60 of the 60 entries known today are not in this file", errors)
        self.env.invalidate_all()
        self.assertTrue(self._drug("B1").marketed)
        self.assertEqual(self._run("--accept-withdrawals", "drugs_csv", self.path)[0], 0)
        self.env.invalidate_all()
        self.assertFalse(self._drug("B1").marketed)
