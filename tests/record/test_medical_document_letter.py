import io

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .common_documents import DocumentCase


@tagged("post_install", "-at_install")
class TestLetterTemplate(DocumentCase):
    def test_an_unknown_placeholder_is_named_when_saving(self):
        with self.assertRaisesRegex(ValidationError, r"patient\.nmae.*is it \{\{patient\.name\}\}"):
            self.template.body = "<p>{{patient.nmae}}</p>"

    def test_a_measurement_of_the_practice_is_known(self):
        self.env["medical.measurement.type"].create({"name": "Peak flow", "code": "peak_flow_test"})
        self.template.body = "<p>{{last.peak_flow_test}}</p>"
        with self.assertRaises(ValidationError):
            self.template.body = "<p>{{last.nothing_such}}</p>"

    def test_a_translation_is_checked_too(self):
        with self.assertRaises(ValidationError):
            self.template.with_context(lang="fr_CA").body = "<p>{{patient.nom}}</p>"
        with self.assertRaises(ValidationError):
            self.template.update_field_translations("body", {"fr_CA": "<p>{{patient.nom}}</p>"})

    def test_shipped_templates_fill(self):
        """Every template that comes with the addon is filled without a placeholder left."""
        data = self.env["ir.model.data"].search(
            [("module", "=", "medical_practice"), ("model", "=", "medical.document.template")]
        )
        templates = self.env["medical.document.template"].browse(data.mapped("res_id")).exists()
        self.assertGreaterEqual(len(templates), 5)
        for template in templates:
            letter = self._write_letter(template_id=template.id, body=False, correspondent_id=self.correspondent.id)
            with self.subTest(template.name):
                self.assertNotIn("{{", letter.body)
                self.assertIn("Marie Tremblay", letter.body)


@tagged("post_install", "-at_install")
class TestLetter(DocumentCase):
    @freeze_time("2026-03-02 15:00:00")
    def test_filled_in_the_language_of_the_patient(self):
        with Form(self.env["medical.document"].with_user(self.users["practitioner"])) as form:
            form.patient_id = self.patient
            form.template_id = self.template
            form.correspondent_id = self.correspondent
        letter = form.record
        self.assertEqual(letter.lang, "fr_CA")
        self.assertIn("Dear Dr Côme Fournier, Marie Tremblay, 2 mars 2026.", letter.body)
        self.assertEqual(letter.recipient.splitlines()[:2], ["Dr Côme Fournier", "12 rue de l'Église"])
        self.assertEqual(letter.practitioner_id, self.physician)

    def test_typed_text_is_not_lost_when_the_address_changes(self):
        with Form(self.env["medical.document"].with_user(self.users["practitioner"])) as form:
            form.patient_id = self.patient
            form.template_id = self.template
            form.body = "<p>My own words.</p>"
            form.correspondent_id = self.correspondent
            self.assertIn("My own words.", form.body)
        letter = form.record
        letter.action_fill()
        self.assertIn("Dr Côme Fournier", letter.body)

    def test_chart_of_the_patient(self):
        env, patient = self.env, self.patient
        env["medical.condition"].create({"patient_id": patient.id, "name": "Asthma <script>alert(1)</script>"})
        kind = env["medical.measurement.type"].search([("code", "=", "weight")])
        env["medical.measurement"].create(
            {"patient_id": patient.id, "type_id": kind.id, "value": 61.5, "date": "2026-02-01 15:00:00"}
        )
        self.template.body = "<p>{{conditions}}</p><p>{{allergies}}</p><p>{{treatments}}</p><p>{{last.weight}}</p>"
        letter = self._write_letter(template_id=self.template.id, body=False, lang="en_US")
        self.assertIn("Asthma", letter.body)
        self.assertNotIn("<script", letter.body)
        self.assertIn("allergies not asked", letter.body)
        self.assertIn("61.5 kg (February 1, 2026)", letter.body)
        env["medical.chart.statement"].create({"patient_id": patient.id, "kind": "no_known_allergy"})
        letter.action_fill()
        self.assertIn("no known allergy", letter.body)

    def test_queries_do_not_grow_with_the_chart(self):
        self.template.body = "<p>{{conditions}}</p><p>{{allergies}}</p><p>{{last.weight}} {{last.bp}}</p>"
        letter = self._write_letter(template_id=self.template.id, body=False)
        self.env["medical.condition"].create({"patient_id": self.patient.id, "name": "Problem"})

        def fill():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            letter._prepare_filled()
            return self.env.cr.sql_log_count - before

        fill()
        few = fill()
        self.env["medical.condition"].create(
            [{"patient_id": self.patient.id, "name": f"Problem {number}"} for number in range(30)]
        )
        self.env.flush_all()
        self.assertLessEqual(fill(), few)

    def test_whose_signature(self):
        letter = self._write_letter(practitioner_id=self.physician.id)
        with self.assertRaises(AccessError):
            letter.with_user(self.users["assistant"]).action_sign()
        with self.assertRaises(AccessError):
            letter.with_user(self.users["practitioner2"]).action_sign()
        letter.action_sign()
        self.assertEqual((letter.state, letter.signed_by_id), ("signed", self.users["practitioner"]))
        self.assertTrue(letter._is_signature_intact())
        self.assertTrue(letter.signature_image)

    def test_an_assistant_drafts_and_the_practitioner_completes(self):
        letter = self._write_letter(role="assistant", practitioner_id=self.physician.id)
        own = self.as_role("practitioner", letter)
        own.body = "<p>Completed.</p>"
        own.action_sign()
        self.assertEqual(letter.state, "signed")

    def test_signed_is_frozen(self):
        letter = self._write_letter()
        letter.action_sign()
        for values in ({"body": "<p>x</p>"}, {"name": "x"}, {"recipient": "x"}, {"patient_id": self.patient2.id}):
            with self.subTest(values), self.assertRaises(UserError):
                letter.sudo().write(values)
        with self.assertRaises(UserError):
            letter.sudo().unlink()
        with self.assertRaises(psycopg2.errors.RestrictViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env.cr.execute("UPDATE medical_document SET body = 'x' WHERE id = %s", [letter.id])

    def test_what_is_missing_is_named(self):
        letter = self._write_letter(body="<p>See {{patient.nam}} and {{today}}</p>")
        with self.assertRaisesRegex(ValidationError, r"\{\{patient\.nam\}\}, \{\{today\}\}"):
            letter.action_sign()
        letter.body = "<p><br></p>"
        with self.assertRaisesRegex(ValidationError, "empty"):
            letter.action_sign()

    def test_written_after_the_visit_is_signed(self):
        visit = self.env["medical.consultation"].create(
            {"patient_id": self.patient.id, "practitioner_id": self.physician.id}
        )
        letter = self._write_letter(consultation_id=visit.id)
        visit._sign()
        letter.body = "<p>After the visit.</p>"
        letter.action_sign()
        letter.action_cancel("Wrong addressee")
        self.assertEqual((letter.state, letter.cancel_reason), ("cancelled", "Wrong addressee"))

    def test_a_draft_goes_with_its_visit_and_a_signed_letter_holds_it(self):
        visits = self.env["medical.consultation"].create(
            [{"patient_id": self.patient.id, "practitioner_id": self.physician.id} for __ in range(2)]
        )
        draft, signed = (self._write_letter(consultation_id=visit.id) for visit in visits)
        signed.action_sign()
        visits[0].unlink()
        self.assertFalse(draft.exists())
        with self.assertRaisesRegex(UserError, "signed letter"):
            visits[1].unlink()

    def test_hostile_html(self):
        body = "<p onclick='x()'>ok</p><script>x()</script><iframe src='file:///etc/passwd'></iframe>"
        letter = self._write_letter(body=body + "<img src='http://example.invalid/x.png'><p>نور 🌷</p>")
        self.assertNotIn("onclick", letter.body)
        self.assertNotIn("<script", letter.body)
        printed = letter._get_paper_body()
        self.assertNotIn("example.invalid", printed)
        self.assertNotIn("iframe", printed)
        self.assertIn("نور 🌷", printed)

    def test_no_comment_leaves_the_chart(self):
        letter = self._write_letter()
        with self.assertRaises(UserError):
            letter.message_post(body="Ferritin is low", message_type="comment")  # pylint: disable=translation-required
        with self.assertRaises(UserError):
            letter.message_post(body="Ferritin is low")  # pylint: disable=translation-required

    def test_display_name_says_nothing(self):
        letter = self._write_letter(name="Oncology report")
        self.assertEqual(letter.display_name, f"Document {letter.id:06d}")
        found = self.env["medical.document"].name_search("Oncology rep")
        self.assertIn(letter.id, [item[0] for item in found])


@tagged("post_install", "-at_install")
class TestLetterPaper(DocumentCase):
    def _render(self, letter, role="practitioner"):
        reports = self.env["ir.actions.report"].with_user(self.users[role]).with_context(force_report_rendering=True)
        content, kind = reports._render_qweb_pdf("medical_practice.report_document", letter.ids)
        self.assertEqual(kind, "pdf")
        return [" ".join(page.extract_text().split()) for page in PdfFileReader(io.BytesIO(content)).pages]

    @freeze_time("2026-03-02 15:00:00")
    def test_every_page_says_whose_it_is(self):
        letter = self._write_letter(
            body="<p>Œdème, « léger ».</p>" + "<p>Line of the letter.</p>" * 90,
            correspondent_id=self.correspondent.id,
            date=fields.Datetime.now(),
        )
        letter.action_sign()
        pages = self._render(letter)
        self.assertGreater(len(pages), 1)
        for number, text in enumerate(pages, 1):
            with self.subTest(page=number):
                self.assertIn("Marie Tremblay", text)
                self.assertRegex(text, rf"Page\s*{number}\s*\w+\s*{len(pages)}")
        self.assertIn("Dr Côme Fournier", pages[0])
        self.assertIn("2 mars 2026", pages[0])
        self.assertIn("Œdème", pages[0])

    def test_the_frame_hides_nothing(self):
        """The frame is laid over the text: its white must let the text through."""
        letter = self._write_letter(lang="en_US")
        reports = self.env["ir.actions.report"].with_user(self.users["practitioner"])
        content, __ = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
            "medical_practice.report_document", letter.ids
        )
        page = PdfFileReader(io.BytesIO(content)).pages[0]
        states = page["/Resources"]["/ExtGState"].get_object()
        multiplying = [name for name, state in states.items() if state.get_object().get("/BM") == "/Multiply"]
        self.assertEqual(len(multiplying), 1)
        drawn = page.get_contents().get_data()
        switched = drawn.index(f"{multiplying[0]} gs".encode())
        # The text of the letter is drawn before, what stands on every page after.
        self.assertIn(b"BT", drawn[:switched])
        self.assertIn(b"BT", drawn[switched:])

    def test_draft_and_cancelled_are_stamped(self):
        letter = self._write_letter(lang="en_US")
        self.assertIn("DRAFT", self._render(letter)[0])
        letter.action_sign()
        self.assertNotIn("DRAFT", self._render(letter)[0])
        letter.action_cancel("Error")
        self.assertIn("CANCELLED", self._render(letter)[0])

    def test_a_reprint_says_what_was_signed(self):
        letter = self._write_letter(lang="en_US", correspondent_id=self.correspondent.id)
        letter.action_sign()
        self.patient.last_name = "Changed"
        self.correspondent.name = "Somebody else"
        self.physician.partner_id.name = "New Name"
        text = "\n".join(self._render(letter))
        self.assertIn("Marie Tremblay", text)
        self.assertIn("Alice Médecin", text)
        self.assertNotIn("Changed", text)
        self.assertNotIn("New Name", text)

    def test_names_of_any_script(self):
        self.patient.write({"first_name": "نور 🌷", "last_name": "<b>O'Neil</b> & Œuvrard"})
        letter = self._write_letter(lang="en_US", body="<p dir='rtl'>السلام عليكم</p><p>👩‍⚕️ ok</p>")
        letter.action_sign()
        pages = self._render(letter)
        self.assertEqual(len(pages), 1)
        self.assertIn("O'Neil</b> & Œuvrard", pages[0])

    def test_who_prints(self):
        letter = self._write_letter()
        letter.action_sign()
        for role in ("reception", "billing", "employee", "manager", "privacy", "admin"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(self.users[role])._render_qweb_html(
                    "medical_practice.report_document", letter.ids
                )

    def test_file_name(self):
        letter = self._write_letter(name="Marie Tremblay")
        self.assertEqual(letter._get_report_file_name(), f"document-{letter.id:06d}")
