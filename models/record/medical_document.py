import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .medical_document_template import DOCUMENT_KINDS

DIRECTIONS = [("outgoing", "Written here"), ("incoming", "Received")]
REVIEW_STATES = [("to_review", "To review"), ("reviewed", "Reviewed")]
#: Their keys sort in the order of the inbox, what has no patient first, when a list is sorted on them downwards.
INBOX_STATES = [("unmatched", "No patient yet"), ("to_review", "To review"), ("reviewed", "Reviewed")]


class MedicalDocument(models.Model):
    """A paper of the chart: a letter or a certificate that is signed here, a scan or a result that came in.

    *Written here*: a draft that anybody in care completes, then signed by its practitioner and frozen.

    *Received*: comes in without a patient; a person says whose it is (*matched*), the practitioner reads and
    acknowledges it (*reviewed*). From then on it is fixed; an error is marked, never deleted. The file that came in is
    never replaced. Each step is kept in ``medical.document.step``.

    The display name is a number and nothing else: tasks and notifications carry it out of the chart.

    Context keys: ``default_patient_id``, ``default_consultation_id``, ``default_direction``.
    """

    _name = "medical.document"
    _description = "Document"
    _inherit = [
        "medical.signature.mixin",
        "medical.chart.entry",
        "medical.banner.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"
    _mail_post_access = "write"

    # === What === #
    name = fields.Char(
        "Title", required=True, compute="_compute_name", store=True, readonly=False, precompute=True, copy=True
    )
    kind = fields.Selection(
        DOCUMENT_KINDS,
        default=None,
        required=True,
        index=True,
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
    )
    direction = fields.Selection(DIRECTIONS, default="outgoing", required=True, index=True)
    patient_id = fields.Many2one(required=False)
    company_id = fields.Many2one(
        "res.company",
        "Practice",
        related=None,
        compute="_compute_company_id",
        store=True,
        precompute=True,
        required=True,
        index=True,
    )
    correspondent_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        help="To whom a letter goes, or who sent a document.",
    )
    abnormal = fields.Boolean(help="A result outside its limits, or a finding that cannot wait.")

    # === Patient, always in view === #
    patient_age = fields.Char(related="patient_id.age_display", string="Age")
    patient_birthdate = fields.Date(related="patient_id.birthdate", string="Birthdate")
    patient_identifier = fields.Char(related="patient_id.identifier", string="Chart Number")

    # === Follow-up === #
    review_state = fields.Selection(REVIEW_STATES, index=True, readonly=True, copy=False)
    reviewed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    reviewed_on = fields.Datetime(readonly=True, copy=False)
    assigned_id = fields.Many2one(
        "medical.practitioner",
        "For",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        help="The practitioner who reads and acknowledges the document.",
    )
    inbox_state = fields.Selection(INBOX_STATES, compute="_compute_inbox_state", store=True, index=True, string="Inbox")
    step_ids = fields.One2many("medical.document.step", "document_id", "Handling", readonly=True)

    _patient_known = models.Constraint(
        "CHECK (patient_id IS NOT NULL OR (direction = 'incoming' AND review_state = 'to_review' "
        "AND consultation_id IS NULL))",
        "Only a document that has just come in has no patient yet.",
    )
    _review_of_incoming = models.Constraint(
        "CHECK ((direction = 'incoming') = (review_state IS NOT NULL))", "What comes in is reviewed."
    )
    _review_complete = models.Constraint(
        "CHECK (review_state IS DISTINCT FROM 'reviewed' OR (reviewed_by_id IS NOT NULL AND reviewed_on IS NOT NULL))",
        "A document that is reviewed says by whom and when.",
    )
    _only_outgoing_signed = models.Constraint(
        "CHECK (direction = 'outgoing' OR state = 'draft')", "What came in from elsewhere is not signed here."
    )
    _inbox_idx = models.Index(
        "(company_id, inbox_state, abnormal, date DESC) WHERE direction = 'incoming' AND inbox_state <> 'reviewed'"
    )

    # === Computes === #

    @api.depends("template_id", "direction")
    def _compute_name(self):
        for document in self:
            if document.template_id and document.state == "draft":
                template = document.template_id.with_context(lang=document.lang)
                document.name = template.title or template.name
            else:
                document.name = document.name or document._get_default_name()

    def _get_default_name(self):
        """Return the title of a document that has none yet."""
        self.ensure_one()
        return self.env._("Received document") if self.direction == "incoming" else self.env._("Letter")

    @api.depends("template_id")
    def _compute_kind(self):
        for document in self:
            if document.template_id and document.state == "draft":
                document.kind = document.template_id.kind
            else:
                document.kind = document.kind or ("other" if document.direction == "incoming" else "letter")

    @api.depends("patient_id.company_id")
    def _compute_company_id(self):
        for document in self:
            document.company_id = document.patient_id.company_id or document.company_id or self.env.company

    @api.depends("direction", "patient_id", "review_state")
    def _compute_inbox_state(self):
        for document in self:
            if document.direction != "incoming":
                document.inbox_state = False
            elif not document.patient_id:
                document.inbox_state = "unmatched"
            else:
                document.inbox_state = document.review_state

    @api.depends("create_date")
    def _compute_display_name(self):
        for document in self:
            document.display_name = (
                self.env._("Document %(number)06d", number=document.id) if document.id else self.env._("New document")
            )

    @api.model
    def _search_display_name(self, operator, value):
        """Find a document by its title too, though it is not shown outside."""
        return Domain("name", operator, value)

    # === Guards === #

    @api.model_create_multi
    def create(self, vals_list):
        if any(self._get_review_fields() & vals.keys() for vals in vals_list):
            raise UserError(self._get_review_button_message())
        vals_list = [self._prepare_document_vals(vals) for vals in vals_list]
        documents = super().create(vals_list)
        documents.filtered(lambda document: document.direction == "incoming")._log_received()
        return documents

    @api.model
    def _prepare_document_vals(self, vals):
        """Return the values of a new document with what depends on its direction; no default makes it reviewed."""
        direction = vals.get("direction") or self.env.context.get("default_direction") or "outgoing"
        vals = {**vals, "direction": direction, "reviewed_by_id": False, "reviewed_on": False}
        vals["review_state"] = "to_review" if direction == "incoming" else False
        if direction == "incoming":
            vals = self._prepare_file_vals(vals)
            vals.setdefault("kind", self.env.context.get("default_kind") or "other")
        elif vals.get("content"):
            raise UserError(self.env._("A file is received; a letter is written."))
        return vals

    def write(self, vals):
        if (self._get_review_fields() | {"direction"}) & vals.keys():
            raise UserError(self._get_review_button_message())
        if "content" in vals:
            raise UserError(self.env._("A file that came in is not replaced: upload the other one beside it."))
        before = {document: document.patient_id for document in self} if "patient_id" in vals else {}
        result = super().write(vals)
        for document, patient in before.items():
            document._log_patient_change(patient)
        return result

    def _get_review_fields(self):
        return {"review_state", "reviewed_by_id", "reviewed_on"}

    def _get_fields_writable_after_signing(self):
        """Who looks after a document may change at any time."""
        return {*super()._get_fields_writable_after_signing(), "assigned_id", "inbox_state", "activity_user_id"}

    def _get_review_button_message(self):
        return self.env._("Use the button Acknowledge: it keeps who read the document, and when.")

    def _check_may_change(self):
        """Refuse to change what is reviewed or in error.

        Unlike the other facts of a chart, a draft letter is completed by whoever is in care, and what came in is
        classified by whoever opens the mail.

        :raises UserError: for a document that nobody changes any more.
        """
        self._check_received_open()

    @api.model
    def _check_consultations_open(self, ids):
        """A letter is written, signed and cancelled after its visit is signed too: it is no part of the note."""

    def _check_received_open(self):
        # Asked of the document itself, whatever the user may read.
        documents = self.sudo()
        if any(document.entered_in_error for document in documents):
            raise UserError(self.env._("This is marked as entered in error and stays as it is. Record it again."))
        if any(document.review_state == "reviewed" for document in documents):
            raise UserError(
                self.env._(
                    "This document is acknowledged and stays as it is. If it is in the wrong chart, "
                    "mark it as entered in error and upload it again."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        """Only drafts, and files that are in no chart yet, are deleted."""
        # Asked of the document itself, whatever the user may read.
        for document in self.sudo():
            draft = document.direction == "outgoing" and document.state == "draft" and not document.entered_in_error
            if not draft and (document.patient_id or document.entered_in_error):
                raise UserError(
                    self.env._("What stands in a chart is not deleted. Mark it as entered in error: it stays readable.")
                )

    # === Signature === #

    def _get_signature_content_fields(self):
        return [
            "name",
            "patient_id",
            "practitioner_id",
            "kind",
            "date",
            "correspondent_id",
            "recipient",
            "lang",
            "body",
        ]

    def _check_may_sign(self):
        self.ensure_one()
        if self.direction == "incoming":
            raise UserError(self.env._("A document that came in is acknowledged, not signed."))
        if self.entered_in_error:
            raise UserError(self.env._("This is marked as entered in error and stays as it is. Record it again."))
        super()._check_may_sign()

    def _check_may_enter_in_error(self):
        """A signed letter is cancelled; a draft is deleted; what came in is marked."""
        if any(document.direction == "outgoing" for document in self):
            raise UserError(self.env._("A signed letter is cancelled with a reason, a draft is deleted."))
        super()._check_may_enter_in_error()

    # === Chatter: nothing of the chart leaves it === #

    def message_post(self, **kwargs):
        """Refuse comments: what is said about a document stays in the chart (``step_ids``).

        :raises UserError: for a message that somebody wrote.
        """
        if kwargs.get("message_type") == "comment" or (kwargs.get("body") and not self.env.su):
            raise UserError(
                self.env._("Comments on a document are kept in the chart: acknowledge, forward or make a task of it.")
            )
        return super().message_post(**kwargs)

    def _get_report_file_name(self):
        """Return the name of the printed file: the number, and nothing about the patient."""
        self.ensure_one()
        return f"document-{self.id:06d}"

    @api.model
    def _digest_of(self, data):
        return hashlib.sha256(data).hexdigest()

    def action_open_patient(self):
        """Open the chart the document belongs to."""
        self.ensure_one()
        if not self.patient_id:
            raise AccessError(self.env._("This document has no patient yet."))
        return self.patient_id.get_formview_action()
