from odoo import api, fields, models

PRESCRIPTION_FORMATS = [("A5", "A5"), ("A4", "A4"), ("Letter", "Letter")]

#: The layouts of the paper; the report names the templates of each.
PRESCRIPTION_LAYOUTS = [("generic", "International"), ("ca_qc", "Québec"), ("fr", "France")]


class ResCompany(models.Model):
    """A practice: its papers, its patients and its figures are its own."""

    _inherit = "res.company"

    medical_prescription_format = fields.Selection(PRESCRIPTION_FORMATS, default="A5", required=True)
    medical_prescription_validity = fields.Integer(
        default=24,
        help="Months a drug prescription stays valid unless the practitioner says otherwise "
        "(Québec: 24 months, summary of the Collège des médecins, 2015).",
    )
    medical_prescription_handwritten = fields.Boolean(
        help="Prescriptions are printed with an empty place where the practitioner signs by hand.",
    )

    medical_pregnancy_age_from = fields.Integer(
        default=12, help="From this age on, prescribing to a woman asks about a pregnancy."
    )
    medical_pregnancy_age_to = fields.Integer(default=55, help="Up to this age.")
    medical_pregnancy_answer_days = fields.Integer(
        default=120, help="Days after which the answer that a patient is not pregnant counts as not asked."
    )

    medical_prescription_layout = fields.Selection(
        PRESCRIPTION_LAYOUTS,
        compute="_compute_medical_prescription_layout",
        store=True,
        readonly=False,
        help="What the law of the country wants on the paper.",
    )
    medical_prescription_lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        help="Language of the legal copy, for the pharmacist; a plain copy in the language of the patient goes with it "
        "where that is another. Empty: the legal copy is in the language of the patient.",
    )
    medical_prescription_letters = fields.Boolean(
        help="Print the quantity of narcotics and controlled drugs in letters too. France always does.",
    )

    @api.depends("partner_id.country_id", "partner_id.state_id")
    def _compute_medical_prescription_layout(self):
        for company in self:
            address = company.partner_id
            country, state = address.country_id.code, address.state_id.code
            if country == "FR":
                company.medical_prescription_layout = "fr"
            elif country == "CA" and state == "QC":
                company.medical_prescription_layout = "ca_qc"
            else:
                company.medical_prescription_layout = company.medical_prescription_layout or "generic"

    def _get_prescription_paperformat(self):
        """Return the paper format of the practice's prescriptions."""
        self.ensure_one()
        return self.env.ref(f"medical_practice.paperformat_prescription_{self.medical_prescription_format.lower()}")

    def _get_prescription_paperformats(self):
        """Return every paper format prescriptions are printed on."""
        formats = [f"medical_practice.paperformat_prescription_{key.lower()}" for key, _name in PRESCRIPTION_FORMATS]
        return self.env["report.paperformat"].union(*(self.env.ref(xmlid) for xmlid in formats))
