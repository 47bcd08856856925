from odoo import api, fields, models


class MedicalCodeSystem(models.Model):
    """A terminology loaded into the practice: ICD-10, ICPC-2, a list of the practice's own (FHIR ``CodeSystem``).

    Editions of one terminology in several languages are one system, whose codes have a label in each of them.
    """

    _name = "medical.code.system"
    _description = "Code System"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    code = fields.Char(required=True, help="Short technical name, such as icd10 or icpc2.")
    uri = fields.Char("Official Address", help="The canonical address of the system, where it has one.")
    version = fields.Char(help="The version the system gives itself.")
    languages = fields.Char(help="The languages of the editions that were loaded.")
    register_id = fields.Many2one("medical.register", "Loaded by", ondelete="restrict", readonly=True)
    edition = fields.Date(related="register_id.edition")
    code_ids = fields.One2many("medical.code", "system_id", "Codes")
    code_count = fields.Integer("Codes in Force", compute="_compute_code_count")
    retired_count = fields.Integer("Codes Retired", compute="_compute_code_count")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "This code system exists already.")

    @api.depends("code_ids.active")
    def _compute_code_count(self):
        rows = (
            self.env["medical.code"]
            .with_context(active_test=False)
            ._read_group([("system_id", "in", self.ids)], ["system_id", "active"], ["__count"])
        )
        counts = {(system, active): count for system, active, count in rows}
        for system in self:
            system.code_count = counts.get((system, True), 0)
            system.retired_count = counts.get((system, False), 0)

    def action_open_codes(self):
        """Open the codes of the system, its chapters first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("medical_practice.medical_code_action")
        return {**action, "name": self.name, "context": {"search_default_system_id": self.id}}
