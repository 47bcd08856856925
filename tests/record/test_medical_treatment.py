"""What the patient takes: reported, prescribed, renewed, changed, stopped, and taken back."""

from datetime import date

import psycopg2

from odoo.addons.medical_practice.tests.prescription.common import PrescriptionCase
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

TODAY = "2026-03-02 15:00"


@tagged("post_install", "-at_install")
class TestMedicalTreatment(PrescriptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        substance = cls.env["medical.substance"].create(
            {"name": "Amoxicillin", "register_kind": "dpd", "register_code": "test-amx"}
        )
        cls.env["medical.drug.substance"].create(
            [{"drug_id": drug.id, "substance_id": substance.id} for drug in cls.amoxicillin | cls.withdrawn]
        )
        cls.substance = substance

    def _report(self, role="assistant", patient=None, **values):
        model = self.as_role(role, self.env["medical.treatment"])
        return model.create({"patient_id": (patient or self.patient).id, **values})

    def _courses(self, **domain):
        domain = [("patient_id", "=", self.patient.id), *((name, "=", value) for name, value in domain.items())]
        return self.as_role("practitioner", self.env["medical.treatment"]).search(domain, order="id")

    def _long(self, **values):
        return self._line(long_term=True, duration=3, duration_unit="month", **values)

    # === Reported === #

    @freeze_time(TODAY)
    def test_reported_in_a_few_words(self):
        course = self._report(name="Ramipril 5 mg tablet")
        self.assertEqual((course.origin, course.status, course.long_term), ("reported", "active", True))
        self.assertEqual(course.date_start, date(2026, 3, 2))
        dosed = self._report(drug_id=self.amoxicillin.id, dose=1, frequency_id=self.thrice.id)
        self.assertEqual((dosed.name, dosed.dose_unit, dosed.route), ("Novamoxin 500 mg Capsule", "capsule", "oral"))
        self.assertEqual(dosed.sig, "Take 1 capsule by mouth 3 times a day.")
        short = self._report(name="Ibuprofen 400 mg tablet", date_end=date(2026, 3, 5))
        self.assertFalse(short.long_term)

    def test_what_says_nothing(self):
        for values in ({}, {"name": ""}, {"name": " \t"}):
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError), self.cr.savepoint():
                self._report(**values)
                self.env.flush_all()

    @freeze_time(TODAY)
    def test_one_drug_is_taken_once(self):
        first = self._report(drug_id=self.amoxicillin.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.cr.savepoint():
            self._report(drug_id=self.amoxicillin.id)
        first._stop("patient", "", date(2026, 3, 2))
        second = self._report(drug_id=self.amoxicillin.id, date_end=date(2026, 3, 9))
        # The first is over: taking it up again would make two.
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.cr.savepoint():
            first.action_resume()
            self.env.flush_all()
        with freeze_time("2026-03-10 15:00"):
            self.env.invalidate_all()
            self.assertEqual(second.status, "completed")
            self._report(drug_id=self.amoxicillin.id)
            self.assertEqual(second.recorded_status, "completed", "What is over makes room, and is written down.")

    def test_a_short_course_completes_by_itself(self):
        with freeze_time(TODAY):
            course = self._report(name="Ibuprofen 400 mg tablet", date_end=date(2026, 3, 5))
        for moment, status in (
            ("2026-03-05 23:00", "active"),
            ("2026-03-06 15:00", "completed"),
        ):
            with freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(course.status, status, moment)
                for asked in ("active", "completed", "stopped"):
                    found = self._courses(status=asked)
                    self.assertEqual(bool(found), asked == status, (moment, asked))
                self.assertEqual(self._courses().filtered_domain([("status", "!=", status)]).ids, [])

    # === Signing === #

    @freeze_time(TODAY)
    def test_signing_starts(self):
        prescription = self._prescribe(self._line(), self._long(drug_id=self.cream.id, dose=1))
        self.assertEqual(prescription.line_ids.mapped("treatment_action"), ["start", "start"])
        self.assertFalse(self._courses(), "A draft changes nothing.")
        prescription.action_sign()
        short, long = self._courses()
        self.assertEqual(
            (short.drug_id, short.origin, short.status, short.practitioner_id),
            (self.amoxicillin, "prescribed", "active", self.physician),
        )
        self.assertEqual(short.prescription_line_id, prescription.line_ids[0])
        self.assertEqual((short.date_start, short.date_end), (date(2026, 3, 2), date(2026, 3, 11)))
        self.assertEqual(short.sig, "Take 1 capsule by mouth 3 times a day for 10 days.")
        self.assertEqual((long.long_term, long.date_end, long.prescribed_until), (True, False, date(2026, 6, 1)))

    @freeze_time(TODAY)
    def test_signing_renews(self):
        self._signed(self._long())
        course = self._courses()
        with freeze_time("2026-05-25 15:00"):
            again = self._prescribe(self._long(), role="practitioner2")
            self.assertEqual(again.line_ids.treatment_action, "renew")
            again.action_sign()
            self.assertEqual(self._courses(), course)
            self.assertEqual((course.prescribed_until, course.prescription_id), (date(2026, 8, 24), again))
            self.assertEqual(course.date_start, date(2026, 3, 2))
        self.assertEqual(len(course.prescription_line_ids), 2)
        self.assertEqual(set(course.change_ids.mapped("prescription_id")), {again})
        self.assertTrue(again._is_signature_intact())

    @freeze_time(TODAY)
    def test_signing_changes(self):
        self._signed(self._long())
        course = self._courses()
        more = self._prescribe(self._long(dose=2))
        self.assertEqual(more.line_ids.treatment_action, "change")
        more.action_sign()
        self.assertEqual((self._courses(), course.dose), (course, 2))
        self.assertIn("2 capsules", course.sig)
        self.assertIn(
            ("dose", "1", "2"), [(row.field_name, row.old_display, row.new_display) for row in course.change_ids]
        )

    @freeze_time(TODAY)
    def test_another_brand_of_the_same_substance(self):
        self._signed(self._long())
        course = self._courses()
        other = self._prescribe(self._long(drug_id=self.withdrawn.id))
        self.assertEqual(other.line_ids.treatment_action, "change")
        other.action_sign()
        self.assertEqual((self._courses(), course.drug_id), (course, self.withdrawn))
        self.assertIn("Amoxil", course.name)

    @freeze_time(TODAY)
    def test_a_reported_one_is_taken_over(self):
        course = self._report(name="Ramipril 5 mg tablet")
        line = {"name": "RAMIPRIL 5 mg, tablet", "dose": 1, "dose_unit": "tablet", "frequency_id": self.daily.id}
        self._signed(line | {"route": "oral", "duration": 30, "long_term": True})
        self.assertEqual(self._courses(), course)
        self.assertEqual(course.origin, "prescribed")

    @freeze_time(TODAY)
    def test_the_steps_of_a_taper_are_one_course(self):
        steps = [self._line(dose=dose, duration=5, frequency_id=self.daily.id) for dose in (3, 2, 1)]
        self._signed(*steps)
        course = self._courses()
        self.assertEqual((len(course), course.date_end), (1, date(2026, 3, 16)))
        self.assertEqual(course.sig.count("\n"), 2)
        self.assertEqual(len(course.prescription_line_ids), 3)

    @freeze_time(TODAY)
    def test_two_strengths_are_two_courses(self):
        self._signed(self._long(), self._long(drug_id=self.withdrawn.id))
        self.assertEqual(len(self._courses()), 2)
        again = self._prescribe(self._long(), self._long(drug_id=self.withdrawn.id))
        self.assertEqual(again.line_ids.mapped("treatment_action"), ["renew", "renew"])
        again.action_sign()
        self.assertEqual(len(self._courses()), 2)

    @freeze_time(TODAY)
    def test_an_order_to_stop(self):
        self._signed(self._long())
        course = self._courses()
        order = self._prescribe({"drug_id": self.amoxicillin.id, "treatment_action": "stop"})
        self.assertEqual(order.with_context(lang="en_US").line_ids._get_sentence_writer().env.lang, "fr_CA")
        self.assertNotIn("Prendre", order.line_ids.sig)
        self.assertFalse(order.line_ids.quantity)
        order.action_sign()
        self.assertEqual((course.status, course.stop_reason_code), ("stopped", "prescription"))
        self.assertEqual(course.date_end, date(2026, 3, 2))
        self.assertEqual(
            course.prescription_id.line_ids.treatment_action, "start", "The last line is one that gave it."
        )

    @freeze_time(TODAY)
    def test_what_is_stopped_is_not_checked(self):
        self._signed(self._long())
        order = self._prescribe({"drug_id": self.amoxicillin.id, "treatment_action": "stop"})
        checker = self.env["medical.safety.check"]
        case = checker._prepare_case(order)
        self.assertFalse(checker._get_lines(order) or case.lines or case.treatments)
        both = self._prescribe(
            {"drug_id": self.amoxicillin.id, "treatment_action": "stop"}, self._line(drug_id=self.cream.id, dose=1)
        )
        case = checker._prepare_case(both)
        self.assertEqual(([line.name for line in case.lines], case.treatments), ([both.line_ids[1].name], ()))
        self.assertEqual(case.patient.treatments_status, "some")

    @freeze_time(TODAY)
    def test_signed_twice_is_one_course(self):
        prescription = self._signed()
        with self.assertRaises(UserError):
            prescription.action_sign()
        self._signed()
        self.assertEqual(len(self._courses()), 1)

    @freeze_time(TODAY)
    def test_what_is_no_drug_makes_no_course(self):
        self._signed({"name": "Physiotherapy"}, kind="care")
        self.assertFalse(self._courses())

    @freeze_time(TODAY)
    def test_a_quantity_gives_the_end(self):
        self._signed(self._line(duration=0, quantity=21, quantity_unit="capsule"))
        self.assertEqual(self._courses().date_end, date(2026, 3, 8))

    @freeze_time(TODAY)
    def test_the_action_is_said_anew_at_the_signature(self):
        draft = self._prescribe(self._long())
        self._signed(self._long(dose=2), role="practitioner2")
        self.assertEqual(draft.line_ids.treatment_action, "start")
        draft.action_sign()
        self.assertEqual(draft.line_ids.treatment_action, "change")
        self.assertEqual(len(self._courses()), 1)

    # === Cancelling === #

    @freeze_time(TODAY)
    def test_cancelling_what_started(self):
        prescription = self._signed()
        prescription.action_cancel("wrong patient")
        course = self._courses()
        self.assertTrue(course.entered_in_error)
        self.assertIn("wrong patient", course.error_reason)
        self.assertIn(prescription.name, course.error_reason)

    @freeze_time(TODAY)
    def test_cancelling_what_changed(self):
        first = self._signed(self._long())
        course = self._courses()
        before = course.read(sorted(course._get_prescribed_fields()), load=None)
        second = self._signed(self._long(dose=2, drug_id=self.withdrawn.id))
        self.assertEqual(course.dose, 2)
        second.action_cancel("wrong dose")
        self.assertEqual(course.read(sorted(course._get_prescribed_fields()), load=None), before)
        self.assertEqual(course.prescription_id, first)
        # Both ways stand in the history, with their cause.
        doses = course.change_ids.filtered(lambda row: row.field_name == "dose").sorted("id")
        self.assertEqual([(row.old_value, row.new_value) for row in doses], [(1, 2), (2, 1)])
        self.assertEqual(doses.prescription_id, second)

    @freeze_time(TODAY)
    def test_cancelling_an_order_to_stop(self):
        self._signed(self._long())
        order = self._signed({"drug_id": self.amoxicillin.id, "treatment_action": "stop"})
        order.action_cancel("too early")
        course = self._courses()
        self.assertEqual((course.status, course.stop_reason_code, course.date_end), ("active", False, False))

    @freeze_time(TODAY)
    def test_cancelling_leaves_what_came_after(self):
        first = self._signed(self._long())
        course = self._courses()
        second = self._signed(self._long(dose=2))
        self._signed(self._long(dose=3), role="practitioner2")
        second.action_cancel("late")
        self.assertEqual(course.dose, 3)
        first.action_cancel("late")
        self.assertFalse(course.entered_in_error)
        # What somebody said of it since stays too.
        other = self._signed(self._long(drug_id=self.cream.id, dose=1))
        cream = self._courses(drug_id=self.cream.id)
        self.as_role("assistant", cream)._stop("adverse_effect", "rash", date(2026, 3, 2))
        other.action_cancel("rash")
        self.assertEqual((cream.entered_in_error, cream.status), (False, "stopped"))

    # === By hand === #

    @freeze_time(TODAY)
    def test_what_is_prescribed_is_not_rewritten(self):
        prescription = self._signed(self._long())
        course = self._courses()
        for values in ({"dose": 9}, {"name": "Other"}, {"drug_id": self.cream.id}, {"sig": "x"}, {"date_start": False}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, prescription.name):
                course.write(values)
        line = prescription.line_ids
        for values in (
            {"prescription_line_id": line.id},
            {"prescription_line_ids": [Command.link(line.id)]},
            {"prescribed_until": date(2030, 1, 1)},
        ):
            with self.subTest(values=values):
                with self.assertRaises(UserError):
                    course.write(values)
                with self.assertRaises(UserError):
                    self._report(name="x", **values)
        with self.assertRaisesRegex(UserError, "Say why"):
            course.status = "stopped"
        with self.assertRaises(UserError):
            course.unlink()
        nurse = self.as_role("assistant", course)
        nurse.long_term = False
        self.assertEqual(course.change_ids.mapped("field_name"), ["long_term"])
        for role in ("reception", "billing", "manager", "privacy", "employee"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_role(role, course).action_open_stop()

    def test_a_treatment_ends_after_it_starts(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.CheckViolation), self.cr.savepoint():
            self._report(name="x", date_start=date(2026, 3, 2), date_end=date(2026, 3, 1))

    # === Stopping === #

    def _stop(self, courses, role="assistant", **values):
        wizard = self.as_role(role, self.env["medical.treatment.stop"])
        context = courses.action_open_stop()["context"]
        wizard = wizard.with_context(**context).create(values)
        return wizard.action_confirm()

    @freeze_time(TODAY)
    def test_stopping_asks_why(self):
        course = self._report(name="Ramipril 5 mg tablet", date_start=date(2025, 1, 1))
        self._stop(course, reason_code="ineffective", reason="  pressure still 160 ")
        self.assertEqual(
            (course.status, course.stop_reason_code, course.stop_reason, course.date_end),
            ("stopped", "ineffective", "pressure still 160", date(2026, 3, 2)),
        )
        self.assertEqual(
            {row.field_name for row in course.change_ids},
            {"recorded_status", "stop_reason_code", "stop_reason", "date_end"},
        )
        with self.assertRaisesRegex(UserError, "not taken any more"):
            self._stop(course, reason_code="other")
        course.action_resume()
        self._stop(course, reason_code="completed", date=date(2026, 2, 1))
        self.assertEqual((course.status, course.date_end), ("completed", date(2026, 2, 1)))

    @freeze_time(TODAY)
    def test_a_day_to_come_is_no_stop(self):
        course = self._report(name="Ramipril 5 mg tablet")
        with self.assertRaisesRegex(UserError, "lies ahead"):
            self._stop(course, reason_code="other", date=date(2026, 3, 3))

    @freeze_time(TODAY)
    def test_an_adverse_effect_becomes_an_intolerance(self):
        drug = self._report(drug_id=self.amoxicillin.id)
        words = self._report(name="Codeine 30 mg tablet")
        self._stop(drug | words, reason_code="adverse_effect", reaction="vomiting", criticality="low")
        allergies = self.env["medical.allergy"].search([("patient_id", "=", self.patient.id)], order="id")
        self.assertEqual(allergies.mapped("name"), ["Amoxicillin", "Codeine 30 mg tablet"])
        self.assertEqual(allergies.substance_id, self.substance)
        self.assertEqual(set(allergies.mapped("type")), {"intolerance"})
        self.assertEqual(set(allergies.mapped("reaction")), {"vomiting"})
        self.assertEqual(drug.stop_reason, "vomiting")
        # Known already: not twice.
        drug.action_resume()
        self._stop(drug, reason_code="adverse_effect", reaction="vomiting")
        self.assertEqual(self.env["medical.allergy"].search_count([("patient_id", "=", self.patient.id)]), 2)
        self._stop(self._report(name="Tramadol 50 mg tablet"), reason_code="adverse_effect", record_intolerance=False)
        self.assertEqual(self.env["medical.allergy"].search_count([("patient_id", "=", self.patient.id)]), 2)

    # === Prescribing again === #

    @freeze_time(TODAY)
    def test_all_long_term_in_one_gesture(self):
        self._signed(self._long(indication="infection"), self._line(drug_id=self.cream.id, dose=1))
        self._report(name="Ramipril 5 mg tablet", dose=1, dose_unit="tablet", frequency_id=self.daily.id, route="oral")
        patient = self.as_role("practitioner", self.patient)
        action = patient.action_renew_treatments()
        draft = self.env["medical.prescription"].browse(action["res_id"])
        self.assertEqual(draft.state, "draft")
        self.assertEqual(len(draft.line_ids), 2, "The cream was for ten days.")
        line = draft.line_ids.filtered("drug_id")
        self.assertEqual((line.dose, line.duration, line.indication, line.long_term), (1, 3, "infection", True))
        self.assertEqual(set(draft.line_ids.mapped("treatment_action")), {"renew"})
        # Once more: the same draft, the same lines.
        self.assertEqual(patient.action_renew_treatments()["res_id"], draft.id)
        self.assertEqual(len(draft.line_ids), 2)
        draft.line_ids.filtered(lambda line: not line.drug_id).duration = 30
        draft.with_user(self.users["practitioner"]).action_sign()
        self.assertEqual(len(self._courses(status="active")), 3)

    @freeze_time(TODAY)
    def test_one_of_them(self):
        self._signed(self._long(), self._long(drug_id=self.cream.id, dose=1))
        course = self._courses(drug_id=self.cream.id)
        draft = self.env["medical.prescription"].browse(course.action_renew()["res_id"])
        self.assertEqual(draft.line_ids.drug_id, self.cream)
        other = self._report(name="Ramipril 5 mg tablet", patient=self.patient2)
        with self.assertRaisesRegex(UserError, "one patient"):
            (course | other).action_renew()
        with self.assertRaises(UserError):
            self.as_role("practitioner", self.env["medical.treatment"]).action_renew()

    @freeze_time(TODAY)
    def test_the_steps_of_a_taper_come_back(self):
        self._signed(*[self._line(dose=dose, duration=5, frequency_id=self.daily.id) for dose in (3, 2, 1)])
        draft = self.env["medical.prescription"].browse(self._courses().action_renew()["res_id"])
        self.assertEqual(draft.line_ids.mapped("dose"), [3, 2, 1])

    @freeze_time(TODAY)
    def test_nothing_to_renew(self):
        with self.assertRaisesRegex(UserError, "takes no long-term"):
            self.as_role("practitioner", self.patient).action_renew_treatments()

    @freeze_time(TODAY)
    def test_an_assistant_prepares_for_who_signs(self):
        self._signed(self._long())
        action = self.as_role("assistant", self._courses()).action_renew()
        draft = self.env["medical.prescription"].browse(action["res_id"])
        self.assertEqual((draft.practitioner_id, draft.state), (self.physician, "draft"))
