"""What blocks a signature, what a signature freezes."""

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PrescriptionCase


@tagged("post_install", "-at_install")
class TestMissingBeforeSigning(PrescriptionCase):
    def _missing(self, *lines, **values):
        return "\n".join(self._prescribe(*lines, **values)._get_missing_before_signing())

    def test_complete_prescription_lacks_nothing(self):
        self.assertEqual(self._missing(), "")
        text = "Acétaminophène 500 mg comprimé"
        self.assertEqual(self._missing(self._line(drug_id=False, name=text, dose_unit="tablet", route="oral")), "")

    def test_each_requirement_is_named_with_its_line(self):
        free = {"drug_id": False, "dose_unit": "tablet", "route": "oral"}
        table = [
            ({"drug_id": False, "name": ""}, "Line 1: name the drug."),
            ({**free, "name": "Tylenol 500 mg", "dose_unit": "mg"}, "form is missing"),
            ({**free, "name": "Tylenol comprimé"}, "strength is missing"),
            ({"dose": 0}, "dose is missing"),
            ({"route": False}, "route is missing"),
            ({"frequency_id": False}, "how often"),
            ({"duration": 0}, "duration or a quantity"),
        ]
        for values, expected in table:
            with self.subTest(expected=expected):
                missing = self._missing(self._line(), self._line(**values))
                self.assertIn(expected.replace("Line 1", "Line 2"), missing)
                self.assertIn("Line 2", missing)
                self.assertNotIn("Line 1", missing)

    def test_no_line_and_no_birthdate(self):
        empty = self.env["medical.prescription"].create(
            {"patient_id": self.patient.id, "practitioner_id": self.physician.id}
        )
        self.assertIn("at least one line", "\n".join(empty._get_missing_before_signing()))
        self.patient.birthdate = False
        self.assertIn("birthdate", self._missing())

    def test_practitioner_needs_number_phone_signature_and_licence(self):
        for values, expected in (
            ({"licence_number": " "}, "licence number"),
            ({"signature": False}, "signature"),
            ({"licence_type_id": self.physio_licence.id}, "does not allow prescribing drugs"),
        ):
            with self.subTest(expected=expected), self.env.cr.savepoint() as savepoint:
                self.physician.write(values)
                self.assertIn(expected, self._missing())
                savepoint.rollback()
                self.env.invalidate_all()
        self.physician.phone = False
        self.company.phone = False
        self.assertIn("phone", self._missing())

    def test_signature_by_hand_is_a_setting(self):
        self.physician.signature = False
        with self.assertRaises(ValidationError):
            self._prescribe().action_sign()
        self.company.medical_prescription_handwritten = True
        prescription = self._signed()
        self.assertFalse(prescription.signature_image)

    def test_physiotherapist_prescribes_care_but_no_drug(self):
        self.physician.licence_type_id = self.physio_licence
        care = {"name": "Orthèse plantaire sur mesure", "quantity": 1, "quantity_unit": "item"}
        self.assertEqual(self._missing(care, kind="device"), "")
        with self.assertRaisesRegex(ValidationError, "does not allow"):
            self._prescribe().action_sign()

    def test_dentist_writes_the_purpose(self):
        self.physician.licence_type_id = self.dentist_licence
        self.assertIn("dental purposes only", self._missing())
        self.assertEqual(self._missing(self._line(indication="Abcès dentaire")), "")

    def test_vague_instructions_are_refused(self):
        for text in ("Usage connu", "Tel que prescrit", "as directed", "UD", "Posologie habituelle"):
            with self.subTest(text=text):
                self.assertIn(text, self._missing(self._line(sig=text)))
        self.assertIn("vague", self._missing(note="Usage connu"))
        self.assertIn("not a dosage", self._missing(self._line(indication="as prescribed")))

    def test_narcotic_has_a_quantity_and_no_refill(self):
        morphine = self._line(drug_id=self.morphine.id)
        self.assertEqual(self._missing(morphine), "")
        self.assertIn("total quantity", self._missing({**morphine, "duration": 3, "quantity": 0}))
        self.assertIn("cannot be refilled", self._missing({**morphine, "sig": "1 comprimé tid. Renouveler 2 fois"}))
        self.assertIn("mentions a refill", self._missing(morphine, note="Refill PRN"))
        self.assertEqual(self._missing({**morphine, "sig": "1 comprimé 3 fois par jour. Non renouvelable."}), "")

    def test_examination_needs_clinical_information(self):
        line = {"name": "Radiographie du poignet droit"}
        self.assertIn("clinical information", self._missing(line, kind="examination"))
        self.assertEqual(self._missing({**line, "indication": "Chute"}, kind="examination"), "")
        self.assertEqual(self._missing(line, kind="examination", note="Chute hier, douleur"), "")

    def test_texts_too_long(self):
        self.assertIn("too long", self._missing(self._line(sig="prendre avec de l’eau " * 200)))
        self.assertIn("too long", self._missing(note="eau " * 1000))

    def test_everything_missing_is_told_at_once(self):
        self.physician.licence_number = False
        prescription = self._prescribe(self._line(dose=0, route=False))
        with self.assertRaises(ValidationError) as caught:
            prescription.action_sign()
        for part in ("licence number", "dose", "route", "Line 1"):
            self.assertIn(part, str(caught.exception))
        self.assertEqual(prescription.state, "draft")


@tagged("post_install", "-at_install")
class TestSignature(PrescriptionCase):
    def test_number_token_and_validity(self):
        with freeze_time("2026-02-28"):
            prescription = self._signed(date=date(2026, 2, 28))
            other = self._signed(date=date(2026, 2, 28))
        self.assertEqual(prescription.state, "signed")
        self.assertTrue(prescription.name.startswith("RX2026-"))
        self.assertNotEqual(prescription.name, other.name)
        self.assertEqual(prescription.valid_until, date(2028, 2, 28))
        token = prescription.sudo().verification_token
        self.assertGreaterEqual(len(token), 32)
        self.assertNotEqual(token, other.sudo().verification_token)
        self.assertTrue(prescription._is_signature_intact())
        self.assertFalse(self._prescribe({"name": "Marche"}, kind="care").valid_until)
        self.company.medical_prescription_validity = 0
        self.assertFalse(self._prescribe().valid_until)

    def test_leap_day(self):
        self.assertEqual(self._prescribe(date=date(2028, 2, 29)).valid_until, date(2030, 2, 28))

    def test_validity_before_date_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._prescribe(date=date(2026, 1, 2), valid_until=date(2026, 1, 1)).flush_recordset()

    def test_signed_is_frozen_for_everybody(self):
        prescription = self._signed()
        line = prescription.line_ids
        for record in (prescription, prescription.sudo()):
            for values in (
                {"note": "x"},
                {"patient_id": self.patient2.id},
                {"line_ids": [Command.create(self._line())]},
                {"line_ids": [Command.delete(line.id)]},
                {"verification_token": "x" * 32},
                {"signature_image": False},
                {"state": "draft"},
            ):
                with self.assertRaises(UserError):
                    record.write(values)
        for values in ({"dose": 9}, {"sig": "x"}, {"name": "x"}, {"quantity": 1}):
            with self.assertRaises(UserError):
                line.sudo().write(values)
        for record in (prescription.sudo(), line.sudo()):
            with self.assertRaises(UserError):
                record.unlink()

    def test_what_changes_elsewhere_changes_no_paper(self):
        prescription = self._signed()
        paper = prescription._get_paper()
        self.amoxicillin.write({"name": "Renamed", "form": "Syrup", "dose_unit": "ml", "route_code": "nasal"})
        self.thrice.write({"name": "9 times a day", "times": 9})
        self.physician.write({"licence_number": "99999", "phone": "000", "signature": False})
        self.physician.partner_id.name = "Somebody Else"
        self.physician_licence.title = "Ph.D."
        self.company.write({"name": "Other Clinic", "phone": "111", "street": "Elsewhere"})
        self.patient.write({"first_name": "Other", "lang": "en_US"})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(prescription._get_paper(), paper)
        self.assertEqual(paper["lines"][0]["name"], "Novamoxin 500 mg Capsule")
        self.assertEqual(paper["practitioner"]["licence_number"], "12345")
        self.assertEqual(paper["practitioner"]["name"], "Alice Médecin, M.D.")
        line = prescription.line_ids
        self.assertEqual(line.sig, "Prendre 1 capsule par voie orale 3 fois par jour pendant 10 jours.")
        self.assertEqual((line.name, line.quantity, line.dose_unit), ("Novamoxin 500 mg Capsule", 30, "capsule"))
        self.assertTrue(prescription.signature_image)
        self.assertTrue(prescription._is_signature_intact())

    def test_alteration_in_sql_is_refused_and_shows_where_it_was_forced(self):
        prescription = self._signed()
        self.env.flush_all()
        for column, value in (("valid_until", "2090-01-01"), ("verification_token", "x" * 32), ("note", "x")):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
                self.cr.execute(
                    f"UPDATE medical_prescription SET {column} = %s WHERE id = %s", (value, prescription.id)
                )
        self.cr.execute("ALTER TABLE medical_prescription DISABLE TRIGGER medical_keep_signed")
        for query in (
            "UPDATE medical_prescription_line SET sig = 'Take 100' WHERE prescription_id = %s",
            "UPDATE medical_prescription_line SET quantity = 3000 WHERE prescription_id = %s",
            "UPDATE medical_prescription SET valid_until = '2090-01-01' WHERE id = %s",
            "UPDATE medical_prescription SET signed_content = '{}' WHERE id = %s",
            "DELETE FROM medical_prescription_line WHERE prescription_id = %s",
            "DELETE FROM ir_attachment WHERE res_model = 'medical.prescription' AND res_id = %s",
        ):
            with self.subTest(query=query):
                prescription = self._signed()
                self.env.flush_all()
                # The treatments of the chart hold the lines that made them.
                self.env.cr.execute("UPDATE medical_treatment SET prescription_line_id = NULL")
                self.env.cr.execute(query, [prescription.id])
                self.env.invalidate_all()
                self.assertFalse(prescription._is_signature_intact())

    def test_cancel_with_a_reason(self):
        prescription = self._signed()
        with self.assertRaises(UserError):
            prescription.action_cancel("  ")
        action = prescription.action_open_cancel()
        wizard = self.env["medical.prescription.cancel"].with_user(self.users["practitioner"])
        wizard.with_context(**action["context"]).create({"reason": "Allergie"}).action_confirm()
        self.assertEqual((prescription.state, prescription.cancel_reason), ("cancelled", "Allergie"))
        self.assertTrue(prescription._is_signature_intact())
        with self.assertRaises(UserError):
            prescription.action_sign()

    def test_a_hand_written_number_or_token_is_replaced(self):
        prescription = self._prescribe()
        prescription.sudo().write({"name": "RX-MINE", "verification_token": "a" * 32})
        prescription.action_sign()
        self.assertNotEqual(prescription.name, "RX-MINE")
        self.assertNotEqual(prescription.sudo().verification_token, "a" * 32)

    def test_only_its_practitioner_signs(self):
        prescription = self._prescribe()
        for role in ("assistant", "practitioner2"):
            with self.assertRaises(AccessError):
                self.as_role(role, prescription).action_sign()
        for role in ("reception", "billing", "manager", "employee", "admin"):
            with self.assertRaises(AccessError):
                self.as_role(role, prescription).action_sign()
        self.assertEqual(prescription.state, "draft")
