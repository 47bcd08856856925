import base64

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import MedicalCase

PIXEL = base64.b64encode(
    base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
)


@tagged("post_install", "-at_install")
class TestMedicalPractitioner(MedicalCase):
    """The manager sets up the people who see patients."""

    def test_manager_creates_a_practitioner_of_an_account(self):
        user = new_test_user(
            self.env, login="test_new_doctor", groups="medical_practice.group_practitioner", name="Ève Neuve"
        )
        practitioners = self.env["medical.practitioner"].with_user(self.users["manager"])
        with Form(practitioners) as form:
            form.user_id = user
            self.assertEqual(form.partner_id, user.partner_id)
            form.licence_type_id = self.physician_licence
            form.licence_number = "54321"
            form.signature = PIXEL
            form.phone = "514 555-0142"
        practitioner = form.record
        self.assertEqual(practitioner.name, "Ève Neuve")
        self.assertEqual(practitioner._get_printed_name(), "Ève Neuve, M.D.")
        self.assertEqual(practitioner.resource_id.name, "Ève Neuve")
        self.assertEqual(practitioner.resource_id.user_id, user)
        self.assertEqual(practitioner.resource_calendar_id, self.company.resource_calendar_id)
        self.assertEqual(self.env["medical.practitioner"].with_user(user)._get_current(), practitioner)

    def test_manager_creates_one_without_account(self):
        practitioners = self.env["medical.practitioner"].with_user(self.users["manager"])
        practitioner = practitioners.create({"name": "Locum Tenens", "licence_type_id": self.dentist_licence.id})
        self.assertEqual(practitioner.partner_id.name, "Locum Tenens")
        self.assertTrue(practitioner._can_prescribe_drugs())
        self.assertFalse(self.physio._can_prescribe_drugs())
        with self.assertRaisesRegex(UserError, "has a name"):
            practitioners.create({"licence_number": "1"})
        with self.assertRaises(AccessError):
            self.env["medical.practitioner"].with_user(self.users["reception"]).create({"name": "Quack"})

    def test_manager_sets_hours_and_absences(self):
        manager = self.users["manager"]
        calendar = (
            self.env["resource.calendar"]
            .with_user(manager)
            .create(
                {
                    "name": "Tuesday mornings",
                    "attendance_ids": [
                        Command.clear(),
                        Command.create({"name": "Tue", "dayofweek": "1", "hour_from": 8, "hour_to": 12}),
                    ],
                }
            )
        )
        practitioner = self.as_role("manager", self.dentist)
        practitioner.resource_calendar_id = calendar
        self.assertEqual(self.dentist.resource_id.calendar_id, calendar)
        action = practitioner.action_open_absences()
        leave = (
            self.env[action["res_model"]]
            .with_user(manager)
            .with_context(**action["context"])
            .create({"name": "Congress", "date_from": "2026-04-01 12:00:00", "date_to": "2026-04-02 12:00:00"})
        )
        self.assertEqual(leave.resource_id, self.dentist.resource_id)

    def test_account_moves_to_the_resource(self):
        user = new_test_user(self.env, login="test_dentist", groups="medical_practice.group_practitioner")
        self.dentist.user_id = user
        self.assertEqual(self.dentist.resource_id.user_id, user)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.physio.user_id = user
            self.env.flush_all()

    def test_choice_shows_the_specialty(self):
        self.physician.specialty_id = self.env.ref("medical_practice.specialty_family_medicine")
        label = self.physician.with_context(formatted_display_name=True).display_name
        self.assertEqual(label, "Alice Médecin \t --Family Medicine--")
        self.assertEqual(self.physician.with_context(formatted_display_name=False).display_name, "Alice Médecin")

    def test_master_data(self):
        rights = {
            "physician": "drugs",
            "dentist": "dental",
            "nurse_practitioner": "drugs",
            "physiotherapist": "none",
            "psychologist": "none",
            "dental_hygienist": "none",
        }
        for name, prescribing in rights.items():
            self.assertEqual(self.env.ref(f"medical_practice.licence_type_{name}").prescribing, prescribing, name)

    def test_everybody_of_the_practice_reads_them(self):
        for role in ("reception", "assistant", "practitioner", "manager", "billing", "privacy"):
            self.assertTrue(self.as_role(role, self.physician).read(["name", "licence_number"]), role)
        with self.assertRaises(AccessError):
            self.as_role("employee", self.physician).read(["licence_number"])
