from odoo import api, fields, models
from odoo.addons.medical_practice.lib import canonical
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.tools import SQL

SIGNATURE_STATES = [
    ("draft", "Draft"),
    ("signed", "Signed"),
    ("cancelled", "Cancelled"),
]

#: One function for all documents; the arguments of each trigger are the columns it keeps.
KEEP_SIGNED_FUNCTION = """
CREATE OR REPLACE FUNCTION medical_keep_signed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb;
    kept text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A signed document cannot be deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    after := to_jsonb(NEW);
    IF NEW.state = 'draft' OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled') THEN
        RAISE EXCEPTION 'A signature cannot be taken back' USING ERRCODE = 'restrict_violation';
    END IF;
    FOREACH kept IN ARRAY TG_ARGV LOOP
        IF after -> kept IS DISTINCT FROM before -> kept THEN
            RAISE EXCEPTION 'A signed document cannot be changed' USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$
"""


class MedicalSignatureMixin(models.AbstractModel):
    """A document that a practitioner signs: consultation, prescription, addendum.

    Life cycle: *draft* (content is free), *signed* (content is frozen, its canonical form and the SHA-256 digest of it
    are kept), *cancelled* (still frozen, with who, when and why). There is no way back to draft: a correction is an
    addendum or a new document.

    What a model that uses the mixin gives:

    - ``_get_signature_content_fields()``: the names of the fields that make up the content;
    - ``_get_missing_before_signing()``: sentences that name what is missing;
    - ``_prepare_signed_snapshot()``: what else is kept with the content (labels as they read that day);
    - ``_get_fields_writable_after_signing()``: the few fields that may still change (links, follow-up).

    The frozen state is held here and not in record rules, so that ``sudo()`` in business code does not pass either:
    the only door is ``_write_signature``, which no remote call can reach. Below the ORM a PostgreSQL trigger holds the
    same line for the columns of the content (see ``init``), whatever statement comes.
    """

    _name = "medical.signature.mixin"
    _description = "Signed Medical Document"
    _inherit = ["medical.audited.mixin"]

    state = fields.Selection(
        SIGNATURE_STATES, default="draft", required=True, readonly=True, copy=False, index=True, string="Status"
    )
    signed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    signed_on = fields.Datetime(readonly=True, copy=False)
    signed_content = fields.Json(readonly=True, copy=False, help="Canonical content at the time of signing.")
    digest = fields.Char(readonly=True, copy=False, help="SHA-256 of the canonical content at the time of signing.")
    cancelled_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    cancelled_on = fields.Datetime(readonly=True, copy=False)
    cancel_reason = fields.Char(readonly=True, copy=False)

    # === What a document tells about itself === #

    def _get_signature_content_fields(self):
        """Return the names of the fields covered by the signature."""
        return []

    def _get_fields_writable_after_signing(self):
        """Return the names of the fields that are not content and may change once signed."""
        return {"activity_ids", "message_follower_ids", "message_ids"}

    def _get_missing_before_signing(self):
        """Return sentences, in the user's language, naming what still prevents a signature."""
        self.ensure_one()
        return []

    def _get_practitioner(self):
        """Return the practitioner whose document this is, the only one who may sign it."""
        self.ensure_one()
        return self.practitioner_id

    # === Guards === #

    @api.model_create_multi
    def create(self, vals_list):
        if any(self._get_signature_fields() & vals.keys() for vals in vals_list):
            raise UserError(self.env._("A document starts as a draft: use the Sign button to sign it."))
        # Written out, so that no default of the context or of a user makes a document that is born signed.
        blank = dict.fromkeys(self._get_signature_fields(), False) | {"state": "draft"}
        return super().create([vals | blank for vals in vals_list])

    def write(self, vals):
        if self._get_signature_fields() & vals.keys():
            raise UserError(self.env._("Use the Sign and Cancel buttons: a signature cannot be written by hand."))
        if vals.keys() - self._get_fields_writable_after_signing():
            self._check_not_signed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._check_not_signed()

    def _check_not_signed(self):
        """Refuse when a document of the set is signed or cancelled.

        :raises UserError: naming the documents.
        """
        # Whoever the caller is, the state is a fact of the document: read past the record rules.
        frozen = self.sudo().filtered(lambda document: document.state != "draft")
        if frozen:
            raise UserError(
                self.env._(
                    "%(documents)s is signed and can no longer be changed or deleted. "
                    "Add an addendum, or cancel it with a reason and make a new one.",
                    documents=", ".join(frozen.mapped("display_name")),
                )
            )

    def _lock_against_signing(self):
        """Hold off a signature until the end of this transaction: a part of the content is about to change.

        Several may hold the lock at once. Who comes after a signature that was committed meanwhile gets a
        serialization failure, is retried by the server, and then finds the document signed.
        """
        if ids := [id_ for id_ in self._ids if id_]:
            self.env.execute_query(
                SQL("SELECT id FROM %s WHERE id IN %s FOR SHARE", SQL.identifier(self._table), tuple(ids))
            )

    def _get_signature_fields(self):
        """Return the names of the fields that make up the signature itself."""
        return {
            "state",
            "signed_by_id",
            "signed_on",
            "signed_content",
            "digest",
            "cancelled_by_id",
            "cancelled_on",
            "cancel_reason",
        }

    def _write_signature(self, vals):
        """Write the fields of the signature itself, past the guard of ``write``."""
        return super().write(vals)

    def _get_write_access(self, vals):
        """Signing and cancelling are told apart from changes; a signature leaves its digest in the log."""
        if vals.get("state") == "signed":
            return {"action": "sign", "digest": vals.get("digest")}
        if vals.get("state") == "cancelled":
            return {"action": "cancel"}
        return super()._get_write_access(vals)

    # === The database holds the same line === #

    def init(self):
        """Make the trigger that refuses to change the signed content, below the ORM too."""
        super().init()
        if not self._abstract:
            self._create_signature_trigger()

    def _get_signature_columns(self):
        """Return the columns that no statement may change once the document is signed."""
        names = {"signed_by_id", "signed_on", "signed_content", "digest", *self._get_signature_content_fields()}
        return sorted(name for name in names if (field := self._fields.get(name)) and field.store and field.column_type)

    def _create_signature_trigger(self):
        """(Re)create the trigger; its columns follow the fields of the model."""
        self.env.cr.execute(SQL(KEEP_SIGNED_FUNCTION))
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS medical_keep_signed ON %(table)s;
                CREATE TRIGGER medical_keep_signed BEFORE UPDATE OR DELETE ON %(table)s
                    FOR EACH ROW WHEN (OLD.state <> 'draft')
                    EXECUTE FUNCTION medical_keep_signed(%(columns)s)
                """,
                table=SQL.identifier(self._table),
                columns=SQL(", ").join(SQL("%s", name) for name in self._get_signature_columns()),
            )
        )

    # === Signing === #

    def action_sign(self):
        """Sign the documents: check, freeze, keep content and digest.

        :raises AccessError: if the user is not the practitioner of the document.
        :raises ValidationError: naming everything that is missing.
        """
        self.check_access("write")
        self._lock_for_signature()
        for document in self:
            document._check_may_sign()
            document._check_complete()
            document._sign()
        return True

    def _lock_for_signature(self):
        """Take the documents for this transaction and read them afresh: what is signed is what the database holds.

        :raises UserError: while somebody else changes or signs one of them.
        """
        try:
            self.lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._(
                    "Somebody else is working on %s right now. Try again.", ", ".join(self.mapped("display_name"))
                )
            ) from error
        self.invalidate_recordset()

    def _check_may_sign(self):
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("%(document)s is not a draft any more.", document=self.display_name))
        practitioner = self._get_practitioner()
        is_practitioner = self.env.user.has_group("medical_practice.group_practitioner")
        # The link between a practitioner and his account is asked for as the practice, whatever the user may read.
        if not is_practitioner or practitioner.sudo().user_id != self.env.user:
            raise AccessError(
                self.env._(
                    "Only %(practitioner)s can sign %(document)s.",
                    practitioner=practitioner.display_name or self.env._("its practitioner"),
                    document=self.display_name,
                )
            )

    def _check_complete(self):
        missing = self._get_missing_before_signing()
        if missing:
            lines = "\n".join(f"• {sentence}" for sentence in missing)
            raise ValidationError(
                self.env._("%(document)s cannot be signed yet:\n%(lines)s", document=self.display_name, lines=lines)
            )

    def _sign(self):
        self.ensure_one()
        self._before_signing()
        content = self._prepare_signed_content() | self._prepare_signed_snapshot()
        self._write_signature(
            {
                "state": "signed",
                "signed_by_id": self.env.uid,
                "signed_on": fields.Datetime.now(),
                "signed_content": content,
                "digest": canonical.digest(content),
            }
        )
        self._after_signing()

    def _before_signing(self):
        """Hook: complete the draft just before its content is frozen."""

    def _after_signing(self):
        """Hook: what follows from the signature."""

    def _prepare_signed_content(self):
        """Return the content of the document as plain values (dict, list, str, number, bool, None)."""
        self.ensure_one()
        content = self._prepare_content_values(self._get_signature_content_fields())
        return {"model": self._name, "id": self.id, **content}

    def _prepare_signed_snapshot(self):
        """Return what is kept beside the content and read only: names and labels as they stood that day.

        It is covered by the digest, and not compared with today's names by ``_is_signature_intact``.
        """
        self.ensure_one()
        return {}

    def _prepare_content_values(self, names):
        """Return ``{name: plain value}``; relations by id, dates in ISO 8601, HTML as its source."""
        self.ensure_one()
        values = self.read(names, load=None)[0]
        values.pop("id", None)
        for name, value in values.items():
            if self._fields[name].relational and isinstance(value, (list, tuple)):
                # By id: the order of a relation may follow a name that changes later.
                values[name] = sorted(value)
        return {name: self._plain_content_value(value) for name, value in sorted(values.items())}

    @api.model
    def _plain_content_value(self, value):
        if value is False or value is None or isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, dict):
            return {str(key): self._plain_content_value(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._plain_content_value(item) for item in value]
        if isinstance(value, bytes):
            return canonical.digest(value.decode("latin-1"))
        return value.isoformat() if hasattr(value, "isoformat") else str(value)

    # === Cancelling and verifying === #

    def action_cancel(self, reason=None):
        """Cancel signed documents; the reason is kept with who and when.

        :param str reason: why, in the words of the user.
        :raises UserError: without a reason, or if a document is not signed.
        """
        self.check_access("write")
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Say why it is cancelled: the reason is kept with the document."))
        self._lock_for_signature()
        for document in self:
            document._check_may_cancel()
            document._write_signature(
                {
                    "state": "cancelled",
                    "cancelled_by_id": self.env.uid,
                    "cancelled_on": fields.Datetime.now(),
                    "cancel_reason": reason,
                }
            )
            document._after_cancelling()
        return True

    def action_open_cancel(self):
        """Open the dialog that asks for the reason of a cancellation."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel"),
            "res_model": "medical.signature.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

    def _check_may_cancel(self):
        self.ensure_one()
        if self.state != "signed":
            raise UserError(self.env._("Only a signed document can be cancelled; delete the draft instead."))
        if not self.env.user.has_group("medical_practice.group_practitioner"):
            raise AccessError(self.env._("Only a practitioner can cancel a signed document."))

    def _after_cancelling(self):
        """Hook: what follows from the cancellation."""

    def _is_signature_intact(self):
        """Tell whether the document still says what was signed, and the kept digest matches."""
        self.ensure_one()
        signed = self.signed_content
        if not self.digest or not isinstance(signed, dict) or self.digest != canonical.digest(signed):
            return False
        current = self._only_signed(self._prepare_signed_content(), signed)
        return canonical.digest(current) == canonical.digest({name: signed[name] for name in current})

    @api.model
    def _only_signed(self, value, signed):
        """Return a value without what joined the content in a later version: it was never signed, nor is it compared.

        A part that is missing or added stays, so that it is found out.
        """
        if isinstance(value, dict) and isinstance(signed, dict):
            return {name: self._only_signed(part, signed[name]) for name, part in value.items() if name in signed}
        if isinstance(value, list) and isinstance(signed, list) and len(value) == len(signed):
            return [self._only_signed(part, old) for part, old in zip(value, signed, strict=True)]
        return value
