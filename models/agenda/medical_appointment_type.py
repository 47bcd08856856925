from odoo import fields, models

BOOKING_ROLES = [
    ("reception", "Everyone in the practice"),
    ("assistant", "Assistants and practitioners"),
    ("practitioner", "Practitioners only"),
]


class MedicalAppointmentType(models.Model):
    """What a visit is booked for: how long it takes, its colour, the consultation and the acts it leads to."""

    _name = "medical.appointment.type"
    _description = "Appointment Type"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one("res.company", index=True)
    duration = fields.Float(default=0.5, required=True, help="Length of the appointment, in hours.")
    color = fields.Integer()
    consultation_type_id = fields.Many2one("medical.consultation.type", ondelete="set null")
    act_product_ids = fields.Many2many(
        "product.product",
        string="Default Acts",
        domain=[("is_medical_act", "=", True)],
        help="Acts put on the consultation when it starts, besides those of the consultation type.",
    )
    practitioner_ids = fields.Many2many(
        "medical.practitioner", string="Offered by", help="Empty: offered by every practitioner."
    )
    booking_role = fields.Selection(BOOKING_ROLES, "Who May Book", default="reception", required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _duration_positive = models.Constraint(
        "CHECK (duration > 0 AND duration <= 24)", "An appointment lasts more than zero minutes and at most a day."
    )

    def _may_be_booked_by(self, user):
        """Tell whether the user has the role that books this type."""
        self.ensure_one()
        return user.has_group(f"medical_practice.group_{self.booking_role}")

    def _get_booking_role_label(self):
        """Return who books this type, in the user's language."""
        self.ensure_one()
        return dict(self._fields["booking_role"]._description_selection(self.env))[self.booking_role]
