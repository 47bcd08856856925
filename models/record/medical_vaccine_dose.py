from odoo import fields, models


class MedicalVaccineDose(models.Model):
    """One dose of a schedule: how long after the dose before it."""

    _name = "medical.vaccine.dose"
    _description = "Dose of a Vaccine"
    _order = "vaccine_id, number, id"

    vaccine_id = fields.Many2one("medical.vaccine", required=True, index=True, ondelete="cascade")
    number = fields.Integer("Dose", required=True, default=2)
    interval_days = fields.Integer("Days after the Dose before", required=True)
    repeats = fields.Boolean("Again and Again", help="Every dose after this one is due after the same interval.")

    _number_uniq = models.UniqueIndex("(vaccine_id, number)", "This dose is in the schedule already.")
    _number_positive = models.Constraint("CHECK (number >= 1)", "Doses are counted from 1.")
    _interval_positive = models.Constraint("CHECK (interval_days >= 0)", "An interval is not negative.")

    def _get_due_on(self, given_on):
        self.ensure_one()
        return fields.Date.add(given_on, days=self.interval_days)
