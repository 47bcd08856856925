from odoo import api, fields, models
from odoo.addons.medical_practice.lib.safety.facts import RuleFacts
from odoo.exceptions import ValidationError

from ..mixins.safety_terms import split_codes, split_substances, split_terms

RULE_KINDS = [
    ("condition", "Condition"),
    ("pregnancy", "Pregnancy"),
    ("breastfeeding", "Breastfeeding"),
    ("age", "Age"),
    ("sex", "Sex"),
    ("dose", "Maximum dose"),
]
DOSE_UNITS = [("mg", "mg"), ("unit", "units (IU)"), ("meq", "mEq"), ("mmol", "mmol")]


class MedicalSafetyRule(models.Model):
    """What a drug must not meet in a patient, or how much of it is too much.

    The kind says which fields count: conditions; the sex; ``age_below`` and ``age_from`` (too young, too old; for a
    maximum dose: the ages it is for); ``max_daily`` and ``max_total`` of the substance, in ``dose_unit``.
    """

    _name = "medical.safety.rule"
    _description = "Safety Rule"
    _inherit = ["medical.safety.config"]

    kind = fields.Selection(RULE_KINDS, required=True, default="condition", index=True)

    # === Whom === #
    condition_codes = fields.Char(help="Beginnings of codes, separated by commas: K25, K26.")
    condition_names = fields.Char(help="Words in the name of the condition, separated by commas: peptic ulcer, ulcère.")
    sex = fields.Selection([("female", "Female"), ("male", "Male")])
    age_below = fields.Float("Younger Than", digits=(16, 2), help="Years; 0.25 is three months. 0: no limit.")
    age_from = fields.Float("From Age", digits=(16, 2), help="Years. 0: no limit.")

    # === How much === #
    max_daily = fields.Float("Maximum in 24 Hours", digits=(16, 3), help="Of the substance, in its unit. 0: no limit.")
    max_total = fields.Float("Maximum in the Course", digits=(16, 3), help="Of the substance. 0: no limit.")
    dose_unit = fields.Selection(DOSE_UNITS, default="mg", required=True)
    per_kg = fields.Boolean("For Each Kilogram", help="The maxima are amounts for each kilogram of body weight.")

    _positive = models.Constraint(
        "CHECK (age_below >= 0 AND age_from >= 0 AND max_daily >= 0 AND max_total >= 0)",
        "Ages and doses of a rule are not negative.",
    )

    @api.constrains(
        "kind", "condition_codes", "condition_names", "sex", "age_below", "age_from", "max_daily", "max_total"
    )
    def _check_kind(self):
        for rule in self:
            needed = {
                "condition": split_codes(rule.condition_codes) or split_terms(rule.condition_names),
                "sex": rule.sex,
                "age": rule.age_below or rule.age_from,
                "dose": rule.max_daily or rule.max_total,
            }
            if not needed.get(rule.kind, True):
                raise ValidationError(
                    self.env._("%(name)s: the condition, sex, age or dose it is about is missing.", name=rule.name)
                )

    def _prepare_fact(self):
        self.ensure_one()
        decimal = self.env["medical.safety.check"]._positive
        return RuleFacts(
            ref=f"{self._name}:{self.id}",
            kind=self.kind,
            severity=self.severity,
            keys=split_substances(self.substances),
            atc_prefixes=split_codes(self.atc_prefixes),
            condition_codes=split_codes(self.condition_codes),
            condition_names=split_terms(self.condition_names),
            sex=self.sex or "",
            age_from=decimal(self.age_from),
            age_below=decimal(self.age_below),
            max_daily=decimal(self.max_daily),
            max_total=decimal(self.max_total),
            unit=self.dose_unit,
            per_kg=self.per_kg,
            message=self.message or self.name,
            source=self._get_source(),
        )
