"""The parser of the French drug register: the real extract, its variants, and broken files."""

import tempfile
import zipfile
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.registers import bdpm, read_edition
from ...lib.registers.base import RegisterError
from ...lib.registers.bdpm import parse_package
from .common import FILES, PROPERTY, SHARED_DATA

REAL = SHARED_DATA / "bdpm-france" / "dev"


def cis(code="60000001", name="AMOXICILLINE EG 500 mg, gélule", form="gélule", routes="orale", **more):
    status, sold = more.get("status", "Autorisation active"), more.get("sold", "Commercialisée")
    known = (code, name, form, routes, status, "Procédure nationale", sold, more.get("date", "15/01/2020"))
    return "\t".join((*known, "", "", more.get("company", " EG LABO"), "Non"))


def compo(code="60000001", number="1", name="AMOXICILLINE", strength="500 mg", per="une gélule", nature="SA", link="1"):
    return "\t".join((code, "gélule", number, name, strength, per, nature, link)) + "\t"


def cip(code="60000001", label="plaquette(s) PVC-Aluminium de 12 gélule(s)", number="3400930000001", price="2,50"):
    sold = ("Présentation active", "Déclaration de commercialisation", "16/03/2011", number, "oui", "65%")
    return "\t".join((code, number[5:12], label, *sold, price, price, "1,02", ""))


def gener(group="1", label="AMOXICILLINE 500 mg - CLAMOXYL 500 mg, gélule", code="60000001", kind="1"):
    return "\t".join((group, label, code, kind, "2")) + "\t"


def cpd(code="60000001", text="liste I"):
    return f"{code}\t{text}\t"


NAMES = {"": "CIS_bdpm.txt"} | {table: f"CIS_{table.upper()}_bdpm.txt" for table in ("compo", "cip", "gener", "cpd")}


def tables(**changed):
    """Return the files of one specialty; name a table to change its lines, None leaves it out."""
    lines = {"": [cis()], "compo": [compo()], "cip": [cip()], "gener": [gener()], "cpd": [cpd()]}
    lines |= {"" if table == "cis" else table: value for table, value in changed.items()}
    return {NAMES[table]: "\r\n".join(value) + "\r\n" for table, value in lines.items() if value is not None}


class BdpmCase(BaseCase):
    def folder(self, content, encoding="utf-8"):
        """Write files (text, or bytes as they stand) into a new folder."""
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        for name, text in content.items():
            data = text if isinstance(text, bytes) else text.encode(encoding)
            Path(temporary.name, name).write_bytes(data)
        return Path(temporary.name)

    def walk(self, **changed):
        edition = bdpm.read_edition(self.folder(tables(**changed)))
        return edition, list(edition.rows())

    def one(self, **changed):
        edition, [row] = self.walk(**changed)
        self.assertEqual(edition.refused, [])
        return row


@tagged("post_install", "-at_install")
class TestRealBdpm(BdpmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not REAL.is_dir():
            cls.skipTest(cls, f"real extract not beside the checkout: {REAL.parent.name}")
        cls.edition = read_edition("bdpm", REAL)
        cls.drugs = {row.register_code: row for row in cls.edition.rows()}

    def lines(self, table):
        return (REAL / NAMES[table]).read_text(encoding="utf-8").splitlines()

    def test_all_and_none_refused(self):
        self.assertEqual(len(self.drugs), len(self.lines("")))
        self.assertEqual((self.edition.refused, self.edition.missing, self.edition.silent), ([], (), ()))
        known = set(self.drugs)
        unknown = [line for line in self.lines("gener") if line.split("\t")[2] not in known]
        self.assertEqual(self.edition.skipped[NAMES["gener"] + ": unknown CIS"], len(unknown))
        self.assertGreater(len(unknown), 200)

    def test_nothing_is_lost(self):
        packages = {line.split("\t")[6] for line in self.lines("cip") if line.split("\t")[0] in self.drugs}
        self.assertEqual({package.code for row in self.drugs.values() for package in row.packages}, packages)
        self.assertFalse([code for code, row in self.drugs.items() if not row.substances])
        narcotic = {line.split("\t")[0] for line in self.lines("cpd") if "stupéfiants" in line.split("\t")[1]}
        self.assertLessEqual(narcotic, {code for code, row in self.drugs.items() if row.narcotic_class == "narcotic"})
        parsed = [package.quantity for row in self.drugs.values() for package in row.packages]
        self.assertGreater(sum(quantity is not None for quantity in parsed), 0.9 * len(parsed))
        oral = [row for row in self.drugs.values() if row.form.startswith(("Comprimé", "Gélule"))]
        self.assertTrue(all(row.dose_unit in ("tablet", "capsule") for row in oral))

    def test_known_products(self):
        abilify = self.drugs["65198099"]
        self.assertEqual((abilify.name, abilify.strength, abilify.form), ("Abilify 10 mg", "10 mg", "Comprimé"))
        self.assertEqual(abilify.company, "Otsuka Pharmaceutical Netherlands (Pays Bas)")
        metformin = self.drugs["69294611"]
        self.assertEqual(metformin.strength, "780 mg" if "1000 mg" not in metformin.brand else "1000 mg")
        zyrtec = self.drugs["65016707"]
        self.assertEqual((zyrtec.strength, zyrtec.dose_unit), ("1 g / 100 mL", "drop"))
        self.assertEqual((zyrtec.generic.code, zyrtec.generic.type), ("321", "reference"))


@tagged("post_install", "-at_install")
class TestBdpmVariants(BdpmCase):
    def test_fields(self):
        row = self.one()
        self.assertEqual((row.name, row.form, row.strength), ("Amoxicilline EG 500 mg", "Gélule", "500 mg"))
        self.assertEqual((row.dose_unit, row.route_code, row.company), ("capsule", "oral", "EG Labo"))
        self.assertEqual((row.schedules, row.conditions, row.narcotic_class), (("Liste I",), ("liste I",), None))
        self.assertEqual((row.status, row.generic.type), ("marketed", "generic"))
        [package] = row.packages
        expected = ("3400930000001", 12, "capsule", Decimal("2.50"), "EUR", True)
        found = (package.code, package.quantity, package.unit, package.price, package.currency, package.marketed)
        self.assertEqual(found, expected)

    def test_encodings_and_line_ends_make_no_difference(self):
        expected = self.one()
        for encoding in ("utf-8-sig", "cp1252", "latin-1", "utf-16"):
            [row] = bdpm.read_edition(self.folder(tables(), encoding)).rows()
            self.assertEqual(row, expected, encoding)
        unix = {name: text.replace("\r\n", "\n") for name, text in tables().items()}
        [row] = bdpm.read_edition(self.folder(unix)).rows()
        self.assertEqual(row, expected)

    def test_names_of_files(self):
        for pattern in ("CIS{}.txt", "CIS{}_bdpm (1).txt", "cis{}_BDPM.TXT", "CIS{}_bdpm_20260101.txt"):
            files = {
                pattern.format("_" + table.upper() if table else ""): tables()[name] for table, name in NAMES.items()
            }
            edition = bdpm.read_edition(self.folder(files))
            self.assertEqual((edition.missing, len(list(edition.rows()))), ((), 1), pattern)
        other = {"CIS_HAS_SMR_bdpm.txt": "x", "CIS_CIP_Dispo_Spec.txt": "x", "CIS_InfoImportantes.txt": "x"}
        edition = bdpm.read_edition(self.folder(tables() | other))
        self.assertEqual(len(edition.sources), 5)

    def test_zip_file(self):
        path = self.folder({}) / "bdpm.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in tables().items():
                archive.writestr(f"some/folder/{name}", text)
        self.assertEqual(list(bdpm.read_edition(path).rows()), [self.one()])

    def test_acting_part_of_a_salt(self):
        salt = compo(number="2", name="BÉSILATE D'AMLODIPINE", strength="6,944 mg", link="1")
        acting = compo(number="3", name="AMLODIPINE", strength="5,00 mg", nature="FT", link="1")
        row = self.one(cis=[cis(name="AMLODIPINE X 5 mg, gélule")], compo=[salt, acting])
        self.assertEqual([(item.name, item.strength) for item in row.substances], [("Amlodipine", Decimal("5.00"))])
        salt = compo(number="4", name="CHLORHYDRATE DE METFORMINE", strength="1000 mg", link="1")
        acting = compo(number="5", name="METFORMINE BASE", strength="780 mg", nature="FT", link="1")
        row = self.one(cis=[cis(name="METFORMINE X 1000 mg, gélule")], compo=[salt, acting])
        self.assertEqual(row.strength, "1000 mg")

    def test_strengths(self):
        cases = (
            (("1 000 000 UI", "un flacon"), "1000000 UI / flacon"),
            (("0,5 mg", "un comprimé"), "0.5 mg"),
            (("25 microgrammes", "un comprimé"), "25 µg"),
            (("100 mg", "5 ml"), "100 mg / 5 mL"),
            (("2 mg", "1 ml de solution"), "2 mg / mL"),
            (("2CH à 30CH et 4DH à 60DH", ""), ""),
            (("", ""), ""),
        )
        for (strength, per), expected in cases:
            self.assertEqual(self.one(compo=[compo(strength=strength, per=per)]).strength, expected, strength)

    def test_strengths_stand_in_the_order_of_the_name(self):
        """Two orders of the same strengths on one label would be a trap."""
        lines = [compo(number="1", name="VALSARTAN", strength="80,00 mg", link="1")]
        lines.append(compo(number="2", name="AMLODIPINE", strength="5,00 mg", link="2"))
        row = self.one(cis=[cis(name="AMLODIPINE/VALSARTAN X 5 mg/80 mg, gélule")], compo=lines)
        self.assertEqual((row.name, row.strength), ("Amlodipine/Valsartan X 5 mg/80 mg", "5 mg / 80 mg"))
        self.assertEqual([item.name for item in row.substances], ["Amlodipine", "Valsartan"])
        doses = ("5,00 mg", "5,00 mg", "1,25 mg")
        lines = [compo(number=str(n), name=f"S{n}", strength=dose, link=str(n)) for n, dose in enumerate(doses)]
        row = self.one(cis=[cis(name="TRIPLE 5 mg/1,25 mg/5 mg, gélule")], compo=lines)
        self.assertEqual(row.strength, "5 mg / 1.25 mg / 5 mg")

    def test_prices(self):
        for text, expected in (("30,52", "30.52"), ("1,035,20", "1035.20"), ("1 035,20", "1035.20")):
            self.assertEqual(self.one(cip=[cip(price=text)]).packages[0].price, Decimal(expected), text)
        self.assertIsNone(self.one(cip=[cip(price="")]).packages[0].price)

    def test_status(self):
        self.assertEqual(self.one(cis=[cis(sold="Non commercialisée")]).status, "dormant")
        self.assertEqual(self.one(cis=[cis(status="Autorisation abrogée")]).status, "cancelled")

    def test_law(self):
        self.assertEqual(self.one(cpd=[cpd(text="stupéfiants")]).narcotic_class, "narcotic")
        secure = "prescription en toutes lettres sur ordonnance sécurisée"
        row = self.one(cpd=[cpd(), cpd(text=secure)])
        self.assertEqual((row.narcotic_class, row.schedules), ("targeted", ("Liste I",)))
        self.assertEqual(row.conditions, ("liste I", secure))

    def test_missing_tables_are_silence(self):
        edition, [row] = self.walk(cpd=None, gener=None, cip=None)
        self.assertEqual(set(edition.missing), {"CIS_CIP_bdpm", "CIS_GENER_bdpm", "CIS_CPD_bdpm"})
        self.assertIn("narcotic_class", edition.silent)
        self.assertEqual((row.packages, row.generic, row.conditions), ((), None, ()))

    def test_packages(self):
        self.assertEqual(parse_package("2 plaquette(s) PVC de 15 comprimé(s)"), (30, "tablet"))
        self.assertEqual(parse_package("1 flacon(s) de 1 000 ml"), (1000, "ml"))
        self.assertEqual(parse_package("boîte"), (None, ""))

    @given(st.text(max_size=120))
    @PROPERTY
    def test_any_label(self, text):
        quantity, unit = parse_package(text)
        self.assertEqual(quantity is None, not unit)


@tagged("post_install", "-at_install")
class TestBdpmRefused(BdpmCase):
    def codes(self, **changed):
        edition, rows = self.walk(**changed)
        return [refused.reason_code for refused in edition.refused], len(rows)

    def test_lines(self):
        self.assertEqual(self.codes(cis=[cis(), cis("123"), cis()]), (["cis_format", "duplicate_drug_code"], 1))
        self.assertEqual(self.codes(cis=[cis(), cis("60000002", name="")]), (["name_missing"], 1))
        self.assertEqual(self.codes(cis=[cis(), cis("60000002", date="31/02/2020")]), (["bad_date"], 1))
        self.assertEqual(self.codes(cis=[cis(), "60000002\tX"]), (["columns"], 1))
        self.assertEqual(self.codes(compo=[compo(), compo(name="")]), (["ingredient_missing"], 1))
        self.assertEqual(self.codes(gener=[gener(), gener(group="")]), (["generic_group"], 1))
        self.assertEqual(self.codes(cip=[cip(), cip("x")]), (["cis_format"], 1))

    def test_unknown_codes_are_counted(self):
        edition, _rows = self.walk(gener=[gener(code="69999999")], cip=[cip("69999998")])
        self.assertEqual(sum(edition.skipped.values()), 2)
        self.assertEqual(edition.refused, [])

    def test_no_edition(self):
        folder = self.folder({"CIS_COMPO_bdpm.txt": compo()})
        for code, path in (("no_file", folder), ("no_folder", folder / "elsewhere")):
            with self.assertRaises(RegisterError) as caught:
                bdpm.read_edition(path)
            self.assertEqual(caught.exception.code, code)

    def test_columns_of_another_table(self):
        edition, _rows = self.walk(compo=[cpd(), cpd()])
        self.assertEqual(edition.foreign_files, ["CIS_COMPO_bdpm.txt"])

    def test_ten_million_characters_in_a_cell(self):
        edition, rows = self.walk(cis=[cis(), cis("60000002", name="x" * 10_000_000)])
        self.assertEqual(len(rows), 1)
        self.assertTrue(edition.refused)
        self.assertLess(max(len(str(refused.params)) for refused in edition.refused), 200)

    @given(st.sampled_from(sorted(NAMES.values())), st.binary(max_size=300), st.integers(0, 400))
    @FILES
    def test_any_bytes_anywhere(self, name, garbage, place):
        """Whatever stands in a file, the walk ends, with rows that can be shown or a sentence that can be said."""
        content = {key: text.encode() for key, text in tables().items()}
        content[name] = content[name][:place] + garbage + content[name][place:]
        with tempfile.TemporaryDirectory() as temporary:
            for key, data in content.items():
                Path(temporary, key).write_bytes(data)
            try:
                edition = bdpm.read_edition(temporary)
                rows = list(edition.rows())
            except RegisterError as error:
                self.assertIn(error.code, ("no_file", "bad_zip"))
                return
        for row in rows:
            self.assertRegex(row.register_code, r"\A\d{8}\Z")
            self.assertTrue(row.name.isprintable())
        self.assertEqual(len(edition.refused), edition.refused_count)

    @given(st.integers(0, 2000))
    @FILES
    def test_truncated_anywhere(self, length):
        content = {name: text.encode() for name, text in tables().items()}
        with tempfile.TemporaryDirectory() as temporary:
            for name, data in content.items():
                Path(temporary, name).write_bytes(data[:length])
                length = max(0, length - len(data))
            edition = bdpm.read_edition(temporary)
            self.assertLessEqual(sum(1 for _row in edition.rows()), 1)
