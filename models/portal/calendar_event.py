from odoo import api, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    @api.model
    def _get_portal_appointment_ids(self):
        """Return the ids of the appointments of the patient behind the current portal user."""
        # The patient's right to his own agenda: which events are his appointments is asked past the group of
        # ``patient_id``; what is then read of them goes through his own rights.
        return self.sudo().search([("patient_id.partner_id", "=", self.env.user.partner_id.id)]).ids
