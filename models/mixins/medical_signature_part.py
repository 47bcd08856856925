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
        name = self._signature_parent
        self._check_documents_open({vals[name] for vals in vals_list if vals.get(name)})
        # Asked of the rows too: the document may also come from a default.
        parts = super().create(vals_list)
        parts._check_document_open()
        return parts

    def write(self, vals):
        if not vals.keys() - self._get_fields_writable_after_signing():
            return super().write(vals)
        self._check_document_open()
        if new_parent := vals.get(self._signature_parent):
            self._check_documents_open({new_parent})
        return super().write(vals)

    def _get_fields_writable_after_signing(self):
        """Return the names of the fields that are not content and may change once the document is signed."""
        return set()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._check_document_open()

    @api.model
    def _check_documents_open(self, ids):
        """Refuse rows for documents that are signed; see ``_check_document_open``."""
        # Frozen for everybody: the state of the document is read past the record rules.
        documents = self.env[self._fields[self._signature_parent].comodel_name].sudo().browse(ids)
        documents._lock_against_signing()
        documents._check_not_signed()

    def _check_document_open(self):
        """Refuse when the document is signed, and hold off its signature until the rows are in the database.

        :raises UserError: naming the documents.
        """
        # Which document a row belongs to is a fact, whoever asks: read past the record rules.
        self._check_documents_open(self.sudo()[self._signature_parent].ids)
