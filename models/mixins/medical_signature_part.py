from odoo import api, models


class MedicalSignaturePart(models.AbstractModel):
    """A row that belongs to the content of a signed document: a prescription line, for instance.

    It is frozen with its document: it can be neither added, changed, moved nor deleted once the document is signed.
    """

    _name = "medical.signature.part"
    _description = "Part of a Signed Medical Document"

    #: Name of the many2one field to the document.
    _signature_parent = None

    @api.model_create_multi
    def create(self, vals_list):
        parents = self.env[self._fields[self._signature_parent].comodel_name]
        parents.browse({vals.get(self._signature_parent) for vals in vals_list} - {None, False})._check_not_signed()
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() - self._get_fields_writable_after_signing():
            # Frozen for everybody: the state of the document is read past the record rules.
            self.sudo()[self._signature_parent]._check_not_signed()
        if new_parent := vals.get(self._signature_parent):
            self.sudo()[self._signature_parent].browse(new_parent)._check_not_signed()
        return super().write(vals)

    def _get_fields_writable_after_signing(self):
        """Return the names of the fields that are not content and may change once the document is signed."""
        return set()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        # Frozen for everybody: the state of the document is read past the record rules.
        self.sudo()[self._signature_parent]._check_not_signed()
