from odoo import api, fields, models

CLINICAL = "medical_practice.group_assistant"


class MedicalPatient(models.Model):
    """The chart as it is opened: its figures, and the ways that start from it."""

    _name = "medical.patient"
    _inherit = "medical.patient"

    consultation_count = fields.Integer(compute="_compute_consultation_figures", groups=CLINICAL)
    last_consultation_on = fields.Datetime("Last Visit", compute="_compute_consultation_figures", groups=CLINICAL)
    prescription_count = fields.Integer(compute="_compute_prescription_count")
    appointment_count = fields.Integer(compute="_compute_appointment_figures")
    next_appointment_on = fields.Datetime("Next Appointment", compute="_compute_appointment_figures")
    invoice_count = fields.Integer(compute="_compute_invoice_count", groups="account.group_account_invoice")

    # === Figures: one query for any number of patients === #

    @api.depends("consultation_ids")
    def _compute_consultation_figures(self):
        groups = self.env["medical.consultation"]._read_group(
            [("patient_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["patient_id"],
            ["__count", "date_start:max"],
        )
        figures = {patient.id: rest for patient, *rest in groups}
        for patient in self:
            patient.consultation_count, patient.last_consultation_on = figures.get(patient.id, (0, False))

    @api.depends("prescription_ids")
    def _compute_prescription_count(self):
        groups = self.env["medical.prescription"]._read_group(
            [("patient_id", "in", self.ids)], ["patient_id"], ["__count"]
        )
        counts = {patient.id: count for patient, count in groups}
        for patient in self:
            patient.prescription_count = counts.get(patient.id, 0)

    @api.depends("appointment_ids")
    def _compute_appointment_figures(self):
        groups = self.env["calendar.event"]._read_group(
            [("patient_id", "in", self.ids), ("appointment_state", "not in", ("cancelled", "no_show"))],
            ["patient_id"],
            ["start:array_agg"],
        )
        starts = {patient.id: moments for patient, moments in groups}
        now = fields.Datetime.now()
        for patient in self:
            moments = starts.get(patient.id, [])
            patient.appointment_count = len(moments)
            patient.next_appointment_on = min((moment for moment in moments if moment >= now), default=False)

    def _compute_invoice_count(self):
        groups = self.env["account.move"]._read_group(
            [("medical_patient_id", "in", self.ids)], ["medical_patient_id"], ["__count"]
        )
        counts = {patient.id: count for patient, count in groups}
        for patient in self:
            patient.invoice_count = counts.get(patient.id, 0)

    # === What others ask of a chart === #

    def _get_last_measurement(self, code):
        """Return the latest valid measurement of a type, or an empty set.

        :param str code: technical name of the measurement type, such as ``weight``.
        """
        self.ensure_one()
        return self.env["medical.measurement"].search(
            [("patient_id", "=", self.id), ("type_id.code", "=", code), ("entered_in_error", "=", False)],
            order="date desc, id desc",
            limit=1,
        )

    def _get_last_weight(self):
        """Return the latest weight, a ``medical.measurement`` in the unit of its type (kg), or an empty set."""
        return self._get_last_measurement("weight")

    # === Ways that start from the chart === #

    def action_new_consultation(self):
        """Open a new consultation of the patient."""
        return self._get_new_document_action("medical.consultation")

    def action_new_prescription(self):
        """Open a new prescription for the patient."""
        return self._get_new_document_action("medical.prescription")

    def action_new_appointment(self):
        """Open a new appointment of the patient, over the chart."""
        action = self._get_new_document_action("calendar.event")
        views = self._get_appointment_views("form")
        return {**action, "name": self.env._("New Appointment"), "views": views, "target": "new"}

    @api.model
    def _get_appointment_views(self, *kinds):
        """Return the views of appointments, not those of ordinary events."""
        xml_id = "medical_practice.calendar_event_view_%s_appointment"
        views = {kind: self.env.ref(xml_id % kind, raise_if_not_found=False) for kind in kinds}
        return [(view.id if view else False, kind) for kind, view in views.items()]

    def _get_new_document_action(self, model):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "views": [(False, "form")],
            "target": "current",
            "context": self._get_new_document_context(),
        }

    def _get_new_document_context(self):
        """Return what a new document of the patient starts with."""
        self.ensure_one()
        context = {"default_patient_id": self.id}
        practitioner = self.env["medical.practitioner"]._get_current() or self.practitioner_id
        return {**context, "default_practitioner_id": practitioner.id} if practitioner else context

    def action_open_consultations(self):
        """Open the consultations of the patient."""
        return self._get_documents_action("medical.consultation", self.env._("Consultations"), "patient_id")

    def action_open_prescriptions(self):
        """Open the prescriptions of the patient."""
        return self._get_documents_action("medical.prescription", self.env._("Prescriptions"), "patient_id")

    def action_open_appointments(self):
        """Open the appointments of the patient."""
        action = self._get_documents_action("calendar.event", self.env._("Appointments"), "patient_id")
        return {**action, "views": self._get_appointment_views("list", "form")}

    def action_open_invoices(self):
        """Open the invoices of the patient."""
        return self._get_documents_action("account.move", self.env._("Invoices"), "medical_patient_id")

    def _get_documents_action(self, model, title, field):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": f"{title} · {self.name}",
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [(field, "=", self.id)],
            "context": {f"default_{field}": self.id},
        }

    def action_open_contact(self):
        """Open the contact of the patient: addresses, invoicing, portal access."""
        self.ensure_one()
        return self.partner_id.get_formview_action()
