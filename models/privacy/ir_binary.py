from odoo import models


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _record_to_stream(self, record, field_name):
        """Note that a file of a chart went out, whether it was asked for by its record or by its attachment."""
        owner = record
        if record._name == "ir.attachment":
            # Whose file it is; the right to read it was checked by who found it.
            attachment = record.sudo()
            owner = self.env.get(attachment.res_model or "", self.env["ir.attachment"])
            owner = owner.browse(attachment.res_id or [])
        if hasattr(owner, "_audit_patient_field"):
            owner._note_access("read", detail=field_name)
        return super()._record_to_stream(record, field_name)
