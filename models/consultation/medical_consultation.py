from odoo import fields, models

BILLING_STATES = [
    ("nothing", "Nothing to Invoice"),
    ("to_invoice", "To Invoice"),
    ("invoiced", "Invoiced"),
    ("free", "Free of Charge"),
]


class MedicalConsultation(models.Model):
    """A visit of a patient: why he came, what was found, concluded and planned (SOAP), and what followed from it.

    A draft until its practitioner signs it; then it is read-only for everybody and grows by addenda.
    """

    _name = "medical.consultation"
    _description = "Consultation"
    _inherit = ["medical.signature.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    # === Who, when === #
    name = fields.Char("Number", readonly=True, copy=False, index=True)
    patient_id = fields.Many2one("medical.patient", required=True, index=True, ondelete="restrict", check_company=True)
    practitioner_id = fields.Many2one(
        "medical.practitioner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self.env["medical.practitioner"]._get_current(),
    )
    company_id = fields.Many2one(related="patient_id.company_id", store=True, index=True)
    type_id = fields.Many2one("medical.consultation.type", ondelete="restrict", check_company=True)
    event_id = fields.Many2one("calendar.event", "Appointment", copy=False, index="btree_not_null", ondelete="set null")
    date_start = fields.Datetime(required=True, default=fields.Datetime.now)
    date_end = fields.Datetime(copy=False)

    # === Note === #
    reason = fields.Char("Reason for Visit")
    subjective = fields.Html()
    objective = fields.Html()
    assessment = fields.Html()
    plan = fields.Html()
    note_properties = fields.Properties(definition="type_id.note_properties_definition", copy=True)

    # === What followed === #
    measurement_ids = fields.One2many("medical.measurement", "consultation_id", "Measurements")
    prescription_ids = fields.One2many("medical.prescription", "consultation_id", "Prescriptions")
    act_ids = fields.One2many("medical.act", "consultation_id", "Acts")
    addendum_ids = fields.One2many("medical.consultation.addendum", "consultation_id", "Addenda")

    # === Billing === #
    is_free = fields.Boolean("Free of Charge", copy=False)
    invoice_ids = fields.Many2many("account.move", compute="_compute_invoice_ids")
    billing_state = fields.Selection(BILLING_STATES, compute="_compute_billing_state", store=True)

    _event_uniq = models.UniqueIndex(
        "(event_id) WHERE event_id IS NOT NULL", "This appointment has its consultation already."
    )

    def _compute_invoice_ids(self):
        self.invoice_ids = False

    def _compute_billing_state(self):
        self.billing_state = "nothing"
