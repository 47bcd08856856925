from odoo import api, fields, models
from odoo.addons.medical_practice.lib import measures
from odoo.exceptions import ValidationError
from odoo.tools import float_compare

#: Field of the grid = code of the measurement type.
VITALS = (
    "weight",
    "height",
    "bp_systolic",
    "bp_diastolic",
    "pulse",
    "temperature",
    "spo2",
    "respiratory_rate",
)
VITAL_DIGITS = (16, 3)


class MedicalVitalsMixin(models.AbstractModel):
    """A visit whose vital signs are entered like ordinary fields and stored as ``medical.measurement`` rows.

    One row a type: an empty field, shown as zero by the ORM, is no row. ``bmi`` is derived and never stored, so that
    it cannot disagree with weight and height; its formula stands in ``lib.measures``.
    """

    _name = "medical.vitals.mixin"
    _description = "Vital Signs of a Visit"

    measurement_ids = fields.One2many("medical.measurement", "consultation_id", "Measurements")

    weight = fields.Float(digits=VITAL_DIGITS, compute="_compute_vitals", readonly=False, help="Kilograms.")
    height = fields.Float(digits=VITAL_DIGITS, compute="_compute_vitals", readonly=False, help="Centimetres.")
    bmi = fields.Float("BMI", digits=(16, 1), compute="_compute_bmi", help="Weight in kg / (height in m)².")
    bp_systolic = fields.Float("Systolic", digits=VITAL_DIGITS, compute="_compute_vitals", readonly=False, help="mmHg.")
    bp_diastolic = fields.Float(
        "Diastolic", digits=VITAL_DIGITS, compute="_compute_vitals", readonly=False, help="mmHg."
    )
    pulse = fields.Float(digits=VITAL_DIGITS, compute="_compute_vitals", readonly=False, help="Beats per minute.")
    temperature = fields.Float(digits=VITAL_DIGITS, compute="_compute_vitals", readonly=False, help="Degrees Celsius.")
    spo2 = fields.Float(
        "SpO₂", digits=VITAL_DIGITS, compute="_compute_vitals", readonly=False, help="Oxygen saturation, %."
    )
    respiratory_rate = fields.Float(
        "Respiration", digits=VITAL_DIGITS, compute="_compute_vitals", readonly=False, help="Breaths per minute."
    )
    vitals_info = fields.Json(compute="_compute_vitals_info", help="Unit and last known value of each vital sign.")

    # === Computes === #

    @api.depends("measurement_ids.value", "measurement_ids.type_id.code", "measurement_ids.entered_in_error")
    def _compute_vitals(self):
        for visit in self:
            valid = visit.measurement_ids.filtered(lambda measurement: not measurement.entered_in_error)
            values = {measurement.type_id.code: measurement.value for measurement in valid}
            for name in VITALS:
                visit[name] = values.get(name, 0.0)

    @api.depends("weight", "height")
    def _compute_bmi(self):
        for visit in self:
            visit.bmi = measures.body_mass_index(visit.weight, visit.height) or 0.0

    @api.depends("patient_id")
    def _compute_vitals_info(self):
        kinds = self.env["medical.measurement.type"]._get_by_code((*VITALS, "bmi"))
        last = self.env["medical.measurement"]._get_last_values(self.patient_id, VITALS, self._origin)
        for visit in self:
            visit.vitals_info = {
                code: self._prepare_vital_info(kind, last.get((visit.patient_id.id, code)))
                for code, kind in kinds.items()
            }

    @api.model
    def _prepare_vital_info(self, kind, last):
        """Return what the screen shows beside a field: unit, last known value and its day."""
        info = {"unit": kind.unit_display or "", "last": False}
        if last:
            day = fields.Datetime.context_timestamp(self, last.date).date()
            info["last"] = {"value": last.value, "date": fields.Date.to_string(day)}
        return info

    def _get_printed_vitals(self):
        """Return the vital signs of the visit as on paper: ``[(label, value with unit)]``."""
        self.ensure_one()
        kinds = self.env["medical.measurement.type"]._get_by_code((*VITALS, "bmi"))
        return [(kind.name, kind._format(self[code])) for code, kind in kinds.items() if self[code]]

    # === Create, write === #

    @api.model_create_multi
    def create(self, vals_list):
        # Not by an inverse: the fields share one computation, and the ORM would hide the untouched ones from it.
        visits = super().create(
            [{key: value for key, value in vals.items() if key not in VITALS} for vals in vals_list]
        )
        visits._set_vitals([{key: vals[key] for key in VITALS if key in vals} for vals in vals_list])
        return visits

    def write(self, vals):
        result = super().write({key: value for key, value in vals.items() if key not in VITALS})
        if entered := {key: vals[key] for key in VITALS if key in vals}:
            self._set_vitals([entered] * len(self))
        return result

    def _set_vitals(self, entered_list):
        """Make the measurements say what was entered; the rows of all visits in one batch.

        :param list entered_list: one ``{field: value}`` a visit; an empty value takes the measurement away.
        :raises ValidationError: for a value that cannot be true.
        """
        if not any(entered_list):
            return
        kinds = self.env["medical.measurement.type"]._get_by_code(VITALS)
        measurements = self.env["medical.measurement"]
        to_create, to_unlink = [], measurements
        for visit, entered in zip(self, entered_list, strict=True):
            rows = {row.type_id.code: row for row in visit.measurement_ids if not row.entered_in_error}
            for code, value in entered.items():
                row = rows.get(code, measurements)
                if not value:
                    to_unlink |= row
                elif not row:
                    to_create.append(visit._prepare_vital_vals(self._get_vital_kind(kinds, code), value))
                elif float_compare(row.value, value, precision_digits=VITAL_DIGITS[1]):
                    row.value = value
        to_unlink.unlink()
        measurements.create(to_create)
        self._check_blood_pressure()

    @api.model
    def _get_vital_kind(self, kinds, code):
        if code not in kinds:
            raise ValidationError(
                self.env._("There is no measurement type %(code)s: ask the manager to create it.", code=code)
            )
        return kinds[code]

    def _prepare_vital_vals(self, kind, value):
        """Return the values of the measurement that keeps a vital sign of this visit."""
        self.ensure_one()
        return {
            "patient_id": self.patient_id.id,
            "consultation_id": self.id,
            "practitioner_id": self.practitioner_id.id,
            "type_id": kind.id,
            "value": value,
            "date": self.date_start,
        }

    def _check_blood_pressure(self):
        for visit in self:
            if visit.bp_systolic and visit.bp_diastolic and visit.bp_diastolic >= visit.bp_systolic:
                raise ValidationError(
                    self.env._("Blood pressure: the diastolic value lies below the systolic one. Are they swapped?")
                )
