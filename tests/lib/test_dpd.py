"""The parser of the Canadian drug register: the real extract, its variants, and broken files."""

import csv
import io
import tempfile
import tracemalloc
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.dosage import ROUTES, dose_unit_of_form, route_of_register
from ...lib.registers import READERS, base, dpd, files, read_edition
from ...lib.registers.base import PackageRow, RegisterError, SubstanceRow
from ...lib.registers.dpd import strength_text
from ...lib.registers.naming import display_name, sentence, substance_name
from .common import FILES, PROPERTY, SHARED_DATA

REAL = SHARED_DATA / "dpd-canada" / "dev"

DRUG_HEADER = (
    "DRUG_CODE,PRODUCT_CATEGORIZATION,CLASS,DRUG_IDENTIFICATION_NUMBER,BRAND_NAME,DESCRIPTOR,PEDIATRIC_FLAG,"
    "ACCESSION_NUMBER,NUMBER_OF_AIS,LAST_UPDATE_DATE,AI_GROUP_NO,CLASS_F,BRAND_NAME_F,DESCRIPTOR_F"
)


PACKAGES = tuple(PackageRow("", size, Decimal(size), "capsule") for size in ("100", "500"))


def drug(code="100", din="02000001", name="APO-TEST", kind="Human", updated="25-JAN-2024", name_fr="", descriptor=""):
    return [code, "", kind, din, name, descriptor, "N", "1", "1", updated, "0100000001", "Humain", name_fr, ""]


def ingredient(code="100", name="AMOXICILLIN", strength="500", unit="MG", value="", per="", name_fr="Amoxicilline"):
    return [code, "7", name, "I", strength, unit, "", value, "N", per, "", name_fr, unit, "", ""]


def tables(**changed):
    """Return one product with all its tables; name a table to change it, None leaves it out."""
    rows = {
        "drug": [drug()],
        "ingred": [ingredient()],
        "form": [["100", "85", "CAPSULE", "Capsule"]],
        "route": [["100", "56", "ORAL", "Orale"]],
        "schedule": [["100", "Prescription", "Prescription"]],
        "ther": [["100", "J01CA04", "AMOXICILLIN", ""]],
        "status": [["100", "Y", "MARKETED", "31-DEC-1995", "COMMERCIALISÉ", "", ""]],
        "comp": [["100", "A", "1", "APOTEX INC", "DIN OWNER", "Y", "Y", "Y", "N"] + [""] * 9],
        "package": [["100", "", "", "", "", "100/500", "", ""]],
    }
    rows.update(changed)
    return {name: value for name, value in rows.items() if value is not None}


def text_of(rows):
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    return stream.getvalue()


class DpdCase(BaseCase):
    def folder(self, content, suffix="", encoding="utf-8"):
        """Write tables (rows, or text as it stands) into a new folder."""
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        folder = Path(temporary.name)
        self.fill(folder, content, suffix, encoding)
        return folder

    def fill(self, folder, content, suffix="", encoding="utf-8"):
        for name, rows in content.items():
            data = rows if isinstance(rows, bytes) else text_of(rows).encode(encoding)
            (folder / f"{name}{suffix}.txt").write_bytes(data)

    def read(self, path):  # pylint: disable=method-required-super
        edition = dpd.read_edition(path)
        return edition, list(edition.rows())

    def read_tables(self, **changed):
        return self.read(self.folder(tables(**changed)))

    def assert_refused(self, edition, *codes):
        self.assertEqual([refused.reason_code for refused in edition.refused], list(codes))
        self.assertEqual(edition.counts["refused"], len(codes))


@tagged("post_install", "-at_install")
class TestRealExtract(DpdCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not REAL.is_dir():
            cls.skipTest(cls, f"real extract not beside the checkout: {REAL.name}")
        cls.edition = dpd.read_edition(REAL)
        cls.drugs = list(cls.edition.rows())

    def raw(self, table):
        """Return a table with header by another way than the parser's."""
        with (REAL / f"{table}_ap.txt").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def test_all_human_products_and_none_refused(self):
        humans = sum(line.count(b'","Human","') for line in (REAL / "drug_ap.txt").open("rb"))
        self.assertEqual(humans, 3338)
        self.assertEqual(len(self.drugs), humans)
        self.assertEqual(self.edition.refused, [])
        self.assertEqual(self.edition.counts, {"taken": 3338, "skipped": 756, "refused": 0})
        self.assertEqual(dict(self.edition.skipped), {"Disinfectant": 577, "Veterinary": 176, "Radiopharmaceutical": 3})

    def test_edition(self):
        self.assertEqual((self.edition.kind, self.edition.date), ("dpd", date(2024, 6, 29)))
        self.assertEqual(len(self.edition.sources), 9)
        self.assertEqual(self.edition.missing, ())

    def test_joins_lose_nothing(self):
        codes = {row["DRUG_CODE"] for row in self.raw("drug") if row["CLASS"] == "Human"}
        self.assertEqual({row.drug_code for row in self.drugs}, codes)
        ingredients = {
            tuple(row[key] for key in ("DRUG_CODE", "INGREDIENT", "STRENGTH", "STRENGTH_UNIT", "DOSAGE_VALUE"))
            for row in self.raw("ingred")
            if row["DRUG_CODE"] in codes
        }
        taken = sum(len(row.substances) for row in self.drugs)
        self.assertGreaterEqual(taken, len(ingredients))
        routes = {(row["DRUG_CODE"], row["ROUTE_OF_ADMINISTRATION_CODE"]) for row in self.raw("route")}
        self.assertEqual(sum(len(row.routes) for row in self.drugs), sum(code in codes for code, _ in routes))
        schedules = [row for row in self.raw("schedule") if row["DRUG_CODE"] in codes]
        narcotics = {row["DRUG_CODE"] for row in schedules if row["SCHEDULE"].startswith("Narcotic")}
        self.assertEqual({row.drug_code for row in self.drugs if row.narcotic_class == "narcotic"}, narcotics)

    def test_every_product_can_be_shown(self):
        dins = [row.register_code for row in self.drugs]
        self.assertEqual(len(set(dins)), len(dins))
        for row in self.drugs:
            self.assertRegex(row.register_code, r"\A\d{8}\Z")
            self.assertTrue(row.name and row.name_fr and row.company and row.form and row.substances and row.schedules)
            self.assertTrue(row.strength, row.register_code)
            self.assertIn(row.status, ("approved", "authorized"))
            self.assertTrue(all(key is None or key in ROUTES for key in map(route_of_register, row.routes)))

    def test_known_products(self):
        by_din = {row.register_code: row for row in self.drugs}
        wegovy = by_din["02522608"]
        self.assertEqual((wegovy.name, wegovy.strength), ("Wegovy", "2.4 mg / 0.75 mL"))
        self.assertEqual((wegovy.routes, wegovy.atc), (("Subcutaneous",), "A10BJ06"))
        combined = by_din["02500760"]
        self.assertEqual((combined.name, combined.strength), ("AG-Candesartan HCT", "32 mg / 25 mg"))
        self.assertEqual(combined.form_fr, "Comprimé")
        self.assertEqual(dose_unit_of_form(combined.form), "tablet")

    def test_from_a_zip_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "allfiles_ap.zip"
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in REAL.iterdir():
                    archive.write(file, f"extract/{file.name}")
            self.assertEqual(self.read(path)[1], self.drugs)


@tagged("post_install", "-at_install")
class TestVariants(DpdCase):
    def test_one_product(self):
        edition, [row] = self.read_tables()
        self.assert_refused(edition)
        self.assertEqual(
            (row.register_code, row.drug_code, row.name, row.brand), ("02000001", "100", "APO-Test", "APO-TEST")
        )
        self.assertEqual(
            (row.form, row.form_fr, row.routes, row.routes_fr), ("Capsule", "Capsule", ("Oral",), ("Orale",))
        )
        self.assertEqual((row.strength, row.atc, row.atc_name), ("500 mg", "J01CA04", "Amoxicillin"))
        self.assertEqual((row.company, row.status, row.status_date), ("Apotex Inc", "marketed", date(1995, 12, 31)))
        self.assertEqual((row.updated_on, row.packages), (date(2024, 1, 25), PACKAGES))
        self.assertEqual(
            row.substances, (SubstanceRow("7", "Amoxicillin", "Amoxicilline", Decimal(500), "MG", None, ""),)
        )
        self.assertEqual(edition.date, date(2024, 1, 25))

    def test_with_and_without_header(self):
        with_header = [DRUG_HEADER.split(","), drug()]
        _edition, rows = self.read_tables(drug=with_header)
        self.assertEqual(rows, self.read_tables()[1])

    def test_header_in_another_order(self):
        order = list(range(13, -1, -1))
        names = DRUG_HEADER.split(",")
        shuffled = [[row[index] for index in order] for row in (names, drug())]
        self.assertEqual(self.read_tables(drug=shuffled)[1], self.read_tables()[1])

    def test_names_of_files(self):
        for suffix in ("", "_ap", "_ia", "_dr", "_AP"):
            folder = self.folder(tables(), suffix)
            self.assertEqual(self.read(folder)[1], self.read_tables()[1], suffix)

    def test_marketed_products_go_first(self):
        folder = self.folder({"drug": [drug(name="OLD"), drug("101", "02000002")]}, "_ia")
        self.fill(folder, tables(drug=[drug("200", name="NEW")], ingred=[ingredient("200")]))
        self.fill(folder, {"ingred": [ingredient("101"), ingredient("100")]}, "_ia")
        edition = dpd.read_edition(folder)
        rows = list(edition.rows())
        self.assertEqual(
            [(row.register_code, row.name) for row in rows], [("02000001", "New"), ("02000002", "APO-Test")]
        )
        self.assertIn("duplicate_din", [refused.reason_code for refused in edition.refused])

    def test_encodings(self):
        rows = tables(drug=[drug(name_fr="CRÈME À L'ŒIL")])
        for encoding in ("utf-8", "utf-8-sig", "cp1252"):
            [row] = self.read(self.folder(rows, encoding=encoding))[1]
            self.assertEqual(row.name_fr, "Crème à l'Œil", encoding)
        data = text_of(rows["drug"]).encode("cp1252").replace(b"APO-TEST", b"APO-T\x81ST")
        self.assertEqual(len(self.read_tables(drug=data)[1]), 1)

    def test_parts_of_the_register(self):
        folder = self.folder({"drug": [drug(din="02000009")]}, "_ap")
        self.fill(folder, tables(drug=[drug("200")], ingred=[ingredient("200")]))
        edition, rows = self.read(folder)
        self.assertEqual(edition.parts, ("", "ap"))
        self.assertEqual([(row.register_code, row.part) for row in rows], [("02000001", ""), ("02000009", "ap")])

    def test_file_of_something_else_is_told(self):
        page = [["<html>"], ["<body>", "not", "found"], ["</html>"]]
        edition, rows = self.read_tables(form=page)
        self.assertEqual((edition.foreign_files, len(rows)), (["form.txt"], 1))
        self.assertEqual(self.read_tables()[0].foreign_files, [])

    def test_progress_never_goes_back(self):
        folder = self.folder(tables(ingred=[ingredient(strength=str(number + 1)) for number in range(3000)]))
        edition, shares = dpd.read_edition(folder), []
        edition.on_progress = shares.append
        self.assertEqual(len(list(edition.rows())), 1)
        self.assertGreater(len(shares), 1)
        self.assertEqual(shares, sorted(shares))
        self.assertTrue(all(0 <= share <= 1 for share in shares))

    def test_missing_tables_are_told(self):
        edition, [row] = self.read_tables(ther=None, comp=None, status=None)
        self.assertEqual(edition.missing, ("ther", "status", "comp"))
        self.assertEqual((row.atc, row.company, row.status), ("", "", ""))

    def test_line_break_inside_a_value(self):
        _edition, [row] = self.read_tables(drug=[drug(name="APO\nTEST", descriptor='A "B"\r\nC')])
        self.assertEqual((row.brand, row.descriptor), ("APO TEST", 'A "B" C'))

    def test_only_human_products(self):
        rows = [drug(), drug("101", "02000002", kind="Veterinary"), drug("102", "02000003", kind="Disinfectant")]
        edition, found = self.read_tables(drug=rows, ingred=[ingredient(), ingredient("101"), ingredient("102")])
        self.assert_refused(edition)
        self.assertEqual(edition.counts, {"taken": 1, "skipped": 2, "refused": 0})
        self.assertEqual(len(found), 1)

    def test_schedules(self):
        for names, keys, controlled in (
            (("Narcotic (CDSA II)", "Prescription"), ("narcotic", "prescription"), "narcotic"),
            (("Targeted (CDSA IV)",), ("targeted",), "targeted"),
            (("Schedule G (CDSA III)", "Targeted (CDSA IV)"), ("controlled", "targeted"), "controlled"),
            (("OTC",), ("otc",), None),
            (("Ethical",), ("ethical",), None),
            (("Schedule D", "Prescription"), ("schedule_d", "prescription"), None),
            (("Schedule C",), ("schedule_c",), None),
            (("Prescription Recommended",), ("prescription_recommended",), None),
            (("Something new",), ("other",), None),
            (("",), (), None),
        ):
            [row] = self.read_tables(schedule=[["100", name, ""] for name in names])[1]
            self.assertEqual((row.schedules, row.narcotic_class), (keys, controlled), names)

    def test_old_therapeutic_table(self):
        [row] = self.read_tables(ther=[["100", "J01CA04", "AMOXICILLIN", "08:12.16", "PENICILLINS", ""]])[1]
        self.assertEqual(row.atc, "J01CA04")

    def test_most_precise_class_is_kept(self):
        classes = [
            ["100", "J01CA", "X", ""],
            ["100", "J01CA04", "Y", ""],
            ["100", "J01C", "Z", ""],
            ["100", "?", "", ""],
        ]
        for ther in (classes, classes[::-1]):
            [row] = self.read_tables(ther=ther)[1]
            self.assertEqual((row.atc, row.atc_name), ("J01CA04", "Y"))

    def test_present_status_counts(self):
        history = [
            ["100", "N", "APPROVED", "01-JAN-1990", "", "", ""],
            ["100", "Y", "CANCELLED POST MARKET", "02-FEB-2020", "", "", ""],
            ["100", "N", "MARKETED", "31-DEC-1995", "", "", ""],
        ]
        [row] = self.read_tables(status=history)[1]
        self.assertEqual((row.status, row.status_date), ("cancelled", date(2020, 2, 2)))

    def test_strengths_follow_the_brand_name(self):
        water, sartan = (
            ingredient(name="HYDROCHLOROTHIAZIDE", strength="25"),
            ingredient(name="VALSARTAN", strength="160"),
        )
        for brand, strength in (("APO-VALSARTAN/HCTZ", "160 mg / 25 mg"), ("DIOVAN", "25 mg / 160 mg")):
            [row] = self.read_tables(drug=[drug(name=brand)], ingred=[water, sartan])[1]
            self.assertEqual(row.strength, strength)


@tagged("post_install", "-at_install")
class TestRefused(DpdCase):
    def test_products(self):
        for bad, code in (
            (drug("101", ""), "din_missing"),
            (drug("101", "123"), "din_format"),
            (drug("101", "Not Applicable/non applicable"), "din_format"),
            (drug("101", "02000002", name=" "), "name_missing"),
            (drug("101", "02000002", updated="31-FEB-2024"), "bad_date"),
            (drug("101", "02000002", updated="25-XXX-2024"), "bad_date"),
            (drug("101", "02000002", updated="yesterday"), "bad_date"),
            (drug("101", "02000001"), "duplicate_din"),
            (drug("100", "02000002"), "duplicate_drug_code"),
            (drug("", "02000002"), "drug_code_missing"),
            ([*drug("101", "02000002"), "too", "many"], "columns"),
            (drug("101", "02000002")[:5], "columns"),
        ):
            edition, rows = self.read_tables(drug=[drug(), bad])
            self.assert_refused(edition, code)
            refused = edition.refused[0]
            self.assertEqual((refused.file, refused.line), ("drug.txt", 2))
            self.assertEqual([row.register_code for row in rows], ["02000001"], code)

    def test_class_missing(self):
        bad = drug("101", "02000002", kind="")
        bad[11] = ""
        self.assert_refused(self.read_tables(drug=[drug(), bad])[0], "class_missing")
        bad[11] = "Humain"
        self.assert_refused(self.read_tables(drug=[drug(), bad])[0])

    def test_orphans_and_other_tables(self):
        edition, rows = self.read_tables(
            ingred=[
                ingredient("999"),
                ingredient(),
                ingredient(strength="lots"),
                ingredient(name=""),
                ingredient(strength="1e999"),
            ],
            form=[["100", "85"], ["100", "85", "CAPSULE", "Capsule"]],
            status=[["100", "Y", "MARKETED", "99-DEC-1995", "", "", ""]],
        )
        found = sorted((refused.file, refused.line, refused.reason_code) for refused in edition.refused)
        self.assertEqual(
            found,
            [
                ("form.txt", 1, "columns"),
                ("ingred.txt", 1, "orphan"),
                ("ingred.txt", 3, "strength"),
                ("ingred.txt", 4, "ingredient_missing"),
                ("ingred.txt", 5, "strength"),
                ("status.txt", 1, "bad_date"),
            ],
        )
        self.assertEqual(len(rows), 1)

    def test_rows_of_a_refused_product_are_no_orphans(self):
        edition, _rows = self.read_tables(drug=[drug(), drug("101", "")], ingred=[ingredient(), ingredient("101")])
        self.assert_refused(edition, "din_missing")

    def test_unclosed_quote_costs_its_own_lines_only(self):
        good = text_of([drug()]).encode()
        huge = b'"101","' + b"x" * 200_000 + b"\r\n"
        after = text_of([drug("102", "02000003")]).encode()
        edition, rows = self.read_tables(drug=good + huge + b'"\r\n' + after)
        self.assertIn("02000001", [row.register_code for row in rows])
        self.assertTrue(edition.refused)

    def test_nul_bytes_do_not_stop(self):
        data = text_of([drug()]).encode() + b"\x00\x00\r\n" + text_of([drug("101", "02000002")]).encode()
        edition, rows = self.read_tables(drug=data)
        self.assertEqual(len(rows), 2)
        self.assertEqual(edition.counts["refused"], 1)

    def test_details_are_kept_in_measure(self):
        self.patch(base, "MAX_REFUSED_DETAILS", 3)
        edition, _rows = self.read_tables(ingred=[ingredient("999")] * 10)
        self.assertEqual((len(edition.refused), edition.counts["refused"]), (3, 10))

    def test_markup_passes_as_text(self):
        name = "<SCRIPT>ALERT(1)</SCRIPT> {{ 7*7 }} \u202e\x07"
        [row] = self.read_tables(drug=[drug(name=name)])[1]
        self.assertEqual(row.brand, "<SCRIPT>ALERT(1)</SCRIPT> {{ 7*7 }}")

    @FILES
    @given(st.lists(st.lists(st.text(max_size=8), max_size=16), max_size=5), st.sampled_from(sorted(tables())))
    def test_any_rows(self, rows, table):
        content = tables()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            clean = [[value.encode("utf-8", "ignore").decode() for value in row] for row in rows]
            self.fill(folder, {**content, table: content[table] + clean})
            edition, found = self.read(folder)
        self.assertGreaterEqual(len(found), 1)
        self.assertEqual(edition.counts["taken"], len(found))

    @FILES
    @given(st.binary(max_size=400))
    def test_any_bytes(self, data):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            self.fill(folder, tables(drug=data))
            edition, found = self.read(folder)
        self.assertEqual(edition.counts["taken"], len(found))


@tagged("post_install", "-at_install")
class TestUnreadable(DpdCase):
    def assert_unreadable(self, code, path):
        with self.assertRaises(RegisterError) as caught:
            dpd.read_edition(path)
        self.assertEqual(caught.exception.code, code)
        self.assertNotIn(str(Path(path).parent), str(caught.exception))

    def test_no_edition(self):
        folder = self.folder({"form": [["100", "85", "CAPSULE", "Capsule"]]})
        self.assert_unreadable("no_file", folder)
        self.assert_unreadable("no_folder", folder / "elsewhere")
        self.assert_unreadable("no_file", folder / "form.txt")

    def test_bad_zip_files(self):
        folder = self.folder({})
        path = folder / "all.zip"
        path.write_bytes(b"PK\x03\x04 broken")
        self.assert_unreadable("bad_zip", path)
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.txt", "nothing")
        self.assert_unreadable("no_file", path)

    def test_zip_file_damaged_inside(self):
        path = self.folder({}) / "all.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, rows in tables(ingred=[ingredient()] * 200).items():
                archive.writestr(f"{name}.txt", text_of(rows))
            start = archive.getinfo("ingred.txt").header_offset
        data = bytearray(path.read_bytes())
        data[start + 60 : start + 90] = b"\xff" * 30
        path.write_bytes(data)
        edition = dpd.read_edition(path)
        with self.assertRaises(RegisterError) as caught:
            list(edition.rows())
        self.assertEqual((caught.exception.code, caught.exception.params), ("bad_zip", {"file": "all.zip"}))

    def test_too_big(self):
        self.patch(files, "MAX_FILE", 10)
        self.assert_unreadable("too_big", self.folder(tables()))

    def test_walking_again_gives_the_same(self):
        folder = self.folder({})
        with zipfile.ZipFile(folder / "allfiles.zip", "w") as archive:
            for name, rows in tables(ingred=[ingredient(), ingredient("999")]).items():
                archive.writestr(f"{name}.txt", text_of(rows))
        edition, rows = self.read(folder)
        self.assert_refused(edition, "orphan")
        self.assertEqual(list(edition.rows()), rows)
        self.assert_refused(edition, "orphan")
        self.assertEqual(edition.counts["taken"], 1)

    def test_paths_in_a_zip_file_are_only_names(self):
        path = self.folder({}) / "all.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("../../etc/drug.txt", text_of([drug()]))
        edition, rows = self.read(path)
        self.assertEqual(len(rows), 1)
        self.assertEqual([source.name for source in edition.sources], ["drug.txt"])

    def test_kinds(self):
        self.assertIn("dpd", READERS)
        self.assertEqual(len(list(read_edition("dpd", self.folder(tables())).rows())), 1)
        with self.assertRaises(RegisterError):
            read_edition("no such register", "")


@tagged("post_install", "-at_install")
class TestSize(DpdCase):
    def test_the_whole_register_fits(self):
        """The 13,000 marketed products are joined in less than 60 MB: a tenth of them in less than 6."""
        codes = [str(number) for number in range(1_300)]
        content = {
            "drug": [drug(code, f"{int(code):08}", f"APO-PRODUCT {code}") for code in codes],
            "ingred": [ingredient(code, f"SUBSTANCE {number % 3000}") for code in codes for number in range(2)],
            "form": [[code, "85", "TABLET", "Comprimé"] for code in codes],
            "route": [[code, "56", "ORAL", "Orale"] for code in codes],
            "schedule": [[code, "Prescription", "Prescription"] for code in codes],
            "status": [[code, "Y", "MARKETED", "31-DEC-1995", "COMMERCIALISÉ", "", ""] for code in codes],
        }
        folder = self.folder(content)
        del content
        tracemalloc.start()
        try:
            self.assertEqual(sum(1 for _row in dpd.read_edition(folder).rows()), 1_300)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertLess(peak, 6 * 1024 * 1024)


@tagged("post_install", "-at_install")
class TestNaming(BaseCase):
    def test_brands(self):
        for brand, name in (
            ("APO-METFORMIN ER", "APO-Metformin ER"),
            ("TEVA-CANDESARTAN/HCTZ", "Teva-Candesartan/HCTZ"),
            ("SANDOZ QUETIAPINE XR", "Sandoz Quetiapine XR"),
            ("JAMP PREGABALIN CAPSULES", "JAMP Pregabalin Capsules"),
            ("ACETAMINOPHEN 160 MG/5ML", "Acetaminophen 160 mg/5mL"),
            ("VANCOMYCIN HCL FOR INJECTION, USP", "Vancomycin HCl for Injection, USP"),
            ("CHILDREN'S TYLENOL", "Children's Tylenol"),
            ("VITAMIN D3 1000 IU", "Vitamin D3 1000 IU"),
            ("AREPANRIX H5N1", "Arepanrix H5N1"),
            ("FINLIUS I.V.", "Finlius I.V."),
            ("SPF 45 CLEAR", "SPF 45 Clear"),
            ("SHAMPOO 2IN1", "Shampoo 2in1"),
            ("INDERAL LA", "Inderal LA"),
            ("CRÈME POUR LA PEAU", "Crème pour la Peau"),
            ("A", "A"),
            ("", ""),
            ("  TWO   WORDS ", "Two Words"),
            ("iPledge ALREADY", "iPledge ALREADY"),
        ):
            self.assertEqual(display_name(brand), name)

    def test_terms_and_substances(self):
        self.assertEqual(sentence("TABLET (EXTENDED-RELEASE)"), "Tablet (extended-release)")
        self.assertEqual(sentence("Comprimé (à croquer)"), "Comprimé (à croquer)")
        for name, shown in (
            ("VITAMIN B12", "Vitamin B12"),
            ("VITAMIN E (DL-ALPHA TOCOPHEROL)", "Vitamin E (dl-alpha tocopherol)"),
            ("HAEMAGGLUTININ-STRAIN A (H5N1)", "Haemagglutinin-strain A (H5N1)"),
            ("ALPHA1-PROTEINASE INHIBITOR", "Alpha1-proteinase inhibitor"),
            ("Acide acétylsalicylique", "Acide acétylsalicylique"),
        ):
            self.assertEqual(substance_name(name), shown)

    def test_huge_names_are_quick(self):
        self.assertEqual(display_name("APO-TEST 5 MG " * 10_000)[:13], "APO-Test 5 mg")
        self.assertEqual(len(substance_name("VITAMIN B12 " * 10_000)), 119_999)

    @PROPERTY
    @given(st.text(max_size=60))
    def test_nothing_is_lost(self, brand):
        name = display_name(brand)
        self.assertEqual(name.upper(), " ".join(brand.split()).upper())
        self.assertEqual(display_name(name), name)


@tagged("post_install", "-at_install")
class TestPackages(DpdCase):
    def sizes(self, *columns, form="CAPSULE"):
        package = ["100", *columns, *[""] * (7 - len(columns))]
        _edition, [row] = self.read_tables(package=[package], form=[["100", "85", form, ""]])
        return [(package.label, package.quantity, package.unit) for package in row.packages]

    def test_sizes(self):
        self.assertEqual(self.sizes("", "", "", "", "30/100"), [("30", 30, "capsule"), ("100", 100, "capsule")])
        self.assertEqual(self.sizes("", "", "", "", "100ML/1.5 L"), [("100ML", 100, "ml"), ("1.5 L", 1500, "ml")])
        self.assertEqual(self.sizes("062", "ML", "BOTTLE", "100", "", form="SYRUP"), [("100 ML BOTTLE", 100, "ml")])

    def test_what_is_not_plain_stays_text(self):
        for text in ("2X1/2X2/2X5ML", "12 (DAY) AND 12 (NIGHT)", "10 POUCHES"):
            self.assertEqual(self.sizes("", "", "", "", text), [(text, None, "")])
        self.assertEqual(self.sizes("", "", "", "", "15", form="CREAM"), [("15", None, "")])
        self.assertEqual(self.sizes(), [])


@tagged("post_install", "-at_install")
class TestStrength(BaseCase):
    def row(self, strength, unit, value=None, per=""):
        number = None if strength is None else Decimal(strength)
        return SubstanceRow("1", "X", "X", number, unit, None if value is None else Decimal(value), per)

    def test_as_on_labels(self):
        for rows, text in (
            ([("500", "MG")], "500 mg"),
            ([("0.10", "MG")], "0.1 mg"),
            ([("250", "MG", "5", "ML")], "250 mg / 5 mL"),
            ([("10", "MG", None, "ML")], "10 mg / mL"),
            ([("1", "%", None, "W/W")], "1 %"),
            ([("5", "MG", None, "TAB")], "5 mg"),
            ([("100", "MG"), ("25", "MG")], "100 mg / 25 mg"),
            ([("200", "MG", "5", "ML"), ("28.5", "MG", "5", "ML")], "200 mg / 28.5 mg / 5 mL"),
            ([("100", "UNIT", None, "ML"), ("2.5", "ML", None, "SYR")], "100 unit / mL + 2.5 mL / syringe"),
            ([("1", "G")] * 6, "1 g / 1 g / 1 g / 1 g / …"),
            ([("1000000", "UNIT")], "1000000 unit"),
            ([(None, "")], ""),
            ([], ""),
        ):
            self.assertEqual(strength_text([self.row(*row) for row in rows]), text)
