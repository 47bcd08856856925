from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..common import MedicalCase


@tagged("post_install", "-at_install")
class TestMedicalPatientIdentity(MedicalCase):
    """Names, chart numbers, ages and dates."""

    def test_name_of_the_contact_is_made_of_both_names(self):
        patient = self._create_patient("  Marie-Ève ", "De  la Rue")
        self.assertEqual(patient.name, "Marie-Ève De la Rue")
        self.assertEqual((patient.first_name, patient.last_name), ("Marie-Ève", "De la Rue"))
        patient.last_name = "Roy"
        self.assertEqual(patient.partner_id.name, "Marie-Ève Roy")
        patient.write({"name": "Tremblay, Anne"})
        self.assertEqual((patient.first_name, patient.last_name), ("Anne", "Tremblay"))
        self.assertEqual(patient.partner_id.name, "Anne Tremblay")

    def test_contact_renamed_elsewhere(self):
        self.patient2.partner_id.name = "Jean-Noël De La Salle Roy"
        self.assertEqual(self.patient2.first_name, "Jean-Noël")
        self.assertEqual(self.patient2.last_name, "De La Salle Roy")
        with self.assertRaisesRegex(UserError, "first and the last name"):
            self.patient2.partner_id.name = "Jean"

    def test_contact_does_not_become_a_company(self):
        with self.assertRaisesRegex(UserError, "cannot become a company"):
            self.patient.partner_id.is_company = True

    def test_names_are_required_and_bounded(self):
        for first_name, last_name in (("   ", "Roy"), ("Anne", "\n\t"), ("A" * 10000, "Roy"), ("Anne", False)):
            with self.assertRaises(ValidationError):
                self._create_patient(first_name, last_name)
            with self.assertRaises(ValidationError):
                self.patient.write({"first_name": first_name, "last_name": last_name})

    def test_name_create_splits_the_name(self):
        patient_id, label = self.env["medical.patient"].name_create("Anne Marie Roy")
        patient = self.env["medical.patient"].browse(patient_id)
        self.assertEqual((patient.first_name, patient.last_name, label), ("Anne Marie", "Roy", "Anne Marie Roy"))
        with self.assertRaisesRegex(UserError, "no complete name"):
            self.env["medical.patient"].name_create("Anne")

    def test_chart_numbers_count_by_practice(self):
        other = self.env["res.company"].create({"name": "Other practice"})
        first, second = (self._create_patient("A", "B"), self._create_patient("C", "D"))
        self.assertEqual(int(second.identifier[1:]), int(first.identifier[1:]) + 1)
        elsewhere = self._create_patient("E", "F", company_id=other.id)
        self.assertEqual(elsewhere.identifier, "P000001")
        self.assertEqual(elsewhere.partner_id.company_id, other)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._create_patient("G", "H", identifier=first.identifier)

    def test_contact_follows_the_practice(self):
        other = self.env["res.company"].create({"name": "Other practice"})
        self.assertEqual(self.patient.partner_id.company_id, self.company)
        self.patient.company_id = other
        self.assertEqual(self.patient.partner_id.company_id, other)

    def test_chart_is_neither_copied_nor_moved(self):
        with self.assertRaisesRegex(UserError, "cannot be duplicated"):
            self.patient.copy()
        with self.assertRaisesRegex(UserError, "cannot be moved"):
            self.patient.partner_id = self.patient2.partner_id

    @freeze_time("2026-03-01 15:00:00")
    def test_ages(self):
        expected = {
            "2026-03-01": (0, "0 days"),
            "2026-02-28": (0, "1 day"),
            "2026-02-26": (0, "3 days"),
            "2025-10-01": (0, "5 months"),
            "2024-02-29": (2, "2 years"),
            "2024-03-02": (1, "23 months"),
            "2004-02-29": (22, "22 years"),
            "1916-03-01": (110, "110 years"),
        }
        for birthdate, (age, display) in expected.items():
            patient = self.env["medical.patient"].new({"birthdate": birthdate})
            self.assertEqual((patient.age, patient.age_display), (age, display), birthdate)

    def test_born_on_29_february(self):
        patient = self._create_patient("Leap", "Year", "2004-02-29")
        for day, age in (("2022-02-28", 17), ("2022-03-01", 18), ("2024-02-29", 20)):
            with freeze_time(f"{day} 15:00:00"):
                patient.invalidate_recordset()
                self.assertEqual(patient.age, age, day)
                self.assertIn(patient, self.env["medical.patient"].search([("age", "=", age)]), day)

    def test_age_is_frozen_at_death(self):
        patient = self._create_patient("Old", "Man", "1930-01-01", deceased_on="2020-06-01")
        self.assertEqual((patient.age, patient.age_display), (90, "90 years"))
        search = self.env["medical.patient"].search
        self.assertIn(patient, search([("age", "=", 90)]))
        self.assertNotIn(patient, search([("age", ">", 90)]))

    def test_search_on_age(self):
        unknown = self._create_patient("No", "Birthdate")
        search = self.env["medical.patient"].search
        age = self.patient.age
        for domain in ([("age", "=", age)], [("age", ">=", age)], [("age", "<", age + 1)], [("age", "in", [age, 3])]):
            self.assertIn(self.patient, search(domain), domain)
        for domain in ([("age", "!=", age)], [("age", "<", age)], [("age", ">", age)]):
            self.assertNotIn(self.patient, search(domain), domain)
        self.assertIn(unknown, search([("age", "=", False)]))
        self.assertNotIn(self.patient, search([("age", "=", False)]))

    def test_age_speaks_the_language_of_the_user(self):
        self.assertEqual(self.env["medical.patient"]._format_age(1, "month"), "1 month")
        self.assertEqual(self.env["medical.patient"]._format_age(7, "year"), "7 years")

    def test_birthday(self):
        with freeze_time("2026-05-12 15:00:00"):
            self.patient.invalidate_recordset()
            found = self.env["medical.patient"].search([("is_birthday", "=", True)])
            self.assertTrue(self.patient.is_birthday)
            self.assertIn(self.patient, found)
            self.assertNotIn(self.patient2, found)

    @freeze_time("2026-03-01 15:00:00")
    def test_impossible_dates(self):
        impossible = [
            ({"birthdate": "2026-03-03"}, "born in the future"),
            ({"birthdate": "1800-01-01"}, "over 130 years"),
            ({"deceased_on": "2026-03-05"}, "died in the future"),
            ({"deceased_on": "1985-05-11"}, "before being born"),
        ]
        for vals, message in impossible:
            with self.assertRaises(ValidationError) as refusal:
                self.patient.write(vals)
            self.assertIn(message, str(refusal.exception))


@tagged("post_install", "-at_install")
class TestMedicalPatientHealthNumber(MedicalCase):
    """Health numbers: impossible ones are refused, surprising ones are shown."""

    def test_stored_and_shown(self):
        self.patient.health_number = " trem 8555-1234 "
        self.assertEqual(self.patient.health_number, "TREM85551234")
        self.assertEqual(self.patient.health_number_display, "TREM 8555 1234")
        self.assertFalse(self.patient.health_number_warning)

    def test_impossible_numbers_are_refused(self):
        refused = [
            ("ramq", "TREM 8555", "four letters and eight digits"),
            ("ramq", "TREM 8513 1234", "are no date"),
            ("nir", "2 53 07 84 001 030 99", "check digit"),
            ("gb_nhs", "943 476 5918", "check digit"),
            ("other", "x" * 100, "too few or too many"),
            ("nonsense", "123", "Choose the kind"),
        ]
        for kind, number, message in refused:
            with self.assertRaisesRegex(ValidationError, message):
                self.patient.write({"health_number_type": kind, "health_number": number})

    def test_every_error_has_a_sentence(self):
        issue = type("Issue", (), {"params": {}})
        sentences = set()
        codes = ("empty", "unknown_kind", "length", "format", "component", "checksum", "ramq_format", "ramq_date")
        for code in codes:
            issue.code = code
            sentences.add(self.patient._describe_health_number_issue(issue))
        self.assertEqual(len(sentences), len(codes))

    def test_disagreement_is_a_warning(self):
        self.patient.write({"health_number": "GAGN 9001 0112"})
        warning = self.patient.health_number_warning
        self.assertIn("GAGN", warning)
        self.assertIn("TREM", warning)
        self.assertIn("Male", warning)
        self.assertIn("1985-05-12", warning)

    def test_one_number_one_chart(self):
        self.patient.health_number = "TREM85551234"
        with self.assertRaisesRegex(ValidationError, self.patient.identifier):
            self._create_patient("Marie", "Trembley", health_number="trem 8555 1234")
        other = self.env["res.company"].create({"name": "Other practice"})
        self._create_patient("Marie", "Tremblay", health_number="TREM85551234", company_id=other.id)
        self.patient.active = False
        with self.assertRaisesRegex(ValidationError, "already"):
            self.patient2.health_number = "TREM85551234"

    def test_one_number_one_chart_in_the_database(self):
        self.patient.health_number = "TREM85551234"
        self.env.flush_all()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cr.execute(
                "UPDATE medical_patient SET health_number = 'TREM85551234', health_number_type = 'ramq' WHERE id = %s",
                [self.patient2.id],
            )

    def test_card_fills_in_what_it_says(self):
        with Form(self.env["medical.patient"].with_user(self.users["reception"])) as form:
            form.first_name, form.last_name = "Marie", "Tremblay"
            form.health_number = "TREM85551235"
            self.assertEqual(form.birthdate, date(1985, 5, 12))
            self.assertEqual(form.sex, "female")
        self.assertEqual(form.record.health_number, "TREM85551235")
        self.assertEqual(form.record.health_number_display, "TREM 8555 1235")


@tagged("post_install", "-at_install")
class TestMedicalPatientFromContact(MedicalCase):
    """A contact who becomes a patient stays the contact he was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Nathalie Dubois-Roy",
                "phone": "+1 418 555 0177",
                "email": "nathalie@example.com",
                "street": "1, rue Principale",
                "lang": "en_US",
                "ref": "C-17",
            }
        )

    def test_by_the_button(self):
        contact = self.as_role("reception", self.contact)
        action = contact.action_register_patient()
        patients = self.env[action["res_model"]].with_user(self.users["reception"])
        with Form(patients.with_context(**action["context"])) as form:
            self.assertEqual((form.first_name, form.last_name), ("Nathalie", "Dubois-Roy"))
            self.assertEqual(form.phone, "+1 418 555 0177")
            form.birthdate = "1970-07-07"
        patient = form.record
        self.assertEqual(patient.partner_id, self.contact)
        kept = self.contact.read(["name", "phone", "email", "street", "lang", "ref"])[0]
        self.assertEqual(
            [kept[name] for name in ("name", "phone", "email", "street", "lang", "ref")],
            ["Nathalie Dubois-Roy", "+1 418 555 0177", "nathalie@example.com", "1, rue Principale", "en_US", "C-17"],
        )
        self.assertTrue(self.contact.is_patient)
        self.assertEqual(contact.action_open_chart()["res_id"], patient.id)

    def test_by_create(self):
        patient = self.env["medical.patient"].create({"partner_id": self.contact.id, "phone": False, "email": ""})
        self.assertEqual((patient.first_name, patient.last_name), ("Nathalie", "Dubois-Roy"))
        self.assertEqual(patient.phone, "+1 418 555 0177")
        self.assertEqual(self.contact.email, "nathalie@example.com")

    def test_names_of_the_chart_win(self):
        self.env["medical.patient"].create(
            {"partner_id": self.contact.id, "first_name": "Nathalie Anne", "last_name": "Dubois-Roy"}
        )
        self.assertEqual(self.contact.name, "Nathalie Anne Dubois-Roy")

    def test_refused_contacts(self):
        with self.assertRaisesRegex(UserError, "is a patient already"):
            self.env["medical.patient"].create({"partner_id": self.patient.partner_id.id})
        self.patient.active = False
        with self.assertRaisesRegex(UserError, "is a patient already"):
            self.env["medical.patient"].create({"partner_id": self.patient.partner_id.id})
        firm = self.env["res.partner"].create({"name": "Firm Inc", "is_company": True})
        with self.assertRaisesRegex(UserError, "a patient is a person"):
            self.env["medical.patient"].create({"partner_id": firm.id})

    def test_contact_of_a_patient_is_not_deleted(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.patient.partner_id.unlink()


@tagged("post_install", "-at_install")
class TestMedicalPatientHostile(MedicalCase):
    """What people and programs type into a name."""

    def test_hostile_names_are_kept_as_text(self):
        names = [
            "<script>alert(1)</script>",
            "Robert'); DROP TABLE medical_patient;--",
            "<t t-out='7919*7907'/>{{7919*7907}}${7919*7907}",
            "\u202eynnA",
            "👩‍⚕️ Zoë",
            "%s %(name)s %d",
            "محمد",
        ]
        for name in names:
            patient = self._create_patient(name, "Roy", "1990-01-01")
            self.assertEqual(patient.first_name, name)
            self.assertEqual(patient.display_name, f"{name} Roy")
            self.assertIn(patient, self.env["medical.patient"].search([("display_name", "ilike", name)]), name)
            twin = self.env["medical.patient"].new({"first_name": name, "last_name": "Roy", "birthdate": "1990-01-01"})
            self.assertIn(patient, twin.duplicate_ids._origin, name)
            self.assertNotIn("<script>", twin.duplicate_summary)
            self.assertNotIn(str(7919 * 7907), twin.duplicate_summary)

    def test_hostile_searches_find_nothing_and_break_nothing(self):
        for query in ("'", "\\", "%", "_", "' OR 1=1 --", "x" * 10000, "👩‍⚕️", "((((", "\u202e", "1" * 5000):
            found = self.env["medical.patient"].search([("display_name", "ilike", query)])
            self.assertNotIn(self.patient, found, query)

    def test_relation_is_somebody_else(self):
        with self.assertRaisesRegex(ValidationError, "somebody else"):
            self.patient.relation_ids = [Command.create({"partner_id": self.patient.partner_id.id, "kind": "parent"})]

    def test_guardian_may_consent(self):
        self.patient.relation_ids = [
            Command.create({"partner_id": self.patient2.partner_id.id, "kind": "guardian"}),
            Command.create({"partner_id": self.patient2.partner_id.id, "kind": "emergency"}),
        ]
        self.assertEqual(self.patient.relation_ids.mapped("can_consent"), [True, False])
        self.assertEqual(self.patient.relation_ids[0].display_name, "Jean-Noël L'Écuyer (Guardian)")

    def test_dates_are_dates(self):
        self.assertEqual(self.patient.birthdate, date(1985, 5, 12))
        for birthdate in ("2023-02-29", "yesterday", "12/05/1985"):
            with self.assertRaises(ValueError):
                self.patient.birthdate = birthdate


@tagged("post_install", "-at_install")
class TestMedicalPatientWays(MedicalCase):
    """What starts from the chart knows whose chart it is."""

    def test_new_documents(self):
        patient = self.as_role("practitioner", self.patient)
        for action in (
            patient.action_new_consultation(),
            patient.action_new_prescription(),
            patient.action_new_appointment(),
        ):
            self.assertEqual(action["context"]["default_patient_id"], patient.id)
            self.assertEqual(action["context"]["default_practitioner_id"], self.physician.id)
            self.assertEqual(action["views"][-1][1], "form")

    def test_documents_of_the_patient_only(self):
        consultations = self.env["medical.consultation"]
        own = consultations.create({"patient_id": self.patient.id, "practitioner_id": self.physician.id})
        consultations.create({"patient_id": self.patient2.id, "practitioner_id": self.physician.id})
        action = self.as_role("practitioner", self.patient).action_open_consultations()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), own)
        self.assertEqual(self.as_role("practitioner", self.patient).consultation_count, 1)
        for action in (self.patient.action_open_appointments(), self.patient.action_open_prescriptions()):
            self.assertEqual(action["domain"], [("patient_id", "=", self.patient.id)])
            self.assertEqual([kind for _view, kind in action["views"]], ["list", "form"])
