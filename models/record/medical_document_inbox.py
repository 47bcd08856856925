from odoo import api, fields, models
from odoo.addons.medical_practice.lib import file_names
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

#: Patients proposed for a file; more would be no proposal.
MAX_CANDIDATES = 5
#: Patients compared with the name of a file, at most.
MAX_COMPARED = 200
#: A name shorter than this stands in too many words.
MIN_WORD = 3
TASK_TYPE = "medical_practice.mail_activity_type_document"
RECALL_TYPE = "medical_practice.mail_activity_type_recall"


class MedicalDocument(models.Model):
    """The inbox: whose document it is, who reads it, what follows.

    Nothing is matched by itself: the name of a file only proposes patients, a person confirms.
    """

    _name = "medical.document"
    _inherit = "medical.document"

    candidate_ids = fields.Many2many("medical.patient", compute="_compute_candidate_ids", string="Proposed Patients")
    can_acknowledge = fields.Boolean(compute="_compute_can_acknowledge")

    # === Proposals === #

    @api.depends("file_name", "inbox_state")
    def _compute_candidate_ids(self):
        for document in self:
            unmatched = document.inbox_state == "unmatched" and document.file_name
            document.candidate_ids = document._find_candidates() if unmatched else False

    def _find_candidates(self):
        """Return the patients the name of the file speaks for, the likeliest first, among those the user sees."""
        self.ensure_one()
        clues = file_names.clues(self.file_name)
        domain = self._get_candidate_domain(clues)
        if domain.is_false():
            return self.env["medical.patient"]
        company = Domain("company_id", "=", self.company_id.id)
        patients = self.env["medical.patient"].search(company & domain, limit=MAX_COMPARED)
        scores = {patient: file_names.score(clues, patient._get_file_candidate()) for patient in patients}
        ranked = sorted((patient for patient in patients if scores[patient]), key=lambda patient: -scores[patient])
        return self.env["medical.patient"].browse([patient.id for patient in ranked[:MAX_CANDIDATES]])

    @api.model
    def _get_candidate_domain(self, clues):
        """Return the patients worth comparing: those whose number or one of whose names stands in the file name."""
        terms = [word for word in clues.words if len(word) >= MIN_WORD] + list(clues.numbers)
        return Domain.OR(Domain("search_key", "like", term) for term in terms) if terms else Domain.FALSE

    @api.depends_context("uid")
    @api.depends("inbox_state", "entered_in_error")
    def _compute_can_acknowledge(self):
        is_practitioner = self.env.user.has_group("medical_practice.group_practitioner")
        for document in self:
            waiting = document.inbox_state == "to_review" and not document.entered_in_error
            document.can_acknowledge = is_practitioner and waiting

    # === Matching === #

    def action_match(self, patient_id):
        """Put received documents into the chart of a patient.

        :param int patient_id: the patient that a person recognised.
        :raises UserError: for a document that has its patient already.
        """
        self.check_access("write")
        patient = self.env["medical.patient"].browse(patient_id).exists()
        patient.check_access("read")
        if not patient:
            raise UserError(self.env._("Choose the patient."))
        if any(document.inbox_state != "unmatched" for document in self):
            raise UserError(self.env._("This document has its patient already: send it back to the inbox first."))
        self.write({"patient_id": patient.id})
        return True

    def action_unmatch(self):
        """Send documents that nobody acknowledged yet back to the inbox: they were in the wrong chart."""
        self.check_access("write")
        if any(document.direction != "incoming" for document in self):
            raise UserError(self.env._("Only a received document goes back to the inbox."))
        self.write({"patient_id": False, "consultation_id": False})
        return True

    @api.constrains("patient_id", "company_id")
    def _check_practice(self):
        for document in self:
            if document.patient_id and document.patient_id.company_id != document.company_id:
                raise ValidationError(self.env._("The document and the patient belong to the same practice."))

    # === Acknowledging === #

    def action_acknowledge(self, comment=None):
        """Mark received documents as read by the user.

        :param str comment: kept with the document, in the chart.
        :raises AccessError: unless the user is a practitioner.
        :raises UserError: for a document without a patient, or reviewed already.
        """
        self.check_access("write")
        if not self.env.user.has_group("medical_practice.group_practitioner"):
            raise AccessError(self.env._("Only a practitioner acknowledges what came in."))
        self._lock_for_signature()
        for document in self:
            document._check_may_acknowledge()
        self._write_review(
            {"review_state": "reviewed", "reviewed_by_id": self.env.uid, "reviewed_on": fields.Datetime.now()}
        )
        self._log_step("reviewed", comment=comment)
        return True

    def _check_may_acknowledge(self):
        self.ensure_one()
        if self.direction != "incoming" or self.entered_in_error:
            raise UserError(self.env._("Only what came in is acknowledged."))
        if not self.patient_id:
            raise UserError(self.env._("Say first whose document this is."))
        if self.review_state == "reviewed":
            raise UserError(self.env._("This document is acknowledged already."))

    def _write_review(self, vals):
        """Write the review itself, past the guard of ``write``."""
        return self._write_signature(vals)

    # === Handing on === #

    def action_forward(self, practitioner_id, comment=None):
        """Give documents to another practitioner, who finds them in his inbox.

        :param int practitioner_id: who reads and acknowledges them from now on.
        """
        self.check_access("write")
        practitioner = self.env["medical.practitioner"].browse(practitioner_id).exists()
        practitioner.check_access("read")
        if not practitioner:
            raise UserError(self.env._("Choose the practitioner."))
        self.write({"assigned_id": practitioner.id})
        self._log_step("forwarded", comment=comment, practitioner_id=practitioner.id)
        return True

    def action_task(self, user_id, date_deadline=None, comment=None):
        """Make a task of documents: the task says nothing, what is to be done stands in the chart.

        :param int user_id: who does it; he must be allowed to read the document.
        """
        self.check_access("write")
        user = self._check_user(user_id)
        for document in self:
            if not document.with_user(user).has_access("read"):
                raise AccessError(
                    self.env._("%(name)s may not open this document: choose somebody in care.", name=user.name)
                )
            document.activity_schedule(
                TASK_TYPE, date_deadline=fields.Date.to_date(date_deadline) or None, user_id=user.id
            )
        self._log_step("task", comment=comment, to_user_id=user.id)
        return True

    def action_recall(self, user_id=None, date_deadline=None, comment=None):
        """Ask the reception to call the patient for an appointment: the request names no document and no reason.

        :param int user_id: who calls; nobody: whoever looks at the patients to call back.
        """
        self.check_access("write")
        user = self._check_user(user_id) if user_id else self.env["res.users"]
        for document in self:
            if not document.patient_id:
                raise UserError(self.env._("Say first whose document this is."))
            # Without the document's own rights: the task stands on the patient, whom the reception may see.
            document.patient_id.activity_schedule(
                RECALL_TYPE, date_deadline=fields.Date.to_date(date_deadline) or None, user_id=user.id
            )
        self._log_step("recall", comment=comment, to_user_id=user.id)
        return True

    @api.model
    def _check_user(self, user_id):
        user = self.env["res.users"].browse(user_id).exists()
        if not user or user.share:
            raise UserError(self.env._("Choose somebody of the practice."))
        return user

    # === What was done === #

    def _log_step(self, kind, comment=None, **values):
        """Keep a step of the handling; the words stay in the chart."""
        comment = comment.strip() if isinstance(comment, str) else False
        vals = {"kind": kind, "user_id": self.env.uid, "comment": comment or False, **values}
        # Nobody writes steps by hand: the document does, for the user who may write on it.
        self.env["medical.document.step"].sudo().create(
            [{"patient_id": document.patient_id.id, **vals, "document_id": document.id} for document in self]
        )

    def _log_received(self):
        self._log_step("received")
        for document in self.filtered("patient_id"):
            document._log_step("matched", patient_id=document.patient_id.id)

    def _log_patient_change(self, before):
        """Keep whose document it was and is."""
        self.ensure_one()
        if self.direction != "incoming" or before == self.patient_id:
            return
        if before:
            self._log_step("unmatched", patient_id=before.id)
        if self.patient_id:
            self._log_step("matched", patient_id=self.patient_id.id)

    def action_open_handle(self):
        """Open the dialog that hands documents on; ``handle_kind`` of the context says how."""
        self.check_access("write")
        kind = self.env.context.get("handle_kind") or "reviewed"
        titles = {
            "reviewed": self.env._("Acknowledge"),
            "forwarded": self.env._("Forward"),
            "task": self.env._("New Task"),
            "recall": self.env._("Recall the Patient"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": titles.get(kind, ""),
            "res_model": "medical.document.handle",
            "view_mode": "form",
            "target": "new",
            "context": {"default_kind": kind, "default_document_ids": self.ids},
        }
