from odoo import fields, models

PRESCRIBING_RIGHTS = [
    ("drugs", "Drugs"),
    ("dental", "Drugs for dental purposes"),
    ("none", "No drugs"),
]


class MedicalLicenceType(models.Model):
    """What a licence to practise allows: its title on paper and whether it may prescribe drugs.

    Only authorised licences prescribe: M-9 r. 25.1 for physicians, D-3 s. 27 for dentists (dental purposes only).
    """

    _name = "medical.licence.type"
    _description = "Licence Type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, help="For instance: Physician, Dentist, Physiotherapist.")
    title = fields.Char(translate=True, help="Title printed after the name, such as M.D. or D.M.D.")
    authority = fields.Char(translate=True, help="The order or college that delivers the licence.")
    prescribing = fields.Selection(PRESCRIBING_RIGHTS, required=True, default="none")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
