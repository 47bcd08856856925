"""Writing prescriptions: favourites, copies, roles, the cost of opening one."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PrescriptionCase


@tagged("post_install", "-at_install")
class TestPrescription(PrescriptionCase):
    def _favourite(self, role="practitioner", **values):
        model = self.env["medical.prescription.template"].with_user(self.users[role])
        lines = [Command.create(self._line()), Command.create(self._line(drug_id=self.cream.id, quantity=30))]
        return model.create({"name": "Angine", "line_ids": lines, **values})

    def test_favourite_adds_its_lines_in_the_language_of_the_patient(self):
        favourite = self._favourite()
        prescription = self._prescribe()
        prescription.action_apply_template(favourite.id)
        self.assertEqual(len(prescription.line_ids), 3)
        self.assertEqual(prescription.line_ids[-1].name, "Hyderm 1 % Crème")
        self.assertEqual(prescription.line_ids[-1].quantity, 30)
        self.assertIn("Appliquer", prescription.line_ids[-1].sig)

    def test_favourite_picked_in_the_form(self):
        favourite = self._favourite()
        form = Form(self.env["medical.prescription"].with_user(self.users["practitioner"]))
        form.patient_id = self.patient.with_user(self.users["practitioner"])
        form.template_id = favourite
        self.assertEqual(len(form.line_ids), 2)
        self.assertFalse(form.template_id)
        form.template_id = favourite
        prescription = form.save()
        self.assertEqual(len(prescription.line_ids), 4)
        self.assertEqual(
            prescription.line_ids[0].sig, "Prendre 1 capsule par voie orale 3 fois par jour pendant 10 jours."
        )

    def test_favourites_are_personal_or_shared(self):
        mine = self._favourite()
        shared = self._favourite(practitioner_id=False)
        self.assertEqual(mine.practitioner_id, self.physician.with_env(mine.env))
        others = self.env["medical.prescription.template"].with_user(self.users["practitioner2"]).search([])
        self.assertIn(shared.id, others.ids)
        self.assertNotIn(mine.id, others.ids)
        with self.assertRaises(AccessError):
            self.as_role("practitioner2", self._prescribe()).action_apply_template(mine.id)

    def test_save_as_favourite_keeps_a_sentence_written_by_hand(self):
        prescription = self._prescribe(self._line(sig="Matin, midi et soir."), self._line())
        context = prescription.action_save_as_favourite()["context"]
        model = self.env["medical.prescription.template"].with_user(self.users["practitioner"])
        favourite = Form(model.with_context(**context)).save()
        self.assertEqual(favourite.line_ids.mapped("sig"), ["Matin, midi et soir.", False])
        self.assertEqual(favourite.line_ids.mapped("quantity"), [30, 30])
        other = self._prescribe(patient=self.patient2)
        other.action_apply_template(favourite.id)
        self.assertEqual(other.line_ids[1].sig, "Matin, midi et soir.")
        self.assertIn("Take 1 capsule", other.line_ids[2].sig)
        with self.assertRaises(UserError):
            self.env["medical.prescription"].create(
                {"patient_id": self.patient.id, "practitioner_id": self.physician.id}
            ).action_save_as_favourite()

    def test_duplicate_is_a_new_draft_of_the_one_who_asks(self):
        signed = self._signed(self._line(sig="Matin, midi et soir."))
        action = self.as_role("practitioner2", signed).action_duplicate()
        copy = self.env["medical.prescription"].browse(action["res_id"])
        self.assertEqual((copy.state, copy.practitioner_id), ("draft", self.physician2))
        self.assertFalse(copy.name or copy.digest or copy.verification_token or copy.signature_image)
        self.assertEqual(copy.line_ids.sig, "Matin, midi et soir.")
        self.assertTrue(signed._is_signature_intact())

    def test_copy_of_the_last(self):
        draft = self._prescribe(self._line(drug_id=self.cream.id))
        with self.assertRaisesRegex(UserError, "no earlier"):
            draft.action_copy_last()
        self._signed(self._line(indication="Otite"))
        cancelled = self._signed(self._line(indication="Erreur"))
        cancelled.action_cancel("Erreur")
        self._signed(patient=self.patient2)
        draft.action_copy_last()
        self.assertEqual(draft.line_ids.mapped("indication"), [False, "Otite"])
        self.assertEqual(draft.line_ids[1].quantity, 30)

    def test_roles(self):
        draft, signed = self._prescribe(role="assistant"), self._signed()
        cancelled = self._signed()
        cancelled.action_cancel("Erreur")
        reception = self.env["medical.prescription"].with_user(self.users["reception"])
        self.assertEqual(reception.search([("patient_id", "=", self.patient.id)]).ids, signed.ids)
        self.assertTrue(self.as_role("reception", signed).line_ids.sig)
        with self.assertRaises(AccessError):
            self.as_role("reception", draft).read(["note"])
        with self.assertRaises(AccessError):
            self.as_role("reception", draft.line_ids).read(["sig"])
        with self.assertRaises(AccessError):
            self.as_role("reception", draft).write({"note": "x"})
        with self.assertRaises(AccessError):
            self.as_role("reception", signed).action_cancel("x")
        with self.assertRaises(AccessError):
            self.as_role("assistant", signed).action_cancel("x")
        for role in ("billing", "manager", "privacy", "employee", "admin"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_role(role, signed).read(["name"])
        for role in ("reception", "assistant", "practitioner"):
            with self.assertRaises(AccessError):
                self.as_role(role, signed).read(["verification_token"])
            self.assertTrue(self.as_role(role, signed).read(["signature_image"]))

    def test_drugs_are_read_only(self):
        for role in ("reception", "assistant", "practitioner", "manager"):
            with self.assertRaises(AccessError):
                self.as_role(role, self.amoxicillin).write({"name": "x"})
        self.assertTrue(self.as_role("manager", self.thrice).write({"sequence": 3}))
        with self.assertRaises(AccessError):
            self.as_role("practitioner", self.thrice).write({"sequence": 3})

    def test_hostile_texts(self):
        for text in (
            "<script>alert(1)</script>",
            "مريض",
            "🙂" * 50,
            "'; DROP TABLE x; --",
            "<t t-out='1'/>",
            "%(count)s %s",
        ):
            with self.subTest(text=text):
                line = self._line(sig=f"{text} 1 capsule 3 fois par jour", indication=text)
                prescription = self._signed(line, note=text)
                self.assertEqual(prescription._get_paper()["note"], text)
                self.assertTrue(prescription._is_signature_intact())
                html = (
                    self.env["ir.actions.report"]
                    ._render_qweb_html("medical_practice.report_prescription", prescription.ids)[0]
                    .decode()
                )
                self.assertNotIn("<script>alert", html)

    def test_cost_of_opening_does_not_grow_with_the_lines(self):
        def queries(prescription):
            named = {"fields": {"display_name": {}}}
            line = {"name": {}, "sig": {}, "quantity": {}, "narcotic_class": {}, "frequency_id": named}
            specification = {"line_ids": {"fields": line}, "patient_id": named, "summary": {}, "is_expired": {}}
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            prescription.web_read(specification)
            return self.env.cr.sql_log_count - start

        few, many = self._prescribe(*[self._line()] * 2), self._prescribe(*[self._line()] * 40)
        queries(few)
        self.assertEqual(queries(few), queries(many))
        self.assertLessEqual(queries(many), 25)
