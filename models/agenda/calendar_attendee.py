from odoo import models


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"
