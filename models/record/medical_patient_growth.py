from babel.dates import format_date as babel_format_date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate
from odoo.tools.misc import babel_locale_parse, formatLang

from ...lib import ages, growth
from .medical_growth_reference import INDICATORS

_lt = LazyTranslate(__name__)

KINDS = ("weight", "height", "length", "head_circumference")
YEAR = 365.25
#: Spans of age a chart shows, in days.
SPANS = {
    "0-2": (0, 730),
    "0-5": (0, 1856),
    "2-5": (731, 1856),
    "5-19": (1826, 6941),
    "0-19": (0, 6941),
}
SPAN_NAMES = {
    "0-2": _lt("0 – 2 years"),
    "0-5": _lt("0 – 5 years"),
    "2-5": _lt("2 – 5 years"),
    "5-19": _lt("5 – 19 years"),
    "0-19": _lt("0 – 19 years"),
}
PERCENTILES = (3, 15, 50, 85, 97)
Z_SCORES = (-3, -2, -1, 0, 1, 2, 3)
UNITS = {"weight_age": "kg", "length_age": "cm", "bmi_age": "kg/m²", "head_age": "cm"}
DECIMALS = {"length_age": 1, "bmi_age": 1, "head_age": 1}


class MedicalPatient(models.Model):
    """Growth of a child: the points that were measured, on the curves of the tables the practice loaded."""

    _name = "medical.patient"
    _inherit = "medical.patient"

    # === What the screen and the paper ask for === #

    def get_growth_chart(self, indicator=None, span=None):
        """Return a growth chart of the patient, in the language of the environment.

        :param str indicator: a key of ``medical.growth.reference.indicator``; the first with points where empty
        :param str span: a key of ``SPANS``, for charts by age; that of the patient's age where empty
        :return: dict with ``missing`` (sentences; then nothing else), ``indicators``, ``spans``, ``indicator``,
            ``span``, ``title``, ``sex``, ``x_label``, ``y_label``, ``x_range``, ``y_range``, ``x_ticks``,
            ``percentiles`` and ``z_scores`` (lines: ``label``, ``z``, ``points``), ``points``, ``source``
        :raise AccessError: for who may not read the chart
        """
        self.ensure_one()
        self.check_access("read")
        self.env["medical.measurement"].check_access("read")
        missing = self._get_growth_missing()
        if missing:
            return {"missing": missing}
        # This leaves the server without ``read``, which would have logged it.
        self._note_access("read", detail="growth")
        points = self._get_growth_points()
        codes = self._get_growth_indicators()
        if indicator not in codes:
            indicator = self._get_default_indicator(codes, points)
        return self._prepare_growth_chart(indicator, span, codes, points)

    def action_print_growth(self, indicator=None, span=None, lines="percentiles"):
        """Print a growth chart in the patient's language; every indicator with points where none is given."""
        self.ensure_one()
        self.check_access("read")
        missing = self._get_growth_missing()
        if missing:
            raise UserError("\n".join(missing))
        data = {"patient_id": self.id, "indicator": indicator, "span": span, "lines": lines}
        return self.env.ref("medical_practice.medical_growth_report").report_action(self, data=data, config=False)

    # === What is missing === #

    def _get_growth_missing(self):
        """Return what a chart of growth lacks, as sentences that say what to do."""
        self.ensure_one()
        missing = []
        if not self.birthdate:
            missing.append(self.env._("The birthdate is not known: enter it in the patient's identity."))
        if self.sex not in growth.SEXES:
            missing.append(self.env._("Growth curves are for girls or for boys: enter the patient's sex."))
        elif not self._get_growth_indicators():
            missing.append(
                self.env._(
                    "Load the WHO tables: the practice manager does so under Configuration, Official Registers, "
                    "“Growth references (LMS tables)”."
                )
            )
        return missing

    def _get_growth_indicators(self):
        """Return the indicators there are tables for."""
        reference = self.env["medical.growth.reference"]
        return [code for code, _name in INDICATORS if reference._get_table(code, self.sex)]

    def _get_default_indicator(self, codes, points):
        """Return what is shown first: the first indicator with points that fits the patient's age."""
        plotted = {point.indicator for point in points}
        return next((code for code in codes if code in plotted), codes[0])

    # === Points === #

    def _get_growth_points(self):
        """Return the ``lib.growth.Point`` of everything that was measured, in one query."""
        self.ensure_one()
        measured = self.env["medical.measurement"].search_fetch(
            [("patient_id", "=", self.id), ("type_id.code", "in", KINDS), ("entered_in_error", "=", False)],
            ["type_id", "value", "date", "consultation_id"],
            order="date, id",
        )
        return growth.points_of(self.birthdate, [self._prepare_growth_fact(row) for row in measured])

    @api.model
    def _prepare_growth_fact(self, row):
        day = fields.Datetime.context_timestamp(self, row.date).date()
        return growth.Fact(day, row.type_id.code, row.value, row.consultation_id.id or 0)

    def _prepare_growth_point(self, point, table):
        """Return a point as it is drawn and told: age, value, z-score and percentile as texts."""
        z = table.z_score(point.x, point.value)
        weight = growth.INDICATORS[point.indicator].unit == "kg"
        digits = 3 if weight and point.value < 10 else 1
        unit = UNITS.get(point.indicator, "kg")
        return {
            "x": point.x,
            "y": point.value,
            "z": None if z is None else round(z, 4),
            "date": fields.Date.to_string(point.day),
            "day_text": self._format_growth_day(point.day),
            "age_text": self._format_growth_age(point.day),
            "x_text": self._format_number(point.x, 1) + " cm" if table.indicator.x_unit == "cm" else "",
            "value_text": f"{self._format_number(point.value, digits)} {unit}",
            "z_text": "" if z is None else self._format_z(z),
            "percentile_text": "" if z is None else self._format_percentile(z),
        }

    @api.model
    def _format_number(self, value, digits):
        text = f"{value:.{digits}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return formatLang(self.env, float(text), digits=len(text.partition(".")[2]))

    @api.model
    def _format_growth_day(self, day):
        return babel_format_date(day, format="medium", locale=babel_locale_parse(self.env.lang or "en_US"))

    def _format_growth_age(self, day):
        """Return the age as paediatricians say it: 12 days, 5 months, 2 years 3 months."""
        years, months, days = ages.age_parts(self.birthdate, day)
        if not years and not months:
            return self._format_age(days, "day")
        if not years:
            return self._format_age(months, "month")
        text = self._format_age(years, "year")
        return f"{text} {self._format_age(months, 'month')}" if months and years < 10 else text

    @api.model
    def _format_z(self, z):
        sign = "−" if round(z, 2) < 0 else "+" if round(z, 2) > 0 else ""
        return f"{sign}{formatLang(self.env, abs(z), digits=2)}"

    @api.model
    def _format_percentile(self, z):
        """Return the percentile; at the ends one says less than it seems, so that they are told as such."""
        percent = growth.percentile(z)
        if percent < 0.1:
            return "< " + formatLang(self.env, 0.1, digits=1)
        if percent > 99.9:
            return "> " + formatLang(self.env, 99.9, digits=1)
        return formatLang(self.env, percent, digits=1)

    # === Chart === #

    def _prepare_growth_chart(self, indicator, span, codes, points):
        reference = self.env["medical.growth.reference"]
        table = reference._get_table(indicator, self.sex)
        names = dict(reference._fields["indicator"]._description_selection(self.env))
        by_age = table.indicator.x_unit == "day"
        spans = self._get_growth_spans(table) if by_age else []
        span = (span if span in spans else self._get_default_span(spans)) if by_age else False
        low, high = self._get_growth_range(table, span)
        mine = [point for point in points if point.indicator == indicator]
        shown = [self._prepare_growth_point(point, table) for point in mine if low <= point.x <= high]
        percentiles, scores = self._prepare_growth_lines(table, low, high)
        return {
            "missing": [],
            "indicators": [{"code": code, "name": names[code]} for code in codes],
            "indicator": indicator,
            "spans": [{"code": code, "name": self.env._(SPAN_NAMES[code])} for code in spans],
            "span": span,
            "title": names[indicator],
            "sex": dict(reference._fields["sex"]._description_selection(self.env))[self.sex],
            "y_label": UNITS.get(indicator, "kg"),
            "x_label": self._get_growth_x_label(table, high),
            "x_range": [low, high],
            "y_range": _range_of(scores, shown),
            "x_ticks": self._prepare_growth_ticks(low, high) if by_age else [],
            "percentiles": percentiles,
            "z_scores": scores,
            "points": shown,
            "elsewhere": len(mine) - len(shown),
            "source": reference._get_source(indicator, self.sex),
        }

    @api.model
    def _get_growth_spans(self, table):
        """Return the spans the table reaches into, from its beginning."""
        first, last = table.xs[0], table.xs[-1]
        return [
            code
            for code, (low, high) in SPANS.items()
            if first <= low + 32 and last > low + 32 and (code == "0-2" or last >= min(high, 3600))
        ] or ["0-19"]

    def _get_default_span(self, spans):
        """Return the span of the patient's age today."""
        days = (fields.Date.context_today(self) - self.birthdate).days
        wanted = "0-2" if days < SPANS["0-2"][1] else "0-5" if days < SPANS["0-5"][1] else "5-19"
        return wanted if wanted in spans else spans[-1]

    @api.model
    def _get_growth_range(self, table, span):
        if not span:
            return table.xs[0], table.xs[-1]
        low, high = SPANS[span]
        return low, min(high, table.xs[-1])

    @api.model
    def _get_growth_x_label(self, table, high):
        if table.indicator.code == "weight_length":
            return self.env._("Length (cm)")
        if table.indicator.code == "weight_height":
            return self.env._("Height (cm)")
        return self.env._("Age (months)") if high <= SPANS["0-2"][1] else self.env._("Age (years)")

    @api.model
    def _prepare_growth_ticks(self, low, high):
        """Return where the axis of ages is marked: months under two years, else years."""
        if high <= SPANS["0-2"][1]:
            return [{"x": months * growth.DAYS_PER_MONTH, "label": str(months)} for months in range(0, 25, 2)]
        first, last = round(low / YEAR), int(high / YEAR + 0.01)
        return [{"x": years * YEAR, "label": str(years)} for years in range(first, last + 1)]

    @api.model
    def _prepare_growth_lines(self, table, low, high):
        """Return the lines of the percentiles and those of the z-scores, their points rounded for the way."""

        def line(z, label):
            return {
                "z": z,
                "label": label,
                "points": [[round(x, 2), round(y, 3)] for x, y in table.curve(z, low, high)],
            }

        percentiles = [line(growth.z_of_percentile(percent), str(percent)) for percent in PERCENTILES]
        return percentiles, [line(z, f"{'−' if z < 0 else '+' if z > 0 else ''}{abs(z)}") for z in Z_SCORES]


def _range_of(lines, points):
    """Return the lowest and highest value to draw, with a little room."""
    values = [y for line in lines for _x, y in line["points"]] + [point["y"] for point in points]
    low, high = min(values), max(values)
    room = (high - low) * 0.03
    return [round(max(low - room, 0), 3), round(high + room, 3)]
