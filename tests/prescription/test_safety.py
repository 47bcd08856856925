"""The safety check of a prescription: what it finds, what it keeps, what it does not let through."""

import logging
from unittest.mock import patch

from odoo.addons.medical_practice.lib.registers.substances import substance_key
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .safety_common import SafetyCase

CHECK = "odoo.addons.medical_practice.models.prescription.medical_safety_check"
SAFETY = "odoo.addons.medical_practice.models.prescription.medical_prescription_safety"
SECRET = "SECRET-4711"
FOUND = ("allergy", "allergy_substance")


@tagged("post_install", "-at_install")
class TestSafetyFindings(SafetyCase):
    def _find(self, *drugs, **values):
        return self._alerts(self._prescribe(*(self._of(drug, **values) for drug in drugs)))

    def test_nothing_to_say_but_the_missing_edition(self):
        prescription = self._prescribe(self._of(self.amox))
        self.assertEqual(self._alerts(prescription), set())
        self.assertEqual(prescription.alert_ids.mapped("code"), ["no_edition"])

    def test_allergy_to_the_substance_coded_or_typed(self):
        for values in (
            {"name": "Amoxicillin", "substance_id": self.amox.substance_ids.substance_id.id},
            {"name": "amoxicilline (urticaire en 2019)"},
            {"name": "novamoxin"},
        ):
            with self.subTest(values=values), self.env.cr.savepoint() as savepoint:
                self._allergic(**values)
                self.assertEqual(self._alerts(self._prescribe(self._of(self.amox)), "allergy"), {FOUND})
                self.assertEqual(self._alerts(self._prescribe(self._of(self.ibuprofen)), "allergy"), set())
                savepoint.rollback()

    def test_allergies_in_error_or_resolved_are_none(self):
        self._allergic("Amoxicillin", status="resolved")
        self._allergic("Amoxicillin").action_enter_in_error("another patient")
        self.assertEqual(self._alerts(self._prescribe(self._of(self.amox)), "allergy"), set())

    def test_allergy_to_a_relative(self):
        self._allergic("Ampicillin")
        self.assertEqual(self._find(self.amox), {("allergy", "allergy_class")})
        self.assertEqual(self._find(self.cefalexin), set())

    def test_the_shipped_groups_with_their_words_in_two_languages(self):
        self.env["medical.cross.sensitivity"].with_context(active_test=False).search([]).active = True
        table = [
            ("Pénicilline", self.amox, "contraindicated"),
            ("penicillin", self.cefalexin, None),
            ("Amoxicilline", self.cefalexin, "precaution"),
            ("AINS", self.ibuprofen, "contraindicated"),
            ("aspirine", self.naproxen, "avoid"),
            ("Naproxène", self.ibuprofen, "avoid"),
            ("sulfa", self.ibuprofen, None),
        ]
        for name, drug, severity in table:
            with self.subTest(name=name, drug=drug.name), self.env.cr.savepoint() as savepoint:
                self._allergic(name)
                prescription = self._prescribe(self._of(drug))
                prescription.check_safety()
                alert = prescription.alert_ids.filtered(lambda alert: alert.kind == "allergy")
                self.assertEqual(alert.severity or None, severity)
                self.assertEqual("example" in (alert.source or "example"), True)
                savepoint.rollback()

    def test_duplicates_with_lines_and_treatments(self):
        other = self._create_known_drug("S101", "Advil", "Ibuprofen", "M01AE01", "200 mg", "tablet")
        self.assertEqual(self._find(self.ibuprofen, other), {("duplicate", "duplicate_substance")})
        self.assertEqual(self._find(self.ibuprofen, self.naproxen), {("duplicate", "duplicate_class")})
        self._takes(other)
        self.assertEqual(self._find(self.ibuprofen), {("duplicate", "duplicate_substance")})
        self.assertEqual(self._find(other), {("duplicate", "duplicate_renewal")})
        self.patient.treatment_ids.write({"status": "stopped", "stop_reason_code": "other"})
        self.assertEqual(self._alerts(self._prescribe(self._of(self.ibuprofen)), "duplicate"), set())

    def test_rules_about_the_person(self):
        rules = self.env["medical.safety.rule"]
        base = {"substances": "ibuprofène", "severity": "contraindicated", "source": "Monograph"}
        rules.create(
            [
                {**base, "name": "c", "kind": "condition", "condition_codes": "K25", "condition_names": "ulcère"},
                {**base, "name": "p", "kind": "pregnancy"},
                {**base, "name": "b", "kind": "breastfeeding"},
                {**base, "name": "a", "kind": "age", "age_from": 40},
                {**base, "name": "s", "kind": "sex", "sex": "female"},
            ]
        )
        self.assertEqual(self._find(self.ibuprofen), {("age", "rule_age"), ("sex", "rule_sex")})
        self.assertEqual(self._find(self.naproxen), set())
        self._state("pregnant", "breastfeeding")
        self.env["medical.condition"].create({"patient_id": self.patient.id, "name": "Ulcère gastrique"})
        expected = {"condition", "pregnancy", "breastfeeding", "age", "sex"}
        self.assertEqual({kind for kind, _code in self._find(self.ibuprofen)}, expected)

    def test_the_shipped_maximum_of_paracetamol_over_lines_and_treatments(self):
        self.env.ref("medical_practice.safety_rule_paracetamol_adult").active = True
        self.assertEqual(self._find(self.tylenol, dose=2, frequency_id=self.thrice.id), set())
        other = self._create_known_drug("S102", "Atasol", "Paracetamol", "N02BE01", "500 mg", "tablet")
        self._takes(other, dose=3)
        prescription = self._prescribe(self._of(self.tylenol, dose=2))
        self.assertIn(("dose", "dose_daily"), self._alerts(prescription))
        message = prescription.alert_ids.filtered(lambda alert: alert.kind == "dose").message
        self.assertIn("4500 mg", message)
        self.assertIn("4000 mg", message)

    def test_questions_never_asked(self):
        stranger = self._create_patient("Nina", "Roy", "1990-01-01", sex="female")
        prescription = self._prescribe(self._of(self.amox), patient=stranger)
        codes = {"allergies_never_asked", "treatments_never_asked", "pregnancy_never_asked"}
        self.assertEqual(self._alerts(prescription), {("not_checked", code) for code in codes})
        # What was never asked stops nobody.
        prescription.action_sign()
        self.assertEqual(prescription.state, "signed")

    def test_a_line_typed_freely_is_not_checked(self):
        prescription = self._prescribe(self._line(drug_id=False, name="Zorglub 5 mg comprimé", dose_unit="tablet"))
        self.assertEqual(self._alerts(prescription), {("not_checked", "free_text")})
        self.assertEqual(prescription.alert_ids.filtered("line_id").line_id, prescription.line_ids)
        self._allergic("Zorglub")
        self.assertIn(("allergy", "allergy_substance"), self._alerts(prescription))

    def _load_interaction(self, severity, edition):
        """Make a family of NSAIDs that interacts with warfarin, in an edition of a day."""
        register = self.env["medical.register"].create(
            {"name": "ANSM", "kind": "interactions_csv", "source": "x", "edition": edition}
        )
        common = {"register_kind": "interactions_csv", "source": "ANSM (test)"}
        terms = self.env["medical.interaction.term"].create(
            [
                {**common, "kind": "substance", "name": "warfarine", "key": substance_key("warfarine")},
                {**common, "kind": "atc", "name": "M01AE", "key": "M01AE"},
            ]
        )
        family = terms.create({**common, "kind": "family", "name": "AINS", "key": "ains", "member_ids": terms[1].ids})
        return self.env["medical.interaction"].create(
            {
                **common,
                "term_a_id": terms[0].id,
                "term_b_id": family.id,
                "severity": severity,
                "advice": SECRET,
                "register_id": register.id,
            }
        )

    def test_interactions_by_family_in_both_directions(self):
        self._load_interaction("avoid", Date.today())
        found = {("interaction", "interaction")}
        self.assertEqual(self._find(self.ibuprofen, self.warfarin), found)
        self.assertEqual(self._find(self.warfarin, self.ibuprofen), found)
        self.assertEqual(self._find(self.warfarin, self.tylenol), set())
        self._takes(self.warfarin)
        prescription = self._prescribe(self._of(self.ibuprofen))
        self.assertEqual(self._alerts(prescription), found)
        alert = prescription.alert_ids
        self.assertEqual((alert.severity, alert.interrupting), ("avoid", False))
        self.assertIn("ANSM", alert.source)
        self.assertIn(SECRET, alert.message)
        self.patient.treatment_ids.write({"drug_id": self.ibuprofen.id, "name": "Motrin"})
        self.assertEqual(self._find(self.warfarin), found)

    def test_a_contraindicated_interaction_stops_the_signature(self):
        self._load_interaction("contraindicated", Date.today())
        prescription = self._prescribe(self._of(self.ibuprofen), self._of(self.warfarin))
        with self.assertRaisesRegex(UserError, "Motrin"):
            prescription.action_sign()
        prescription.check_safety()
        self._override(prescription, "INR every week")
        prescription.action_sign()
        self.assertEqual(prescription.state, "signed")

    def test_an_old_edition_is_said_to_be_old(self):
        self._load_interaction("avoid", Date.add(Date.today(), days=-366))
        self.assertEqual(self._find(self.amox), {("not_checked", "edition_old")})

    def test_only_drugs_are_checked(self):
        self._allergic("Physiotherapy")
        prescription = self._prescribe({"name": "Physiotherapy"}, kind="care")
        self.assertEqual(self._alerts(prescription), set())

    def test_hostile_names_break_nothing(self):
        self._allergic("%_'\"\\ (((" + "é" * 900)
        self.env["medical.condition"].create({"patient_id": self.patient.id, "name": "[^$*+?{}|"})
        prescription = self._prescribe(self._line(drug_id=False, name="%s %(drug)s {0} '; DROP TABLE x"))
        self.assertNotIn("check_failed", {code for _kind, code in self._alerts(prescription)})

    def test_queries_do_not_grow_with_the_lines(self):
        self.env["medical.safety.rule"].with_context(active_test=False).search([]).active = True
        counts = []
        for size in (1, 4):
            drugs = [
                self._create_known_drug(
                    f"Q{size}{index}", f"Brand{index}", f"Molecule{index}", "A01AA01", "5 mg", "tablet"
                )
                for index in range(size)
            ]
            for drug in drugs:
                self._takes(drug, name=f"Taken {drug.id}")
            prescription = self._prescribe(*(self._of(drug) for drug in drugs))
            prescription.check_safety()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            prescription.check_safety()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)
        self.assertLessEqual(counts[1], 45, counts)


@tagged("post_install", "-at_install")
class TestSafetySignature(SafetyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._allergic("Amoxicillin", criticality="high", reaction="anaphylaxis")

    def _prescribe_allergen(self, **values):
        return self._prescribe(self._of(self.amox), **values)

    def _allergy(self, prescription):
        return prescription.alert_ids.filtered(lambda alert: alert.kind == "allergy")

    def test_no_door_lets_an_allergy_through(self):
        for name in ("action_sign", "action_sign_and_print"):
            with self.subTest(door=name), self.env.cr.savepoint() as savepoint:
                prescription = self._prescribe_allergen()
                with self.assertRaisesRegex(UserError, "Novamoxin"):
                    getattr(prescription, name)()
                self.assertEqual(prescription.state, "draft")
                savepoint.rollback()

    def test_a_draft_of_an_assistant_is_checked_too(self):
        draft = self._prescribe_allergen(role="assistant")
        draft.check_safety()
        self.assertTrue(self._allergy(draft))
        with self.assertRaises(AccessError):
            self._allergy(draft).override_reason = "no"
        with self.assertRaises(AccessError):
            self._allergy(draft).action_override("no")
        with self.assertRaises(UserError):
            self.as_role("practitioner", draft).action_sign()

    def test_what_changed_since_the_last_check_is_seen_at_the_signature(self):
        prescription = self._prescribe(self._of(self.ibuprofen))
        prescription.check_safety()
        self.assertFalse(self._allergy(prescription))
        self._allergic("Ibuprofen")
        with self.assertRaises(UserError):
            prescription.action_sign()

    def test_a_reason_is_kept_and_signed(self):
        prescription = self._prescribe_allergen()
        prescription.check_safety()
        alert = self._allergy(prescription)
        self.assertEqual((alert.severity, alert.interrupting), ("contraindicated", True))
        self.assertIn("anaphylaxis", alert.message)
        for blank in ("", "   ", None, 5):
            with self.assertRaises(UserError):
                alert.action_override(blank)
        alert.override_reason = "  "
        with self.assertRaises(UserError):
            prescription.action_sign()
        alert.override_reason = "  Desensitised  in 2024 "
        prescription.action_sign()
        self.assertEqual(prescription.state, "signed")
        self.assertEqual(alert, self._allergy(prescription))
        self.assertEqual(alert.override_reason, "Desensitised in 2024")
        self.assertEqual(alert.overridden_by_id, self.users["practitioner"])
        self.assertTrue(alert.overridden_on)
        # Signed, and yet not told to whoever prints the paper.
        self.assertEqual(len(prescription.signed_content["alerts"]), 64)
        printed = str(self.as_role("reception", prescription).read(["signed_content"]))
        self.assertNotIn("Desensitised", printed)
        self.assertNotIn("anaphylaxis", printed)
        self.assertTrue(prescription._is_signature_intact())

    def test_signed_alerts_are_frozen(self):
        prescription = self._prescribe_allergen()
        prescription.check_safety()
        self._override(prescription)
        prescription.action_sign()
        alert = self._allergy(prescription)
        for role in ("practitioner", None):
            frozen = self.as_role(role, alert) if role else alert.sudo()
            with self.assertRaises(UserError):
                frozen.override_reason = "something else"
        with self.assertRaises(UserError):
            alert.sudo().unlink()
        self.patient.allergy_ids.sudo().status = "refuted"
        prescription.check_safety()
        self.assertTrue(alert.exists())
        self.env.cr.execute("UPDATE medical_prescription_alert SET override_reason = 'x' WHERE id = %s", [alert.id])
        alert.invalidate_recordset()
        self.assertFalse(prescription._is_signature_intact())

    def test_nobody_writes_an_alert_but_the_check(self):
        prescription = self._prescribe_allergen()
        prescription.check_safety()
        alert = self.as_role("practitioner", self._allergy(prescription))
        for vals in ({"severity": "information"}, {"interrupting": False}, {"overridden_by_id": self.env.uid}):
            with self.assertRaises(AccessError):
                alert.write(vals)
        with self.assertRaises(AccessError):
            alert.unlink()
        with self.assertRaises(AccessError):
            alert.create({"prescription_id": prescription.id, "kind": "age", "severity": "avoid", "message": "x"})
        with self.assertRaisesRegex(UserError, "too long"):
            alert.override_reason = "x" * 501

    def test_a_reason_stays_while_the_finding_stays(self):
        prescription = self._prescribe_allergen()
        prescription.check_safety()
        self._override(prescription)
        alert = self._allergy(prescription)
        prescription.line_ids = [Command.create(self._of(self.ibuprofen))]
        prescription.check_safety()
        self.assertEqual(self._allergy(prescription), alert)
        self.assertTrue(alert.override_reason)
        # Another gravity is another question.
        self.patient.allergy_ids.sudo().criticality = "low"
        prescription.check_safety()
        self.assertFalse(self._allergy(prescription).override_reason)

    def test_the_same_finding_is_not_raised_again_while_nothing_changed(self):
        first = self._prescribe_allergen()
        first.check_safety()
        self._override(first, "Desensitised")
        first.action_sign()
        second = self._prescribe_allergen()
        second.action_sign()
        self.assertEqual(second.state, "signed")
        alert = self._allergy(second)
        self.assertEqual((alert.severity, alert.interrupting), ("information", False))
        self.assertEqual(alert.reviewed_alert_id, self._allergy(first))
        self.assertIn("Desensitised", alert.message)
        # A third one points to the reason itself, and a cancelled reason is none.
        third = self._prescribe_allergen()
        third.check_safety()
        self.assertEqual(self._allergy(third).reviewed_alert_id, self._allergy(first))
        first.action_cancel("wrong patient")
        with self.assertRaises(UserError):
            third.action_sign()

    def test_another_patient_is_asked_again(self):
        first = self._prescribe_allergen()
        first.check_safety()
        self._override(first)
        first.action_sign()
        self.env["medical.allergy"].create(
            {"patient_id": self.patient2.id, "name": "Amoxicillin", "criticality": "high", "reaction": "anaphylaxis"}
        )
        with self.assertRaises(UserError):
            self._prescribe_allergen(patient=self.patient2).action_sign()

    def test_what_is_missing_is_told_before_any_alert(self):
        prescription = self._prescribe(self._of(self.amox, dose=0))
        with self.assertRaises(ValidationError):
            prescription.with_context(medical_ask_override=True).action_sign()

    def test_what_is_not_checked_is_kept_shown_and_logged(self):
        prescription = self._prescribe(
            self._line(drug_id=False, name=f"{SECRET} 5 mg comprimé", dose_unit="tablet", route="oral")
        )
        with self.assertLogs(SAFETY, logging.INFO) as log:
            prescription.action_sign()
        self.assertIn("free_text", log.output[0])
        self.assertNotIn(SECRET, "".join(log.output))
        self.assertIn("free_text", prescription.alert_ids.mapped("code"))
        self.assertIn("not_checked", [item["kind"] for item in prescription.safety["items"]])

    def test_a_check_that_fails_lets_nothing_through(self):
        failing = type(self.env["medical.safety.check"])
        for name in ("_prepare_case", "_get_allergies", "_get_editions"):
            prescription = self._prescribe(self._of(self.ibuprofen))
            with patch.object(failing, name, side_effect=ZeroDivisionError(SECRET)), self.subTest(step=name):
                with self.assertLogs(CHECK, "ERROR") as log, self.assertRaisesRegex(UserError, "could not be done"):
                    prescription.action_sign()
                self.assertNotIn(SECRET, "".join(log.output))
                self.assertEqual(prescription.state, "draft")

    @mute_logger(CHECK)
    def test_a_check_that_fails_is_acknowledged_with_a_reason_each_time(self):
        failing = type(self.env["medical.safety.check"])
        with patch.object(failing, "_prepare_case", side_effect=ZeroDivisionError):
            for _round in range(2):
                prescription = self._prescribe(self._of(self.ibuprofen))
                prescription.check_safety()
                alert = prescription.alert_ids
                self.assertEqual((alert.kind, alert.severity), ("not_checked", "contraindicated"))
                with self.assertRaises(UserError):
                    prescription.action_sign()
                alert.action_override("Checked by myself")
                prescription.action_sign()
                self.assertEqual(prescription.state, "signed")

    def test_the_dialog_asks_and_signs(self):
        prescription = self._prescribe_allergen()
        action = prescription.with_context(medical_ask_override=True).action_sign()
        self.assertEqual((action["res_model"], prescription.state), ("medical.prescription.override", "draft"))
        wizard = self.env[action["res_model"]].with_user(self.users["practitioner"]).with_context(**action["context"])
        with Form(wizard) as form:
            self.assertFalse(form.several)
            form.quick_reason = "tolerated"
            self.assertEqual(form.reason, "Taken before and well tolerated")
        result = form.record.action_confirm()
        self.assertEqual(result["type"], "ir.actions.act_window_close")
        self.assertEqual(prescription.state, "signed")
        self.assertEqual(self._allergy(prescription).override_reason, "Taken before and well tolerated")

    def test_the_dialog_prints_where_that_was_asked(self):
        prescription = self._prescribe_allergen().with_context(medical_ask_override=True)
        action = prescription.action_sign_and_print()
        wizard = self.env[action["res_model"]].with_user(self.users["practitioner"]).with_context(**action["context"])
        with Form(wizard) as form:
            form.reason = "Agreed with the allergist"
        self.assertEqual(form.record.action_confirm()["type"], "ir.actions.report")
        self.assertEqual(prescription.state, "signed")

    def test_each_of_several_alerts_may_have_a_reason_of_its_own(self):
        self._allergic("Ibuprofen")
        prescription = self._prescribe(self._of(self.amox), self._of(self.ibuprofen))
        action = prescription.with_context(medical_ask_override=True).action_sign()
        wizard = self.env[action["res_model"]].with_user(self.users["practitioner"]).with_context(**action["context"])
        with Form(wizard) as form:
            self.assertTrue(form.several)
            form.reason = "Agreed with the allergist"
            with form.line_ids.edit(1) as line:
                line.reason = "Never confirmed"
        form.record.action_confirm()
        reasons = self._allergy(prescription).mapped("override_reason")
        self.assertEqual(reasons, ["Agreed with the allergist", "Never confirmed"])

    def test_the_dialog_refuses_alerts_of_others_and_missing_reasons(self):
        prescription, other = self._prescribe_allergen(), self._prescribe_allergen(patient=self.patient)
        (prescription | other).check_safety()
        wizard = self.env["medical.prescription.override"].with_user(self.users["practitioner"])
        stolen = wizard.create(
            {
                "prescription_id": prescription.id,
                "line_ids": [Command.create({"alert_id": self._allergy(other).id, "reason": "x"})],
            }
        )
        with self.assertRaisesRegex(UserError, "another prescription"):
            stolen.action_confirm()
        empty = wizard.create({"prescription_id": prescription.id})
        with self.assertRaises(UserError):
            empty.action_confirm()
        self.assertEqual(prescription.state, "draft")

    def test_without_anything_to_ask_the_button_signs(self):
        prescription = self._prescribe(self._of(self.ibuprofen))
        self.assertIs(prescription.with_context(medical_ask_override=True).action_sign(), True)
        self.assertEqual(prescription.state, "signed")

    def test_the_paper_says_nothing_of_alerts(self):
        prescription = self._prescribe_allergen()
        prescription.check_safety()
        self._override(prescription, SECRET)
        prescription.action_sign()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("medical_practice.report_prescription", prescription.ids)[0]
            .decode()
        )
        self.assertIn("Novamoxin", html)
        self.assertNotIn(SECRET, html)
        self.assertNotIn("anaphyla", html)


@tagged("post_install", "-at_install")
class TestSafetyOnScreen(SafetyCase):
    def _panel(self, form):
        return [(item["kind"], item["severity"]) for item in form.safety["items"] if item["kind"] != "not_checked"]

    def test_findings_stand_beside_lines_that_were_never_saved(self):
        self._allergic("Amoxicillin")
        model = self.env["medical.prescription"].with_user(self.users["practitioner"])
        with Form(model.with_context(default_patient_id=self.patient.id)) as form:
            self.assertEqual(form.safety["items"], [])
            with form.line_ids.new() as line:
                line.drug_id = self.amox
                line.dose = 1
            self.assertEqual(self._panel(form), [("allergy", "contraindicated")])
            self.assertEqual(form.safety["pending"], 1)
            self.assertEqual(len(form.safety["items"][0]["refs"]), 1)
            with form.line_ids.edit(0) as line:
                line.drug_id = self.ibuprofen
            self.assertEqual(self._panel(form), [])
        self.assertFalse(form.record.alert_ids)

    def test_nobody_below_an_assistant_reads_findings(self):
        self._allergic("Ibuprofen", type="intolerance", criticality="low")
        prescription = self._signed(self._of(self.ibuprofen))
        seen = self.as_role("reception", prescription)
        self.assertEqual(seen.state, "signed")
        for name in ("safety", "alert_ids"):
            with self.assertRaises(AccessError):
                seen.read([name])
            with self.assertRaises(AccessError):
                self.as_role("reception", prescription.alert_ids).read(["message"])
        self.assertTrue(self.as_role("assistant", prescription).safety["items"])

    def test_a_signed_prescription_shows_what_it_was_signed_with(self):
        allergy = self._allergic("Ibuprofen", type="intolerance", criticality="low")
        prescription = self._signed(self._of(self.ibuprofen))
        before = prescription.safety
        self.assertIn("take_into_account", [item["severity"] for item in before["items"]])
        allergy.sudo().status = "refuted"
        prescription.invalidate_recordset()
        self.assertEqual(prescription.safety, before)


@tagged("post_install", "-at_install")
class TestSafetyConfiguration(SafetyCase):
    def test_a_rule_says_what_it_is_about(self):
        rules = self.env["medical.safety.rule"].with_user(self.users["manager"])
        for vals in (
            {"kind": "pregnancy"},
            {"kind": "pregnancy", "substances": " , "},
            {"kind": "pregnancy", "atc_prefixes": "J01%"},
            {"kind": "condition", "substances": "x"},
            {"kind": "age", "substances": "x"},
            {"kind": "sex", "substances": "x"},
            {"kind": "dose", "substances": "x"},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                rules.create({"name": "x", **vals})
        rule = rules.create({"name": "x", "kind": "age", "substances": "Amoxicilline", "age_from": 30})
        prescription = self._prescribe(self._of(self.amox))
        self.assertIn(("age", "rule_age"), self._alerts(prescription))
        rule.active = False
        self.assertEqual(self._alerts(prescription), set())

    def test_a_rule_of_another_practice_is_not_ours(self):
        elsewhere = self.env["res.company"].create({"name": "Another practice"})
        rule = self.env["medical.safety.rule"].create(
            {"name": "x", "kind": "age", "substances": "amoxicillin", "age_from": 30, "company_id": elsewhere.id}
        )
        prescription = self._prescribe(self._of(self.amox))
        self.assertEqual(self._alerts(prescription), set())
        rule.company_id = self.company
        self.assertIn(("age", "rule_age"), self._alerts(prescription))

    def test_examples_say_so_until_validated(self):
        examples = self.env["medical.safety.rule"].with_context(active_test=False).search([("is_example", "=", True)])
        self.assertGreater(len(examples), 20)
        self.assertTrue(all(rule.source for rule in examples))
        rule = self.as_role("practitioner", examples[0])
        self.assertIn("not yet validated", rule._get_source())
        rule.action_validate()
        self.assertEqual((rule.is_example, rule.validated_by_id), (False, self.users["practitioner"]))
        self.assertNotIn("not yet validated", rule._get_source())
        with self.assertRaises(AccessError):
            self.as_role("assistant", rule).action_validate()
