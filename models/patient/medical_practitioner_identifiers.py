import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MedicalPractitioner(models.Model):
    """The numbers by which the registers of a country know a practitioner, besides the licence."""

    _inherit = "medical.practitioner"

    rpps_number = fields.Char("RPPS Number", help="France: 11 digits, printed on prescriptions.")
    adeli_number = fields.Char("ADELI Number", help="France: 9 characters, for the professions outside the RPPS.")

    @api.constrains("rpps_number", "adeli_number")
    def _check_french_numbers(self):
        for practitioner in self:
            if practitioner.rpps_number and not re.fullmatch(r"\d{11}", practitioner.rpps_number):
                raise ValidationError(self.env._("An RPPS number has 11 digits."))
            if practitioner.adeli_number and not re.fullmatch(r"[0-9A-Z]{9}", practitioner.adeli_number):
                raise ValidationError(self.env._("An ADELI number has 9 digits or capital letters."))
