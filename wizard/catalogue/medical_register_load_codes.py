from odoo import fields, models


class MedicalRegisterLoad(models.TransientModel):
    """Let the manager say which system the codes of a file belong to, where the file names another one or none."""

    _inherit = "medical.register.load"

    code_system_id = fields.Many2one(
        "medical.code.system",
        help="Leave empty: the file says which system its codes belong to. Choose one to add the codes to that system.",
    )

    def action_load(self):
        """Load the file into the chosen system, where one is chosen."""
        wizard = self.with_context(medical_code_system=self.code_system_id.code)
        return super(MedicalRegisterLoad, wizard).action_load()
