from odoo import fields, models


class MedicalRoom(models.Model):
    """A place, or a device, that is booked with a practitioner: consulting room, dental chair, ultrasound."""

    _name = "medical.room"
    _description = "Room"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    color = fields.Integer()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
