"""Who sees and does what with acts, coverages and medical invoices: the table of the design, by role."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import BillingCase

NOBODY = ("privacy", "employee", "admin")

#: role: what it may do with acts and coverages.
RIGHTS = {
    "reception": {"medical.act": "crwu", "medical.coverage": "crwu"},
    "assistant": {"medical.act": "crwu", "medical.coverage": "crwu"},
    "practitioner": {"medical.act": "crwu", "medical.coverage": "crwu"},
    "billing": {"medical.act": "crw", "medical.coverage": "crwu"},
    "manager": {"medical.act": "r", "medical.coverage": "r"},
    "privacy": {},
    "employee": {},
    "admin": {},
}

OPERATIONS = {"c": "create", "r": "read", "w": "write", "u": "unlink"}

NAMES = {
    "medical.act": ("patient_id", "partner_id", "consultation_id", "event_id", "invoice_line_ids", "invoice_ids"),
    "medical.coverage": ("patient_id", "policy_number"),
}


@tagged("post_install", "-at_install")
class TestBillingAccess(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coverage = cls._create_coverage(rate=50)
        cls.consultation = cls._create_visit(reason="Secret")
        cls.consultation.action_invoice()
        cls.invoices = cls.consultation.act_ids.invoice_line_ids.move_id

    def _read_like_the_client(self, role, model, view_type, domain=(), view=None):
        """Read what the view of the role shows, with the specification the web client would send."""
        records = self.env[model].with_user(self.users[role]).with_context(allowed_company_ids=self.company.ids)
        view_id = self.env.ref(view).id if view else False
        arch = etree.fromstring(records.get_view(view_id, view_type)["arch"])
        specification = {}
        for node in arch.iter("field"):
            if any(parent.tag == "field" for parent in node.iterancestors()):
                continue
            field = records._fields[node.get("name")]
            specification[field.name] = {"fields": {"display_name": {}}} if field.type == "many2one" else {}
        return records.web_search_read(list(domain), specification)["records"]

    def test_rights_by_role(self):
        for role, rights in RIGHTS.items():
            for model in ("medical.act", "medical.coverage"):
                for letter, operation in OPERATIONS.items():
                    with self.subTest(role=role, model=model, operation=operation):
                        allowed = self.env[model].with_user(self.users[role]).has_access(operation)
                        self.assertEqual(allowed, letter in rights.get(model, ""))

    def test_no_role_reads_by_any_door(self):
        for role in NOBODY:
            self.users[role].group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
            for record in (self.consultation.act_ids, self.coverage):
                mine = self.as_role(role, record)
                for door in (
                    lambda mine=mine: mine.read(["display_name"]),
                    lambda mine=mine: mine.search([]),
                    lambda mine=mine: mine.name_search(""),
                    lambda mine=mine: mine.formatted_read_group([], [], ["__count"]),
                    lambda mine=mine: mine.export_data(["display_name"]),
                ):
                    with self.subTest(role=role, model=record._name), self.assertRaises(AccessError):
                        door()

    def test_the_manager_reads_figures_without_names(self):
        acts = self.as_role("manager", self.consultation.act_ids)
        rows = acts.formatted_read_group([("date", ">", "2026-01-01")], ["practitioner_id"], ["amount_total:sum"])
        self.assertEqual(rows[0]["amount_total:sum"], 80.0)
        for record in (acts, self.as_role("manager", self.coverage)):
            for name in NAMES[record._name]:
                with self.subTest(model=record._name, field=name):
                    self.assertNotIn(name, record.fields_get())
                    with self.assertRaises(AccessError):
                        record.read([name])
                    with self.assertRaises(AccessError):
                        record.search([(name, "in", ["POL-77"] if name == "policy_number" else [1])])
                    if record._fields[name].store:
                        with self.assertRaises(AccessError):
                            record.formatted_read_group([], [name], ["__count"])
        shown = str(self._read_like_the_client("manager", "medical.act", "list"))
        shown += str(self._read_like_the_client("manager", "medical.act", "form"))
        shown += str(self._read_like_the_client("manager", "medical.coverage", "form"))
        self.assertNotIn("Tremblay", shown)

    def test_the_manager_keeps_the_fee_schedule_and_others_read_it(self):
        template = self.act.product_tmpl_id
        self.as_role("manager", template).list_price = 90
        self.assertEqual(template.list_price, 90)
        rows = self._read_like_the_client(
            "manager", "product.template", "list", view="medical_practice.product_template_view_list_fee_schedule"
        )
        self.assertTrue(rows)
        for role in ("reception", "practitioner"):
            self.assertEqual(self.as_role(role, template).list_price, 90)
            with self.assertRaises(AccessError):
                self.as_role(role, template).list_price = 1

    def test_billing_has_no_chart(self):
        for record in (self.patient, self.consultation):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                self.as_role("billing", record).read(["display_name"])

    def test_the_screens_of_billing(self):
        acts = self._read_like_the_client("billing", "medical.act", "list")
        self.assertIn("Tremblay", str(acts[0]["patient_id"]))
        self.assertTrue(self._read_like_the_client("billing", "medical.act", "form"))
        self.assertTrue(self._read_like_the_client("billing", "medical.act", "kanban"))
        for view_type in ("list", "form"):
            rows = self._read_like_the_client("billing", "medical.coverage", view_type)
            self.assertIn("Tremblay", str(rows[0]["patient_id"]))
            rows = self._read_like_the_client(
                "billing",
                "account.move",
                view_type,
                [("id", "in", self.invoices.ids)],
                view="account.view_move_form" if view_type == "form" else "account.view_out_invoice_tree",
            )
            self.assertEqual(len(rows), 2)
            self.assertIn("Tremblay", str(rows[0]["medical_patient_id"]))
        found = self.as_role("billing", self.consultation.act_ids).search([("partner_id", "ilike", "tremb")])
        self.assertEqual(found, self.consultation.act_ids)
        found.formatted_read_group([], ["partner_id"], ["amount_total:sum"])

    def test_billing_opens_its_forms(self):
        act = self.as_role("billing", self._create_visit(patient=self.patient2).act_ids)
        with Form(act) as form:
            form.quantity = 2
        self.assertEqual(act.amount_total, 160.0)
        with Form(self.as_role("billing", self.coverage)) as form:
            form.rate = 60
        self.assertEqual(self.coverage.rate, 60)
        Form(self.as_role("billing", self.invoices[0]))
        with self.assertRaises(AccessError):
            act.unlink()

    def test_billing_is_led_to_the_invoice_and_the_practice_is_told(self):
        acts = self._create_visit(patient=self.patient2).act_ids
        action = self.as_role("billing", acts).action_invoice()
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move", acts.invoice_ids.id))
        for role in ("reception", "practitioner"):
            with self.subTest(role=role):
                acts = self._create_visit(patient=self.patient2).act_ids
                action = self.as_role(role, acts).action_invoice()
                self.assertEqual(action["tag"], "display_notification")
                self.assertIn("80.00", action["params"]["message"])
                self.assertEqual(acts.state, "invoiced")
                self.assertEqual(acts.invoice_ids.create_uid, self.users[role])
                with self.assertRaises(AccessError):
                    self.as_role(role, acts.invoice_ids).read(["name"])

    def test_the_practitioner_invoices_a_consultation(self):
        consultation = self.as_role("practitioner", self._create_visit())
        consultation.action_invoice()
        self.assertEqual(consultation.billing_state, "invoiced")
        self.assertEqual(consultation.invoice_count, 2, "His own share and that of the payer")

    def test_nobody_else_invoices(self):
        acts = self._create_visit(patient=self.patient2).act_ids
        for role in ("manager", *NOBODY):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_role(role, acts).action_invoice()
        self.assertEqual(acts.state, "to_invoice")

    def test_other_companies_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Other Practice"})
        patient = self._create_patient("Paul", "Ailleurs", company_id=other.id)
        self._create_coverage(patient_id=patient.id, rate=50)
        for role in ("reception", "billing", "manager"):
            for model in ("medical.act", "medical.coverage"):
                records = self.env[model].with_user(self.users[role])
                with self.subTest(role=role, model=model):
                    self.assertLessEqual(records.search([]).sudo().company_id, self.company)

    def test_billing_menus(self):
        menus = self.env["ir.ui.menu"].with_user(self.users["billing"])._visible_menu_ids()
        self.assertIn(self.env.ref("medical_practice.account_menu_medical_act_to_invoice").id, menus)
        self.assertNotIn(self.env.ref("medical_practice.medical_practice_menu_root").id, menus)
        employee = self.env["ir.ui.menu"].with_user(self.users["employee"])._visible_menu_ids()
        self.assertNotIn(self.env.ref("medical_practice.account_menu_medical_act_to_invoice").id, employee)

    def test_payer_on_the_contact(self):
        self.users["billing"].group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        with Form(self.as_role("billing", self.env["res.partner"])) as form:
            form.name = "New Insurer"
            form.is_payer = True
        self.assertTrue(form.record.is_payer)
        self.assertNotIn(
            'name="is_payer"', self.as_role("employee", self.env["res.partner"]).get_view(view_type="form")["arch"]
        )

    def test_line_links_are_hidden_from_the_others(self):
        line = self.invoices.invoice_line_ids[:1]
        reader = self.users["employee"]
        reader.group_ids = [Command.link(self.env.ref("account.group_account_readonly").id)]
        self.assertNotIn("medical_act_ids", line.with_user(reader).fields_get())
        with self.assertRaises(AccessError):
            self.invoices.with_user(reader).read(["medical_patient_id"])
