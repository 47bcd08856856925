"""Nothing clinical leaves with an invoice: a marker in every clinical field is found nowhere in accounting."""

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import MARKER, BillingCase

#: Everything that accounting, mail and the payer can see.
OUTSIDE = (
    "account_move",
    "account_move_line",
    "account_payment",
    "account_bank_statement_line",
    "medical_act",
    "mail_message",
    "mail_mail",
    "mail_tracking_value",
    "mail_activity",
    "ir_attachment",
    "res_partner",
    "product_template",
)

#: Texts that are meant to be seen outside the chart.
NOT_CLINICAL = {
    "name",
    "identifier",
    "first_name",
    "last_name",
    "health_number",
    "search_key",
    "tz",
    "time_zone",
    "weekdays",
}


@tagged("post_install", "-at_install")
class TestInvoiceSecrecy(BillingCase):
    def _clinical_texts(self, model, only=None):
        """Return the marker for every text of a model that a person writes."""
        return {
            name: MARKER
            for name, field in self.env[model]._fields.items()
            if field.type in ("char", "text", "html")
            and field.store
            and not field.readonly
            and not field.related
            and name not in NOT_CLINICAL
            and (only is None or name in only)
        }

    def _create_marked_visit(self):
        kind = self.env["medical.consultation.type"].create(
            {
                "name": MARKER,
                "note_properties_definition": [{"name": "aaaabbbb", "string": MARKER, "type": "char"}],
            }
        )
        self.patient.write(self._clinical_texts("medical.patient", only={"alert", "gender_identity"}))
        visit = self._create_visit(
            type_id=kind.id, note_properties={"aaaabbbb": MARKER}, **self._clinical_texts("medical.consultation")
        )
        measure = self.env["medical.measurement.type"].create({"name": MARKER, "code": "marked"})
        self.env["medical.measurement"].create(
            {"patient_id": self.patient.id, "consultation_id": visit.id, "type_id": measure.id, "value": 1}
        )
        self.env["medical.prescription"].create(
            {
                "patient_id": self.patient.id,
                "practitioner_id": self.physician.id,
                "consultation_id": visit.id,
                **self._clinical_texts("medical.prescription"),
                "line_ids": [Command.create({"name": MARKER, **self._clinical_texts("medical.prescription.line")})],
            }
        )
        return visit

    def _count_marks(self, table):
        query = SQL("SELECT count(*) FROM %s AS t WHERE t::text LIKE %s", SQL.identifier(table), f"%{MARKER}%")
        return self.env.execute_query(query)[0][0]

    def test_the_marker_is_in_the_chart(self):
        visit = self._create_marked_visit()
        self.env.flush_all()
        self.assertGreaterEqual(len(self._clinical_texts("medical.consultation")), 5)
        self.assertEqual(self._count_marks("medical_consultation"), 1)
        self.assertTrue(self._count_marks("medical_prescription_line"))
        self.assertIn(MARKER, str(visit.read(["note_properties"])))

    def test_nothing_clinical_leaves_with_the_invoice(self):
        self.env.flush_all()
        before = {table: self._count_marks(table) for table in OUTSIDE}
        self._create_coverage(rate=50)
        visit = self._create_marked_visit()
        practitioner = self.as_role("practitioner", visit)
        practitioner.action_invoice()
        invoices = visit.invoice_ids
        self.assertEqual(len(invoices), 2)
        papers = []
        for invoice in self.as_role("billing", invoices):
            invoice.action_post()
            papers.append(self._render(invoice))
            papers += self._render_mail(invoice)
            invoice._generate_and_send()
            self.env["account.payment.register"].with_user(self.users["billing"]).with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({}).action_create_payments()
            self.assertIn(invoice.payment_state, ("paid", "in_payment"))
            papers.append(invoice.get_portal_url() + invoice.display_name)
            papers += invoice.line_ids.mapped("display_name")
        self._credit(invoices[0]).action_post()
        self.env.flush_all()
        self.env.cr.flush()
        for paper in papers:
            self.assertNotIn(MARKER, str(paper))
        self.assertEqual({table: self._count_marks(table) for table in OUTSIDE}, before)

    def _render(self, invoice):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html("account.account_invoices", invoice.ids)
        return html.decode()

    def _render_mail(self, invoice):
        template = self.env.ref("account.email_template_edi_invoice")
        values = template.sudo()._generate_template(invoice.ids, ("subject", "body_html"))
        return [str(value) for value in values[invoice.id].values()]
