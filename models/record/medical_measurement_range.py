from odoo import api, fields, models

from ...lib import measures


class MedicalMeasurementRange(models.Model):
    """What is usual for a measurement, of one sex or both, between two ages, and who says so.

    A value outside is flagged, never refused. Of several ranges that fit a patient the most particular one counts: one
    for the sex before one for both, then the one for the narrower span of ages. Zero is no limit.
    """

    _name = "medical.measurement.range"
    _description = "Reference Range"
    _order = "type_id, sex, age_from, id"

    type_id = fields.Many2one("medical.measurement.type", required=True, index=True, ondelete="cascade")
    sex = fields.Selection([("female", "Female"), ("male", "Male")], help="Empty: whatever the sex.")
    age_from = fields.Float("From Age", digits=(6, 3), help="Years; included.")
    age_to = fields.Float("To Age", digits=(6, 3), help="Years; not included. Zero: no limit.")
    low = fields.Float("Lowest Usual", digits=(16, 4), help="In the unit of the measurement. Zero: no limit.")
    high = fields.Float("Highest Usual", digits=(16, 4), help="In the unit of the measurement. Zero: no limit.")
    critical_low = fields.Float(
        "Critical At or Below", digits=(16, 4), help="Somebody has to act today. Zero: no limit."
    )
    critical_high = fields.Float(
        "Critical At or Above", digits=(16, 4), help="Somebody has to act today. Zero: no limit."
    )
    source = fields.Char(required=True, help="The publication these limits come from.")
    active = fields.Boolean(default=True)

    _ages_order = models.Constraint(
        "CHECK (coalesce(age_from, 0) >= 0 AND (coalesce(age_to, 0) = 0 OR age_to > coalesce(age_from, 0)))",
        "The range ends after the age it begins at.",
    )
    # An empty limit is NULL or zero; a comparison with NULL refuses nothing.
    _limits_order = models.Constraint(
        "CHECK (nullif(high, 0) >= nullif(low, 0))", "The lowest usual value lies below the highest one."
    )
    _critical_outside = models.Constraint(
        """CHECK (nullif(critical_low, 0) <= nullif(low, 0) IS NOT FALSE
              AND nullif(critical_high, 0) >= nullif(high, 0) IS NOT FALSE)""",
        "What is critical lies outside of what is usual.",
    )
    _says_something = models.Constraint(
        """CHECK (coalesce(nullif(low, 0), nullif(high, 0)) IS NOT NULL
               OR coalesce(nullif(critical_low, 0), nullif(critical_high, 0)) IS NOT NULL)""",
        "A range has a limit.",
    )

    @api.depends("type_id", "low", "high")
    def _compute_display_name(self):
        for limits in self:
            limits.display_name = f"{limits.type_id.name}: {limits._get_text()}"

    @api.model
    def _get_by_type(self, kinds):
        """Return ``{type id: ranges}`` of the types, in one query, the most particular range first."""
        found = self.search([("type_id", "in", kinds.ids)])
        by_type = found.grouped("type_id")
        return {kind.id: ranges.sorted(lambda limits: limits._get_rank()) for kind, ranges in by_type.items()}

    def _get_rank(self):
        self.ensure_one()
        return (not self.sex, (self.age_to or 200) - self.age_from, self.id)

    def _pick(self, sex, age):
        """Return the first range of these that fits, or an empty set.

        :param float age: years, or None where it is not known: then only ranges for every age fit.
        """
        for limits in self:
            for_age = (
                not limits.age_from and not limits.age_to
                if age is None
                else limits.age_from <= age and (not limits.age_to or age < limits.age_to)
            )
            if for_age and limits.sex in (False, sex):
                return limits
        return self.browse()

    def _get_limits(self):
        """Return the range for ``lib.measures``."""
        names = ("low", "high", "critical_low", "critical_high")
        return measures.Range(**{name: self[name] or None for name in names}) if self else measures.Range()

    def _get_text(self):
        """Return the usual values as people write them: 12 – 20 /min, ≤ 139 mmHg, ≥ 96 %."""
        if not self or not (self.low or self.high):
            return ""
        kind = self.type_id
        if self.low and self.high:
            return f"{kind._format(self.low, unit=False)} – {kind._format(self.high)}"
        return f"≤ {kind._format(self.high)}" if self.high else f"≥ {kind._format(self.low)}"
