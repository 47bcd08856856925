"""The parser of drugs as a table: what is taken, what is told, what is refused."""

import csv
import io
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.registers import drugs_csv
from ...lib.registers.base import PackageRow, RegisterError
from .common import FILES

FULL = {
    "code": "A1",
    "name": "Amoxil",
    "name_fr": "Amoxil",
    "name_de": "Amoxil Kapseln",
    "form": "Capsule",
    "form_fr": "Gélule",
    "route": "oral",
    "substances": "amoxicillin|500 mg",
    "substances_fr": "amoxicilline",
    "atc": "j01 ca04",
    "atc_name": "Amoxicillin",
    "company": "Maker",
    "schedule": "prescription",
    "narcotic_class": "",
    "conditions": "not for the night",
    "packages": "123|box of 12|12 capsule|4.50 eur; |30 capsule|30 capsule",
    "max_daily_dose": "3 g",
    "marketed": "yes",
}


def table(rows, delimiter=","):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


class DrugsCsvCase(BaseCase):
    def edition(self, content, name="drugs 2026-02-01.csv", encoding="utf-8"):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        path = Path(temporary.name, name)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return drugs_csv.read_edition(path)

    def read_rows(self, *rows, **options):
        edition = self.edition(table([{**FULL, **row} for row in rows], **options))
        return edition, list(edition.rows())

    def one(self, **changed):
        edition, [row] = self.read_rows(changed)
        self.assertEqual(edition.refused, [])
        return row

    def codes(self, **changed):
        edition, rows = self.read_rows({}, {"code": "A2", **changed})
        return [refused.reason_code for refused in edition.refused], len(rows)


@tagged("post_install", "-at_install")
class TestDrugsCsv(DrugsCsvCase):
    def test_fields(self):
        row = self.one()
        self.assertEqual((row.name, row.form, row.form_fr, row.strength), ("Amoxil", "Capsule", "Gélule", "500 mg"))
        self.assertEqual((row.dose_unit, row.route_code, row.atc), ("capsule", "oral", "J01CA04"))
        [substance] = row.substances
        self.assertEqual((substance.name, substance.name_fr), ("Amoxicillin", "Amoxicilline"))
        self.assertEqual((row.max_daily, row.max_daily_unit), (3, "g"))
        self.assertEqual(row.names, (("de", "Amoxil Kapseln"),))
        box = PackageRow("123", "box of 12", Decimal("12"), "capsule", True, Decimal("4.50"), "EUR")
        self.assertEqual(row.packages[0], box)
        self.assertEqual(len(row.packages), 2)

    def test_edition(self):
        edition, _rows = self.read_rows({})
        self.assertEqual((edition.date, edition.parts), (date(2026, 2, 1), ("",)))
        self.assertEqual(edition.info["languages"], "de,fr")
        self.assertEqual(set(edition.silent), {"generic_type"})

    def test_only_what_is_needed(self):
        edition = self.edition("code;name;substances\nA1;Amoxil;\n")
        [row] = edition.rows()
        self.assertEqual((row.substances, row.form), ((), ""))
        for column in ("form", "dose_unit", "narcotic_class", "packages", "atc_code"):
            self.assertIn(column, edition.silent)

    def test_separators_and_encodings(self):
        expected = self.one(company="Maïs")
        for delimiter, encoding in ((";", "cp1252"), ("\t", "utf-16"), ("|", "utf-8-sig")):
            changed = {**FULL, "company": "Maïs"}
            changed |= {"substances": "amoxicillin|500 mg"}
            [row] = self.edition(table([changed], delimiter), encoding=encoding).rows()
            self.assertEqual(row, expected, delimiter)

    def test_order_and_capitals_of_columns(self):
        [row] = self.edition('Substances,NAME,Code\n"x|1 mg; y|2.5 mg/5 mL",Mixed,7\n').rows()
        self.assertEqual((row.register_code, row.strength), ("7", "1 mg + 2.5 mg / 5 mL"))

    def test_unknown_columns_are_told(self):
        edition = self.edition("code,name,substances,colour\nA1,Amoxil,x,red\n")
        self.assertEqual(len(list(edition.rows())), 1)
        [refused] = edition.refused
        self.assertEqual(
            (refused.reason_code, refused.line, refused.params), ("unknown_column", 1, {"found": "colour"})
        )

    def test_refused(self):
        self.assertEqual(self.codes(code=""), (["code_missing"], 1))
        self.assertEqual(self.codes(code="A1"), (["duplicate_code"], 1))
        self.assertEqual(self.codes(name=" "), (["name_missing"], 1))
        self.assertEqual(self.codes(substances="|5 mg"), (["ingredient_missing"], 1))
        self.assertEqual(self.codes(substances="x|strong"), (["strength"], 1))
        self.assertEqual(self.codes(atc="hello"), (["bad_atc"], 1))
        self.assertEqual(self.codes(narcotic_class="funny"), (["bad_choice"], 1))
        self.assertEqual(self.codes(marketed="perhaps"), (["bad_choice"], 1))
        self.assertEqual(self.codes(packages="1|box|many"), (["bad_number"], 1))
        self.assertEqual(self.codes(packages="1|box|3 barrels"), (["bad_unit"], 1))
        self.assertEqual(self.codes(max_daily_dose="a lot"), (["bad_number"], 1))

    def test_no_table(self):
        for content in ("", "code,name\nA1,Amoxil\n", "<html>no</html>", b"\x00" * 1000, b"\xff" * 1000):
            with self.assertRaises(RegisterError, msg=content[:20]) as caught:
                self.edition(content)
            self.assertEqual(caught.exception.code, "no_columns")

    def test_ten_million_characters_in_a_cell(self):
        edition = self.edition("code,name,substances\nA1," + "x" * 10_000_000 + ",y\nA2,Good,z\n")
        rows = list(edition.rows())
        self.assertLessEqual(max(len(row.name) for row in rows), 500)
        self.assertIn("A2", [row.register_code for row in rows])

    @given(st.binary(max_size=200), st.integers(0, 400))
    @FILES
    def test_any_bytes_anywhere(self, garbage, place):
        content = table([FULL, {**FULL, "code": "A2"}]).encode()
        with tempfile.TemporaryDirectory() as temporary:
            path = Path(temporary, "drugs.csv")
            path.write_bytes(content[:place] + garbage + content[place:])
            try:
                edition = drugs_csv.read_edition(path)
                rows = list(edition.rows())
            except RegisterError as error:
                self.assertIn(error.code, ("no_columns", "bad_zip"))
                return
        self.assertLessEqual(len({row.register_code for row in rows}), len(rows))
        self.assertTrue(all(row.name.isprintable() and row.register_code for row in rows))
