"""The practice every test starts from: its people, its rooms, a few patients. Never demo data."""

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

ROLES = {
    "reception": "medical_practice.group_reception",
    "assistant": "medical_practice.group_assistant",
    "practitioner": "medical_practice.group_practitioner",
    "practitioner2": "medical_practice.group_practitioner",
    "billing": "account.group_account_invoice",
    "manager": "medical_practice.group_manager",
    "privacy": "medical_practice.group_privacy_officer",
    "employee": "base.group_user",
    "admin": "base.group_system",
}


#: The smallest picture there is, for practitioners who sign.
SIGNATURE = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class MedicalCase(TransactionCase):
    """A small practice: ``cls.users[role]``, two practitioners, a dentist, a physiotherapist, two patients.

    Logins are ``test_<role>``; ``self.as_role("reception", record)`` gives the record as that person sees it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, no_reset_password=True))
        cls.company = cls.env.company
        cls.users = {
            role: new_test_user(cls.env, login=f"test_{role}", groups=f"base.group_user,{groups}", tz="America/Toronto")
            for role, groups in ROLES.items()
        }
        cls.physician_licence = cls.env["medical.licence.type"].create(
            {"name": "Physician (test)", "title": "M.D.", "prescribing": "drugs"}
        )
        cls.dentist_licence = cls.env["medical.licence.type"].create(
            {"name": "Dentist (test)", "title": "D.M.D.", "prescribing": "dental"}
        )
        cls.physio_licence = cls.env["medical.licence.type"].create(
            {"name": "Physiotherapist (test)", "title": "pht", "prescribing": "none"}
        )
        cls.physician = cls._create_practitioner(
            "Alice Médecin", cls.physician_licence, "12345", cls.users["practitioner"]
        )
        cls.physician2 = cls._create_practitioner(
            "Bruno Second", cls.physician_licence, "23456", cls.users["practitioner2"]
        )
        cls.dentist = cls._create_practitioner("Chantal Dentaire", cls.dentist_licence, "34567")
        cls.physio = cls._create_practitioner("David Physio", cls.physio_licence, "45678")
        cls.patient = cls._create_patient("Marie", "Tremblay", "1985-05-12", sex="female", phone="+1 514 555 0101")
        cls.patient2 = cls._create_patient("Jean-Noël", "L'Écuyer", "1951-11-30", sex="male", phone="+1 514 555 0102")
        cls.act = cls.env["product.product"].create(
            {
                "name": "Office visit",
                "type": "service",
                "is_medical_act": True,
                "act_code": "V10",
                "invoice_label": "Professional services",
                "list_price": 80.0,
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def _create_practitioner(cls, name, licence_type, licence_number, user=None):
        partner = user.partner_id if user else cls.env["res.partner"].create({"name": name})
        partner.write({"name": name, "phone": "+1 514 555 0199"})
        return cls.env["medical.practitioner"].create(
            {
                "partner_id": partner.id,
                "user_id": user.id if user else False,
                "licence_type_id": licence_type.id,
                "licence_number": licence_number,
                "signature": SIGNATURE,
            }
        )

    @classmethod
    def _create_patient(cls, first_name, last_name, birthdate=None, **values):
        return cls.env["medical.patient"].create(
            {"first_name": first_name, "last_name": last_name, "birthdate": birthdate, **values}
        )

    def as_role(self, role, record):
        """Return the record, read afresh, as the person of that role sees it."""
        return record.with_user(self.users[role]).with_context(allowed_company_ids=self.company.ids)
