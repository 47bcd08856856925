from odoo import models


class CalendarAttendee(models.Model):
    """Who takes part in an event; of an appointment, the practitioner alone, who is never written to."""

    _inherit = "calendar.attendee"

    def _notify_attendees(self, mail_template, notify_author=False, force_send=False):
        """Write to nobody about an appointment: invitation, change, cancellation and reminder all come through here."""
        others = self.filtered(lambda attendee: not attendee.event_id._get_appointments())
        if not others and self:
            return None
        return super(CalendarAttendee, others)._notify_attendees(
            mail_template, notify_author=notify_author, force_send=force_send
        )
