from odoo import fields, models


class MedicalSpecialty(models.Model):
    """A field of practice, such as family medicine, dentistry or physiotherapy."""

    _name = "medical.specialty"
    _description = "Specialty"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex("(name)", "This specialty exists already.")
