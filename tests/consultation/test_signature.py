"""What is signed stays as it is, whatever door is tried."""

from psycopg2.errors import RestrictViolation

from odoo.addons.medical_practice.lib import canonical
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import MedicalCase


@tagged("post_install", "-at_install")
class TestSignature(MedicalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["medical.consultation.type"].create(
            {
                "name": "Signed form",
                "note_properties_definition": [
                    {"name": "pain", "string": "Pain", "type": "integer"},
                    {
                        "name": "side",
                        "string": "Side",
                        "type": "selection",
                        "selection": [["l", "Left"], ["r", "Right"]],
                    },
                ],
            }
        )

    def _draft(self, **values):
        vals = {
            "patient_id": self.patient.id,
            "practitioner_id": self.physician.id,
            "type_id": self.kind.id,
            "reason": "Cough",
            "subjective": "<p>Three days</p>",
            "weight": 70.5,
            "note_properties": {"pain": 4, "side": "l"},
            **values,
        }
        return self.as_role("practitioner", self.env["medical.consultation"]).create(vals)

    def _signed(self, **values):
        consultation = self._draft(**values)
        consultation.action_sign()
        return consultation

    def test_signing_keeps_who_when_content_and_digest(self):
        consultation = self._signed()
        self.assertEqual(consultation.state, "signed")
        self.assertEqual(consultation.signed_by_id, self.users["practitioner"])
        self.assertTrue(consultation.signed_on)
        self.assertTrue(consultation.date_end)
        self.assertEqual(consultation.digest, canonical.digest(consultation.signed_content))
        content = consultation.signed_content
        self.assertEqual(content["reason"], "Cough")
        self.assertEqual(content["note_properties"], {"pain": 4, "side": "l"})
        self.assertEqual(
            [(item["label"], item["value"]) for item in content["note_form"]], [("Pain", "4"), ("Side", "Left")]
        )
        self.assertEqual([(row["type"], row["value"]) for row in content["measurements"]], [("weight", 70.5)])
        consultation.invalidate_recordset()
        self.assertTrue(consultation._is_signature_intact())

    def test_only_its_practitioner_signs(self):
        for role in ("assistant", "practitioner2"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(role, self._draft()).action_sign()
        for role in ("reception", "billing", "manager", "privacy", "employee", "admin"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(role, self._draft()).action_sign()
        with self.assertRaisesRegex(AccessError, "Only .*Alice"):
            self._draft().with_user(self.env.ref("base.user_root")).action_sign()

    def test_an_empty_note_is_not_signed(self):
        consultation = self._draft(reason=False, subjective="<p><br></p>", note_properties={})
        with self.assertRaisesRegex(ValidationError, "A note"):
            consultation.action_sign()
        self.assertEqual(consultation.state, "draft")

    def test_a_signature_is_given_once(self):
        consultation = self._signed()
        with self.assertRaisesRegex(UserError, "not a draft any more"):
            consultation.action_sign()

    def test_several_are_signed_together_or_none(self):
        mine, other = self._draft(), self._draft(practitioner_id=self.physician2.id)
        with self.assertRaises(AccessError), self.cr.savepoint():
            (mine | other).action_sign()
        mine.invalidate_recordset()
        self.assertEqual(mine.state, "draft")

    def test_content_is_frozen_for_everybody(self):
        consultation = self._signed()
        changes = {
            "reason": "Other",
            "subjective": "<p>Other</p>",
            "plan": "<p>Other</p>",
            "patient_id": self.patient2.id,
            "practitioner_id": self.physician2.id,
            "type_id": False,
            "date_start": "2020-01-01 10:00:00",
            "weight": 80,
            "note_properties": {"pain": 9},
            "name": "X",
            "event_id": False,
            "measurement_ids": [Command.clear()],
        }
        for name, value in changes.items():
            for record in (consultation, consultation.sudo(), consultation.with_user(self.env.ref("base.user_root"))):
                with self.subTest(name), self.assertRaisesRegex(UserError, "is signed"):
                    record.write({name: value})
        with self.assertRaisesRegex(UserError, "is signed"):
            consultation.reason = "By assignment"
        with self.assertRaisesRegex(UserError, "is signed"):
            consultation.web_save({"reason": "By the web client"}, {"id": {}})
        with self.assertRaisesRegex(UserError, "is signed"):
            consultation.sudo().unlink()
        self.assertTrue(consultation._is_signature_intact())

    def test_the_fields_of_the_signature_are_not_written_by_hand(self):
        for consultation in (self._draft(), self._signed()):
            for name, value in {
                "state": "signed",
                "signed_by_id": self.users["practitioner2"].id,
                "signed_on": "2020-01-01",
                "signed_content": {},
                "digest": "0" * 64,
                "cancel_reason": "x",
            }.items():
                with self.subTest(name), self.assertRaises(UserError):
                    consultation.sudo().write({name: value})
                with self.subTest(name), self.assertRaises(UserError):
                    consultation.sudo().copy({name: value})

    def test_no_default_makes_a_document_that_is_born_signed(self):
        model = self.as_role("practitioner", self.env["medical.consultation"])
        born = model.with_context(default_state="signed", default_digest="x", default_cancel_reason="x").create(
            {"patient_id": self.patient.id, "practitioner_id": self.physician.id}
        )
        self.assertEqual((born.state, born.digest, born.cancel_reason), ("draft", False, False))
        self.env["ir.default"].set("medical.consultation", "state", "signed", user_id=self.users["practitioner"].id)
        born = model.create({"patient_id": self.patient.id, "practitioner_id": self.physician.id})
        self.assertEqual(born.state, "draft")

    def test_an_import_neither_changes_nor_makes_a_signed_document(self):
        consultation = self._signed()
        result = consultation.load([".id", "reason"], [[str(consultation.id), "Imported"]])
        self.assertFalse(result["ids"])
        result = consultation.load(["patient_id/.id", "state"], [[str(self.patient.id), "signed"]])
        self.assertFalse(result["ids"])
        consultation.invalidate_recordset()
        self.assertEqual(consultation.reason, "Cough")

    def test_a_copy_is_a_draft_of_its_own(self):
        consultation = self._signed()
        copy = consultation.copy()
        self.assertEqual((copy.state, copy.digest, copy.signed_by_id.id), ("draft", False, False))
        self.assertNotEqual(copy.name, consultation.name)
        self.assertFalse(copy.measurement_ids)

    def test_the_patient_of_a_signed_note_is_not_deleted(self):
        self._signed()
        with self.assertRaises(Exception), mute_logger("odoo.sql_db"), self.cr.savepoint():  # noqa: B017 any refusal
            self.patient.unlink()
        self.assertTrue(self.patient.exists())

    def test_postgresql_refuses_too(self):
        consultation = self._signed()
        self.env.flush_all()
        for statement in (
            SQL("UPDATE medical_consultation SET subjective = 'x' WHERE id = %s", consultation.id),
            SQL("UPDATE medical_consultation SET note_properties = '{}' WHERE id = %s", consultation.id),
            SQL("UPDATE medical_consultation SET digest = 'x' WHERE id = %s", consultation.id),
            SQL("UPDATE medical_consultation SET state = 'draft' WHERE id = %s", consultation.id),
            SQL("DELETE FROM medical_consultation WHERE id = %s", consultation.id),
        ):
            with self.assertRaises(RestrictViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.cr.execute(statement)
        # What is technical may still follow its source.
        self.cr.execute(
            SQL("UPDATE medical_consultation SET billing_state = 'invoiced' WHERE id = %s", consultation.id)
        )

    def test_tampering_below_the_trigger_shows(self):
        consultation = self._signed()
        self.env.flush_all()
        self.cr.execute("ALTER TABLE medical_consultation DISABLE TRIGGER medical_keep_signed")
        self.cr.execute(SQL("UPDATE medical_consultation SET reason = 'Other' WHERE id = %s", consultation.id))
        consultation.invalidate_recordset()
        self.assertFalse(consultation._is_signature_intact())
        self.cr.execute(SQL("UPDATE medical_consultation SET reason = 'Cough' WHERE id = %s", consultation.id))
        consultation.invalidate_recordset()
        self.assertTrue(consultation._is_signature_intact())
        self.cr.execute("UPDATE medical_measurement SET value = 7 WHERE consultation_id = %s", [consultation.id])
        self.env.invalidate_all()
        self.assertFalse(consultation._is_signature_intact())

    def test_a_signature_survives_changes_of_the_form_and_of_names(self):
        consultation = self._signed()
        other = self._draft()
        self.kind.note_properties_definition = [{"name": "other", "string": "Other", "type": "char"}]
        self.kind.name = "Renamed"
        self.physician.partner_id.name = "Alice Married"
        other.note_properties = {"other": "x"}
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(consultation._is_signature_intact())
        self.assertIn("Pain", consultation.note_properties_signed)
        self.assertIn("Left", consultation.note_properties_signed)

    def test_the_digest_is_stable_for_any_text(self):
        hostile = (
            "<p>é e\u0301 \u202eevil\u202c 👩🏽‍⚕️ العربية &lt;b&gt; &amp;nbsp; 1.10 «œ»</p><ul><li>a</li></ul>" * 200
        )
        consultation = self._signed(
            subjective=hostile, plan="<p>  spaces \n lines </p>", reason="日本語 🤒 \u202e", weight=3.456, height=50.1
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(consultation._is_signature_intact())

    def test_scripts_in_a_note_are_sanitised(self):
        consultation = self._draft(
            subjective="<p onclick='x()'>a<script>alert(1)</script><img src=x onerror=alert(1)>"
            "<a href='javascript:alert(1)'>b</a></p><t t-out='user'/>{{ 7 * 7 }}"
        )
        for bad in ("script", "onclick", "onerror", "javascript:", "t-out"):
            self.assertNotIn(bad, consultation.subjective)
        self.assertIn("{{ 7 * 7 }}", consultation.subjective)

    def test_parts_are_frozen_with_their_document(self):
        consultation = self._signed()
        kind = self.env.ref("medical_practice.measurement_type_height")
        measurement = consultation.measurement_ids
        vals = {"patient_id": self.patient.id, "type_id": kind.id, "value": 170}
        with self.assertRaisesRegex(UserError, "signed consultation"):
            self.env["medical.measurement"].create({**vals, "consultation_id": consultation.id})
        with self.assertRaisesRegex(UserError, "signed consultation"):
            self.env["medical.measurement"].with_context(default_consultation_id=consultation.id).create(vals)
        loose = self.env["medical.measurement"].create(vals)
        with self.assertRaisesRegex(UserError, "signed consultation"):
            loose.write({"consultation_id": consultation.id})
        with self.assertRaisesRegex(UserError, "signed consultation"):
            measurement.sudo().write({"value": 1})
        with self.assertRaisesRegex(UserError, "signed consultation"):
            measurement.sudo().write({"consultation_id": False})
        with self.assertRaisesRegex(UserError, "signed consultation"):
            measurement.sudo().unlink()
        with self.assertRaisesRegex(UserError, "signed consultation"):
            self.patient.write({"measurement_ids": [Command.update(measurement.id, {"value": 1})]})

    def test_a_measurement_marked_as_an_error_leaves_the_signature_intact(self):
        consultation = self._signed()
        consultation.measurement_ids.action_enter_in_error("Wrong patient")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(consultation._is_signature_intact())
        self.assertEqual(consultation.weight, 0)

    def test_cancelling_asks_for_a_reason_and_stays_frozen(self):
        consultation = self._signed()
        wizard = self.env["medical.signature.cancel"].with_user(self.users["practitioner"])
        action = consultation.action_open_cancel()
        for empty in ("", "   ", False, 3, []):
            with self.subTest(empty), self.assertRaisesRegex(UserError, "Say why"):
                consultation.action_cancel(empty)
        dialog = wizard.with_context(**action["context"]).create({"reason": "  Other patient "})
        self.assertIn(consultation.name, dialog.documents)
        dialog.action_confirm()
        self.assertEqual(consultation.state, "cancelled")
        self.assertEqual(consultation.cancel_reason, "Other patient")
        self.assertEqual(consultation.cancelled_by_id, self.users["practitioner"])
        with self.assertRaisesRegex(UserError, "is signed"):
            consultation.sudo().write({"plan": "x"})
        with self.assertRaises(UserError):
            consultation.action_cancel("again")
        self.assertTrue(consultation._is_signature_intact())

    def test_who_may_cancel(self):
        consultation = self._signed()
        for role in ("assistant", "reception", "manager", "admin"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(role, consultation).action_cancel("because")
        with self.assertRaisesRegex(UserError, "Only a signed document"):
            self._draft().action_cancel("because")

    def test_the_cancel_dialog_takes_signed_documents_only(self):
        wizard = self.env["medical.signature.cancel"].with_user(self.users["practitioner"])
        for model in ("res.partner", "no.such.model", "medical.patient"):
            with self.subTest(model), self.assertRaises(UserError):
                wizard.create({"res_model": model, "res_ids": [1], "reason": "x"}).action_confirm()
        with self.assertRaisesRegex(UserError, "nothing to cancel"):
            wizard.create({"res_model": "medical.consultation", "res_ids": ["1; DROP"], "reason": "x"}).action_confirm()
