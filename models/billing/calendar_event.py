from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def action_invoice(self):
        """Put the acts of the visits that came out of the appointments on draft invoices."""
        self.check_access("write")
        # The reception invoices acts without reading the consultation they stand on.
        acts = self.sudo().consultation_id.act_ids.sudo(False)
        return acts.action_invoice()

    def action_charge_absence(self):
        """Charge the absence fee of a missed appointment: an act of its own, never a treatment, on a draft invoice.

        :raises UserError: if the appointment was not missed, the patient never agreed to such fees in writing, or the
            fee schedule has no absence fee.
        """
        self.ensure_one()
        self.check_access("write")
        act = self.env["medical.act"].search([("event_id", "=", self.id)])
        if not act:
            self._check_absence_chargeable()
            act = act.create(self._prepare_absence_act_vals())
        return act.action_invoice()

    def _check_absence_chargeable(self):
        if self.appointment_state != "no_show":
            raise UserError(
                self.env._("Only a missed appointment leads to an absence fee: mark it as a no-show first.")
            )
        if not self.practitioner_id:
            raise UserError(self.env._("Say whose appointment was missed: it has no practitioner."))
        agreed_on = self.patient_id.absence_agreed_on
        if not agreed_on or agreed_on > self.start.date():
            raise UserError(
                self.env._(
                    "%(patient)s had not agreed in writing to absence fees before this appointment. "
                    "Record the date of the agreement with the patient first.",
                    patient=self.patient_id.display_name,
                )
            )

    def _prepare_absence_act_vals(self):
        product = self._get_absence_product()
        return {
            "event_id": self.id,
            "patient_id": self.patient_id.id,
            "practitioner_id": self.practitioner_id.id,
            "product_id": product.id,
        }

    def _get_absence_product(self):
        """Return the absence fee of the practice, its own before the shared one.

        :raises UserError: if the fee schedule has none, or none with a price.
        """
        company = self.patient_id.company_id
        domain = Domain("is_medical_act", "=", True) & Domain("act_purpose", "=", "absence")
        products = self.env["product.product"].search(domain & Domain("company_id", "in", [company.id, False]))
        product = products.filtered("company_id")[:1] or products[:1]
        if not product:
            raise UserError(self.env._("The fee schedule has no absence fee: add one, with the purpose “Absence fee”."))
        pricelist = self.patient_id.partner_id.with_company(company).property_product_pricelist
        if not pricelist._get_product_price(product.with_company(company), 1.0):
            raise UserError(
                self.env._(
                    "The absence fee has no price yet: set it in the fee schedule (“%(act)s”).", act=product.name
                )
            )
        return product
