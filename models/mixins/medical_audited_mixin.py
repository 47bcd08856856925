from odoo import api, models


class MedicalAuditedMixin(models.AbstractModel):
    """A model whose reads, changes, exports and refusals are written to ``medical.access.log``.

    What counts as reading is what leaves the server: ``read`` and all that is built on it (web client, RPC, JSON-2),
    exports, grouped figures. What business code reads in the practice's own name (``sudo()``) is no access of a person.
    """

    _name = "medical.audited.mixin"
    _description = "Audited Medical Model"

    #: Name of the stored many2one field to the patient.
    _audit_patient_field = "patient_id"

    def _read_format(self, fnames, load="_classic_read"):
        if not self.env.su and self._is_access_logged(fnames):
            self._note_access("read")
        return super()._read_format(fnames, load)

    def _is_access_logged(self, fnames):
        """Tell whether reading these fields of these records is an access to clinical data."""
        return any(name != "id" for name in fnames)

    # A chart is read where it is written, never from a copy that lags behind: its row of the log goes with it.
    def web_read(self, specification):
        return super().web_read(specification)

    web_read._readonly = False

    @api.model
    def web_search_read(self, *args, **kwargs):
        return super().web_search_read(*args, **kwargs)

    web_search_read._readonly = False

    def read(self, fields=None, load="_classic_read"):
        return super().read(fields, load)

    read._readonly = False

    @api.model
    def search_read(self, *args, **kwargs):
        return super().search_read(*args, **kwargs)

    search_read._readonly = False

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        if not self.env.su:
            self._note_access("export", detail=", ".join("/".join(path) for path in fields))
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    @api.model
    def formatted_read_group(self, *args, **kwargs):
        self._log_statistics()
        return super().formatted_read_group(*args, **kwargs)

    @api.model
    def formatted_read_grouping_sets(self, *args, **kwargs):
        self._log_statistics()
        return super().formatted_read_grouping_sets(*args, **kwargs)

    @api.model
    def _log_statistics(self):
        if not self.env.su:
            self.env["medical.access.log"]._log_model(self._name, "read", detail="statistics")

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._note_access("create")
        return records

    def write(self, vals):
        if self and vals:
            self._note_access(**self._get_write_access(vals))
        return super().write(vals)

    def _get_write_access(self, vals):
        """Return what is noted of a change: the names of the fields, never what stands in them."""
        return {"action": "write", "detail": ", ".join(sorted(vals))}

    def unlink(self):
        self._note_access("delete")
        return super().unlink()

    def _note_access(self, action, detail=None, digest=None):
        """Note an access to the records, written with the transaction; see ``medical.access.log``."""
        self.env["medical.access.log"]._log(self, action, detail=detail, digest=digest)
