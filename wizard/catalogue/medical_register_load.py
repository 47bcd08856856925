import re
from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo import api, fields, models
from odoo.exceptions import UserError

MAX_NAME = 100


class MedicalRegisterLoad(models.TransientModel):
    """Upload of an official register by the practice manager.

    The record holds the file and is saved before the load begins; while it runs, ``progress`` is written from a
    connection of its own, so that the browser can read it although nothing of the load is visible yet.
    """

    _name = "medical.register.load"
    _description = "Load a Register"

    kind = fields.Selection(selection="_get_kinds", required=True, default="dpd")
    hint = fields.Text("File to Take", compute="_compute_hint")
    file = fields.Binary("Official File", required=True, help="The file, as it is offered; several in one zip file.")
    file_name = fields.Char()
    accept_withdrawals = fields.Boolean(
        "Load even if much disappears",
        help="Otherwise a file that lacks a large part of what is known today is taken for the wrong one.",
    )
    progress = fields.Integer(readonly=True, help="Percent.")

    @api.model
    def _get_kinds(self):
        """Return the kinds of register that have a loader."""
        register = self.env["medical.register"]
        loaders = register._get_loaders()
        return [item for item in register._fields["kind"]._description_selection(self.env) if item[0] in loaders]

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_hint(self):
        register = self.env["medical.register"]
        for load in self:
            load.hint = register._get_loader(load.kind)._get_file_hint(load.kind) if load.kind else False

    def action_load(self):
        """Load the uploaded file; return the action that shows what came of it.

        The upload was saved before, so that a load that was cut off can be started again without sending it again.
        """
        self.ensure_one()
        self.check_access("write")
        with TemporaryDirectory() as folder:
            path = Path(folder, self._get_safe_name())
            path.write_bytes(b64decode(self.file or b""))
            report = self.env["medical.register"].load_edition(self.kind, path, progress=self._save_progress)
        self._check_withdrawals(report)
        return self._get_report_action(report)

    def _get_safe_name(self):
        """Return the name of the uploaded file, for the history, without anything a path could be made of."""
        name = re.sub(r"[^\w.-]+", "_", (self.file_name or "").replace("\\", "/").rpartition("/")[2])
        return name[-MAX_NAME:].lstrip(".") or "register"

    def _check_withdrawals(self, report):
        """Refuse, and so undo, a load that takes a large part of what is known away unless that is wanted."""
        if self.accept_withdrawals or not self.env["medical.register"]._is_suspicious(report):
            return
        raise UserError(
            self.env._(
                "%(withdrawn)s of the %(known)s entries known today are not in this file. Is it the right one? "
                "If so, tick “Load even if much disappears”. Nothing was loaded.",
                withdrawn=report["withdrawn"],
                known=report["known"],
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
