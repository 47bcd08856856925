from odoo import api, fields, models
from odoo.tools import SQL

from .chart_part import ChartPart, union

CLINICAL = "medical_practice.group_assistant"


class MedicalPatient(models.Model):
    """The chart as it is opened: its figures, and the ways that start from it."""

    _name = "medical.patient"
    _inherit = "medical.patient"

    consultation_count = fields.Integer(compute="_compute_chart_figures", groups=CLINICAL)
    last_consultation_on = fields.Datetime("Last Visit", compute="_compute_chart_figures", groups=CLINICAL)
    prescription_count = fields.Integer(compute="_compute_chart_figures")
    appointment_count = fields.Integer(compute="_compute_chart_figures")
    next_appointment_on = fields.Datetime("Next Appointment", compute="_compute_chart_figures")
    chart_figures = fields.Json(
        compute="_compute_chart_figures", help="How much stands behind each tab, for what the user may read."
    )
    invoice_count = fields.Integer(compute="_compute_invoice_count", groups="account.group_account_invoice")

    # === Figures: one query for any number of patients === #

    @api.depends("consultation_ids", "prescription_ids", "appointment_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_chart_figures(self):
        figures = self._get_chart_figures()
        for patient in self:
            found = figures.get(patient._origin.id, {})
            counts = {kind: count for kind, (count, __) in found.items() if kind != "next_appointment"}
            patient.chart_figures = counts
            patient.consultation_count = counts.get("consultations", 0)
            patient.last_consultation_on = found.get("consultations", (0, False))[1] or False
            patient.prescription_count = counts.get("prescriptions", 0)
            patient.appointment_count = counts.get("appointments", 0)
            patient.next_appointment_on = found.get("next_appointment", (0, False))[1] or False

    def _get_chart_figures(self):
        """Return ``{patient id: {kind: (count, last moment)}}`` of what the user may read, in one query."""
        selects = [
            self._select_figure(kind, model, domain, moment)
            for kind, model, domain, moment in self._get_chart_counted()
            if self.env[model].has_access("read")
        ]
        figures = {}
        if not selects or not self._origin:
            return figures
        for kind, patient_id, count, moment in self.env.execute_query(union(selects)):
            figures.setdefault(patient_id, {})[kind] = (count, moment)
        return figures

    @api.model
    def _get_chart_counted(self):
        """Return what is counted: ``[(kind, model, domain, field whose last value is wanted, or None)]``."""
        in_chart = [("entered_in_error", "=", False)]
        counted = [
            ("consultations", "medical.consultation", [("state", "!=", "cancelled")], "date_start"),
            ("prescriptions", "medical.prescription", [], None),
            ("measurements", "medical.measurement", in_chart, None),
            ("conditions", "medical.condition", in_chart, None),
            ("treatments", "medical.treatment", in_chart, None),
            ("documents", "medical.document", in_chart, None),
            ("immunizations", "medical.immunization", in_chart, None),
            ("acts", "medical.act", [], None),
        ]
        if self.env.user.has_group("medical_practice.group_reception"):
            kept = [("appointment_state", "not in", ("cancelled", "no_show"))]
            coming = [*kept, ("start", ">=", fields.Datetime.now())]
            counted += [
                ("appointments", "calendar.event", kept, None),
                ("next_appointment", "calendar.event", coming, "start"),
            ]
        return counted

    def _select_figure(self, kind, model, domain, moment):
        part = ChartPart(self.env[model], kind, [("patient_id", "in", self._origin.ids), *domain])
        patient = part.column("patient_id")
        part.query.groupby = patient
        # What is to come is told by its first moment, what has been by its last.
        pick = SQL("MIN") if kind.startswith("next_") else SQL("MAX")
        return part.query.select(
            SQL("%s::text", kind),
            patient,
            SQL("COUNT(*)"),
            SQL("%s(%s)", pick, part.column(moment)) if moment else SQL("NULL::timestamp"),
        )

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
