"""Asked or never asked: statements, and what they say of a patient."""

from datetime import date, datetime, timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import FactsCase

STATUSES = ("allergy_status", "treatment_status", "pregnancy_status", "breastfeeding_status")


@tagged("post_install", "-at_install")
class TestChartStatement(FactsCase):
    def _patient(self, role="assistant"):
        return self.as_role(role, self.patient)

    def _in_force(self, topic):
        return self.env["medical.chart.statement"]._find_in_force(self.patient.ids, topic)

    def test_an_empty_list_says_nothing(self):
        self.assertEqual([self._patient()[name] for name in STATUSES], ["unknown"] * 4)
        self.assertFalse(self._patient().allergy_answer)

    def test_asked_and_none(self):
        patient = self._patient("practitioner")
        patient.action_no_known_allergy()
        patient.action_no_long_term_treatment()
        self.assertEqual((patient.allergy_status, patient.treatment_status), ("none", "none"))
        self.assertEqual(patient.allergy_statement_id.practitioner_id, self.physician)
        self.assertEqual(patient.allergy_statement_id.create_uid, self.users["practitioner"])
        self.assertIn("Alice Médecin", patient.allergy_answer)
        self.assertIn(str(date.today().year), patient.allergy_answer)

    def test_asked_again(self):
        """A newer answer ends the former, which stays."""
        self._patient().action_no_known_allergy()
        first = self._in_force("allergy")
        self._patient("practitioner2").action_no_known_allergy()
        second = self._in_force("allergy")
        self.assertEqual(len(second), 1)
        self.assertNotEqual(second, first)
        self.assertTrue(first.ended_on)
        self.assertEqual([row[0] for row in self._changes(first)], ["ended_on"])

    def test_an_allergy_ends_the_statement(self):
        self._patient().action_no_known_allergy()
        statement = self._in_force("allergy")
        allergy = self._record("medical.allergy", name="Latex", category="environment")
        self.assertEqual(self._patient().allergy_status, "some")
        self.assertTrue(statement.ended_on)
        allergy.action_refute()
        self.assertEqual(self._patient().allergy_status, "unknown", "What was ended is asked again.")
        self._patient().action_no_known_allergy()
        allergy.action_reactivate()
        self.assertFalse(self._in_force("allergy"))
        self.assertEqual(self._patient().allergy_status, "some")
        allergy.action_enter_in_error("other patient")
        self.assertEqual(self._patient().allergy_status, "unknown")

    def test_a_refuted_allergy_contradicts_nothing(self):
        self._patient().action_no_known_allergy()
        self._record("medical.allergy", name="Peanut", category="food", status="refuted")
        self.assertEqual(self._patient().allergy_status, "none")

    def test_refused_while_the_chart_holds_the_contrary(self):
        self._record("medical.allergy", name="Latex")
        self._record("medical.treatment", name="Metformin 500 mg", long_term=True)
        with self.assertRaisesRegex(ValidationError, "Latex"):
            self._patient().action_no_known_allergy()
        with self.assertRaisesRegex(ValidationError, "Metformin"):
            self._patient().action_no_long_term_treatment()
        self.assertEqual(self._patient().treatment_status, "some")

    def test_a_long_term_treatment_ends_the_statement(self):
        self._patient().action_no_long_term_treatment()
        course = self._record(
            "medical.treatment", name="Amoxicillin", long_term=False, date_end=fields.Date.add(date.today(), days=7)
        )
        self.assertEqual(self._patient().treatment_status, "none")
        course.action_enter_in_error("typed twice")
        self._record("medical.treatment", name="Metformin 500 mg", long_term=True)
        self.assertEqual(self._patient().treatment_status, "some")
        self.assertFalse(self._in_force("treatment"))

    # === Pregnancy === #

    @freeze_time("2026-03-02 15:00")
    def test_pregnancy(self):
        patient = self._patient()
        action = patient.action_pregnant()
        self.assertEqual(action["context"], {"default_patient_id": patient.id, "default_kind": "pregnant"})
        statement = self._record("medical.chart.statement", kind="pregnant", expected_on=date(2026, 9, 1))
        self.assertEqual(patient.pregnancy_status, "pregnant")
        self.assertEqual(statement.valid_until, date(2026, 9, 22))
        # Dated by ultrasound, by somebody else.
        self.as_role("practitioner2", statement).expected_on = date(2026, 8, 20)
        self.assertEqual(statement.valid_until, date(2026, 9, 10))
        self.assertEqual(self._changes(statement), [("expected_on", "2026-09-01", "2026-08-20")])
        patient.action_not_pregnant()
        self.assertEqual(patient.pregnancy_status, "not_pregnant")
        self.assertTrue(statement.ended_on)

    def test_answers_grow_old(self):
        now = datetime(2026, 3, 2, 15)
        for kind, expected_on, holds in (
            ("pregnant", date(2026, 9, 1), timedelta(days=204)),
            ("pregnant", False, timedelta(weeks=43)),
            ("not_pregnant", False, timedelta(days=365)),
            ("breastfeeding", False, timedelta(days=365)),
        ):
            with self.subTest(kind=kind, expected_on=expected_on):
                with freeze_time(now):
                    self._record("medical.chart.statement", kind=kind, expected_on=expected_on)
                topic = "pregnancy_status" if "pregnant" in kind else "breastfeeding_status"
                for moment, status in ((now + holds, kind), (now + holds + timedelta(days=1), "unknown")):
                    with freeze_time(moment):
                        self.env.invalidate_all()
                        self.assertEqual(self._patient()[topic], status)
                        self.assertEqual(
                            self._patient().search([("id", "=", self.patient.id), (topic, "=", status)]), self.patient
                        )

    @freeze_time("2026-03-02 15:00")
    def test_impossible_due_dates(self):
        for expected_on in (date(2025, 9, 1), date(2027, 3, 1)):
            with self.assertRaisesRegex(ValidationError, "43 weeks"):
                self._record("medical.chart.statement", kind="pregnant", expected_on=expected_on)
        with self.assertRaisesRegex(ValidationError, "pregnancy"):
            self._record("medical.chart.statement", kind="no_known_allergy", expected_on=date(2026, 9, 1))

    # === One in force === #

    def test_one_in_force_held_by_the_database(self):
        self._patient().action_no_known_allergy()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.cr.savepoint():
            self.cr.execute(
                """
                INSERT INTO medical_chart_statement (patient_id, company_id, kind, topic, date)
                SELECT patient_id, company_id, kind, topic, date FROM medical_chart_statement WHERE id = %s
                """,
                [self._in_force("allergy").id],
            )

    def test_nobody_ends_one_by_hand(self):
        self._patient().action_no_known_allergy()
        statement = self.as_role("assistant", self._in_force("allergy"))
        with self.assertRaises(UserError):
            statement.ended_on = fields.Datetime.now()
        with self.assertRaises(UserError):
            self._record("medical.chart.statement", kind="not_pregnant", ended_on=fields.Datetime.now())
        with self.assertRaises(UserError):
            statement.unlink()
        with self.assertRaises(AccessError):
            self.as_role("practitioner2", statement).kind = "not_pregnant"
        # Nor does a default of the context make one that is born ended.
        born = self.env["medical.chart.statement"].with_context(default_ended_on=fields.Datetime.now())
        self.assertFalse(born.create({"patient_id": self.patient2.id, "kind": "not_pregnant"}).ended_on)

    def test_hostile_kinds(self):
        for kind in ("cured", 3, "no_known_allergy' OR 1=1"):
            with self.subTest(kind=kind), self.assertRaises(ValueError):
                self._record("medical.chart.statement", kind=kind)

    # === Whoever asks === #

    def test_others_see_no_status(self):
        for role in ("reception", "manager", "privacy", "billing", "employee"):
            patient = self.as_role(role, self.patient)
            with self.subTest(role=role):
                for name in STATUSES:
                    with self.assertRaises(AccessError):
                        patient.read([name])
                with self.assertRaises(AccessError):
                    patient.action_no_known_allergy()

    def test_search(self):
        other = self._create_patient("Paul", "Autre", "1970-01-01")
        everybody = self.patient | self.patient2 | other
        self.as_role("assistant", self.patient2).action_no_known_allergy()
        self._record("medical.allergy", name="Latex", patient=other)
        patients = self.as_role("assistant", self.env["medical.patient"])
        for statuses, expected in (
            (["unknown"], self.patient),
            (["none"], self.patient2),
            (["some"], other),
            (["unknown", "some"], self.patient | other),
            ([], patients.browse()),
        ):
            domain = [("id", "in", everybody.ids), ("allergy_status", "in", statuses)]
            self.assertEqual(patients.search(domain), expected, statuses)
        found = patients.search([("id", "in", everybody.ids), ("allergy_status", "!=", "unknown")])
        self.assertEqual(found, self.patient2 | other)
        self.assertEqual(patients.search([("id", "in", everybody.ids), ("treatment_status", "=", "some")]).ids, [])

    def test_constant_number_of_queries(self):
        patients = self.env["medical.patient"].create(
            [{"first_name": f"P{number}", "last_name": "Many", "birthdate": "1980-01-01"} for number in range(40)]
        )
        self.env["medical.chart.statement"].create(
            [{"patient_id": patient.id, "kind": "no_known_allergy"} for patient in patients]
        )
        self.env["medical.treatment"].create(
            [{"patient_id": patient.id, "name": "Metformin 500 mg"} for patient in patients]
        )
        counts = []
        for some in (patients[:1], patients[:2], patients):
            self.env.flush_all()
            self.env.invalidate_all()
            seen = self.as_role("assistant", some)
            before = self.cr.sql_log_count
            seen.mapped("allergy_status")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], "The statuses cost the same for 2 and for 40 patients.")

    def test_statements_of_a_deleted_draft(self):
        visit = self._visit()
        self._record("medical.chart.statement", "practitioner", kind="no_known_allergy", consultation_id=visit.id)
        self.assertEqual(self._patient().allergy_status, "none")
        visit.unlink()
        self.assertEqual(self._patient().allergy_status, "unknown")

    def test_portal_sees_nothing(self):
        self._patient().action_no_known_allergy()
        portal = self.env["res.users"].create(
            {
                "login": "test_facts_portal",
                "partner_id": self.patient.partner_id.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        for model in ("medical.chart.statement", "medical.chart.change", "medical.condition", "medical.treatment"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(portal).search([])
