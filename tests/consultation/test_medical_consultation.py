"""The visit: from the appointment or the chart to the signed note, its acts, its addenda."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import MedicalCase


@tagged("post_install", "-at_install")
class TestMedicalConsultation(MedicalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.extra_act, cls.other_act = cls.env["product.product"].create(
            [{"name": name, "type": "service", "is_medical_act": True} for name in ("Spirometry", "Follow-up visit")]
        )
        cls.kind = cls.env["medical.consultation.type"].create(
            {"name": "Visit (test)", "act_product_ids": [Command.set(cls.act.ids)]}
        )
        cls.kind2 = cls.env["medical.consultation.type"].create(
            {"name": "Follow-up (test)", "act_product_ids": [Command.set(cls.other_act.ids)]}
        )
        cls.appointment_type = cls.env["medical.appointment.type"].create(
            {
                "name": "Long visit",
                "consultation_type_id": cls.kind.id,
                "act_product_ids": [Command.set(cls.extra_act.ids)],
            }
        )

    def _model(self, role="practitioner"):
        return self.as_role(role, self.env["medical.consultation"])

    def _draft(self, role="practitioner", **values):
        vals = {"patient_id": self.patient.id, "practitioner_id": self.physician.id, "type_id": self.kind.id}
        return self._model(role).create({**vals, "reason": "Cough", **values})

    def _appointment(self, state="in_progress", **values):
        start = fields.Datetime.now() + timedelta(days=1)
        vals = {
            "name": "Appointment",
            "start": start,
            "stop": start + timedelta(minutes=30),
            "patient_id": self.patient.id,
            "practitioner_id": self.physician.id,
            "appointment_type_id": self.appointment_type.id,
            **values,
        }
        event = self.env["calendar.event"].with_context(no_mail_to_attendees=True, dont_notify=True).create(vals)
        if state == "in_progress":
            event.appointment_state = "arrived"
            event.arrived_on = fields.Datetime.now() - timedelta(minutes=20)
        event.appointment_state = state
        return self.as_role("practitioner", event)

    # === Start === #

    def test_number_by_practice(self):
        first, second = self._draft(), self._draft()
        self.assertRegex(first.name, r"^C\d{4}-\d{5}$")
        self.assertEqual(int(second.name[-5:]), int(first.name[-5:]) + 1)
        company = self.env["res.company"].create({"name": "Second practice"})
        patient = self._create_patient("Other", "Practice", company_id=company.id)
        practitioner = self._create_practitioner("Eve", self.physician_licence, "9")
        practitioner.company_id = company
        other = (
            self.env["medical.consultation"]
            .with_company(company)
            .create({"patient_id": patient.id, "practitioner_id": practitioner.id, "type_id": False})
        )
        self.assertTrue(other.name.endswith("00001"))

    def test_from_the_appointment(self):
        event = self._appointment()
        consultation = self._model().create(self._model()._prepare_from_appointment(event))
        self.assertEqual(consultation.patient_id, self.patient)
        self.assertEqual(consultation.practitioner_id, self.physician)
        self.assertEqual(consultation.type_id, self.kind)
        self.assertEqual(consultation.event_id, event)
        self.assertEqual(event.consultation_id, consultation)
        self.assertEqual(consultation.act_ids.product_id, self.act | self.extra_act)
        self.assertEqual(consultation.act_ids.patient_id, self.patient)

    def test_one_consultation_an_appointment(self):
        event = self._appointment()
        self._model().create(self._model()._prepare_from_appointment(event))
        with self.assertRaises(Exception), mute_logger("odoo.sql_db"), self.cr.savepoint():  # noqa: B017
            self._model().create(self._model()._prepare_from_appointment(event))

    def test_the_appointment_of_another_patient_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "another patient"):
            self._draft(event_id=self._appointment(patient_id=self.patient2.id).id)

    def test_from_the_chart(self):
        with Form(self._model().with_context(default_patient_id=self.patient.id)) as form:
            self.assertEqual(form.practitioner_id, self.physician)
            self.assertTrue(form.type_id)
            form.reason = "Cough"
        self.assertEqual(form.record.patient_id, self.patient)

    def test_an_assistant_writes_for_the_usual_practitioner(self):
        self.patient.practitioner_id = self.physician2
        consultation = self._model("assistant").create({"patient_id": self.patient.id, "reason": "Fever"})
        self.assertEqual(consultation.practitioner_id, self.physician2)
        consultation.write({"subjective": "<p>39</p>", "temperature": 39})
        self.assertFalse(consultation.can_sign)

    def test_who_reads_and_writes(self):
        consultation = self._draft()
        for role in ("reception", "billing", "manager", "privacy", "employee", "admin"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(role, consultation).read(["reason"])
            with self.subTest(role), self.assertRaises(AccessError):
                self._model(role).create({"patient_id": self.patient.id, "practitioner_id": self.physician.id})

    # === Acts === #

    def test_changing_the_type_replaces_untouched_acts(self):
        consultation = self._draft()
        self.assertEqual(consultation.act_ids.product_id, self.act)
        consultation.type_id = self.kind2
        self.assertEqual(consultation.act_ids.product_id, self.other_act)

    def test_changing_the_type_keeps_touched_and_added_acts(self):
        consultation = self._draft()
        consultation.act_ids.quantity = 2
        consultation.write({"act_ids": [Command.create({**consultation._prepare_act_vals(self.extra_act)})]})
        consultation.type_id = self.kind2
        self.assertEqual(consultation.act_ids.product_id, self.act | self.extra_act | self.other_act)

    def test_acts_given_at_creation_are_not_doubled(self):
        vals = self._draft()._prepare_act_vals(self.act)
        vals.pop("consultation_id")
        consultation = self._draft(act_ids=[Command.create({**vals, "quantity": 3})])
        self.assertEqual(consultation.act_ids.mapped("quantity"), [3])

    def test_a_corrected_practitioner_takes_acts_and_measurements_along(self):
        consultation = self._draft(weight=70)
        consultation.practitioner_id = self.physician2
        self.assertEqual(consultation.act_ids.practitioner_id, self.physician2)
        self.assertEqual(consultation.measurement_ids.practitioner_id, self.physician2)

    # === Signed === #

    def test_signing_ends_the_visit_and_the_appointment(self):
        event = self._appointment()
        consultation = self._draft(event_id=event.id)
        consultation.action_sign()
        self.assertEqual(event.appointment_state, "done")
        self.assertGreaterEqual(consultation.date_end, consultation.date_start)

    def test_acts_follow_the_billing_after_signing(self):
        consultation = self._draft()
        consultation.action_sign()
        consultation.write({"act_ids": [Command.update(consultation.act_ids.id, {"quantity": 2})]})
        self.assertEqual(consultation.act_ids.quantity, 2)

    def test_prescriptions_are_made_in_the_visit(self):
        consultation = self._draft()
        action = consultation.action_prescribe()
        prescription = (
            self.as_role("practitioner", self.env["medical.prescription"]).with_context(**action["context"]).create({})
        )
        self.assertEqual(consultation.prescription_ids, prescription)
        self.assertEqual(prescription.patient_id, self.patient)
        self.assertEqual(prescription.practitioner_id, self.physician)

    # === Addenda === #

    def _add_addendum(self, consultation, role="practitioner", body="<p>More</p>"):
        action = self.as_role(role, consultation).action_add_addendum()
        dialog = self.env[action["res_model"]].with_user(self.users[role]).with_context(**action["context"])
        dialog.create({"body": body}).action_sign()
        return self.as_role(role, consultation).addendum_ids[-1:]

    def test_addendum_is_signed_on_the_spot(self):
        consultation = self._draft()
        consultation.action_sign()
        addendum = self._add_addendum(consultation)
        self.assertEqual(addendum.state, "signed")
        self.assertEqual(addendum.signed_by_id, self.users["practitioner"])
        self.assertTrue(addendum._is_signature_intact())
        self.assertTrue(consultation._is_signature_intact())
        # A colleague adds his own, under his own name.
        other = self._add_addendum(consultation, "practitioner2")
        self.assertEqual(other.practitioner_id, self.physician2)
        self.assertFalse(self.env["medical.consultation.addendum.add"].search([]), "No clinical text stays behind.")

    def test_addendum_only_on_signed(self):
        consultation = self._draft()
        with self.assertRaisesRegex(UserError, "Only a signed consultation"):
            consultation.action_add_addendum()
        model = self.as_role("practitioner", self.env["medical.consultation.addendum"])
        vals = {"consultation_id": consultation.id, "body": "<p>x</p>"}
        with self.assertRaisesRegex(UserError, "Only a signed consultation"):
            model.create(vals)
        consultation.action_sign()
        consultation.action_cancel("Other patient")
        with self.assertRaisesRegex(UserError, "Only a signed consultation"):
            model.create(vals)

    def test_addendum_is_append_only(self):
        consultation = self._draft()
        consultation.action_sign()
        addendum = self._add_addendum(consultation)
        for vals in ({"body": "<p>x</p>"}, {"date": "2020-01-01"}, {"practitioner_id": self.physician2.id}):
            with self.subTest(vals), self.assertRaises(UserError):
                addendum.sudo().write(vals)
        with self.assertRaises(UserError):
            addendum.sudo().unlink()
        with self.assertRaisesRegex(UserError, "add another one"):
            addendum.action_cancel("because")
        with self.assertRaisesRegex(UserError, "is signed"):
            consultation.write({"addendum_ids": [Command.delete(addendum.id)]})

    def test_addendum_by_its_author_only(self):
        consultation = self._draft()
        consultation.action_sign()
        with self.assertRaises(AccessError):
            self._add_addendum(consultation, "assistant")
        addendum = self.as_role("practitioner", self.env["medical.consultation.addendum"]).create(
            {"consultation_id": consultation.id, "body": "<p>x</p>"}
        )
        with self.assertRaises(AccessError):
            self.as_role("practitioner2", addendum).action_sign()
        # Not in the name of somebody else either.
        other = self.as_role("practitioner2", addendum.copy({"practitioner_id": self.physician.id}))
        with self.assertRaises(AccessError):
            other.action_sign()

    def test_an_empty_addendum_is_refused(self):
        consultation = self._draft()
        consultation.action_sign()
        with self.assertRaisesRegex(ValidationError, "text of the addendum"), self.cr.savepoint():
            self._add_addendum(consultation, body="<p><br></p>")
        self.env.invalidate_all()
        self.assertFalse(consultation.addendum_ids)

    # === Deleting and cancelling === #

    def test_deleting_a_draft_leaves_no_orphan(self):
        event = self._appointment()
        consultation = self._draft(event_id=event.id, weight=70)
        acts, measurements = consultation.act_ids, consultation.measurement_ids
        prescription = self.as_role("practitioner", self.env["medical.prescription"]).create(
            {
                "patient_id": self.patient.id,
                "practitioner_id": self.physician.id,
                "consultation_id": consultation.id,
            }
        )
        self.assertTrue(acts and measurements)
        consultation.unlink()
        for orphans in (acts, measurements, prescription):
            self.assertFalse(orphans.exists())
        self.assertEqual(event.appointment_state, "arrived")
        self.assertLess(event.arrived_on, fields.Datetime.now() - timedelta(minutes=15))
        self.assertFalse(event.consultation_id)

    def test_a_draft_that_others_rely_on_is_not_deleted(self):
        consultation = self._draft(weight=70)
        consultation.measurement_ids.action_enter_in_error("Wrong scale")
        with self.assertRaisesRegex(UserError, "stays in the chart"):
            consultation.unlink()
        consultation = self._draft()
        consultation.act_ids.sudo().state = "invoiced"
        with self.assertRaisesRegex(UserError, "invoiced"):
            consultation.unlink()

    def test_cancelling_leaves_nothing_to_invoice(self):
        consultation = self._draft()
        consultation.action_sign()
        consultation.action_cancel("Other patient")
        self.assertFalse(consultation.act_ids)

    # === Beside the note === #

    def test_previous_visits(self):
        now = fields.Datetime.now()
        old = self._draft(date_start=now - timedelta(days=30), assessment="<p>Asthma</p>")
        older = self._draft(date_start=now - timedelta(days=60))
        self._draft(patient_id=self.patient2.id)
        cancelled = self._draft(date_start=now - timedelta(days=3))
        cancelled.action_sign()
        cancelled.action_cancel("x")
        current = self._draft()
        self.assertEqual(current.previous_consultation_ids, old | older)
        self.assertEqual(current.previous_consultation_ids[0], old)
        self.assertFalse(older.previous_consultation_ids)
        self.assertEqual((old.has_assessment, old.has_plan), (True, False))

    def test_the_form_takes_a_constant_number_of_queries(self):
        view = self.env["medical.consultation"].get_views([(False, "form")])
        fields_read = {name: {} for name in view["models"]["medical.consultation"]["fields"]}
        specification = {
            **fields_read,
            "previous_consultation_ids": {"fields": {"reason": {}, "type_id": {"fields": {"display_name": {}}}}},
            "act_ids": {"fields": {"product_id": {"fields": {"display_name": {}}}, "quantity": {}, "price_unit": {}}},
            "patient_id": {"fields": {"display_name": {}}},
            "practitioner_id": {"fields": {"display_name": {}}},
        }
        current = self._draft(weight=70, height=170)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            current.web_read(specification)
            return self.cr.sql_log_count - before

        def live(days, acts):
            for day in days:
                self._draft(date_start=fields.Datetime.now() - timedelta(days=day), weight=60 + day, pulse=60)
            self.env["medical.act"].create([current._prepare_act_vals(self.extra_act)] * acts)

        live(range(1, 3), acts=2)
        count()
        few = count()
        live(range(3, 40), acts=20)
        count()
        self.assertLessEqual(count(), few)
        self.assertLess(few, 60)

    # === Paper === #

    def test_paper(self):
        consultation = self._draft(
            subjective="<p>Three days of <b>cough</b></p>", weight=70, height=175, bp_systolic=120, bp_diastolic=80
        )
        report = self.env["ir.actions.report"].with_user(self.users["practitioner"])
        name = "medical_practice.medical_consultation_report"
        html = report._render_qweb_html(name, consultation.ids)[0].decode()
        self.assertIn("Draft: not signed", html)
        consultation.action_sign()
        self._add_addendum(consultation, body="<p>Result received</p>")
        html = report._render_qweb_html(name, consultation.ids)[0].decode()
        for text in (
            "Tremblay",
            "Three days of",
            "175 cm",
            "22.9",
            "M.D.",
            "Signed by",
            "Result received",
            consultation.name,
        ):
            self.assertIn(text, html)
        self.assertNotIn("Draft: not signed", html)
        with self.assertRaises(AccessError):
            self.env["ir.actions.report"].with_user(self.users["reception"])._render_qweb_html(name, consultation.ids)
        self.assertNotIn("Tremblay", consultation.name)


@tagged("post_install", "-at_install")
class TestConsultationForm(MedicalCase):
    """The specialty's own form: who may change it, and what becomes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["medical.consultation.type"].create({"name": "Own form"})

    def _change_definition(self, role):
        consultation = self.as_role(role, self.env["medical.consultation"]).create(
            {"patient_id": self.patient.id, "practitioner_id": self.physician.id, "type_id": self.kind.id}
        )
        item = {"name": "smoker", "string": "Smoker", "type": "boolean", "value": True, "definition_changed": True}
        consultation.write({"note_properties": [item]})

    def test_a_practitioner_adds_a_field_where_he_works(self):
        self._change_definition("practitioner")
        self.assertEqual([item["name"] for item in self.kind.note_properties_definition], ["smoker"])

    def test_an_assistant_does_not(self):
        with self.assertRaises(AccessError):
            self._change_definition("assistant")

    def test_a_practitioner_changes_nothing_else_of_a_type(self):
        kind = self.as_role("practitioner", self.kind)
        with self.assertRaises(AccessError):
            kind.name = "Mine"
        with self.assertRaises(AccessError):
            kind.act_product_ids = [Command.set(self.act.ids)]
        self.as_role("manager", self.kind).name = "Renamed by the manager"

    def test_forms_of_the_first_set_load(self):
        for name in ("dental", "physio_assessment", "physio_session", "psychotherapy"):
            kind = self.env.ref(f"medical_practice.consultation_type_{name}")
            self.assertTrue(kind.note_properties_definition)


@tagged("post_install", "-at_install")
class TestTextMacro(MedicalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        model = cls.env["medical.text.macro"]
        cls.shared = model.create({"name": "Shared", "body": "<p>Shared</p>", "practitioner_id": False})
        cls.own = model.create({"name": "Own", "body": "<p>Own</p>", "practitioner_id": cls.physician.id})
        cls.other = model.create({"name": "Other", "body": "<p>Other</p>", "practitioner_id": cls.physician2.id})

    def _seen(self, role):
        return self.as_role(role, self.env["medical.text.macro"]).search(
            [("id", "in", (self.shared | self.own | self.other).ids)]
        )

    def test_who_uses_which(self):
        self.assertEqual(self._seen("practitioner"), self.shared | self.own)
        self.assertEqual(self._seen("assistant"), self.shared)
        self.assertEqual(self._seen("manager"), self.shared)
        for role in ("reception", "billing", "employee", "admin"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._seen(role)

    def test_who_edits_which(self):
        self.as_role("practitioner", self.own).name = "Mine"
        self.as_role("manager", self.shared).name = "Everybody's"
        for role, macro in (
            ("practitioner", self.shared),
            ("practitioner", self.other),
            ("assistant", self.shared),
            ("manager", self.own),
        ):
            with self.subTest(role=role, macro=macro.name), self.assertRaises(AccessError):
                self.as_role(role, macro).name = "x"
        with self.assertRaises(AccessError):
            self.as_role("practitioner", self.env["medical.text.macro"]).create(
                {"name": "x", "body": "x", "practitioner_id": False}
            )
        mine = self.as_role("practitioner", self.env["medical.text.macro"]).create({"name": "x", "body": "x"})
        self.assertEqual(mine.practitioner_id, self.physician)

    def test_shortcut_and_text(self):
        for bad in ("two words", "/slash", "<b>", "a" * 33):
            with self.subTest(bad), self.assertRaises(ValidationError):
                self.own.shortcut = bad
        self.own.write({"shortcut": "poumons-clairs", "body": "<p>{{ object.name }}<script>x</script></p>"})
        self.assertIn("{{ object.name }}", self.own.body)
        self.assertNotIn("script", self.own.body)
