from odoo import api, fields, models
from odoo.fields import Domain


class MedicalVaccine(models.Model):
    """A vaccine, by its CVX code where it has one, the diseases it protects from, and when the next dose is due."""

    _name = "medical.vaccine"
    _description = "Vaccine"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="CVX code, or the practice's own.")
    target = fields.Char(translate=True, help="The diseases it protects from.")
    route = fields.Selection(selection="_selection_route", help="How it is usually given.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    dose_ids = fields.One2many("medical.vaccine.dose", "vaccine_id", "Schedule", copy=True)

    _code_uniq = models.UniqueIndex("(code) WHERE code IS NOT NULL", "There is a vaccine with this code already.")

    @api.model
    def _selection_route(self):
        return self.env["medical.immunization"]._fields["route"]._description_selection(self.env)

    @api.depends("name", "target")
    @api.depends_context("formatted_display_name", "lang")
    def _compute_display_name(self):
        """The name; in lists to choose from, with what it protects from."""
        detailed = self.env.context.get("formatted_display_name")
        for vaccine in self:
            name = vaccine.name or ""
            vaccine.display_name = f"{name} \t --{vaccine.target}--" if detailed and vaccine.target else name

    @api.model
    def _search_display_name(self, operator, value):
        """Find a vaccine by its name, its code and its diseases."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return Domain.OR(Domain(name, operator, value) for name in ("name", "code", "target"))

    def _get_next_due(self, dose_number, given_on):
        """Return the day the dose after this one is due, or False where the schedule knows of none.

        :param int dose_number: the dose that was given on ``given_on``
        """
        self.ensure_one()
        following = self.dose_ids.filtered(lambda dose: dose.number == dose_number + 1)
        repeated = self.dose_ids.filtered(lambda dose: dose.repeats and dose.number <= dose_number)
        dose = following[:1] or repeated[-1:]
        return dose._get_due_on(given_on) if dose and given_on else False
