"""What every billing test starts from: fees, a payer, a visit with acts."""

from odoo.fields import Command

from ..common import MedicalCase

MARKER = "ZQXMARKERXQZ"


class BillingCase(MedicalCase):
    """A practice that invoices: two exempt acts, a taxable one, an insurer; ``_create_visit`` makes acts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create({"name": "Sales tax 15 %", "amount": 15.0, "type_tax_use": "sale"})
        cls.company.account_sale_tax_id = cls.tax
        cls.act2 = cls._create_act("Follow-up", "V20", 45.0)
        cls.cosmetic = cls._create_act(
            "Cosmetic service", "C10", 100.0, act_purpose="cosmetic", invoice_label="Service"
        )
        cls.insurer = cls.env["res.partner"].create({"name": "Assurance Test", "is_company": True, "is_payer": True})

    @classmethod
    def _create_act(cls, name, code, price, **values):
        return cls.env["product.product"].create(
            {"name": name, "type": "service", "is_medical_act": True, "act_code": code, "list_price": price, **values}
        )

    @classmethod
    def _create_visit(cls, products=None, patient=None, **values):
        return cls.env["medical.consultation"].create(
            {
                "patient_id": (patient or cls.patient).id,
                "practitioner_id": cls.physician.id,
                "date_start": "2026-11-20 15:00:00",
                "act_ids": [
                    Command.create({"product_id": product.id})
                    for product in (cls.act if products is None else products)
                ],
                **values,
            }
        )

    @classmethod
    def _create_coverage(cls, **values):
        return cls.env["medical.coverage"].create(
            {"patient_id": cls.patient.id, "partner_id": cls.insurer.id, "policy_number": "POL-77", **values}
        )

    def _invoice(self, records, role=None):
        """Invoice the consultations or acts, as a role or as superuser, and return their invoices."""
        (self.as_role(role, records) if role else records).action_invoice()
        acts = records.act_ids if records._name == "medical.consultation" else records
        return acts.invoice_line_ids.move_id

    def _credit(self, invoice, modify=False):
        """Reverse a posted invoice by the wizard of Invoicing and return what it makes."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.reverse_moves(is_modify=modify)
        return wizard.new_move_ids
