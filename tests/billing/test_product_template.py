"""The fee schedule: taxes by purpose, neutral labels, codes."""

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestProductTemplate(BillingCase):
    def test_care_does_not_take_the_default_sale_tax(self):
        self.assertFalse(self.act2.taxes_id)
        self.assertEqual(self.cosmetic.taxes_id, self.tax)
        self.assertEqual(self._create_act("Massage", "M1", 60, act_purpose="other").taxes_id, self.tax)
        self.assertFalse(self._create_act("No-show", "A1", 60, act_purpose="absence").taxes_id)

    def test_taxes_given_are_kept(self):
        act = self._create_act("Taxed care", "T1", 10, taxes_id=[Command.set(self.tax.ids)])
        self.assertEqual(act.taxes_id, self.tax)
        self.assertFalse(self._create_act("Bare", "T2", 10, act_purpose="report", taxes_id=[Command.clear()]).taxes_id)

    def test_the_exempt_tax_of_the_localisation(self):
        exempt = self.env["account.tax"].create({"name": "Exempt", "amount": 0.0, "type_tax_use": "sale"})
        self.company.medical_exempt_tax_id = exempt
        self.assertEqual(self._create_act("Care", "E1", 10).taxes_id, exempt)

    def test_a_shared_act_does_not_take_the_tax_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other Practice"})
        other.account_sale_tax_id = (
            self.env["account.tax"]
            .with_company(other)
            .create(
                {
                    "name": "Other tax",
                    "amount": 5.0,
                    "type_tax_use": "sale",
                    "company_id": other.id,
                    "country_id": self.env.ref("base.ca").id,
                    "tax_group_id": self.env["account.tax.group"]
                    .create({"name": "Other", "company_id": other.id, "country_id": self.env.ref("base.ca").id})
                    .id,
                }
            )
        )
        self.assertFalse(self._create_act("Shared care", "S1", 10).sudo().taxes_id)
        self.assertEqual(
            self._create_act("Shared report", "S2", 10, act_purpose="report").sudo().taxes_id,
            self.tax | other.account_sale_tax_id,
        )

    def test_the_form_of_the_fee_schedule(self):
        manager = self.users["manager"]
        action = self.env.ref("medical_practice.product_template_action_fee_schedule")
        model = (
            self.env["product.template"]
            .with_user(manager)
            .with_context(default_is_medical_act=True, default_act_purpose="care", default_type="service")
        )
        with Form(model, view="medical_practice.product_template_view_form_fee_schedule") as form:
            form.name = "Consultation"
            form.act_code = "K1"
            self.assertFalse(form.taxes_id[:])
            form.act_purpose = "cosmetic"
            self.assertEqual(form.taxes_id[:].ids, self.tax.ids)
            form.act_purpose = "care"
            self.assertFalse(form.taxes_id[:])
        product = form.record
        self.assertTrue(product.is_medical_act)
        self.assertEqual((product.type, product.default_code), ("service", "K1"))
        self.assertEqual(action.path, "fee-schedule")

    def test_the_code_follows_into_the_reference(self):
        self.act2.act_code = "V21"
        self.assertEqual(self.act2.default_code, "V21")
        found = self.env["product.product"].name_search("V21", [("is_medical_act", "=", True)])
        self.assertEqual([row[0] for row in found], self.act2.ids)

    @mute_logger("odoo.sql_db")
    def test_a_code_is_unique_in_its_scope(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_act("Copy", "V20", 1)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._create_act("Of one company", "V20", 1, company_id=self.company.id)
        self.act2.product_tmpl_id.company_id = self.company
        other = self.env["res.company"].create({"name": "Other Practice"})
        self.assertTrue(self._create_act("Of the other", "V20", 1, company_id=other.id))

    def test_neutral_label_in_the_language_of_the_recipient(self):
        self.assertEqual(self.act2._get_invoice_label(), "Professional services")
        self.assertEqual(self.cosmetic._get_invoice_label(), "Service")
        self.env["res.lang"]._activate_lang("fr_FR")
        self.act.with_context(lang="fr_FR").invoice_label = "Services professionnels"
        self.assertEqual(self.act._get_invoice_label("fr_FR"), "Services professionnels")

    def test_the_absence_fee_is_an_act_of_its_own(self):
        fee = self.env.ref("medical_practice.product_product_absence_fee")
        self.assertEqual((fee.act_purpose, fee.list_price, fee.type), ("absence", 0.0, "service"))
        self.assertFalse(fee.taxes_id)
