from odoo import api, fields, models


class MedicalBannerMixin(models.AbstractModel):
    """A document of a patient whose form carries the banner of the chart: who this is, allergies, alert."""

    _name = "medical.banner.mixin"
    _description = "Banner of the Patient"

    patient_banner = fields.Json("Banner", compute="_compute_patient_banner")

    @api.depends("patient_id.banner")
    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_patient_banner(self):
        for document in self:
            document.patient_banner = document.patient_id.banner
