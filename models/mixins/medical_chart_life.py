from odoo import api, fields, models
from odoo.exceptions import UserError


class MedicalChartLife(models.AbstractModel):
    """A fact whose life goes on after it was recorded: a problem resolves, a treatment ends, an allergy is refuted.

    What was recorded (*content*) is held as ``medical.chart.entry`` holds it. The few fields named by
    ``_get_life_fields`` say what has become of the fact since: whoever cares for the patient may change them, also on
    facts of others and after the consultation was signed, and each change leaves a row of ``medical.chart.change``
    that nobody alters. While the consultation of a fact is a draft the fact is still being written, and its changes
    are no history yet.
    """

    _name = "medical.chart.life"
    _description = "Chart Entry with a Life of Its Own"
    _inherit = ["medical.chart.entry"]

    practitioner_id = fields.Many2one(default=lambda self: self.env["medical.practitioner"]._get_current())
    change_ids = fields.One2many(
        "medical.chart.change",
        "res_id",
        "History of Changes",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
        copy=False,
    )

    # === What lives on === #

    def _get_life_fields(self):
        """Return the names of the stored fields that say what has become of the fact since it was recorded."""
        return set()

    def _get_history_fields(self):
        """Return the names of the stored fields whose changes are kept; more than the user may change, at times."""
        return self._get_life_fields()

    def _get_fields_writable_after_signing(self):
        return super()._get_fields_writable_after_signing() | self._get_life_fields()

    # === Guards === #

    def write(self, vals):
        if not self._get_history_fields() & vals.keys():
            return super().write(vals)
        self._check_alive()
        before = self._get_life_values()
        result = super().write(vals)
        self._keep_changes(before)
        return result

    def _write_caused(self, vals, prescription):
        """Write what a prescription does to a fact, content included, and keep it with its cause.

        :param prescription: the ``medical.prescription`` that is signed or cancelled.
        """
        self._check_alive()
        before = self._get_life_values()
        self._write_past_guard(vals)
        self._keep_changes(before, prescription)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        # Whether a fact has a history is asked of the fact, whoever deletes it.
        if self.sudo().change_ids:
            raise UserError(
                self.env._("Something has followed from this already. Mark it as entered in error: it stays readable.")
            )

    def _check_alive(self):
        """Refuse to change what became of a fact that never was.

        :raises UserError: for facts that are marked as entered in error.
        """
        self.check_access("write")
        # Asked of the fact itself, whatever the user may read.
        if any(fact.entered_in_error for fact in self.sudo()):
            raise UserError(self.env._("This is marked as entered in error and stays as it is. Record it again."))

    # === History === #

    def _get_life_values(self):
        """Return ``{id: {field: plain value}}`` of what is kept in the history."""
        names = sorted(self._get_history_fields())
        return {fact.id: {name: fact._get_plain_value(name) for name in names} for fact in self}

    def _get_plain_value(self, name):
        """Return a value as the history keeps it: texts and numbers, of a record its id and its name of that day."""
        self.ensure_one()
        value, field = self[name], self._fields[name]
        if field.type == "many2one":
            return [value.id, value.display_name] if value else False
        if field.type in ("date", "datetime"):
            return field.to_string(value) if value else False
        return value

    def _keeps_history(self):
        """Tell whether a change of the fact is one to remember: the fact is no longer being written."""
        self.ensure_one()
        # The state of the consultation is a fact, whoever asks.
        consultation = self.sudo().consultation_id
        return not consultation or consultation.state != "draft"

    def _keep_changes(self, before, prescription=None):
        """Write down what has changed since ``before``, see ``_get_life_values``."""
        rows = []
        for fact in self:
            if not prescription and not fact._keeps_history():
                continue
            after = fact._get_life_values()[fact.id]
            rows += [
                {
                    "patient_id": fact.patient_id.id,
                    "res_model": self._name,
                    "res_id": fact.id,
                    "field_name": name,
                    "old_value": old,
                    "new_value": after[name],
                    "prescription_id": prescription.id if prescription else False,
                }
                for name, old in before[fact.id].items()
                if old != after[name]
            ]
        # The history is written by the change itself; nobody writes it by hand.
        self.env["medical.chart.change"].sudo().create(rows)
