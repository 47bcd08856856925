import math

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

#: The finest writing of a value, such as a newborn's weight in kilograms.
MAX_DECIMALS = 3


class MedicalMeasurementType(models.Model):
    """A kind of measurement: body weight, systolic blood pressure... with its LOINC code and its UCUM unit.

    ``refused_min`` and ``refused_max`` are the limits of what can be true, in the unit of the type: a value outside is
    refused as a slip of the pen. They are no normal range. Both zero: no limit.
    """

    _name = "medical.measurement.type"
    _description = "Measurement Type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short technical name, such as weight or bp_systolic.")
    loinc_code = fields.Char("LOINC Code")
    ucum_unit = fields.Char("UCUM Unit")
    unit_display = fields.Char("Unit", translate=True, help="The unit as people write it.")
    decimals = fields.Integer(default=0, help="Digits shown after the decimal mark.")
    refused_min = fields.Float("Refused Below", digits=(16, 4), help="A smaller value cannot be true and is refused.")
    refused_max = fields.Float("Refused Above", digits=(16, 4), help="A greater value cannot be true and is refused.")
    formula = fields.Char(
        translate=True, help="How a derived measurement is computed, such as the body mass index. It is not typed in."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "This code is taken by another measurement.")
    _limits_order = models.Constraint(
        "CHECK (refused_min <= refused_max)", "The lower limit of a measurement lies below the upper one."
    )
    _decimals_range = models.Constraint("CHECK (decimals BETWEEN 0 AND 4)", "Between 0 and 4 decimals.")

    @api.model
    def _get_by_code(self, codes):
        """Return ``{code: type}`` for the given codes, archived types included, in one query."""
        return {kind.code: kind for kind in self.with_context(active_test=False).search([("code", "in", list(codes))])}

    def _format(self, value):
        """Return the value as people write it, with its unit, in the user's language: 70 kg, 36.8 °C, 3.456 kg."""
        self.ensure_one()
        typed = f"{value:.{MAX_DECIMALS}f}".rstrip("0").partition(".")[2]
        number = formatLang(self.env, value, digits=len(typed))
        return f"{number} {self.unit_display or ''}".strip()

    def _check_value(self, value):
        """Refuse a value that cannot be true.

        :raises ValidationError: naming the measurement, the value and its limits.
        """
        self.ensure_one()
        limited = self.refused_min or self.refused_max
        if math.isfinite(value) and (not limited or self.refused_min <= value <= self.refused_max):
            return
        if not math.isfinite(value):
            raise ValidationError(self.env._("%(name)s: this is no number.", name=self.name))
        raise ValidationError(
            self.env._(
                "%(name)s: %(value)s cannot be right. It lies between %(lowest)s and %(highest)s; "
                "check the number and its unit.",
                name=self.name,
                value=self._format(value),
                lowest=self._format(self.refused_min),
                highest=self._format(self.refused_max),
            )
        )
