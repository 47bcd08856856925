"""Run in Odoo's shell by the command ``lifecycle``: what a practice leaves in the ERP's own tables.

A contact becomes a patient, another patient is new; each has an appointment, a consultation and an invoice.
"""

import datetime

env = env  # noqa: F821, PLW0127 given by the shell

licence = env["medical.licence.type"].create({"name": "Physician", "prescribing": "drugs"})
doctor = env["res.partner"].create({"name": "Alice Lifecycle"})
practitioner = env["medical.practitioner"].create(
    {"partner_id": doctor.id, "licence_type_id": licence.id, "licence_number": "12345"}
)
act = env["product.product"].create(
    {
        "name": "Visit",
        "type": "service",
        "is_medical_act": True,
        "invoice_label": "Professional services",
        "list_price": 80,
    }
)
contact = env["res.partner"].search([("is_company", "=", False), ("parent_id", "!=", False)], limit=1, order="id")
patients = env["medical.patient"].create(
    [
        {"partner_id": contact.id, "first_name": "Old", "last_name": "Contact", "birthdate": "1980-05-12"},
        {"first_name": "New", "last_name": "Patient", "birthdate": "1990-05-12"},
    ]
)
start = datetime.datetime(2030, 1, 7, 15)
for number, patient in enumerate(patients):
    begins = start + datetime.timedelta(hours=number)
    event = env["calendar.event"].create(
        {
            "name": "Appointment",
            "patient_id": patient.id,
            "practitioner_id": practitioner.id,
            "start": begins,
            "stop": begins + datetime.timedelta(minutes=30),
        }
    )
    consultation = env["medical.consultation"].create(
        {
            "patient_id": patient.id,
            "practitioner_id": practitioner.id,
            "event_id": event.id,
            "act_ids": [(0, 0, {"product_id": act.id, "patient_id": patient.id, "practitioner_id": practitioner.id})],
        }
    )
    consultation.action_invoice()
consultation.invoice_ids.action_post()
env.cr.commit()
