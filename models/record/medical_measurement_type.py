import math
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import LazyTranslate
from odoo.tools.misc import formatLang

from ...lib import measures

_lt = LazyTranslate(__name__)

CATEGORIES = [
    ("vital", "Vital signs"),
    ("body", "Body"),
    ("laboratory", "Laboratory"),
    ("lifestyle", "Lifestyle"),
    ("score", "Scores"),
    ("other", "Other"),
]
#: Types told in feet and inches; other lengths are told in inches.
IN_FEET = ("height", "length")
#: A weight below this is told to the gram.
TO_THE_GRAM_BELOW = 10
SIGNS = {"[lb_av]": "lb", "[in_i]": "in", "[degF]": "°F"}
ERRORS = {
    "empty": _lt("Type a value."),
    "number": _lt("“%(text)s” is no number."),
    "unit": _lt("“%(unit)s” is no unit of this measurement: type a number alone, or with %(expected)s."),
    "parts": _lt("“%(text)s” cannot be understood: type one value, such as 70.5, 5'11\" or 8 lb 6 oz."),
}

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
    category = fields.Selection(CATEGORIES, default="other", required=True)
    in_grid = fields.Boolean("Always in the Grid", help="Others get a row once they were measured, or when asked for.")
    molar_mass = fields.Float(
        digits=(16, 3), help="In g/mol: a laboratory value may then be typed in mg/dL as well as in mmol/L."
    )
    formula = fields.Char(
        translate=True,
        help="How a derived measurement is computed, such as the body mass index, and who published the formula. It is "
        "not typed in.",
    )
    range_ids = fields.One2many("medical.measurement.range", "type_id", "Reference Ranges")
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

    def _format(self, value, unit=True):
        """Return the value as people write it, with its unit, in the user's language: 70 kg, 36.8 °C, 3.456 kg."""
        self.ensure_one()
        typed = f"{value:.{MAX_DECIMALS}f}".rstrip("0").partition(".")[2]
        number = formatLang(self.env, value, digits=len(typed))
        return f"{number} {self.unit_display or ''}".strip() if unit else number

    def _format_rounded(self, value):
        """Return a value that was converted, without the digits that the conversion made up: 68.0 kg for 150 lb."""
        self.ensure_one()
        to_the_gram = self.ucum_unit == "kg" and value < TO_THE_GRAM_BELOW
        digits = MAX_DECIMALS if to_the_gram else max(self.decimals, 1 if self.ucum_unit in measures.IMPERIAL else 0)
        return self._format(round(value, digits))

    def _format_imperial(self, value):
        """Return the value in pounds, feet and inches or Fahrenheit: 8 lb 6.2 oz, 5' 11", 98.6 °F; else ''."""
        self.ensure_one()
        number = Decimal(str(round(value, 4)))
        parts = measures.imperial_parts(number, self.ucum_unit or "", feet=self.code in IN_FEET)
        texts = []
        for part in parts:
            text = formatLang(self.env, float(part.number), digits=part.decimals if part.number % 1 else 0)
            texts.append(f"{text}{part.sign}" if part.sign in ("'", '"') else f"{text} {part.sign}")
        return " ".join(texts)

    def _get_plain_unit(self, system):
        """Return the UCUM unit a number typed without unit is in, for a person who thinks in ``system``."""
        self.ensure_one()
        unit = self.ucum_unit or ""
        return measures.IMPERIAL.get(unit, unit) if system == "imperial" else unit

    def _get_sign(self, unit):
        """Return how a UCUM unit is written: that of the type as the type says, an imperial one by its sign."""
        self.ensure_one()
        return (self.unit_display or "") if unit == (self.ucum_unit or "") else SIGNS.get(unit, unit)

    def _to_plain(self, value, system):
        """Return a value as a number of the unit it is drawn in, for a person who thinks in ``system``."""
        self.ensure_one()
        unit, plain = self.ucum_unit or "", self._get_plain_unit(system)
        if unit == plain:
            return value
        return round(float(measures.convert(Decimal(str(round(value, 4))), unit, plain)), 3)

    def _read_typed(self, text, system="metric"):
        """Return ``(value, entered_as)`` of what somebody typed: the value in the unit of the type, and what was typed
        where it was in another unit, else False.

        :raises ValidationError: saying what cannot be understood, or why the value cannot be true.
        """
        self.ensure_one()
        unit = self.ucum_unit or ""
        text = " ".join((text or "").split())
        plain_unit = self._get_plain_unit(system)
        mass = Decimal(str(self.molar_mass)) if self.molar_mass else None
        try:
            quantity = measures.read_quantity(text, unit, plain_unit=plain_unit, molar_mass=mass)
        except measures.QuantityError as error:
            words = {"text": text[:40], "expected": self.unit_display or unit, **error.params}
            message = f"{self.name}: {self.env._(ERRORS[error.code]) % words}"
            raise ValidationError(message) from None
        value = float(quantity.value)
        self._check_value(value)
        if quantity.typed_unit == unit:
            return value, False
        # A number alone is kept with the unit it was meant in.
        has_unit = not text.replace(",", "").replace(".", "").strip("+-").isdigit()
        return value, text if has_unit else f"{text} {SIGNS.get(plain_unit, plain_unit)}"

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
