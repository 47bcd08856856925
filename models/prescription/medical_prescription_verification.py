import hmac
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: Wrong birthdates after which the lines stay closed, and for how long.
MAX_FAILURES = 5
LOCK_TIME = timedelta(hours=1)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


class MedicalPrescription(models.Model):
    """What the public page tells to whoever holds the paper.

    The token of the paper says that the prescription exists, who signed it and when; its lines need the birthdate of
    the patient too. The tries are counted in the database, so that neither a restart nor parallel requests give more.
    """

    _inherit = "medical.prescription"

    @api.model
    def _find_by_token(self, token):
        """Return the signed or cancelled prescription of a token, with the rights of the system, or an empty set."""
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            return self.browse()
        # Whoever holds the paper has no account: the token printed on it stands for the right to check it.
        return self.sudo().search([("verification_token", "=", token), ("state", "!=", "draft")], limit=1)

    def _get_verification_status(self):
        """Return 'altered', 'cancelled', 'expired' or 'authentic': the first that is true."""
        self.ensure_one()
        if not self._is_signature_intact():
            return "altered"
        if self.state == "cancelled":
            return "cancelled"
        return "expired" if self.is_expired else "authentic"

    def _try_birthdate(self, birthdate):
        """Compare a birthdate with the patient's and count the try.

        The row is locked first: of two requests at one moment the second waits or is run again, and no try is lost.

        :param date birthdate: what the visitor gave.
        :return: 'right', 'wrong' or 'locked'; a locked prescription does not say whether the date was right.
        """
        self.ensure_one()
        failures, locked_until = self._lock_verification()
        now = fields.Datetime.now()
        if locked_until and locked_until > now:
            return "locked"
        expected = (self._get_paper()["patient"].get("birthdate") or "").encode()
        if expected and hmac.compare_digest(expected, birthdate.isoformat().encode()):
            self._write_verification(0, None)
            return "right"
        failures = 1 if locked_until else failures + 1
        locked_until = now + LOCK_TIME if failures >= MAX_FAILURES else None
        self._write_verification(failures, locked_until)
        return "locked" if locked_until else "wrong"

    def _lock_verification(self):
        """Return ``(failures, locked until)`` and keep everybody else out of the row until the transaction ends."""
        query = SQL(
            "SELECT COALESCE(verification_failures, 0), verification_locked_until "
            "FROM medical_prescription WHERE id = %s FOR UPDATE",
            self.id,
        )
        return self.env.execute_query(query)[0]

    def _write_verification(self, failures, locked_until):
        """Keep the count; past the ORM, because a signed prescription is written by nobody."""
        self.env.cr.execute(
            SQL(
                "UPDATE medical_prescription SET verification_failures = %s, verification_locked_until = %s "
                "WHERE id = %s",
                failures,
                locked_until,
                self.id,
            )
        )
        self.invalidate_recordset(["verification_failures", "verification_locked_until"], flush=False)
