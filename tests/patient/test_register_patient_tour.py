from datetime import date

from odoo.tests import HttpCase, tagged

from ..common import MedicalCase


@tagged("post_install", "-at_install")
class TestRegisterPatientTour(HttpCase, MedicalCase):
    """The reception registers a patient in the browser."""

    def test_register_patient(self):
        self.start_tour("/odoo/patients", "medical_practice_register_patient", login="test_reception")
        patient = self.env["medical.patient"].search([("last_name", "=", "D'Astous")])
        self.assertEqual(len(patient), 1)
        self.assertEqual(patient.create_uid, self.users["reception"])
        self.assertEqual((patient.first_name, patient.birthdate, patient.sex), ("Héloïse", date(1985, 5, 12), "female"))
        self.assertEqual(patient.health_number, "DASH85551234")
        self.assertEqual((patient.phone, patient.city), ("514 555-0177", "Montréal"))
        self.assertEqual(patient.partner_id.name, "Héloïse D'Astous")
        self.assertEqual(patient.partner_id.company_id, self.company)
        self.assertTrue(patient.partner_id.is_patient)
        self.assertRegex(patient.identifier, r"^P\d{6}$")
