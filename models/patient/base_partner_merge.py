from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Refuse to merge the contact of a patient away, or anything into it: two charts would become one.

        :raises UserError: in words that do not tell outsiders who is a patient.
        """
        # Whether one of them is a patient is a fact, whoever asks.
        contacts = self.env["res.partner"].sudo().browse(partner_ids) | (dst_partner or self.env["res.partner"]).sudo()
        patients = contacts.exists().filtered("is_patient")
        if patients and self.env.user.has_group("medical_practice.group_reception"):
            raise UserError(
                self.env._(
                    "%(names)s: the contact of a patient cannot be merged with another contact. "
                    "Correct the patient's file instead.",
                    names=", ".join(patients.mapped("display_name")),
                )
            )
        if patients:
            raise UserError(self.env._("These contacts cannot be merged: another application holds one of them."))
        return super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
