from odoo import fields, models
from odoo.tools import SQL


class MedicalPrescriptionPrint(models.Model):
    """A print of a signed prescription: who, when, and which in order; the first is the original, the others copies.

    Written by the report alone: nobody creates, changes or deletes a row.
    """

    _name = "medical.prescription.print"
    _description = "Print of a Prescription"
    _order = "prescription_id, number desc"

    prescription_id = fields.Many2one(
        "medical.prescription", required=True, readonly=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(required=True, readonly=True, help="1 is the original.")
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)

    _number_uniq = models.UniqueIndex("(prescription_id, number)", "This print was counted already.")


class MedicalPrescription(models.Model):
    """Prints are counted, so that there is one original."""

    _inherit = "medical.prescription"

    print_ids = fields.One2many("medical.prescription.print", "prescription_id", "Prints", readonly=True)

    def _get_fields_writable_after_signing(self):
        return super()._get_fields_writable_after_signing() | {"print_ids"}

    def _count_print(self):
        """Keep that the prescription is being printed; return which print it is, 1 for the original.

        The row of the prescription is locked: of two prints at one moment one is the original. What a patient prints
        from the portal is a copy: the original is handed over by the practice.
        """
        self.ensure_one()
        self.env.execute_query(SQL("SELECT id FROM medical_prescription WHERE id = %s FOR UPDATE", self.id))
        # Whoever may print does not write the log of prints; the print itself stands for the right.
        prints = self.env["medical.prescription.print"].sudo()
        last = prints.search([("prescription_id", "=", self.id)], order="number desc", limit=1).number
        has_original = bool(prints.search_count([("prescription_id", "=", self.id), ("number", "=", 1)], limit=1))
        number = 1 if not has_original and not self.env.user.share else max(last, 1) + 1
        prints.create({"prescription_id": self.id, "number": number, "user_id": self.env.uid})
        return number
