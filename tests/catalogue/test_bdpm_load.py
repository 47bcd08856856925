"""Loading the French drug register: packages, generic groups, the law, and what a missing file leaves alone."""

from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import skipUnless

from psycopg2 import Error

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..lib.test_bdpm import NAMES, cip, cis, compo, cpd, gener, tables
from .dpd_files import sample
from .test_medical_register import REAL as DPD

REAL = DPD.parents[1] / "bdpm-france" / "dev"


class BdpmLoadCase(TransactionCase):
    def setUp(self):
        super().setUp()
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.register = self.env["medical.register"]
        # What an earlier load left in the database is none of these tests' business.
        for table in ("medical_drug", "medical_substance", "medical_drug_package", "medical_generic_group"):
            self.env.cr.execute(f"UPDATE {table} SET register_kind = 'earlier_' || register_kind")
        self.env.invalidate_all()

    def _load(self, name="edition", **changed):
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        for file in folder.iterdir():
            file.unlink()
        for file, text in tables(**changed).items():
            (folder / file).write_text(text, encoding="cp1252", newline="")
        return self.register.load_edition("bdpm", str(folder))

    def _drug(self, code="60000001"):
        domain = [("register_kind", "=", "bdpm"), ("register_code", "=", code)]
        return self.env["medical.drug"].search(domain)

    def _counts(self, report):
        return tuple(report[key] for key in ("taken", "changed", "withdrawn", "refused"))

    def _three(self, **changed):
        """Return three equivalents, of which the last is the reference, and a stranger."""
        codes = ("60000001", "60000002", "60000003")
        names = ("AMOXICILLINE EG 500 mg, gélule", "AMOXICILLINE BIOGARAN 500 mg, gélule", "CLAMOXYL 500 mg, gélule")
        lines = {
            "cis": [*map(cis, codes, names), cis("60000004", "DOLIPRANE 500 mg, comprimé", "comprimé")],
            "compo": [*map(compo, codes), compo("60000004", "2", "PARACÉTAMOL")],
            "gener": [gener(code=code, kind="0" if code == codes[2] else "1") for code in codes],
        }
        return lines | changed


@tagged("post_install", "-at_install")
class TestBdpmLoad(BdpmLoadCase):
    def test_fields(self):
        self.assertEqual(self._counts(self._load()), (1, 0, 0, 0))
        drug = self._drug()
        self.assertRecordValues(
            drug,
            [
                {
                    "name": "Amoxicilline EG 500 mg",
                    "form": "Gélule",
                    "strength": "500 mg",
                    "route_code": "oral",
                    "dose_unit": "capsule",
                    "schedule": "Liste I",
                    "conditions": "liste I",
                    "narcotic_class": False,
                    "generic_type": "generic",
                    "marketed": True,
                }
            ],
        )
        self.assertEqual(drug.substance_ids.substance_id.key, "amoxicilin")
        self.assertEqual(drug.generic_group_id.register_code, "1")
        self.assertRecordValues(
            drug.package_ids,
            [{"code": "3400930000001", "quantity": 12, "unit": "capsule", "price": 2.5, "currency": "EUR"}],
        )
        self.assertEqual(drug.package_ids.unit_label, "capsule")

    def test_idempotent(self):
        self._load(**self._three())
        self.assertEqual(self._counts(self._load(**self._three())), (0, 0, 0, 0))

    def test_alternatives(self):
        self._load(**self._three())
        eg, biogaran, reference, stranger = (self._drug(f"6000000{number}") for number in (1, 2, 3, 4))
        self.assertEqual(eg.alternative_ids.ids, [reference.id, biogaran.id], "the reference stands first")
        self.assertFalse(stranger.alternative_ids)
        drugs = eg + biogaran + reference + stranger
        drugs.invalidate_recordset()
        with self.assertQueryCount(3):
            drugs._get_alternatives()

    def test_a_withdrawn_equivalent_is_no_alternative(self):
        self._load(**self._three())
        self._load(**self._three(cis=self._three()["cis"][:2], compo=self._three()["compo"][:2]))
        self.assertEqual(self._drug().alternative_ids, self._drug("60000002"))

    def test_packages_come_and_go(self):
        self._load(cip=[cip(), cip(number="3400930000002")])
        first, second = self._drug().package_ids.sorted("code")
        self._load(cip=[cip(price="3,10"), cip(number="3400930000003")])
        self.assertEqual((first.price, first.marketed, second.marketed), (3.1, True, False))
        self.assertEqual(len(self._drug().package_ids), 3)

    def test_a_missing_file_says_nothing(self):
        """Without the file of conditions no narcotic ceases to be one, and no package goes."""
        self._load(cpd=[cpd(text="stupéfiants")])
        drug = self._drug()
        report = self._load(cpd=None, cip=None, gener=None)
        self.assertEqual(self._counts(report), (0, 0, 0, 0))
        self.assertEqual(set(report["missing"]), {"CIS_CPD_bdpm", "CIS_CIP_bdpm", "CIS_GENER_bdpm"})
        self.assertEqual((drug.narcotic_class, drug.schedule), ("narcotic", "Stupéfiants"))
        self.assertTrue(drug.package_ids.marketed)
        self.assertTrue(drug.generic_group_id)

    def test_without_composition(self):
        with self.assertRaisesRegex(UserError, "lacks CIS_COMPO_bdpm.txt"):
            self._load(compo=None)

    def test_both_countries_side_by_side(self):
        self.register.load_edition("dpd", sample().write(self.folder / "dpd"))
        self._load()
        canadian = self.env["medical.drug"].search([("register_kind", "=", "dpd"), ("register_code", "=", "00000100")])
        self.assertTrue(canadian.marketed)
        keys = (canadian + self._drug()).substance_ids.substance_id.mapped("key")
        self.assertEqual(set(keys), {"amoxicilin"}, "Canadian and French amoxicillin meet")

    @skipUnless(REAL.is_dir(), "the shared folder with the real register is not here")
    def test_real_register(self):
        report = self.register.load_edition("bdpm", str(REAL))
        lines = (REAL / NAMES[""]).read_text(encoding="utf-8").splitlines()
        self.assertEqual((report["taken"], report["refused"]), (len(lines), 0))
        self.assertGreater(sum(report["skipped"].values()), 200)
        again = self.register.load_edition("bdpm", str(REAL))
        self.assertEqual(self._counts(again), (0, 0, 0, 0))
        drugs = self.env["medical.drug"].search([("register_kind", "=", "bdpm")])
        self.assertEqual(drugs.filtered("substance_ids"), drugs)
        self.assertTrue(all(drugs.substance_ids.substance_id.mapped("key")))
        self.assertGreater(len(drugs.generic_group_id), 500)


@tagged("post_install", "-at_install")
class TestOwnGroups(BdpmLoadCase):
    """Canada names no generic groups: equals are found by what is in them."""

    def _add(self, files, number, name, strength="500", **more):
        substance = ("1", "AMOXICILLIN (AMOXICILLIN TRIHYDRATE)", "Amoxicilline", strength, "MG")
        more.setdefault("form", ("CAPSULE", "Capsule"))
        files.add(str(number), f"{number:08}", name, [substance], **more)

    def test_equals(self):
        files = sample()
        self._add(files, 201, "APO-AMOXI")
        self._add(files, 202, "STRONGER", "250")
        self._add(files, 203, "LASTING", form=("CAPSULE (EXTENDED-RELEASE)", "Capsule (à libération prolongée)"))
        self._add(files, 204, "OTHERWISE", route=("RECTAL", "Rectale"))
        self.register.load_edition("dpd", files.write(self.folder / "dpd"))
        names = {drug.register_code: drug for drug in self.env["medical.drug"].search([("register_kind", "=", "dpd")])}
        novamoxin = names["00000100"]
        self.assertEqual(novamoxin.alternative_ids, names["00000201"])
        self.assertEqual(novamoxin.generic_group_id.name, "Amoxicillin 500 mg Capsule")
        self.assertFalse(novamoxin.generic_type)


@tagged("post_install", "-at_install")
class TestKilledLoad(BdpmLoadCase):
    """A load that is cut off leaves nothing, and is simply started again."""

    def _cut_off(self, work):
        """Do ``work(env)`` on a connection of its own, which the server ends in the midst of it."""
        cr = self.env.registry.cursor()
        cr.execute("SELECT pg_backend_pid()")
        self.victim = cr.fetchone()[0]
        with mute_logger("odoo.sql_db"), self.assertRaises(Error):
            work(Environment(cr, SUPERUSER_ID, {}))
        cr.close()
        self.assertIsNone(self.victim, "the work was under way when it was cut off")

    def _kill(self, share):
        if share > 0.7 and self.victim:
            self.env.cr.execute("SELECT pg_terminate_backend(%s, 5000)", [self.victim])
            self.victim = None

    def _count(self):
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT (SELECT count(*) FROM medical_register), (SELECT count(*) FROM medical_drug)")
            return cr.fetchone()

    def test_nothing_half(self):
        folder = sample().write(self.folder / "edition")
        before = self._count()
        self._cut_off(lambda env: env["medical.register"].load_edition("dpd", folder, progress=self._kill))
        self.assertEqual(self._count(), before)
        self.assertEqual(self.register.load_edition("dpd", folder)["refused"], 0, "no lock is left")

    def test_the_upload_stays(self):
        """What was uploaded is kept, so that *Load* is pressed once more and nothing is sent again."""
        content = b64encode(sample().zip(self.folder / "all.zip"))
        with self.env.registry.cursor() as cr:
            wizard = Environment(cr, SUPERUSER_ID, {})["medical.register.load"].create({"kind": "dpd", "file": content})
        self.addCleanup(self._delete_committed, wizard.id)
        self.patch(self.env.registry["medical.register.load"], "_save_progress", lambda _load, share: self._kill(share))
        before = self._count()
        self._cut_off(lambda env: env["medical.register.load"].browse(wizard.id).action_load())
        self.assertEqual(self._count(), before)
        with self.env.registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            again = env["medical.register.load"].browse(wizard.id).action_load()
            self.assertEqual(env["medical.register"].browse(again["res_id"]).refused, 0)
            cr.rollback()

    def _delete_committed(self, wizard_id):
        with self.env.registry.cursor() as cr:
            Environment(cr, SUPERUSER_ID, {})["medical.register.load"].browse(wizard_id).unlink()
