from odoo import api, fields, models
from odoo.addons.medical_practice.lib import ages, measures
from odoo.tools import format_date

FLAGS = [
    ("critical_low", "Critically low"),
    ("low", "Low"),
    ("high", "High"),
    ("critical_high", "Critically high"),
]


class MedicalMeasurement(models.Model):
    """A value measured on a patient at a moment, in the unit of its type.

    Measured in a consultation, it belongs to the draft and is frozen with it; a consultation holds one value a type.
    """

    _name = "medical.measurement"
    _description = "Measurement"
    _inherit = ["medical.chart.entry"]

    type_id = fields.Many2one("medical.measurement.type", required=True, index=True, ondelete="restrict")
    value = fields.Float(required=True, digits=(16, 4), aggregator="avg")
    unit_display = fields.Char(related="type_id.unit_display")
    entered_as = fields.Char("Typed As", readonly=True, help="What was typed, where it was in another unit: 150 lb.")
    body_position = fields.Selection(
        [("sitting", "Sitting"), ("lying", "Lying"), ("standing", "Standing")], help="Of a blood pressure."
    )
    answers = fields.Json(readonly=True, help="The answers a score was made of, in the order of the questions.")
    flag = fields.Selection(FLAGS, compute="_compute_flag", help="How it compares with the reference range.")
    range_text = fields.Char("Usual", compute="_compute_flag")

    _one_per_consultation = models.UniqueIndex(
        "(consultation_id, type_id) WHERE consultation_id IS NOT NULL AND entered_in_error IS NOT TRUE",
        "This is measured in this consultation already: change the value instead of adding a second one.",
    )
    _last_idx = models.Index("(patient_id, type_id, date DESC) WHERE entered_in_error IS NOT TRUE")

    @api.depends("type_id", "value", "entered_as")
    def _compute_display_name(self):
        for measurement in self:
            measurement.display_name = f"{measurement.type_id.name}: {measurement._get_text()}"

    @api.constrains("value", "type_id")
    def _check_value(self):
        for measurement in self:
            measurement.type_id._check_value(measurement.value)

    @api.depends("value", "type_id", "date", "patient_id.sex", "patient_id.birthdate")
    def _compute_flag(self):
        ranges = self.env["medical.measurement.range"]._get_by_type(self.type_id)
        nothing = self.env["medical.measurement.range"]
        for measurement in self:
            limits = ranges.get(measurement.type_id.id, nothing)._pick(
                measurement.patient_id.sex, measurement._get_age_years()
            )
            measurement.flag = measures.flag(measurement.value, limits._get_limits()) or False
            measurement.range_text = limits._get_text()

    def _get_age_years(self):
        """Return the patient's age in years when it was measured, with its fraction; None where not known."""
        self.ensure_one()
        birthdate = self.patient_id.birthdate
        if not birthdate or not self.date:
            return None
        day = max(self._get_day(), birthdate)
        years, months, days = ages.age_parts(birthdate, day)
        return years + months / 12 + days / 366

    def _get_day(self):
        """Return the day it was measured, where the user is."""
        self.ensure_one()
        return fields.Datetime.context_timestamp(self, self.date).date()

    def _get_day_text(self):
        """Return the day as people write it."""
        return format_date(self.env, self._get_day())

    def _get_text(self):
        """Return the value with its unit; without the digits of a conversion where it was typed in another unit."""
        self.ensure_one()
        return self.type_id._format_rounded(self.value) if self.entered_as else self.type_id._format(self.value)

    def _get_last_values(self, patients, codes, except_consultations):
        """Return the last value of each type known before, outside the given consultations.

        :param patients: ``medical.patient`` records
        :param codes: codes of measurement types
        :return: ``{(patient id, code): measurement}``, in three queries whatever the number of rows
        """
        domain = [
            ("patient_id", "in", patients.ids),
            ("type_id.code", "in", list(codes)),
            ("entered_in_error", "=", False),
            ("consultation_id", "not in", except_consultations.ids),
        ]
        moments = self._read_group(domain, ["patient_id", "type_id"], ["date:max"])
        found = self.search_fetch(
            [*domain, ("date", "in", list({moment for *__, moment in moments}))],
            ["patient_id", "type_id", "value", "date"],
            order="date, id",
        )
        last = {}
        newest = {(patient.id, kind.id): moment for patient, kind, moment in moments}
        for measurement in found:
            if newest.get((measurement.patient_id.id, measurement.type_id.id)) == measurement.date:
                last[measurement.patient_id.id, measurement.type_id.code] = measurement
        return last
