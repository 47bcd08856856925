from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import MedicalCase

OUTSIDERS = ("employee", "manager", "admin")
READERS = ("reception", "assistant", "practitioner", "billing", "privacy")


@tagged("post_install", "-at_install")
class TestContactSecrecy(MedicalCase):
    """Who is a patient here is itself a secret: outsiders do not see the contacts, through no door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The right to export is no right to see.
        export = cls.env.ref("base.group_allow_export")
        export.user_ids = [Command.link(cls.users[role].id) for role in (*OUTSIDERS, "privacy")]
        cls.contact = cls.patient.partner_id
        cls.contact.write({"name": "Marie Quelquun", "email": "marie.quelquun@example.com"})
        cls.address = cls.env["res.partner"].create(
            {"name": "Chalet Quelquun", "parent_id": cls.contact.id, "type": "delivery", "street": "7, chemin du Lac"}
        )
        cls.customer = cls.env["res.partner"].create({"name": "Client Quelquun"})
        cls.family = cls.contact | cls.address
        cls.env.flush_all()

    def _partners(self, role):
        return self.env["res.partner"].with_user(self.users[role]).with_context(allowed_company_ids=self.company.ids)

    # === Outsiders === #

    def test_search(self):
        for role in OUTSIDERS:
            partners = self._partners(role)
            self.assertEqual(partners.search([("name", "ilike", "quelquun")]), self.customer, role)
            self.assertEqual(partners.search_count([("name", "ilike", "quelquun")]), 1, role)
            self.assertEqual([label for _id, label in partners.name_search("quelquun")], ["Client Quelquun"], role)
            records = partners.web_search_read([("name", "ilike", "quelquun")], {"display_name": {}})["records"]
            self.assertEqual([record["id"] for record in records], self.customer.ids, role)

    def test_read(self):
        for role in OUTSIDERS:
            for partner in self.family:
                hidden = self.as_role(role, partner)
                for door in (
                    lambda hidden=hidden: hidden.read(["name"]),
                    lambda hidden=hidden: hidden.web_read({"name": {}}),
                    lambda hidden=hidden: hidden.export_data(["name", "email"]),
                    lambda hidden=hidden: hidden.get_formview_action() and hidden.name,
                    lambda hidden=hidden: hidden.address_get(["delivery"]) and hidden.email,
                ):
                    with self.assertRaises(AccessError):
                        door()
                    self.env.invalidate_all()

    def test_groups(self):
        for role in OUTSIDERS:
            rows = self._partners(role).formatted_read_group([("name", "ilike", "quelquun")], ["name"], ["__count"])
            self.assertEqual([row["name"] for row in rows], ["Client Quelquun"], role)
            rows = self._partners(role)._read_group([("id", "in", (self.family | self.customer).ids)], [], ["__count"])
            self.assertEqual(rows, [(1,)], role)

    def test_mentions(self):
        for role in OUTSIDERS:
            found = str(self._partners(role).get_mention_suggestions("quelquun", limit=20))
            self.assertIn("Client Quelquun", found, role)
            self.assertNotIn("Marie Quelquun", found, role)
            self.assertNotIn("Chalet", found, role)
        found = str(self._partners("reception").get_mention_suggestions("quelquun", limit=20))
        self.assertIn("Marie Quelquun", found)

    def test_write(self):
        for role in ("employee", "manager", "admin", "billing", "privacy"):
            for partner in self.family:
                with self.assertRaises(AccessError):
                    self.as_role(role, partner).write({"comment": "x"})
        with self.assertRaises(AccessError):
            self.as_role("manager", self.contact).unlink()
        with self.assertRaises(AccessError):
            self._partners("manager").create({"name": "Spy", "parent_id": self.contact.id})

    def test_flag_is_no_filter(self):
        for role in ("employee", "manager", "admin", "privacy"):
            partners = self._partners(role)
            for door in (
                lambda partners=partners: partners.search([("is_patient", "=", True)]),
                lambda partners=partners: partners.search([("patient_ids", "!=", False)]),
                lambda partners=partners: partners.search([("child_ids.is_patient", "=", True)]),
                lambda partners=partners: partners.search([], order="is_patient", limit=1),
                lambda partners=partners: partners.formatted_read_group([], ["is_patient"], ["__count"]),
                lambda partners=partners: partners.browse(self.customer.id).read(["is_patient"]),
                lambda partners=partners: partners.browse(self.customer.id).export_data(["is_patient"]),
            ):
                with self.assertRaises(AccessError):
                    door()
            self.assertNotIn("is_patient", partners.fields_get())
            self.assertNotIn("patient_ids", partners.fields_get())

    def test_photo(self):
        for role in OUTSIDERS:
            binary = self.env["ir.binary"].with_user(self.users[role])
            with self.assertRaises(AccessError):
                binary._find_record(res_model="res.partner", res_id=self.contact.id)

    def test_chatter_of_the_contact(self):
        message = self.contact.message_post(body="Called about the invoice")  # pylint: disable=translation-required
        for role in OUTSIDERS:
            messages = self.env["mail.message"].with_user(self.users[role])
            self.assertFalse(messages.search([("id", "=", message.id)]), role)
            with self.assertRaises(AccessError):
                messages.browse(message.id).read(["body"])
            followers = self.env["mail.followers"].with_user(self.users[role])
            domain = [("res_model", "=", "res.partner"), ("res_id", "=", self.contact.id)]
            try:
                self.assertFalse(followers.search(domain), role)
            except AccessError:
                continue

    def test_portal_account_of_a_patient(self):
        portal = new_test_user(self.env, login="test_portal_patient", groups="base.group_portal", name="Marie Quelquun")
        self.env["medical.patient"].create({"partner_id": portal.partner_id.id})
        for role in ("employee", "manager"):
            users = self.env["res.users"].with_user(self.users[role])
            self.assertNotIn(portal, users.search([("name", "ilike", "quelquun")]), role)
            self.assertNotIn(portal, users.search([("login", "=", "test_portal_patient")]), role)
            with self.assertRaises(AccessError):
                portal.with_user(self.users[role]).read(["name", "login"])
        own = self.env["res.partner"].with_user(portal)
        self.assertEqual(own.search([("name", "ilike", "quelquun")]), portal.partner_id)

    def test_patients_of_one_employer_do_not_see_each_other(self):
        employer = self.env["res.partner"].create({"name": "Employer Inc", "is_company": True})
        portal = new_test_user(self.env, login="test_portal_patient", groups="base.group_portal")
        (portal.partner_id | self.contact).parent_id = employer
        self.env["medical.patient"].create({"partner_id": portal.partner_id.id, "first_name": "P", "last_name": "Q"})
        visible = self.env["res.partner"].with_user(portal).search([])
        self.assertIn(portal.partner_id, visible)
        self.assertFalse(visible & self.family)

    def test_no_rights_on_patients(self):
        for role in (*OUTSIDERS, "billing"):
            with self.assertRaises(AccessError):
                self.env["medical.patient"].with_user(self.users[role]).search([])
            with self.assertRaises(AccessError):
                self.as_role(role, self.patient).read(["first_name"])

    # === The practice === #

    def test_readers(self):
        for role in READERS:
            self.assertEqual(
                self._partners(role).search([("name", "ilike", "quelquun")]), self.family | self.customer, role
            )
            self.assertEqual(self.as_role(role, self.contact).read(["name"])[0]["name"], "Marie Quelquun", role)
        for role in ("reception", "assistant", "practitioner"):
            self.as_role(role, self.contact).write({"comment": "Prefers to be called in the evening"})
            self.as_role(role, self.patient).write({"phone": "514 555 0155"})

    def test_reception_sees_no_clinical_field(self):
        patient = self.as_role("reception", self.patient)
        for name in ("alert", "blood_group", "consultation_ids", "measurement_ids", "consultation_count"):
            with self.assertRaises(AccessError):
                patient.read([name])
        for role in ("privacy",):
            with self.assertRaises(AccessError):
                self.as_role(role, self.patient).read(["alert"])

    # === A colleague who is also a patient === #

    def test_colleague_stays_a_colleague(self):
        colleague = self.users["practitioner2"].partner_id
        fields = self.env["res.partner"].with_user(self.users["employee"]).fields_get()
        names = [name for name, field in fields.items() if field.get("store") and not field["type"].endswith("2many")]
        before = self.as_role("employee", colleague).read(names)[0]
        self.env["medical.patient"].create({"partner_id": colleague.id, "first_name": "Bruno", "last_name": "Second"})
        self.env.flush_all()
        self.env.invalidate_all()
        for role in OUTSIDERS:
            self.assertIn(colleague, self._partners(role).search([("name", "=", "Bruno Second")]), role)
            self.assertIn("Bruno Second", str(self._partners(role).get_mention_suggestions("Bruno Second")), role)
        after = self.as_role("employee", colleague).read(names)[0]
        told = {name for name in after if before[name] != after[name]} - {"write_date", "write_uid", "__last_update"}
        self.assertFalse(told)
        self.assertIn(self.users["practitioner2"], self.env["res.users"].with_user(self.users["employee"]).search([]))

    # === Merging === #

    def test_merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        pair = self.contact | self.customer
        for role in ("reception", "admin"):
            with self.assertRaises(UserError) as refusal:
                wizard.with_user(self.users[role])._merge(pair.ids, self.customer)
            self.assertEqual("Marie" in str(refusal.exception), role == "reception")
        self.assertTrue(self.contact.exists())
        with self.assertRaises(UserError):
            wizard._merge(self.customer.ids + self.address.ids, self.customer, extra_checks=False)
        double = self.env["res.partner"].create({"name": "Client Quelquun"})
        wizard._merge((self.customer | double).ids, self.customer, extra_checks=False)
        self.assertFalse(double.exists())


@tagged("post_install", "-at_install")
class TestContactSecrecyCompanies(MedicalCase):
    """A practice sees its own patients, and their contacts, only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other practice"})
        cls.elsewhere = cls._create_patient(
            "Zénon", "Ailleurs", "1970-01-01", company_id=cls.other.id, phone="514 555 0166"
        )
        cls.address = cls.env["res.partner"].create(
            {"name": "Annexe Ailleurs", "parent_id": cls.elsewhere.partner_id.id}
        )

    def test_patients_and_contacts(self):
        for role in ("reception", "practitioner", "billing", "privacy"):
            partners = self.env["res.partner"].with_user(self.users[role])
            self.assertFalse(partners.search([("name", "ilike", "ailleurs")]), role)
            for partner in (self.elsewhere.partner_id, self.address):
                with self.assertRaises(AccessError):
                    partner.with_user(self.users[role]).read(["name"])
        reception = self.env["medical.patient"].with_user(self.users["reception"])
        for query in ("ailleurs", "5145550166", "1970-01-01"):
            self.assertNotIn(self.elsewhere, reception.search([("display_name", "ilike", query)]))
        with self.assertRaises(AccessError):
            self.elsewhere.with_user(self.users["reception"]).read(["first_name"])

    def test_other_practice(self):
        user = new_test_user(
            self.env,
            login="test_reception_elsewhere",
            groups="base.group_user,medical_practice.group_reception",
            company_id=self.other.id,
            company_ids=self.other.ids,
        )
        patients = self.env["medical.patient"].with_user(user)
        self.assertEqual(patients.search([]), self.elsewhere)
        created = patients.create({"first_name": "New", "last_name": "There"})
        self.assertEqual((created.company_id, created.partner_id.company_id), (self.other, self.other))
        self.assertEqual(created.identifier, "P000002")

    def test_contact_of_another_practice(self):
        contact = self.env["res.partner"].create({"name": "Contact Ailleurs", "company_id": self.other.id})
        with self.assertRaises(AccessError):
            self.env["medical.patient"].with_user(self.users["reception"]).create({"partner_id": contact.id})
