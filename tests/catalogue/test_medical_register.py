"""Loading the Canadian drug register: what is taken, changed, withdrawn and refused, and by whom."""

import csv
import os
import re
import zipfile
from base64 import b64decode, b64encode
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import skipUnless

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import TransactionCase, freeze_time, new_test_user, tagged

from ...lib.registers import dpd
from ...models.catalogue.medical_register import ERRORS
from ...models.catalogue.medical_register_refusal import REASONS
from ..common import ROLES
from .dpd_files import DpdFiles, sample

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "dpd-canada" / "dev"
if not REAL.is_dir():  # the addon may be linked into an addons path; the checkout is where the link leads
    REAL = Path(os.path.realpath(__file__)).parents[3] / "shared" / "data" / "dpd-canada" / "dev"


class RegisterCase(TransactionCase):
    """A folder of its own for each test, an empty register and a person of each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, login=f"test_{role}", groups=f"base.group_user,{groups}")
            for role, groups in ROLES.items()
        }

    def setUp(self):
        super().setUp()
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.register = self.env["medical.register"]
        self.drugs = self.env["medical.drug"]
        # Drugs of demo data or of an earlier load are none of this extract's business.
        self.env.cr.execute("UPDATE medical_drug SET register_part = 'other' WHERE register_kind = 'dpd'")
        self.drugs.invalidate_model()

    def _load(self, files, name="edition", **options):
        return self.register.load_edition("dpd", files.write(self.folder / name, **options))

    def _counts(self, report):
        return tuple(report[key] for key in ("taken", "changed", "withdrawn", "refused"))

    def _drug(self, din):
        return self.drugs.search([("register_kind", "=", "dpd"), ("register_code", "=", din)])

    def _snapshot(self):
        """Return all of the register as the database holds it, without who wrote it when."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT d.register_code, d.name, d.form, d.strength, d.route, d.route_code, d.dose_unit, d.company_name,
                   d.atc_code, d.atc_name, d.schedule, d.narcotic_class, d.marketed, d.search_key,
                   array_agg(s.name::text || coalesce(l.strength, '') || l.sequence ORDER BY l.sequence)
              FROM medical_drug d
              LEFT JOIN medical_drug_substance l ON l.drug_id = d.id
              LEFT JOIN medical_substance s ON s.id = l.substance_id
             WHERE d.register_kind = 'dpd' GROUP BY d.id ORDER BY d.register_code
            """
        )
        return self.env.cr.fetchall()


@tagged("post_install", "-at_install")
class TestLoad(RegisterCase):
    """One edition, and then the next."""

    def test_fields(self):
        report = self._load(sample())
        self.assertEqual(self._counts(report), (5, 0, 0, 0))
        self.assertEqual(report["skipped"], {"Veterinary": 1})
        self.assertEqual(report["edition"], "2026-01-15")
        drug = self._drug("00000101")
        self.assertRecordValues(
            drug,
            [
                {
                    "name": "Clavulin-400",
                    "form": "Tablet",
                    "strength": "400 mg / 57 mg",
                    "route": "Oral",
                    "route_code": "oral",
                    "dose_unit": "tablet",
                    "company_name": "Maison Inc",
                    "atc_code": "J01CR02",
                    "schedule": "prescription",
                    "narcotic_class": False,
                    "marketed": True,
                    "create_uid": self.env.uid,
                    "write_uid": self.env.uid,
                }
            ],
        )
        self.assertTrue(drug.create_date)
        self.assertEqual(drug.register_id.id, report["register_id"])
        self.assertEqual(drug.substance_ids.mapped("strength"), ["400 mg", "57 mg"])
        self.assertEqual(
            drug.substance_ids.substance_id.mapped("name"),
            ["Amoxicillin (amoxicillin trihydrate)", "Clavulanic acid (clavulanate potassium)"],
        )
        self.assertEqual(self._drug("00000102").narcotic_class, "narcotic")
        self.assertFalse(self._drug("00000900"))
        substance = self._drug("00000102").substance_ids.substance_id
        self.assertEqual((substance.atc_code, substance.active), ("N02AA01", True))

    def test_search_key(self):
        self._load(sample())
        for fragment in ("gouttes pour l oeil", "drops of", "timolol", "00000103", "solution"):
            found = self.drugs.search([("search_key", "ilike", fragment), ("register_kind", "=", "dpd")])
            self.assertIn(self._drug("00000103"), found, fragment)
        self.assertEqual(self._drug("00000103").search_key, self._drug("00000103").search_key.lower())

    def test_french_now_and_later(self):
        """French is there for a language activated before the load, and for one activated after it."""
        self.env["res.lang"]._activate_lang("fr_CA")
        self._load(sample())
        drug = self._drug("00000103").with_context(lang="fr_CA")
        self.assertEqual((drug.name, drug.route), ("Gouttes pour l'Œil", "Ophtalmique"))
        self.env["res.lang"]._activate_lang("fr_BE")
        drug = self._drug("00000102").with_context(lang="fr_BE")
        self.assertEqual(drug.form, "Comprimé (à libération prolongée)")
        self.assertEqual(drug.name, "MS Contin", "a name without French falls back on the English one")
        self.assertEqual(drug.substance_ids.substance_id.name, "Sulfate de morphine")

    def test_other_languages_survive(self):
        self._load(sample())
        self.env.cr.execute(
            "UPDATE medical_drug SET form = form || '{\"de_DE\": \"Tablette\"}' WHERE register_code = '00000101'"
        )
        files = sample()
        files.tables["form"] = [
            [*row[:2], "CAPLET", "Comprimé"] if row[0] == "101" else row for row in files.tables["form"]
        ]
        self._load(files, "next")
        self.env.cr.execute("SELECT form->>'de_DE', form->>'en_US' FROM medical_drug WHERE register_code = '00000101'")
        self.assertEqual(self.env.cr.fetchone(), ("Tablette", "Caplet"))

    def test_idempotent(self):
        first = self._load(sample())
        before = self._snapshot()
        self.env.cr.execute("SELECT max(id), max(write_date) FROM medical_drug")
        marks = self.env.cr.fetchone()
        second = self._load(sample())
        self.assertEqual(self._counts(second), (0, 0, 0, 0))
        self.assertEqual(self._snapshot(), before)
        self.env.cr.execute("SELECT max(id), max(write_date) FROM medical_drug")
        self.assertEqual(self.env.cr.fetchone(), marks, "rows that are the same are not written")
        self.assertNotEqual(first["register_id"], second["register_id"], "each load is in the history")

    def test_header_rows_make_no_difference(self):
        self._load(sample(), "without")
        before = self._snapshot()
        report = self._load(sample(), "with", header=True)
        self.assertEqual(self._counts(report), (0, 0, 0, 0))
        self.assertEqual(self._snapshot(), before)

    def test_changes_are_counted_by_drug(self):
        self._load(sample())
        files = sample().remove("104")
        files.add("104", "00000104", "VITAMIN D3", [("5", "VITAMIN D", "Vitamine D", "1000", "UNIT")], schedule="OTC")
        # One more ingredient, nothing else: the drug is changed all the same.
        files.tables["ingred"].append(
            ["102", "7", "NALOXONE", "I", "1", "MG", "", "", "N", "", "", "Naloxone", "MG", "", ""]
        )
        files.add("105", "00000105", "NEW ONE", [("8", "NEWINE", "Newine", "1", "MG")])
        report = self._load(files, "next")
        self.assertEqual(self._counts(report), (1, 2, 0, 0))
        self.assertEqual(self._drug("00000104").name, "Vitamin D3")
        self.assertEqual(len(self._drug("00000102").substance_ids), 2)
        self.assertEqual(self._drug("00000105").register_id.id, report["register_id"])

    def test_an_ingredient_that_is_gone_leaves_the_drug(self):
        self._load(sample())
        files = sample()
        files.tables["ingred"] = [row for row in files.tables["ingred"] if row[:2] != ["101", "2"]]
        self.assertEqual(self._counts(self._load(files, "next")), (0, 1, 0, 0))
        self.assertEqual(len(self._drug("00000101").substance_ids), 1)
        self.assertEqual(self._drug("00000101").strength, "400 mg")

    def test_what_disappears_is_withdrawn_and_may_come_back(self):
        self._load(sample())
        drug = self._drug("00000100")
        report = self._load(sample().remove("100"), "next")
        self.assertEqual(self._counts(report), (0, 0, 1, 0))
        self.assertTrue(drug.exists())
        self.assertFalse(drug.marketed)
        self.assertEqual(self._counts(self._load(sample().remove("100"), "next")), (0, 0, 0, 0))
        self.assertEqual(self._counts(self._load(sample(), "again")), (0, 1, 0, 0))
        self.assertTrue(drug.marketed)

    def test_a_cancelled_product_is_off_the_market(self):
        self._load(sample())
        files = sample().remove("104")
        vitamin = ("5", "VITAMIN D", "Vitamine D", "1000", "UNIT")
        files.add("104", "00000104", "VITAMIN D", [vitamin], schedule="OTC", status="CANCELLED POST MARKET")
        self.assertEqual(self._counts(self._load(files, "next")), (0, 0, 1, 0))
        self.assertFalse(self._drug("00000104").marketed)

    def test_parts_of_the_register_leave_each_other_alone(self):
        """The approved products come in a file of their own, which says nothing about the marketed ones."""
        self._load(sample())
        approved = DpdFiles("_ap")
        approved.add("200", "00000200", "SOON", [("9", "SOONINE", "Soonine", "1", "MG")], status="APPROVED")
        self.assertEqual(self._counts(self._load(approved, "approved")), (1, 0, 0, 0))
        self.assertTrue(self._drug("00000100").marketed)
        self.assertEqual(self._counts(self._load(sample(), "again")), (0, 0, 0, 0))
        self.assertTrue(self._drug("00000200").marketed)

    def test_substances_that_vary_in_their_salt(self):
        files = DpdFiles()
        files.add("1", "00000001", "ZINC A", [("331", "ZINC (ZINC OXIDE)", "Zinc (Oxyde de zinc)", "5", "MG")])
        files.add("2", "00000002", "ZINC B", [("331", "ZINC (ZINC SULFATE)", "Zinc (Sulfate de zinc)", "5", "MG")])
        files.add(
            "3",
            "00000003",
            "ZINC AB",
            [
                ("331", "ZINC (ZINC OXIDE)", "Zinc (Oxyde de zinc)", "5", "MG"),
                ("331", "ZINC (ZINC SULFATE)", "Zinc (Sulfate de zinc)", "5", "MG"),
            ],
        )
        self.assertEqual(self._counts(self._load(files)), (3, 0, 0, 0))
        substance = self._drug("00000001").substance_ids.substance_id
        self.assertEqual(substance.name, "Zinc")
        self.assertEqual(self._drug("00000002").substance_ids.substance_id, substance)
        # The next edition has one salt left: the substance keeps the name the practice knows.
        self._load(files.remove("2").remove("3"), "next")
        self.assertEqual(substance.name, "Zinc")

    def test_refused_lines_are_told_with_their_place(self):
        files = sample()
        files.tables["drug"].append(["106", "", "Human", "12", "SHORT DIN", "", "", "", "", "", "", "", "", ""])
        files.tables["form"].append(["100", "85"])
        report = self._load(files)
        self.assertEqual(self._counts(report), (5, 0, 0, 2))
        self.assertIn(("drug.txt", 7), [(line["file"], line["line"]) for line in report["details"]])
        self.assertIn("“12” is no DIN: it has eight digits.", [line["reason"] for line in report["details"]])
        register = self.register.browse(report["register_id"])
        self.assertEqual(len(register.refusal_ids), 2)
        self.assertTrue(all(reason["reason"] != reason["reason_code"] for reason in report["details"]))
        rows = list(csv.reader(b64decode(register.refusal_file).decode("utf-8-sig").splitlines()))
        self.assertEqual(rows[0], ["File", "Line", "Reason"])
        self.assertEqual(len(rows), 3)

    def test_every_reason_has_words(self):
        """No code of the parser reaches a person."""
        source = "".join(path.read_text(encoding="utf-8") for path in Path(dpd.__file__).parent.glob("*.py"))
        codes = set(re.findall(r'(?:RowError\(|refuse\([^")]*)"(\w+)"', source))
        self.assertGreater(len(codes), 20)
        self.assertFalse(codes - set(REASONS), "refusals without words")
        fatal = set(re.findall(r'RegisterError\("(\w+)"', source))
        self.assertGreater(len(fatal), 4)
        self.assertFalse(fatal - set(ERRORS), "errors without words")

    def test_hostile_text_stays_text(self):
        files = sample()
        name = "DRUG'); DROP TABLE medical_drug;-- \\N \\. <b>${7*7}</b>"
        files.add("300", "00000300", name, [("30", "BACK\\SLASH\\TNAME", "É", "1", "MG")])
        self.assertEqual(self._counts(self._load(files)), (6, 0, 0, 0))
        self.assertIn("DROP", self._drug("00000300").name.upper())
        self.assertIn("\\", self._drug("00000300").name)
        self.assertIn("\\", self._drug("00000300").substance_ids.substance_id.name)


@tagged("post_install", "-at_install")
class TestRefusedFiles(RegisterCase):
    """Files that are no edition: one sentence, and nothing half loaded."""

    def _assert_refused(self, path, pattern):
        before = self._snapshot(), self.register.search_count([])
        with self.assertRaisesRegex(UserError, pattern):
            self.register.load_edition("dpd", str(path))
        self.assertEqual((self._snapshot(), self.register.search_count([])), before)

    def test_no_folder(self):
        self._assert_refused(self.folder / "nowhere", "does not exist")

    def test_no_zip(self):
        path = self.folder / "page.zip"
        path.write_text("<!DOCTYPE html><html><body>Session expired</body></html>")
        self._assert_refused(path, "damaged, or no zip file")

    def test_truncated_zip(self):
        content = sample().zip(self.folder / "whole.zip")
        for length in (len(content) // 2, len(content) - 10, 30, 0):
            path = self.folder / "cut.zip"
            path.write_bytes(content[:length])
            self._assert_refused(path, "damaged, or no zip file")

    def test_corrupted_zip(self):
        content = bytearray(sample().zip(self.folder / "whole.zip"))
        for place in range(60, 120):
            content[place] ^= 0xFF
        path = self.folder / "corrupted.zip"
        path.write_bytes(content)
        self._assert_refused(path, "damaged, or no zip file")

    def test_zip_of_something_else(self):
        path = self.folder / "other.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.md", "no drug here")
        self._assert_refused(path, "no extract of the register")

    def test_zip_bomb(self):
        path = self.folder / "bomb.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("drug.txt", "w") as member:
            for _megabyte in range(151):
                member.write(b"\0" * 1024 * 1024)
        self.assertLess(path.stat().st_size, 1024 * 1024)
        self._assert_refused(path, "larger than any table")

    def test_endless_line(self):
        files = sample()
        folder = Path(files.write(self.folder / "endless"))
        (folder / "drug.txt").write_text("x" * 5_000_000)
        self._assert_refused(folder, "does not have the columns|no product")

    def test_missing_tables(self):
        folder = sample().write(self.folder / "half", without=("ingred", "schedule"))
        self._assert_refused(folder, r"lacks ingred\.txt, schedule\.txt")

    def test_web_page_saved_as_table(self):
        folder = Path(sample().write(self.folder / "page"))
        (folder / "ingred.txt").write_text("<html>\n<body>\n<p>Not found</p>\n</body>\n</html>\n")
        self._assert_refused(folder, r"ingred\.txt does not have the columns")

    def test_only_animals(self):
        files = DpdFiles().add("1", "00000001", "COW", [("1", "X", "X", "1", "MG")], kind="Veterinary")
        self._assert_refused(files.write(self.folder / "cows"), "no product for humans")

    def test_unknown_kind(self):
        with self.assertRaisesRegex(UserError, "no register of the kind martian"):
            self.register.load_edition("martian", str(self.folder))

    def test_a_failure_at_the_end_undoes_all(self):
        self._load(sample())
        before = self._snapshot()
        files = sample().remove("100").add("105", "00000105", "NEW ONE", [("8", "NEWINE", "Newine", "1", "MG")])

        def fail(_loader, _load, _counts):
            raise ZeroDivisionError

        self.patch(self.env.registry["medical.drug.loader"], "_finish", fail)
        with self.assertRaises(ZeroDivisionError):
            self._load(files, "next")
        self.assertEqual(self._snapshot(), before)

    def test_two_loads_at_once(self):
        """While one connection loads, another is told so instead of waiting or clashing."""
        with self.env.registry.cursor() as other:
            other.execute("SELECT pg_advisory_xact_lock(7362019)")
            with self.assertRaisesRegex(UserError, "being loaded already"):
                self._load(sample())


@tagged("post_install", "-at_install")
class TestWhoLoads(RegisterCase):
    """The manager loads; nobody reaches files of the server from outside."""

    def test_roles(self):
        folder = sample().write(self.folder / "edition")
        for role in self.users:
            register = self.register.with_user(self.users[role])
            if role == "manager":
                self.assertEqual(register.load_edition("dpd", folder)["taken"], 5)
            else:
                with self.assertRaisesRegex(AccessError, "practice manager"):
                    register.load_edition("dpd", folder)

    def test_no_path_over_rpc(self):
        for model, name in (("medical.register", "load_edition"), ("medical.drug.loader", "_load")):
            with self.assertRaises(AccessError, msg=name):
                get_public_method(self.env[model].with_user(self.users["manager"]), name)

    def test_history_is_read_only(self):
        report = self._load(sample())
        register = self.register.browse(report["register_id"])
        for role in ("reception", "practitioner", "manager"):
            seen = register.with_user(self.users[role])
            self.assertEqual(seen.taken, 5)
            for operation in ("write", "unlink", "create"):
                self.assertFalse(seen.has_access(operation), (role, operation))
        with self.assertRaises(AccessError):
            register.with_user(self.users["employee"]).read(["name"])

    def test_age(self):
        report = self._load(sample())
        register = self.register.browse(report["register_id"])
        ages = {
            "2026-01-20": ("This month", False),
            "2026-06-20": ("5 months", False),
            "2026-08-01": ("6 months", True),
        }
        for day, expected in ages.items():
            with self.subTest(day=day), freeze_time(day):
                register.invalidate_recordset()
                self.assertEqual((register.age_display, register.is_old), expected)


@tagged("post_install", "-at_install")
class TestWizard(RegisterCase):
    """The upload of the manager."""

    def _wizard(self, content, role="manager", **values):
        return (
            self.env["medical.register.load"]
            .with_user(self.users[role])
            .create({"kind": "dpd", "file": b64encode(content), "file_name": "allfiles.zip", **values})
        )

    def test_load(self):
        action = self._wizard(sample().zip(self.folder / "all.zip")).action_load()
        register = self.register.browse(action["res_id"])
        self.assertEqual((register.taken, register.refused, register.loaded_by_id), (5, 0, self.users["manager"]))
        self.assertEqual(self._drug("00000101").register_id, register)

    def test_progress_is_told(self):
        seen = []
        files = sample()
        for number in range(1000, 3000):
            files.add(str(number), f"{number:08}", f"BRAND {number}", [("5", "VITAMIN D", "Vitamine D", "1", "MG")])
        wizard = self.env.registry["medical.register.load"]
        self.patch(wizard, "_save_progress", lambda _wizard, share: seen.append(share))
        self._wizard(files.zip(self.folder / "all.zip")).action_load()
        self.assertEqual(seen, sorted(seen))
        self.assertGreater(len(set(seen)), 8)
        self.assertEqual(seen[-1], 1)

    def test_progress_is_seen_by_others(self):
        """While the load is one open transaction, another connection reads how far it is."""
        with self.env.registry.cursor() as cr:
            wizard = self.env(cr=cr)["medical.register.load"].create({"file": b64encode(b"x")})
        self.addCleanup(self._delete_committed, wizard.id)
        self.env["medical.register.load"].browse(wizard.id)._save_progress(0.42)
        with self.env.registry.cursor() as cr:
            self.assertEqual(self.env(cr=cr)["medical.register.load"].browse(wizard.id).progress, 42)

    def _delete_committed(self, wizard_id):
        with self.env.registry.cursor() as cr:
            self.env(cr=cr)["medical.register.load"].browse(wizard_id).unlink()

    def test_bad_file(self):
        wizard = self._wizard(b"<html>no zip</html>")
        with self.assertRaisesRegex(UserError, "damaged, or no zip file"):
            wizard.action_load()

    def test_other_roles(self):
        for role in ("reception", "practitioner", "billing", "privacy", "employee", "admin"):
            with self.assertRaises(AccessError, msg=role):
                self._wizard(b"x", role)

    def test_wrong_file_does_not_empty_the_register(self):
        files = sample()
        for number in range(1000, 1060):
            files.add(str(number), f"{number:08}", f"BRAND {number}", [("5", "VITAMIN D", "Vitamine D", "1", "MG")])
        self._load(files)
        small = sample().zip(self.folder / "small.zip")
        with self.assertRaisesRegex(UserError, "Is it the right one"), self.env.cr.savepoint():
            self._wizard(small).action_load()
        self.drugs.invalidate_model()
        self.assertTrue(self._drug("00001000").marketed)
        self._wizard(small, accept_withdrawals=True).action_load()
        self.assertFalse(self._drug("00001000").marketed)


@tagged("post_install", "-at_install")
class TestRealRegister(RegisterCase):
    """The real extract of approved products, where the shared folder is at hand."""

    @skipUnless(REAL.is_dir(), "the shared folder with the real register is not here")
    def test_all_human_products_load(self):
        with (REAL / "drug_ap.txt").open(encoding="utf-8-sig", newline="") as lines:
            humans = sum(row["CLASS"] == "Human" for row in csv.DictReader(lines))
        self.assertGreater(humans, 3000)
        report = self.register.load_edition("dpd", str(REAL))
        self.assertEqual(report["refused"], 0)
        self.assertEqual(report["details"], [])
        drugs = self.drugs.search([("register_kind", "=", "dpd"), ("register_part", "=", "ap")])
        self.assertEqual(len(drugs), humans)
        self.assertFalse(drugs.filtered(lambda drug: not drug.substance_ids), "a drug without substance")
        again = self.register.load_edition("dpd", str(REAL))
        self.assertEqual(self._counts(again), (0, 0, 0, 0))
        self._check_without_headers()

    def _check_without_headers(self):
        """The same folder as Health Canada offers it, without header rows."""
        bare = self.folder / "bare"
        bare.mkdir()
        for path in REAL.glob("*.txt"):
            lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
            (bare / path.name).write_text("".join(lines[lines[0].startswith("DRUG_CODE") :]), encoding="utf-8")
        self.assertEqual(self._counts(self.register.load_edition("dpd", str(bare))), (0, 0, 0, 0))
