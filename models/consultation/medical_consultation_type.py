from odoo import fields, models
from odoo.exceptions import AccessError


class MedicalConsultationType(models.Model):
    """A kind of visit, with the specialty's own form: the practice adds its fields in the note itself.

    Practitioners may change the form (``note_properties_definition``) where they use it, in a consultation; a note
    that is signed keeps the form it was signed with.
    """

    _name = "medical.consultation.type"
    _description = "Consultation Type"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    specialty_id = fields.Many2one("medical.specialty", ondelete="restrict")
    company_id = fields.Many2one("res.company", index=True)
    note_properties_definition = fields.PropertiesDefinition("Form of the Specialty")
    act_product_ids = fields.Many2many(
        "product.product",
        string="Default Acts",
        domain=[("is_medical_act", "=", True)],
        check_company=True,
        help="Acts put on a consultation of this type when it starts.",
    )
    macro_ids = fields.One2many("medical.text.macro", "consultation_type_id", "Text Macros")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    def write(self, vals):
        """Let practitioners change the form of a type, and nothing else of it.

        :raises AccessError: for another field, unless the user is a manager of the practice.
        """
        is_manager = self.env.su or self.env.user.has_group("medical_practice.group_manager")
        if not is_manager and vals.keys() - {"note_properties_definition"}:
            raise AccessError(self.env._("Only a manager of the practice changes a consultation type."))
        return super().write(vals)
