from odoo import fields, models

APPOINTMENT_STATES = [
    ("booked", "Booked"),
    ("confirmed", "Confirmed"),
    ("arrived", "Arrived"),
    ("in_progress", "In Progress"),
    ("done", "Done"),
    ("no_show", "No-show"),
    ("cancelled", "Cancelled"),
]

PRACTICE = "medical_practice.group_reception"


class CalendarEvent(models.Model):
    """An event of the agenda; with a patient it is an *appointment*.

    An appointment is seen by the practice only and says nothing outside: its stored name is neutral, the patient is
    no attendee, its description stays empty, and nobody is written to.
    """

    _inherit = "calendar.event"

    # === Appointment === #
    patient_id = fields.Many2one("medical.patient", index="btree_not_null", ondelete="restrict", groups=PRACTICE)
    practitioner_id = fields.Many2one(
        "medical.practitioner", index="btree_not_null", ondelete="restrict", groups=PRACTICE
    )
    appointment_type_id = fields.Many2one("medical.appointment.type", ondelete="restrict", groups=PRACTICE)
    room_id = fields.Many2one("medical.room", index="btree_not_null", ondelete="restrict", groups=PRACTICE)
    appointment_company_id = fields.Many2one(
        related="patient_id.company_id", store=True, index="btree_not_null", groups=PRACTICE, string="Practice"
    )
    appointment_state = fields.Selection(APPOINTMENT_STATES, copy=False, index="btree_not_null", groups=PRACTICE)
    arrived_on = fields.Datetime(copy=False, groups=PRACTICE)
    overbooked = fields.Boolean(copy=False, groups=PRACTICE, help="Booked on purpose over another appointment.")
    appointment_note = fields.Char(groups=PRACTICE, help="For the practice only, such as “calls from the parking lot”.")

    # === What it leads to === #
    consultation_id = fields.Many2one(
        "medical.consultation", copy=False, index="btree_not_null", ondelete="set null", groups=PRACTICE
    )
