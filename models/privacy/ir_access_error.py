from odoo import models


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        if hasattr(records, "_audit_patient_field"):
            self.env["medical.access.log"]._log_refusal(records._name, records.ids, operation)
        return super()._make_access_error(operation, records)


class IrModelAccess(models.Model):
    _inherit = "ir.model.access"

    def _make_access_error(self, model, mode):
        if hasattr(self.env[model], "_audit_patient_field"):
            self.env["medical.access.log"]._log_refusal(model, [], mode)
        return super()._make_access_error(model, mode)
