from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    medical_exempt_tax_id = fields.Many2one(
        "account.tax",
        "Tax on Exempt Care",
        domain="[('type_tax_use', '=', 'sale'), ('company_id', '=', id)]",
        help="Put on new acts of care. Empty: care carries no tax at all.",
    )
    medical_invoice_mention = fields.Text(
        "Mention on Medical Invoices",
        translate=True,
        help="Printed under the invoices of patients, such as the recourse to a reimbursement (Québec: A-29, "
        "s. 22.0.0.1) or the ground of the tax exemption.",
    )
    medical_invoice_signature_line = fields.Boolean(
        "Signature Line on Receipts",
        default=True,
        help="Leaves room for the signature of the professional, which insurers ask for.",
    )
