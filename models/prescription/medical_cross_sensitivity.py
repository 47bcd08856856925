from odoo import fields, models
from odoo.addons.medical_practice.lib.safety.facts import CrossGroup

from ..mixins.safety_terms import split_codes, split_substances, split_terms


class MedicalCrossSensitivity(models.Model):
    """Drugs of which an allergy to one says something of the others: penicillins, NSAIDs."""

    _name = "medical.cross.sensitivity"
    _description = "Cross-sensitivity Group"
    _inherit = ["medical.safety.config"]

    words = fields.Char(
        help="Words that mean the whole group where an allergy is typed freely, separated by commas: NSAID, AINS."
    )

    def _prepare_fact(self):
        self.ensure_one()
        return CrossGroup(
            ref=f"{self._name}:{self.id}",
            name=self.name,
            keys=split_substances(self.substances),
            atc_prefixes=split_codes(self.atc_prefixes),
            names=split_terms(self.words),
            severity=self.severity,
            advice=self.message or "",
            source=self._get_source(),
        )
