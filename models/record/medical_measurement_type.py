from odoo import fields, models


class MedicalMeasurementType(models.Model):
    """A kind of measurement: body weight, systolic blood pressure... with its LOINC code and its UCUM unit.

    ``refused_min`` and ``refused_max`` are the limits of what can be true: a value outside is refused.
    """

    _name = "medical.measurement.type"
    _description = "Measurement Type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short technical name, such as weight or bp_systolic.")
    loinc_code = fields.Char("LOINC Code")
    ucum_unit = fields.Char("UCUM Unit")
    unit_display = fields.Char("Unit", translate=True, help="The unit as people write it.")
    decimals = fields.Integer(default=0)
    refused_min = fields.Float()
    refused_max = fields.Float()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "This code is taken by another measurement.")
