from odoo import fields, models


class MedicalConsultationType(models.Model):
    """A kind of visit, with the specialty's own form: the practice adds its fields in the note itself."""

    _name = "medical.consultation.type"
    _description = "Consultation Type"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    specialty_id = fields.Many2one("medical.specialty", ondelete="restrict")
    company_id = fields.Many2one("res.company", index=True)
    note_properties_definition = fields.PropertiesDefinition("Form of the Specialty")
    act_product_ids = fields.Many2many(
        "product.product", string="Default Acts", domain=[("is_medical_act", "=", True)]
    )
    macro_ids = fields.One2many("medical.text.macro", "consultation_type_id", "Text Macros")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
