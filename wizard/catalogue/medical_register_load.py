from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo import fields, models
from odoo.exceptions import UserError

#: An edition that withdraws this share of the drugs is more likely the wrong file than the new market.
SUSPICIOUS_SHARE = 0.3
SUSPICIOUS_COUNT = 20


class MedicalRegisterLoad(models.TransientModel):
    """Upload of an official register by the practice manager.

    The record holds the file and is saved before the load begins; while it runs, ``progress`` is written from a
    connection of its own, so that the browser can read it although nothing of the load is visible yet.
    """

    _name = "medical.register.load"
    _description = "Load a Register"

    kind = fields.Selection(
        selection=lambda self: self.env["medical.register"]._fields["kind"]._description_selection(self.env),
        required=True,
        default="dpd",
    )
    file = fields.Binary("Official File", required=True, help="The zip file, as the authority offers it.")
    file_name = fields.Char()
    accept_withdrawals = fields.Boolean(
        "Load even if many drugs disappear",
        help="Otherwise a file that lacks a large part of the drugs known today is taken for the wrong one.",
    )
    progress = fields.Integer(readonly=True, help="Percent.")

    def action_load(self):
        """Load the uploaded file; return the action that shows what came of it."""
        self.ensure_one()
        self.check_access("write")
        before = self._count_marketed()
        with TemporaryDirectory() as folder:
            path = Path(folder, "register.zip")
            path.write_bytes(b64decode(self.file or b""))
            report = self.env["medical.register"].load_edition(self.kind, path, progress=self._save_progress)
        self._check_withdrawals(report, before)
        return self._get_report_action(report)

    def _count_marketed(self):
        return self.env["medical.drug"].search_count([("register_kind", "=", self.kind), ("marketed", "=", True)])

    def _check_withdrawals(self, report, before):
        """Refuse, and so undo, a load that takes a large part of the drugs away unless that is wanted."""
        withdrawn = report["withdrawn"]
        if self.accept_withdrawals or withdrawn < SUSPICIOUS_COUNT or withdrawn < SUSPICIOUS_SHARE * before:
            return
        raise UserError(
            self.env._(
                "%(withdrawn)s of the %(before)s drugs known today are not in this file. Is it the right one? "
                "If so, tick “Load even if many drugs disappear”. Nothing was loaded.",
                withdrawn=withdrawn,
                before=before,
            )
        )

    def _save_progress(self, share):
        """Write the progress so that other connections see it at once; never wait for a lock."""
        with self.env.registry.cursor() as cr:
            cr.execute(
                """
                UPDATE medical_register_load SET progress = %s WHERE id IN
                    (SELECT id FROM medical_register_load WHERE id = %s FOR UPDATE SKIP LOCKED)
                """,
                [round(100 * share), self.id],
            )

    def _get_report_action(self, report):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Register Loaded"),
            "res_model": "medical.register",
            "res_id": report["register_id"],
            "views": [(False, "form")],
        }
