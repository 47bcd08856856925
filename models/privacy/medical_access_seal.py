from odoo import api, fields, models, modules
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...lib import sealing
from .medical_access_log import APPEND_ONLY, COLUMNS

#: Rows of one block at most: what is read into memory at once when a block is made.
BLOCK_ROWS = 10_000
#: Rows fetched at once while the chain is verified.
FETCHED = 5_000
LOCK_TIMEOUT = "5s"


class MedicalAccessSeal(models.Model):
    """A block of the access log, sealed: its digest covers its rows and the seal before it (see ``lib.sealing``).

    Sealing takes the rows that are there in blocks without a gap. It waits for the statements that are inserting at
    that moment and holds new ones for the time of one query, so that no row can slip in below a sealed one; the rows
    themselves are inserted without any lock of ours.
    """

    _name = "medical.access.seal"
    _description = "Seal of the Access Log"
    _log_access = False
    _order = "number desc"
    _rec_name = "number"

    number = fields.Integer(required=True, readonly=True, aggregator=None)
    first_id = fields.Integer("First Row", required=True, readonly=True, aggregator=None)
    last_id = fields.Integer("Last Row", required=True, readonly=True, aggregator=None)
    row_count = fields.Integer("Rows", required=True, readonly=True)
    previous_digest = fields.Char(required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True)
    sealed_on = fields.Datetime(required=True, readonly=True)
    sealed_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    _number_uniq = models.UniqueIndex("(number)", "This block is sealed already.")

    def init(self):
        self.env.cr.execute(APPEND_ONLY % {"table": self._table})

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A seal is made once and never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A seal is made once and never changed."))

    # === Sealing === #

    @api.model
    def seal(self):
        """Seal the rows that are not sealed yet.

        :return: how many blocks were made.
        """
        self._check_officer()
        self.env["medical.access.log"]._flush_pending()
        if self._is_in_this_transaction():
            return self.sudo()._seal()
        with self.env.registry.cursor() as cr:
            return self.with_env(self.env(cr=cr)).sudo()._seal()

    def _is_in_this_transaction(self):
        """Tell whether rows of this very transaction wait to be sealed: no other one would see them."""
        return bool(modules.module.current_test or self.env.cr.cache.get("medical_access_log_written"))

    def _seal(self):
        """Seal in this transaction; its first statement is the lock, so that it sees all that was inserted before."""
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
        self.env.cr.execute("LOCK TABLE medical_access_log IN SHARE MODE")
        last = self.search([], order="number desc", limit=1)
        chain, made = sealing.Chain(last.digest or sealing.GENESIS), 0
        while ids := self._get_next_ids(last):
            block = sealing.Block(last.number + 1, last.last_id + 1, ids[-1])
            previous = chain.previous
            digest = chain.seal(block, self._iterate_rows(block))
            last = self.create(self._prepare_seal(block, len(ids), previous, digest))
            made += 1
        self.env.cr.execute("SET LOCAL lock_timeout = DEFAULT")
        return made

    def _get_next_ids(self, last):
        rows = self.env.execute_query(
            SQL("SELECT id FROM medical_access_log WHERE id > %s ORDER BY id LIMIT %s", last.last_id, BLOCK_ROWS)
        )
        return [id_ for (id_,) in rows]

    def _prepare_seal(self, block, count, previous, digest):
        return {
            "number": block.number,
            "first_id": block.first_id,
            "last_id": block.last_id,
            "row_count": count,
            "previous_digest": previous,
            "digest": digest,
            "sealed_on": fields.Datetime.now(),
            "sealed_by_id": self.env.uid,
        }

    def _iterate_rows(self, block):
        """Yield the rows of a block as they stand in the database, in the order of their ids."""
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        after = block.first_id - 1
        while True:
            rows = self.env.execute_query(
                SQL(
                    "SELECT %s FROM medical_access_log WHERE id > %s AND id <= %s ORDER BY id LIMIT %s",
                    columns,
                    after,
                    block.last_id,
                    FETCHED,
                )
            )
            yield from rows
            if len(rows) < FETCHED:
                return
            after = rows[-1][0]

    # === Verifying === #

    @api.model
    def verify(self, known_digest=None):
        """Check the whole chain against the log as it stands.

        :param str known_digest: a digest that was printed or sent before; a chain that was rewritten lacks it
        :return: dict of ``ok``, ``blocks`` and ``rows`` that hold, ``first_broken`` (number of the first block that
            does not, or False), ``reason`` (content, order, anchor or ''), ``pending`` (rows not sealed yet),
            ``latest_digest``
        :raise AccessError: for who is no privacy officer
        """
        self._check_officer()
        self.env["medical.access.log"]._flush_pending()
        self.env.flush_all()
        # The officer, checked above, verifies rows of every practice.
        seals = self.sudo()
        seals.invalidate_model()
        chain = seals.search([], order="number, id")  # pylint: disable=no-search-all
        known = [known_digest.strip().lower()] if known_digest and known_digest.strip() else []
        verdict = sealing.check(seals._get_sealed(chain), known)
        return {
            "ok": verdict.ok,
            "blocks": verdict.blocks,
            "rows": verdict.rows,
            "first_broken": verdict.first_broken or False,
            "reason": verdict.reason,
            "pending": seals._count_pending(chain[-1:].last_id),
            "latest_digest": verdict.latest,
        }

    def _get_sealed(self, chain):
        for seal in chain:
            block = sealing.Block(seal.number, seal.first_id, seal.last_id)
            yield block, seal.previous_digest, seal.digest, self._iterate_rows(block)

    def _count_pending(self, last_id):
        return self.env.execute_query(SQL("SELECT count(*) FROM medical_access_log WHERE id > %s", last_id))[0][0]

    def _check_officer(self):
        if not self.env.su and not self.env.user.has_group("medical_practice.group_privacy_officer"):
            raise AccessError(self.env._("Only the privacy officer seals and verifies the access log."))

    # === Gestures of the officer === #

    def action_verify(self):
        """Seal what is pending, check the chain, and tell the officer in one sentence."""
        self.seal()
        return self._get_notification(self.verify())

    def action_print_attestation(self):
        """Seal what is pending and print the latest seal, to be kept outside the computer.

        :raise UserError: where nothing was ever sealed.
        """
        self.seal()
        seal = self.search([], limit=1)
        if not seal:
            raise UserError(self.env._("There is nothing to seal yet."))
        return self.env.ref("medical_practice.action_report_access_seal").report_action(seal, config=False)

    @api.model
    def _get_notification(self, verdict):
        _ = self.env._
        if verdict["ok"]:
            message = _(
                "%(rows)s rows in %(blocks)s blocks stand as they were written. Latest seal: %(digest)s",
                rows=verdict["rows"],
                blocks=verdict["blocks"],
                digest=verdict["latest_digest"],
            )
        else:
            message = _(
                "Block %(number)s does not hold: rows of the log were changed, deleted or inserted after they were "
                "sealed. Keep the database as it is and call whoever looks after it.",
                number=verdict["first_broken"],
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if verdict["ok"] else "danger",
                "sticky": True,
                "title": _("The log is intact") if verdict["ok"] else _("The log was tampered with"),
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_seal(self):
        """Seal what was written since the last time."""
        self.seal()
