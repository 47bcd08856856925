from odoo import fields, models


class MedicalCodeSystem(models.Model):
    """A terminology loaded into the practice: ICD-10, ICPC-2, a list of the practice's own (FHIR ``CodeSystem``)."""

    _name = "medical.code.system"
    _description = "Code System"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    code = fields.Char(required=True, help="Short technical name, such as icd10 or icpc2.")
    uri = fields.Char("Official Address", help="The canonical address of the system, where it has one.")
    version = fields.Char(help="The version the system gives itself.")
    register_id = fields.Many2one("medical.register", "Loaded by", ondelete="restrict", readonly=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "This code system exists already.")
