import random
from datetime import date

import psycopg2
from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..common import MedicalCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestPrevention(MedicalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["medical.prevention.rule"].search([]).active = False
        cls.vaccine = cls.env["medical.vaccine"].create({"name": "Testovax"})
        cls.weight = cls.env["medical.measurement.type"].search([("code", "=", "weight")])
        cls.visit_type = cls.env["medical.consultation.type"].create({"name": "Annual visit (test)"})
        rules = cls.env["medical.prevention.rule"]
        cls.manual = rules.create({"name": "Manual", "interval_months": 24, "age_min": 40, "age_max": 74})
        cls.flu = rules.create(
            {"name": "Flu", "interval_months": 12, "satisfied_by": "vaccine", "vaccine_ids": cls.vaccine.ids}
        )
        cls.weighing = rules.create(
            {
                "name": "Weigh",
                "interval_months": 1,
                "satisfied_by": "measurement",
                "measurement_type_id": cls.weight.id,
            }
        )
        cls.imaging = rules.create(
            {
                "name": "Mammography",
                "sex": "female",
                "interval_months": 24,
                "satisfied_by": "document",
                "document_kind": "imaging",
                "document_name": "mammo",
            }
        )
        cls.yearly = rules.create(
            {
                "name": "Visit",
                "interval_months": 12,
                "satisfied_by": "consultation",
                "consultation_type_id": cls.visit_type.id,
            }
        )

    def _due(self, patient=None):
        own = self.as_role("assistant", patient or self.patient)
        return {item["name"]: item["status"] for item in own._get_due_preventions()}

    def test_plain_dicts_in_the_order_of_the_rules(self):
        self.flu.sequence, self.flu.advice = 1, "Offer it."
        items = self.as_role("assistant", self.patient)._get_due_preventions()
        self.assertEqual(items[0]["rule_id"], self.flu.id)
        self.assertEqual(items[0]["advice"], "Offer it.")
        self.assertEqual(set(self._due()), {"Manual", "Flu", "Weigh", "Mammography", "Visit"})
        self.assertNotIn("Mammography", self._due(self.patient2))

    def test_the_box_of_the_chart(self):
        own = self.as_role("practitioner", self.patient)
        items = {item["title"]: item for item in own.get_chart_overview()["preventions"]["items"]}
        self.assertEqual(set(items), {"Manual", "Flu", "Weigh", "Mammography", "Visit"})
        self.assertEqual((items["Flu"]["id"], items["Flu"]["level"]), (self.flu.id, "warning"))
        fact = own.env["medical.prevention"].create({"patient_id": own.id, "rule_id": items["Flu"]["id"]})
        self.assertEqual((fact.status, fact.practitioner_id), ("done", self.physician))
        self.assertNotIn("Flu", [item["title"] for item in own.get_chart_overview()["preventions"]["items"]])

    def test_each_kind_of_fact(self):
        patient = {"patient_id": self.patient.id}
        self.env["medical.immunization"].create(
            {**patient, "vaccine_id": self.vaccine.id, "given_on": "2025-10-01", "status": "reported"}
        )
        self.assertNotIn("Flu", self._due())
        self.env["medical.measurement"].create(
            {**patient, "type_id": self.weight.id, "value": 70, "date": "2026-03-01 12:00:00"}
        )
        self.assertEqual(self._due().get("Weigh"), "soon")
        self.env["medical.document"].create({**patient, "name": "Mammography 2025", "kind": "imaging"})
        self.assertNotIn("Mammography", self._due())
        self.env["medical.consultation"].create(
            {**patient, "practitioner_id": self.physician.id, "type_id": self.visit_type.id}
        )
        self.assertNotIn("Visit", self._due())
        self.as_role("practitioner", self.patient).action_prevention_done(self.manual.id)
        self.assertEqual(self._due(), {"Weigh": "soon"})

    def test_what_does_not_count(self):
        patient = {"patient_id": self.patient.id}
        self.env["medical.immunization"].create(
            {**patient, "vaccine_id": self.vaccine.id, "status": "refused", "refusal_reason": "x"}
        )
        self.env["medical.document"].create({**patient, "name": "Chest", "kind": "imaging"})
        measured = self.env["medical.measurement"].create({**patient, "type_id": self.weight.id, "value": 70})
        measured.action_enter_in_error("Wrong patient")
        self.assertEqual(set(self._due()), {"Manual", "Flu", "Weigh", "Mammography", "Visit"})

    def test_answers(self):
        own = self.as_role("assistant", self.patient)
        own.action_prevention_decline(self.flu.id, "Does not want it")
        own.action_prevention_postpone(self.weighing.id, "2026-09-01")
        self.assertNotIn("Flu", self._due())
        self.assertNotIn("Weigh", self._due())
        with freeze_time("2026-09-02 15:00:00"):
            self.assertIn("Weigh", self._due())
            self.assertNotIn("Flu", self._due())
        fact = own.env["medical.prevention"].search([("rule_id", "=", self.flu.id)])
        fact.action_enter_in_error("Changed his mind")
        self.assertIn("Flu", self._due())

    def test_an_answer_is_explained(self):
        own = self.as_role("assistant", self.patient)
        for call in (
            lambda: own.action_prevention_decline(self.flu.id, " "),
            lambda: own.action_prevention_postpone(self.flu.id, None),
        ):
            with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
                call()
                self.env.flush_all()
        with self.assertRaises(UserError):
            own.action_prevention_done(0)
        with self.assertRaises(ValidationError):
            own.env["medical.prevention"].create(
                {"patient_id": own.id, "rule_id": self.flu.id, "done_on": "2026-04-01"}
            )

    def test_the_reception_decides_nothing(self):
        for role in ("reception", "employee", "manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(role, self.patient).action_prevention_done(self.manual.id)

    def test_a_rule_says_what_it_needs(self):
        for kind in ("vaccine", "measurement", "document", "consultation"):
            with self.subTest(kind), self.assertRaises(ValidationError):
                self.env["medical.prevention.rule"].create({"name": "x", "satisfied_by": kind})

    def test_the_filter_says_what_the_chart_says(self):
        """The search over all patients and the list in each chart agree, whatever the ages, sexes and facts."""
        patients = self._create_random_patients(60)
        rules = self.env["medical.prevention.rule"].search([])
        due = self.as_role("assistant", patients)._get_due_preventions_batch()
        for rule in rules:
            expected = {
                patient.id
                for patient in patients
                if any(item["rule_id"] == rule.id and item["status"] == "due" for item in due[patient.id])
            }
            found = self.as_role("assistant", self.env["medical.patient"]).search(
                [("id", "in", patients.ids), *rule.with_user(self.users["assistant"])._get_due_domain()]
            )
            with self.subTest(rule.name):
                self.assertEqual(set(found.ids), expected)
        filtered = self.as_role("assistant", self.env["medical.patient"]).search(
            [("prevention_due", "=", True), ("id", "in", patients.ids)]
        )
        self.assertEqual(
            set(filtered.ids), {id_ for id_, items in due.items() if any(item["status"] == "due" for item in items)}
        )
        self.assertTrue(filtered)
        self.assertNotEqual(filtered, patients)

    def _create_random_patients(self, count):
        """Return patients with facts round every limit; always the same ones."""
        chance = random.Random(3)
        today = date(2026, 3, 2)

        def around(months):
            return today - relativedelta(months=months) + relativedelta(days=chance.choice((-40, -1, 0, 1, 40)))

        patients = self.env["medical.patient"].create(
            [
                {
                    "first_name": "Random",
                    "last_name": f"Patient {number}",
                    "sex": chance.choice(("female", "male", "unknown")),
                    "birthdate": chance.choice((False, around(12 * 40), around(12 * 75), date(1980, 2, 29))),
                    "deceased_on": chance.choice((False,) * 9 + (date(2026, 1, 1),)),
                }
                for number in range(count)
            ]
        )
        for patient in patients:
            fact = {"patient_id": patient.id}
            if chance.random() < 0.7:
                self.env["medical.measurement"].create(
                    {**fact, "type_id": self.weight.id, "value": 70, "date": self._evening(around(1))}
                )
            if chance.random() < 0.7:
                given_on = min(around(12), today)
                if not patient.birthdate or given_on >= patient.birthdate:
                    self.env["medical.immunization"].create(
                        {**fact, "vaccine_id": self.vaccine.id, "given_on": given_on}
                    )
            if chance.random() < 0.5:
                status = chance.choice(("done", "declined", "postponed", "not_applicable"))
                until = around(0) if status == "postponed" else chance.choice((False, around(0)))
                self.env["medical.prevention"].create(
                    {
                        **fact,
                        "rule_id": chance.choice((self.manual, self.yearly)).id,
                        "status": status,
                        "done_on": min(around(24), today) if status == "done" else False,
                        "until": until if status != "done" else False,
                        "reason": "x",
                    }
                )
            if chance.random() < 0.5:
                self.env["medical.document"].create(
                    {**fact, "name": "Mammo", "kind": "imaging", "date": self._evening(around(24))}
                )
            self.env["medical.consultation"].create(
                {
                    **fact,
                    "practitioner_id": self.physician.id,
                    "type_id": self.visit_type.id,
                    "date_start": self._evening(around(12)),
                }
            )
        return patients

    def _evening(self, day):
        # Past midnight in UTC, still the same day where the practice stands.
        return fields.Datetime.to_datetime(f"{day} 02:30:00") + relativedelta(days=1)

    def test_queries_do_not_grow_with_the_patients(self):
        patients = self.env["medical.patient"].create(
            [{"first_name": "A", "last_name": f"B{number}", "birthdate": "1970-01-01"} for number in range(40)]
        )
        self.env["medical.immunization"].create(
            [
                {"patient_id": patient.id, "vaccine_id": self.vaccine.id, "given_on": "2026-01-01"}
                for patient in patients
            ]
        )
        counts = []
        for batch in (patients[:2], patients):
            self.env.flush_all()
            self.env.invalidate_all()
            self.as_role("assistant", batch).mapped("company_id.name")
            before = self.env.cr.sql_log_count
            self.as_role("assistant", batch)._get_due_preventions_batch()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.assertLess(counts[1], 20)

    def test_shipped_examples(self):
        rules = self.env["medical.prevention.rule"].with_context(active_test=False).search([("source", "!=", False)])
        self.assertGreaterEqual(len(rules), 8)
        for rule in rules:
            self.assertTrue(rule.source and rule.advice, rule.name)
