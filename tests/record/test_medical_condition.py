"""Problems and history: coded or in words, of any precision, and what becomes of them."""

from datetime import date

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .common import FactsCase


@tagged("post_install", "-at_install")
class TestMedicalCondition(FactsCase):
    # === What === #

    def test_the_code_gives_the_name(self):
        condition = self._record("medical.condition", code_id=self.asthma.id)
        self.assertEqual((condition.name, condition.display_name), ("Asthma", "Asthma (J45)"))
        model = self.as_role("assistant", self.env["medical.condition"]).with_context(lang="fr_CA")
        self.assertEqual(model.create({"patient_id": self.patient2.id, "code_id": self.asthma.id}).name, "Asthme")
        free = self._record("medical.condition", name="Feels tired")
        self.assertEqual(free.display_name, "Feels tired")

    def test_without_name_nor_code(self):
        for name in (False, "", " \t", None):
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError), self.cr.savepoint():
                self._record("medical.condition", name=name)

    def test_dates_of_any_precision(self):
        for typed, text, first in (
            ("2019", "2019", date(2019, 1, 1)),
            ("03/2021", "2021-03", date(2021, 3, 1)),
            ("mars 2021", "2021-03", date(2021, 3, 1)),
            ("enfance", "enfance", False),
            ("age 12", "age 12", date(1997, 5, 12)),
        ):
            with self.subTest(typed=typed):
                condition = self._record("medical.condition", name=f"Since {typed}", onset=typed)
                self.assertEqual((condition.onset, condition.onset_date), (text, first))
        condition.onset = "14 March 2021"
        self.assertEqual(condition.onset_display, "March 14, 2021")
        self.assertEqual(condition.with_context(lang="fr_CA").onset_display, "14 mars 2021")

    def test_the_order_of_figures_is_that_of_the_language(self):
        model = self.as_role("assistant", self.env["medical.condition"])
        self.assertEqual(model.with_context(lang="fr_CA")._parse_fuzzy_date("04/05/2021"), "2021-05-04")
        self.assertEqual(model.with_context(lang="en_US")._parse_fuzzy_date("04/05/2021"), "2021-04-05")

    @freeze_time("2026-03-02")
    def test_dates_that_cannot_be(self):
        for onset, message in (
            ("2021-13", "no such date"),
            ("31/02/2021", "no such date"),
            ("1/2/21", "four figures"),
            ("2027", "still to come"),
            ("1984", "not born yet"),
            ("x" * 5000, "too long"),
        ):
            with self.subTest(onset=onset[:10]), self.assertRaisesRegex(ValidationError, message):
                self._record("medical.condition", name="Asthma", onset=onset)
        with self.assertRaisesRegex(ValidationError, "after it was resolved"):
            self._record("medical.condition", name="Asthma", onset="2021", resolved="2020-12")
        # Not known better than by the year: it may have begun and ended in it.
        self._record("medical.condition", name="Asthma", onset="2021-03", resolved="2021", clinical_status="resolved")
        # A grandmother was ill before the patient was born.
        self._record(
            "medical.condition",
            name="Diabetes",
            category="family_history",
            relationship="maternal_grandmother",
            onset="1950",
        )

    def test_the_form_reads_what_is_typed(self):
        patient = self.as_role("assistant", self.patient)
        model = self.as_role("assistant", self.env["medical.condition"]).with_context(default_patient_id=patient.id)
        with Form(model) as form:
            form.code_id = self.asthma
            form.onset = "mars 2021"
            self.assertEqual((form.name, form.onset), ("Asthma", "2021-03"))

    def test_relatives(self):
        with self.assertRaisesRegex(ValidationError, "family history"):
            self._record("medical.condition", name="Diabetes", relationship="mother")
        history = self._record("medical.condition", name="Diabetes", category="family_history", relationship="mother")
        self.assertEqual(history.display_name, "Diabetes, mother")

    # === Once === #

    def test_an_active_problem_stands_once(self):
        first = self._record("medical.condition", code_id=self.fracture.id, laterality="left")
        self._record("medical.condition", code_id=self.fracture.id, laterality="right")
        self._record("medical.condition", code_id=self.fracture.id, category="medical_history")
        self._record("medical.condition", code_id=self.fracture.id, laterality="left", patient=self.patient2)
        self._refused_twice(laterality="left")
        first.action_resolve()
        second = self._record("medical.condition", code_id=self.fracture.id, laterality="left")
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.cr.savepoint():
            first.action_reactivate()
            self.env.flush_all()
        second.action_enter_in_error("typed twice")
        self.env.invalidate_all()
        first.action_reactivate()
        self.env.flush_all()

    def _refused_twice(self, **values):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.cr.savepoint():
            self._record("medical.condition", code_id=self.fracture.id, **values)
            self.env.flush_all()

    def test_the_same_words_are_told(self):
        self._record("medical.condition", name="Côté droit douloureux")
        new = self.as_role("assistant", self.env["medical.condition"]).new(
            {"patient_id": self.patient.id, "name": "cote DROIT douloureux", "category": "problem"}
        )
        self.assertIn("douloureux", new._onchange_name()["warning"]["message"])
        new.name = "Something else"
        self.assertIsNone(new._onchange_name())

    # === Its life === #

    def _signed_condition(self, **values):
        visit = self._visit()
        condition = self._record("medical.condition", "practitioner", name="Asthma", consultation_id=visit.id, **values)
        visit.condition_ids = condition
        visit.action_sign()
        return visit, condition

    def test_what_lives_on_after_the_signature(self):
        visit, condition = self._signed_condition(onset="2019")
        nurse = self.as_role("assistant", condition)
        nurse.action_resolve()
        self.assertEqual(condition.clinical_status, "resolved")
        self.assertTrue(condition.resolved)
        self.assertEqual([row[0] for row in self._changes(condition)], ["clinical_status", "resolved"])
        self.assertEqual(condition.change_ids.user_id, self.users["assistant"])
        self.as_role("practitioner2", condition).action_reactivate()
        self.assertEqual(
            self._changes(condition)[2:],
            [("clinical_status", "resolved", "active"), ("resolved", self._changes(condition)[1][2], False)],
        )
        self.assertTrue(visit._is_signature_intact(), "The life of a problem changes nothing in the signed visit.")
        for values in (
            {"name": "Cancer"},
            {"onset": "2020"},
            {"note": "x"},
            {"clinical_status": "active", "note": "x"},
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "signed"):
                condition.write(values)

    def test_the_history_is_kept(self):
        condition = self._record("medical.condition", name="Asthma")
        condition.action_resolve()
        row = condition.change_ids[0]
        self.assertEqual((row.old_display, row.new_display), ("Active", "Resolved"))
        with self.assertRaisesRegex(UserError, "neither changed"):
            row.sudo().new_value = "active"
        with self.assertRaisesRegex(UserError, "neither changed"):
            row.sudo().unlink()
        with self.assertRaises(AccessError):
            row.unlink()
        with self.assertRaises(AccessError):
            self.as_role("practitioner", self.env["medical.chart.change"]).create(
                {
                    "patient_id": self.patient.id,
                    "res_model": "medical.condition",
                    "res_id": condition.id,
                    "field_name": "note",
                }
            )
        for statement in ("UPDATE medical_chart_change SET new_value = NULL", "DELETE FROM medical_chart_change"):
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.RestrictViolation), self.cr.savepoint():
                self.cr.execute(SQL(statement))

    def test_nothing_lives_that_never_was(self):
        condition = self._record("medical.condition", name="Asthma")
        condition.action_enter_in_error("other patient")
        for change in (condition.action_resolve, condition.action_reactivate):
            with self.assertRaisesRegex(UserError, "entered in error"):
                change()

    def test_facts_of_others(self):
        condition = self._record("medical.condition", name="Asthma")
        other = self.as_role("practitioner2", condition)
        other.action_resolve()
        with self.assertRaises(AccessError):
            other.name = "Cancer"
        with self.assertRaises(UserError):
            other.unlink()
        for role in ("reception", "billing", "manager", "privacy", "employee"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_role(role, condition).action_resolve()

    def test_while_it_is_written_there_is_no_history(self):
        visit = self._visit()
        condition = self._record("medical.condition", "practitioner", name="Asthma", consultation_id=visit.id)
        condition.clinical_status = "suspected"
        self.assertFalse(condition.change_ids)
        visit.unlink()
        self.assertFalse(condition.exists())

    # === Visits === #

    def test_addressed_in(self):
        condition = self._record("medical.condition", name="Asthma")
        visit = self._visit()
        visit.condition_ids = condition
        self.assertEqual(condition.consultation_ids, visit)
        later = self._visit("practitioner2")
        self.as_role("practitioner2", condition).consultation_ids = [Command.link(later.id)]
        self.assertEqual(later.condition_ids, condition)
        visit.action_sign()
        for commands in ([Command.unlink(visit.id)], [Command.clear()], [Command.set(later.ids)]):
            with self.assertRaisesRegex(UserError, "signed"), self.cr.savepoint():
                condition.consultation_ids = commands
        with self.assertRaisesRegex(UserError, "signed"), self.cr.savepoint():
            self._record("medical.condition", name="Other", consultation_ids=[Command.link(visit.id)])
        with self.assertRaisesRegex(UserError, "signed"), self.cr.savepoint():
            visit.condition_ids = False

    def test_the_signature_covers_the_problems(self):
        visit, condition = self._signed_condition()
        self.assertEqual(visit.signed_content["conditions"], condition.ids)
        self.assertEqual(visit.signed_content["problems"][0]["name"], "Asthma")
        self.cr.execute("DELETE FROM medical_condition_medical_consultation_rel")
        self.env.invalidate_all()
        self.assertFalse(visit._is_signature_intact())

    def test_problems_of_the_patient_only(self):
        stranger = self._record("medical.condition", name="Asthma", patient=self.patient2)
        visit = self._visit()
        with self.assertRaisesRegex(ValidationError, "own patient"):
            visit.condition_ids = stranger
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.as_role("assistant", stranger).consultation_ids = [Command.link(visit.id)]

    def test_tags_make_problems(self):
        visit = self._visit()
        model = self.as_role("practitioner", self.env["medical.condition"]).with_context(
            default_patient_id=self.patient.id, default_consultation_id=visit.id
        )
        condition_id, name = model.name_create("Sore throat")
        condition = model.browse(condition_id)
        self.assertEqual((name, condition.patient_id, condition.consultation_id), ("Sore throat", self.patient, visit))

    def test_a_draft_takes_its_facts_along(self):
        visit = self._visit()
        for model, values in (
            ("medical.condition", {"name": "Asthma"}),
            ("medical.allergy", {"name": "Latex"}),
            ("medical.treatment", {"name": "Metformin 500 mg"}),
        ):
            self._record(model, "practitioner", consultation_id=visit.id, **values)
        visit.patient_id = self.patient2
        self.assertEqual(
            self.env["medical.condition"].search([("consultation_id", "=", visit.id)]).patient_id, self.patient2
        )
        visit.unlink()
        self.assertFalse(self.env["medical.allergy"].search([("patient_id", "in", (self.patient | self.patient2).ids)]))
        visit = self._visit()
        wrong = self._record("medical.allergy", "practitioner", name="Latex", consultation_id=visit.id)
        wrong.action_enter_in_error("other patient")
        with self.assertRaisesRegex(UserError, "stays in the chart"):
            visit.unlink()
