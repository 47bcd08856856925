from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .calendar_event import PRACTICE

#: From which states an appointment may go to a state. A visit goes on; a mistake is reset to booked.
TRANSITIONS = {
    "booked": {"confirmed", "arrived", "no_show", "cancelled", "in_progress", "done"},
    "confirmed": {"booked"},
    "arrived": {"booked", "confirmed", "no_show"},
    "in_progress": {"booked", "confirmed", "arrived"},
    "done": {"arrived", "in_progress"},
    "no_show": {"booked", "confirmed", "arrived"},
    "cancelled": {"booked", "confirmed", "arrived"},
}

#: States that say the patient did not come: nothing has begun.
NOT_BEGUN = ("booked", "confirmed", "arrived", "no_show", "cancelled")

#: Colours of Odoo's calendar, by state.
STATE_COLORS = {
    "booked": 4,
    "confirmed": 7,
    "arrived": 3,
    "in_progress": 10,
    "done": 0,
    "no_show": 1,
    "cancelled": 0,
}


class CalendarEvent(models.Model):
    """How an appointment goes through the day: booked, arrived, in progress, done."""

    _inherit = "calendar.event"

    # === The day === #
    arrived_on = fields.Datetime(copy=False, readonly=True, groups=PRACTICE)
    started_on = fields.Datetime(copy=False, readonly=True, groups=PRACTICE)
    waiting_minutes = fields.Integer(
        compute="_compute_waiting_minutes", groups=PRACTICE, help="Minutes from the arrival to the start of the visit."
    )
    is_late = fields.Boolean(
        compute="_compute_is_late", groups=PRACTICE, help="The time has come and the patient has not."
    )
    appointment_color = fields.Integer(compute="_compute_appointment_color", groups=PRACTICE)
    patient_age = fields.Char(related="patient_id.age_display", groups=PRACTICE)
    patient_phone = fields.Char(related="patient_id.phone", groups=PRACTICE)
    patient_alert = fields.Char(
        related="patient_id.alert", groups="medical_practice.group_assistant", string="Chart Alert"
    )

    @api.depends("arrived_on", "started_on", "appointment_state")
    def _compute_waiting_minutes(self):
        now = fields.Datetime.now()
        for event in self:
            until = now if event.appointment_state == "arrived" else event.started_on
            elapsed = until - event.arrived_on if until and event.arrived_on else timedelta()
            event.waiting_minutes = max(int(elapsed.total_seconds() // 60), 0)

    @api.depends("start", "appointment_state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for event in self:
            expected = event.appointment_state in ("booked", "confirmed")
            event.is_late = bool(expected and event.start and event.start < now)

    @api.depends("appointment_state")
    def _compute_appointment_color(self):
        for event in self:
            event.appointment_color = STATE_COLORS.get(event.appointment_state, 0)

    # === States === #

    def _prepare_state_vals(self, state):
        """Check that the appointments may go to a state; return what else is written with it.

        :raises UserError: naming the states that do not go together.
        """
        # Whoever moves the state: it is compared with what is committed, also by the colleague at the next desk.
        self._lock_appointments()
        for event in self:
            event._check_transition(state)
        vals = {}
        if state == "arrived":
            vals["arrived_on"] = fields.Datetime.now()
        if state == "in_progress":
            vals["started_on"] = fields.Datetime.now()
        if state in ("booked", "confirmed", "cancelled"):
            vals["arrived_on"] = False
        if state in NOT_BEGUN:
            vals["started_on"] = False
        return vals

    def _lock_appointments(self):
        """Hold the rows until the end of the transaction; who comes second waits, and then sees what was done."""
        if self.ids:
            self.flush_recordset()
            self.env.execute_query(
                SQL("SELECT id FROM calendar_event WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(self.ids))
            )
            self.invalidate_recordset(["appointment_state", "consultation_id"])

    def _check_transition(self, state):
        self.ensure_one()
        current = self.appointment_state
        if current == state:
            return
        if current not in TRANSITIONS.get(state, ()):
            labels = dict(self._fields["appointment_state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "An appointment does not go from “%(old)s” to “%(new)s”. Reset it to booked first.",
                    old=labels.get(current, ""),
                    new=labels.get(state, state),
                )
            )
        if state in NOT_BEGUN and self.consultation_id:
            raise UserError(
                self.env._(
                    "This appointment has its consultation already: finish the consultation, or delete its draft."
                )
            )

    def _set_appointment_state(self, state):
        """Move the appointments of the set that are not in that state yet; a second click changes nothing."""
        self.filtered(lambda event: event.patient_id and event.appointment_state != state).write(
            {"appointment_state": state}
        )
        return True

    def action_confirm(self):
        """Note that the patient confirmed that he comes."""
        return self._set_appointment_state("confirmed")

    def action_arrive(self):
        """Note that the patient is here; the waiting time runs from now."""
        return self._set_appointment_state("arrived")

    def action_done(self):
        """Note that the visit is over."""
        return self._set_appointment_state("done")

    def action_no_show(self):
        """Note that the patient did not come; the time is free again."""
        return self._set_appointment_state("no_show")

    def action_cancel_appointment(self):
        """Cancel the appointments; they stay in the agenda's history and free their time."""
        return self._set_appointment_state("cancelled")

    def action_cancel_following(self):
        """Cancel the appointment and those of its series that are to come after it."""
        self.ensure_one()
        following = self.recurrence_id.calendar_event_ids.filtered(
            lambda event: event.start >= self.start and event.appointment_state in ("booked", "confirmed")
        )
        return (self | following).action_cancel_appointment()

    def action_reset_booked(self):
        """Take a mistake back: the appointment is booked, as if nobody had come."""
        return self._set_appointment_state("booked")

    # === The visit === #

    def action_start_consultation(self):
        """Start the visit: make its consultation, or open the one there is.

        :return: the action that opens the consultation.
        """
        self.ensure_one()
        self.check_access("write")
        consultations = self.env["medical.consultation"]
        consultations.check_access("create")
        self._lock_appointments()
        consultation = self.consultation_id or consultations.search([("event_id", "=", self.id)], limit=1)
        if not consultation:
            self._set_appointment_state("in_progress")
            consultation = consultations.create(self._prepare_consultation_vals())
            self.consultation_id = consultation
        return self._get_form_action(consultation)

    def _prepare_consultation_vals(self):
        """Return the values of the consultation this appointment leads to."""
        self.ensure_one()
        consultations = self.env["medical.consultation"]
        if hasattr(consultations, "_prepare_from_appointment"):
            return consultations._prepare_from_appointment(self)
        return {
            "patient_id": self.patient_id.id,
            "practitioner_id": self.practitioner_id.id,
            "type_id": self.appointment_type_id.consultation_type_id.id,
            "event_id": self.id,
            "reason": self.appointment_note,
        }

    # === Links === #

    @api.model
    def _get_form_action(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def action_open_appointment(self):
        """Open the appointment in the form of the practice."""
        self.ensure_one()
        view = self.env.ref("medical_practice.calendar_event_view_form_appointment")
        return {**self._get_form_action(self), "views": [(view.id, "form")]}

    def action_open_chart(self):
        """Open the patient."""
        self.ensure_one()
        return self._get_form_action(self.patient_id)

    def action_open_consultation(self):
        """Open the consultation of the appointment.

        :raises UserError: if there is none yet.
        """
        self.ensure_one()
        if not self.consultation_id:
            raise UserError(self.env._("The consultation has not started yet."))
        return self._get_form_action(self.consultation_id)

    def action_prescribe(self):
        """Prescribe to the patient, from the consultation if there is one."""
        self.ensure_one()
        if self.consultation_id:
            return self.consultation_id.action_prescribe()
        return self.patient_id.action_new_prescription()

    def action_open_invoices(self):
        """Open the invoices of the visit, or those of the patient while the visit has none."""
        self.ensure_one()
        # Which invoices there are is asked past the rules; opening them is not.
        invoices = self.sudo().consultation_id.invoice_ids.sudo(False)
        domain = [("id", "in", invoices.ids)] if invoices else [("medical_patient_id", "=", self.patient_id.id)]
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices"),
            "res_model": "account.move",
            "domain": domain,
            "views": [(False, "list"), (False, "form")],
            "context": {"default_move_type": "out_invoice", "default_partner_id": self.patient_id.partner_id.id},
        }
        return self._get_form_action(invoices) if len(invoices) == 1 else action
