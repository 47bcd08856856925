import base64
import binascii

from odoo import api, fields, models
from odoo.addons.medical_practice.lib import files
from odoo.exceptions import UserError

FILE_KINDS = [("pdf", "PDF"), ("image", "Picture"), ("text", "Text")]


class MedicalDocument(models.Model):
    """The file of a document that came in: what it is by its bytes, its neutral name, its fingerprint.

    The file lies in a binary field, so that the attachment behind it has a name that says nothing and is read through
    the document alone. The name the file had outside may name the patient: it stays in ``file_name``.
    """

    _name = "medical.document"
    _inherit = "medical.document"

    content = fields.Binary("File", attachment=True, copy=False)
    content_name = fields.Char(compute="_compute_content_name", help="The name under which the file is downloaded.")
    content_text = fields.Text("Text", compute="_compute_content_text")
    file_name = fields.Char("Original File Name", readonly=True, copy=False)
    file_kind = fields.Selection(FILE_KINDS, "Kind of File", readonly=True, copy=False)
    file_extension = fields.Char(readonly=True, copy=False)
    file_size = fields.Integer(readonly=True, copy=False, help="Bytes.")
    file_digest = fields.Char(readonly=True, copy=False, index="btree_not_null", help="SHA-256 of the file.")
    duplicate_id = fields.Many2one("medical.document", "Same File", compute="_compute_duplicate_id")

    # === Computes === #

    @api.depends("file_extension")
    def _compute_content_name(self):
        for document in self:
            extension = document.file_extension
            document.content_name = f"{document._get_report_file_name()}.{extension}" if extension else False

    @api.depends("content", "file_kind")
    def _compute_content_text(self):
        """The text of a text file; of the others nothing is read."""
        texts = self.filtered(lambda document: document.file_kind == "text")
        (self - texts).content_text = False
        for document in texts:
            content = document.with_context(bin_size=False).content
            data = base64.b64decode(content or b"")[: files.MAX_TEXT]
            document.content_text = files.decoded(data) or data.decode("utf-8", "replace")

    @api.depends("file_digest")
    def _compute_duplicate_id(self):
        """The first document of the practice that holds the same file, among those the user may read."""
        domain = [("file_digest", "in", [digest for digest in self.mapped("file_digest") if digest])]
        found = self.search_fetch(domain, ["file_digest", "company_id"], order="id") if domain[0][2] else self.browse()
        for document in self:
            same = found.filtered(
                lambda other, document=document: (
                    other.file_digest == document.file_digest
                    and other.company_id == document.company_id
                    and other.id < (document._origin.id or 0)
                )
            )
            document.duplicate_id = same[:1]

    # === Taking a file === #

    @api.model
    def _prepare_file_vals(self, vals):
        """Return the values of a document that comes in, with what its file is by its bytes.

        :raises UserError: without a file, or for one that is not taken; the sentence says why and what to do.
        """
        kept = {name: value for name, value in vals.items() if name not in self._get_file_fields()}
        data = self._decode_file(vals.get("content"))
        kind = self._check_file(data)
        return kept | {
            "content": base64.b64encode(data),
            "file_name": str(vals.get("file_name") or "")[:255] or False,
            "file_kind": kind.kind,
            "file_extension": kind.extension,
            "file_size": len(data),
            "file_digest": self._digest_of(data),
        }

    @api.model
    def _get_file_fields(self):
        return {"file_kind", "file_extension", "file_size", "file_digest"}

    @api.model
    def _decode_file(self, content):
        if not content:
            raise UserError(self.env._("Choose the file that came in."))
        try:
            return base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError, TypeError) as error:
            raise UserError(self.env._("The file arrived damaged: upload it again.")) from error

    @api.model
    def _check_file(self, data):
        """Return what a file is.

        :raises UserError: for a file that is empty, too large, or of a kind that is not taken.
        """
        if not data:
            raise UserError(self.env._("This file is empty."))
        if len(data) > self._get_max_size():
            raise UserError(
                self.env._(
                    "This file has %(size)s MB, and %(limit)s MB is the most that is taken: "
                    "scan it in black and white, or split it.",
                    size=round(len(data) / 1024 / 1024, 1),
                    limit=self._get_max_size() // 1024 // 1024,
                )
            )
        kind = files.sniff(data)
        if not kind:
            raise UserError(
                self.env._(
                    "This kind of file is not taken: PDF, PNG, JPEG and plain text are. Print anything else as a PDF."
                )
            )
        return kind

    @api.model
    def _get_max_size(self):
        """Return how many bytes a file has at most."""
        return files.MAX_SIZE

    def write(self, vals):
        if (self._get_file_fields() | {"file_name"}) & vals.keys():
            raise UserError(self.env._("A file that came in is not replaced: upload the other one beside it."))
        return super().write(vals)

    @api.model
    def action_upload(self, name, content, values=None):
        """Take one file into the inbox, or straight into a chart.

        :param str name: the name of the file; it stays in the chart.
        :param str content: the file in base64.
        :param dict values: ``patient_id``, ``consultation_id``, ``assigned_id``, ``kind``; nothing else is taken.
        :return: the id of the document.
        """
        allowed = {"patient_id", "consultation_id", "assigned_id", "kind"}
        kept = {key: value for key, value in (values or {}).items() if key in allowed and value}
        document = self.create({**kept, "direction": "incoming", "content": content, "file_name": name})
        return document.id

    def _is_file_intact(self):
        """Tell whether the file is still the one that came in."""
        self.ensure_one()
        data = base64.b64decode(self.with_context(bin_size=False).content or b"")
        return bool(self.file_digest) and self._digest_of(data) == self.file_digest
