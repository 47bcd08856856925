from odoo import api, fields, models
from odoo.exceptions import UserError

PRACTICE_AND_BILLING = "medical_practice.group_reception,account.group_account_invoice"


class AccountMove(models.Model):
    """An invoice, which may be that of a patient's visits; it never carries clinical text.

    What leaves the practice with it: the neutral labels of the acts, their dates, the practitioner with his licence,
    and the name of the patient; for a payer the policy number too.
    """

    _inherit = "account.move"

    medical_patient_id = fields.Many2one(
        "medical.patient",
        "Patient",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=PRACTICE_AND_BILLING,
    )
    medical_coverage_id = fields.Many2one(
        "medical.coverage",
        "Coverage",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=PRACTICE_AND_BILLING,
        help="The coverage this invoice is claimed on; empty on the invoice of the patient himself.",
    )
    consultation_ids = fields.Many2many(
        "medical.consultation",
        compute="_compute_consultation_ids",
        compute_sudo=True,
        groups="medical_practice.group_reception",
    )
    consultation_count = fields.Integer(
        compute="_compute_consultation_ids", compute_sudo=True, groups="medical_practice.group_reception"
    )
    medical_act_count = fields.Integer(
        "Acts", compute="_compute_medical_act_count", compute_sudo=True, groups=PRACTICE_AND_BILLING
    )

    @api.depends("invoice_line_ids.medical_act_ids.consultation_id")
    def _compute_consultation_ids(self):
        for move in self:
            move.consultation_ids = move.invoice_line_ids.medical_act_ids.consultation_id
            move.consultation_count = len(move.consultation_ids)

    @api.depends("invoice_line_ids.medical_act_ids")
    def _compute_medical_act_count(self):
        for move in self:
            move.medical_act_count = len(move.invoice_line_ids.medical_act_ids)

    # === Life cycle === #

    def copy_data(self, default=None):
        """A credit note, and the invoice that replaces it, stay those of the patient; a duplicate does not."""
        vals_list = super().copy_data(default)
        if self.env.context.get("include_business_fields"):
            # Whoever may credit an invoice may not read patients: the link is kept in the practice's name.
            for move, vals in zip(self.sudo(), vals_list, strict=True):
                if move.medical_patient_id:
                    vals["medical_patient_id"] = move.medical_patient_id.id
                    vals["medical_coverage_id"] = move.medical_coverage_id.id
        return vals_list

    def _post(self, soft=True):
        self._check_acts_invoiced_once()
        return super()._post(soft=soft)

    def _check_acts_invoiced_once(self):
        """Refuse to post an invoice whose acts went on another one meanwhile (cancelled, redone, then reopened).

        :raises UserError: naming the invoice that carries the acts.
        """
        # Counted over all invoices, whoever posts: a right to see less must not make an act charged twice.
        moves = self.sudo().filtered(lambda move: move.medical_patient_id and move.move_type == "out_invoice")
        for move in moves:
            twins = move.invoice_line_ids.medical_act_ids._get_live_invoices().filtered(
                lambda other, move=move: (
                    other != move
                    and other.state == "posted"
                    and bool(other.medical_coverage_id) == bool(move.medical_coverage_id)
                )
            )
            if twins:
                raise UserError(
                    self.env._(
                        "The acts of this invoice stand on %(invoices)s already. Remove their lines here, "
                        "or credit the other invoice first.",
                        invoices=", ".join(twins.mapped("name")),
                    )
                )

    # === Actions === #

    def _get_medical_invoices_action(self):
        """Return the action that shows these invoices: the form of one, the list of several."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices"),
            "res_model": "account.move",
            "context": {"default_move_type": "out_invoice"},
        }
        if len(self) == 1:
            return {**action, "view_mode": "form", "views": [(False, "form")], "res_id": self.id}
        list_view = self.env.ref("account.view_out_invoice_tree", raise_if_not_found=False)
        return {
            **action,
            "view_mode": "list,form",
            "views": [(list_view.id if list_view else False, "list"), (False, "form")],
            "domain": [("id", "in", self.ids)],
        }

    def action_open_medical_acts(self):
        """Show the acts of the invoice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("medical_practice.medical_act_action")
        return {**action, "domain": [("id", "in", self.invoice_line_ids.medical_act_ids.ids)], "context": {}}

    def action_open_consultations(self):
        """Show the consultations of the invoice to whoever may read them."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Consultations"),
            "res_model": "medical.consultation",
            "view_mode": "list,form",
            "domain": [("id", "in", self.consultation_ids.ids)],
        }

    # === Paper === #

    def _prepare_medical_receipt(self):
        """Return what the paper says besides the invoice, or None when it is not that of a patient.

        :return: dict with ``patient`` (name), ``policy``, ``practitioners`` (list of dicts), ``lines`` ({line id:
            sentence}), ``mention``, ``signature_line``.
        """
        self.ensure_one()
        # The paper is the same whoever prints it: billing, which reads no patient, or the patient in the portal.
        move = self.sudo()
        if not move.medical_patient_id:
            return None
        lines = move.invoice_line_ids.filtered("medical_act_ids")
        return {
            "patient": move.medical_patient_id.partner_id.name,
            "is_recipient": move.medical_patient_id.partner_id == move.partner_id,
            "policy": move.medical_coverage_id.policy_number,
            "practitioners": move._prepare_receipt_practitioners(lines.medical_act_ids.practitioner_id),
            "lines": {line.id: line._get_receipt_details() for line in lines},
            "practice": move._prepare_receipt_practice(),
            # What the patient may claim back is no matter of his payer.
            "mention": not move.medical_coverage_id and move.company_id.medical_invoice_mention,
            "signature_line": move.company_id.medical_invoice_signature_line and move.state == "posted",
        }

    def _prepare_receipt_practice(self):
        """Return where the professional is reached, as lines.

        They stand in the body of the paper too: some builds of wkhtmltopdf print no header, and a receipt without the
        address of the professional is refused by insurers.
        """
        company = self.company_id
        place = " ".join(filter(None, [company.zip, company.city, company.state_id.name]))
        return list(filter(None, [company.name, ", ".join(filter(None, [company.street, company.street2, place]))]))

    def _prepare_receipt_practitioners(self, practitioners):
        return [
            {
                "name": practitioner._get_printed_name(),
                "profession": practitioner.licence_type_id.name,
                "licence": practitioner.licence_number,
                "phone": practitioner.phone,
            }
            for practitioner in practitioners
        ]
