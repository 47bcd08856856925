from odoo import fields, models


class CalendarRecurrence(models.Model):
    """A series of events; that of appointments belongs to the practice of their patient."""

    _inherit = "calendar.recurrence"

    appointment_company_id = fields.Many2one(
        related="base_event_id.appointment_company_id",
        store=True,
        index="btree_not_null",
        groups="medical_practice.group_reception",
        string="Practice",
    )
