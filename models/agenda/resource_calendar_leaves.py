from odoo import api, fields, models


class ResourceCalendarLeaves(models.Model):
    """A time off; with a practitioner it is an absence that the agenda shows and warns of."""

    _inherit = "resource.calendar.leaves"

    practitioner_id = fields.Many2one(
        "medical.practitioner",
        compute="_compute_practitioner_id",
        inverse="_inverse_practitioner_id",
        search="_search_practitioner_id",
        groups="medical_practice.group_reception,medical_practice.group_manager",
    )

    @api.depends("resource_id")
    def _compute_practitioner_id(self):
        practitioners = self.env["medical.practitioner"].search([("resource_id", "in", self.resource_id.ids)])
        by_resource = {practitioner.resource_id: practitioner for practitioner in practitioners}
        for leave in self:
            leave.practitioner_id = by_resource.get(leave.resource_id, False)

    @api.model_create_multi
    def create(self, vals_list):
        # The right to enter an absence hangs on whose it is: known before the row is made.
        practitioners = self.env["medical.practitioner"]
        return super().create(
            [
                {**vals, "resource_id": practitioners.browse(vals["practitioner_id"]).resource_id.id}
                if vals.get("practitioner_id") and not vals.get("resource_id")
                else vals
                for vals in vals_list
            ]
        )

    def _inverse_practitioner_id(self):
        for leave in self:
            leave.resource_id = leave.practitioner_id.resource_id

    def _search_practitioner_id(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        if operator == "in" and False in value:
            return NotImplemented
        domain = [("id", "in", list(value))] if operator == "in" else value
        practitioners = self.env["medical.practitioner"].search(domain)
        return [("resource_id", "in", practitioners.resource_id.ids)]
