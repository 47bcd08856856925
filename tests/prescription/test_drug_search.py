"""Finding a drug as one types it."""

from odoo.tests import Form, tagged, users

from ...models.prescription import medical_drug
from .common import FRENCH, PrescriptionCase


@tagged("post_install", "-at_install")
class TestDrugSearch(PrescriptionCase):
    def _found(self, text, **context):
        return [name for _id, name in self.env["medical.drug"].with_context(**context).name_search(text)]

    def test_fragments_in_any_order_without_accents(self):
        for text in ("novam 500 cap", "cap amoxicill novamoxin", "AMOXICILLINE 500", "00000001"):
            with self.subTest(text=text):
                self.assertIn("Novamoxin 500 mg Capsule", self._found(text))
        self.assertFalse(self._found("novam 750"))

    def test_marketed_drugs_come_first(self):
        found = [name for name in self._found("amox 500") if "Novamoxin" in name or "Amoxil" in name]
        self.assertEqual(found, ["Novamoxin 500 mg Capsule", "Amoxil 500 mg Capsule"])

    def test_name_in_the_language_of_the_user(self):
        self.assertIn("Hyderm 1 % Crème", self._found("hyderm", lang=FRENCH))
        self.assertIn("Hyderm 1 % Cream", self._found("hyderm"))

    def test_hostile_searches(self):
        model = self.env["medical.drug"]
        for text in ("%", "_", "'; DROP TABLE medical_drug; --", "🙂", "x" * 10000, "a " * 5000, "\\", "(((", "<b>"):
            with self.subTest(text=text[:20]):
                self.assertNotIn("Novamoxin 500 mg Capsule", self._found(text)) if text in "%_\\(((" else None
                self.assertIsInstance(model.search_for_prescription(text, limit=99999), list)
        self.assertTrue(model.name_search(""))
        self.assertTrue(model.search([("display_name", "ilike", "novam cap")]))

    @users("test_practitioner")
    def test_form_fills_unit_route_and_sentence(self):
        form = Form(self.env["medical.prescription"].with_user(self.users["practitioner"]))
        form.patient_id = self.patient.with_env(self.env)
        with form.line_ids.new() as line:
            line.drug_id = self.amoxicillin.with_env(self.env)
            self.assertEqual((line.name, line.dose_unit, line.route), ("Novamoxin 500 mg Capsule", "capsule", "oral"))
            line.dose = 1
            line.frequency_id = self.thrice.with_env(self.env)
            line.duration = 10
            self.assertEqual(line.sig, "Prendre 1 capsule par voie orale 3 fois par jour pendant 10 jours.")
            self.assertEqual(line.quantity, 30)
            line.sig = "Un matin, midi et soir."
            line.dose = 2
            self.assertEqual(line.sig, "Un matin, midi et soir.")
        prescription = form.save()
        self.assertEqual(prescription.practitioner_id, self.physician.with_env(self.env))
        self.assertEqual(prescription.line_ids.quantity, 60)


@tagged("post_install", "-at_install")
class TestDrugSearchOrder(PrescriptionCase):
    """Best first, a number is a strength and no piece of a code, and few statements whatever is typed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rows = (
            ("Lipitor", "lipitor atorvastatin atorvastatine 20 mg tablet comprime 02230711"),
            ("Lipitor 40", "lipitor atorvastatin atorvastatine 40 mg tablet comprime 02230720"),
            ("Vipera Torva", "vipera torva granules 62012034"),
            ("Old Torva", "torva 20 mg tablet 00000020"),
        )
        cls.drugs = cls.env["medical.drug"].create(
            [
                {
                    "name": name,
                    "search_key": key,
                    "register_kind": "searched",
                    "register_code": key[-8:],
                    "marketed": name != "Old Torva",
                }
                for name, key in rows
            ]
        )
        cls.env["medical.drug.package"].create(
            {
                "drug_id": cls.drugs[0].id,
                "name": "30 tablets",
                "code": "3400930099995",
                "register_kind": "searched",
                "register_code": "p",
            }
        )

    def _found(self, text, **options):
        options.setdefault("domain", [("register_kind", "=", "searched")])
        return [name for _id, name in self.env["medical.drug"].name_search(text, **options)]

    def test_a_number_begins_a_word(self):
        self.assertEqual(self._found("torva 20"), ["Lipitor", "Old Torva"])
        self.assertEqual(self._found("torva 4"), ["Lipitor 40"])
        self.assertEqual(self._found("20 torva"), ["Lipitor", "Old Torva"])

    def test_what_begins_as_typed_comes_first(self):
        self.assertEqual(self._found("vip")[0], "Vipera Torva")
        self.assertEqual(self._found("torva")[-1], "Old Torva", "what is withdrawn comes last")

    def test_a_package_is_found_by_its_code(self):
        self.assertEqual(self._found("3400930099995"), ["Lipitor"])

    def test_more_than_a_pool(self):
        """Of a search that finds very many, those that begin as typed are there all the same."""
        self.patch(medical_drug, "SEARCH_POOL", 2)
        self.assertEqual(self._found("vip", limit=2)[0], "Vipera Torva")
        self.assertEqual(len(self._found("r", limit=2)), 2)

    def test_limit_and_nothing_typed(self):
        self.assertEqual(len(self._found("torva", limit=1)), 1)
        self.assertEqual(len(self._found("", limit=3)), 3)
        self.assertEqual(len(self._found("", limit=None)), 4)

    def test_statements(self):
        drugs = self.env["medical.drug"]
        drugs.search_for_prescription("torva")
        for text in ("torva 20", "zzzz", "mg", "lipitor 20 tab"):
            drugs.invalidate_model()
            with self.assertQueryCount(3):
                drugs.search_for_prescription(text)
