"""Vital signs entered as fields, kept as measurements; facts that nobody deletes."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import MedicalCase


@tagged("post_install", "-at_install")
class TestMedicalMeasurement(MedicalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.weight = cls.env.ref("medical_practice.measurement_type_weight")
        cls.height = cls.env.ref("medical_practice.measurement_type_height")

    def _visit(self, role="practitioner", **values):
        vals = {"patient_id": self.patient.id, "practitioner_id": self.physician.id, "type_id": False, "reason": "x"}
        return self.as_role(role, self.env["medical.consultation"]).create({**vals, **values})

    def _fact(self, role="assistant", **values):
        vals = {"patient_id": self.patient.id, "type_id": self.weight.id, "value": 70}
        return self.as_role(role, self.env["medical.measurement"]).create({**vals, **values})

    # === Vital signs === #

    def test_fields_become_rows_and_back(self):
        visit = self._visit(weight=70.5, bp_systolic=120, bp_diastolic=80)
        rows = {row.type_id.code: row.value for row in visit.measurement_ids}
        self.assertEqual(rows, {"weight": 70.5, "bp_systolic": 120, "bp_diastolic": 80})
        visit.write({"weight": 71, "pulse": 64, "bp_systolic": 0, "bp_diastolic": 0})
        self.env.flush_all()
        self.env.invalidate_all()
        rows = {row.type_id.code: row.value for row in visit.measurement_ids}
        self.assertEqual(rows, {"weight": 71, "pulse": 64})
        self.assertEqual((visit.weight, visit.pulse, visit.bp_systolic), (71, 64, 0))

    def test_one_field_leaves_the_others(self):
        visit = self._visit(weight=70.5, height=175)
        row = visit.measurement_ids.filtered(lambda row: row.type_id == self.height)
        self.env.invalidate_all()
        visit.write({"weight": 72})
        self.assertEqual(visit.height, 175)
        self.assertTrue(row.exists())

    def test_body_mass_index(self):
        visit = self._visit(weight=70, height=175)
        self.assertEqual(visit.bmi, 22.9)
        visit.height = 0
        self.assertEqual(visit.bmi, 0)

    def test_a_newborn_to_the_gram(self):
        visit = self._visit(weight=3.456, height=50.5)
        self.env.invalidate_all()
        self.assertEqual(visit.weight, 3.456)

    def test_what_cannot_be_true_is_refused(self):
        with self.assertRaisesRegex(
            ValidationError, "Body height: 1.75 cm cannot be right. It lies between 15 cm and 280 cm"
        ):
            self._visit(height=1.75)
        for values in (
            {"weight": 900},
            {"weight": -70},
            {"temperature": 99},
            {"spo2": 101},
            {"pulse": 1000},
            {"weight": float("nan")},
            {"weight": float("inf")},
        ):
            with self.subTest(values), self.assertRaises(Exception), mute_logger("odoo.sql_db"), self.cr.savepoint():  # noqa: B017
                self._visit(**values)

    def test_swapped_pressures_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "swapped"):
            self._visit(bp_systolic=80, bp_diastolic=120)

    def test_a_row_of_a_draft_is_not_doubled(self):
        visit = self._visit(weight=70)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._fact(consultation_id=visit.id)

    def test_a_row_is_about_the_patient_of_its_visit(self):
        visit = self._visit()
        with self.assertRaisesRegex(ValidationError, "same patient"):
            self._fact(consultation_id=visit.id, patient_id=self.patient2.id)

    def test_last_known_values(self):
        now = fields.Datetime.now()
        self._visit(weight=68, date_start=now - timedelta(days=90))
        self._visit(weight=69, pulse=70, date_start=now - timedelta(days=30))
        wrong = self._fact(value=200, date=now - timedelta(days=2))
        wrong.action_enter_in_error("Pounds")
        info = self._visit(weight=75).vitals_info
        self.assertEqual(info["weight"]["last"]["value"], 69)
        self.assertEqual(info["weight"]["unit"], "kg")
        self.assertEqual(info["pulse"]["last"]["value"], 70)
        self.assertFalse(info["height"]["last"])

    def test_a_batch_of_visits_takes_a_constant_number_of_queries(self):
        def count(number):
            visits = self.env["medical.consultation"].browse(
                [self._visit(weight=70, height=170).id for __ in range(number)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            visits.mapped("bmi")
            visits.mapped("vitals_info")
            return self.cr.sql_log_count - before

        count(1)
        self.assertLessEqual(count(12), count(2))

    def test_codes_and_units(self):
        expected = {
            "weight": ("29463-7", "kg"),
            "height": ("8302-2", "cm"),
            "bmi": ("39156-5", "kg/m2"),
            "bp_systolic": ("8480-6", "mm[Hg]"),
            "bp_diastolic": ("8462-4", "mm[Hg]"),
            "pulse": ("8867-4", "/min"),
            "temperature": ("8310-5", "Cel"),
            "spo2": ("59408-5", "%"),
            "respiratory_rate": ("9279-1", "/min"),
        }
        kinds = self.env["medical.measurement.type"]._get_by_code(expected)
        self.assertEqual({code: (kind.loinc_code, kind.ucum_unit) for code, kind in kinds.items()}, expected)

    # === Facts === #

    def test_a_fact_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "not deleted"):
            self._fact().unlink()
        with self.assertRaisesRegex(UserError, "not deleted"):
            self._fact().sudo().unlink()

    def test_an_error_is_marked_with_a_reason(self):
        fact = self._fact()
        for empty in ("", "  ", None, False, 1):
            with self.subTest(empty), self.assertRaisesRegex(UserError, "Say why"):
                fact.action_enter_in_error(empty)
        fact.action_enter_in_error(" Wrong patient ")
        self.assertEqual((fact.entered_in_error, fact.error_reason), (True, "Wrong patient"))
        self.assertEqual(fact.error_by_id, self.users["assistant"])
        self.assertTrue(fact.error_on)
        with self.assertRaises(UserError):
            fact.action_enter_in_error("again")
        with self.assertRaisesRegex(UserError, "stays as it is"):
            fact.value = 71

    def test_the_mark_is_not_written_by_hand(self):
        fact = self._fact()
        for vals in (
            {"entered_in_error": True},
            {"error_reason": "x"},
            {"entered_in_error": True, "error_reason": "x"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                fact.sudo().write(vals)
            with self.subTest(vals), self.assertRaises(UserError):
                self._fact(**vals)
        model = self.env["medical.measurement"].with_context(default_entered_in_error=True, default_error_reason="x")
        born = model.create({"patient_id": self.patient.id, "type_id": self.weight.id, "value": 70})
        self.assertFalse(born.entered_in_error)

    def test_postgresql_wants_the_reason_too(self):
        fact = self._fact()
        self.env.flush_all()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cr.execute("UPDATE medical_measurement SET entered_in_error = true WHERE id = %s", [fact.id])

    def test_facts_of_others(self):
        fact = self._fact("practitioner")
        for role in ("assistant", "practitioner2"):
            with self.subTest(role), self.assertRaisesRegex(AccessError, "Somebody else"):
                self.as_role(role, fact).value = 71
        with self.assertRaisesRegex(AccessError, "Only a practitioner"):
            self.as_role("assistant", fact).action_enter_in_error("x")
        self.as_role("practitioner2", fact).action_enter_in_error("Typed in pounds")
        own = self._fact("assistant")
        own.value = 71
        self.assertEqual(own.value, 71)

    def test_roles_without_a_chart(self):
        fact = self._fact()
        for role in ("reception", "billing", "manager", "privacy", "employee", "admin"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(role, fact).read(["value"])
