import base64

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_documents import PDF, PNG, TEXT, DocumentCase

NEUTRAL = "Ferritin is very low, call her"


@tagged("post_install", "-at_install")
class TestInbox(DocumentCase):
    def test_upload_match_acknowledge(self):
        document = self._receive(TEXT, "labo.txt")
        self.assertEqual(
            (document.inbox_state, document.file_kind, document.company_id), ("unmatched", "text", self.company)
        )
        self.assertIn("Ferritine basse", document.content_text)
        document.action_match(self.patient.id)
        self.assertEqual((document.inbox_state, document.patient_id), ("to_review", self.patient))
        own = self.as_role("practitioner", document)
        own.action_acknowledge(NEUTRAL)
        self.assertEqual((own.inbox_state, own.reviewed_by_id), ("reviewed", self.users["practitioner"]))
        self.assertTrue(own.reviewed_on)
        self.assertEqual(own.step_ids.sorted("id").mapped("kind"), ["received", "matched", "reviewed"])
        self.assertIn(NEUTRAL, own.step_ids.mapped("comment"))

    def test_files_are_told_by_their_bytes(self):
        self.assertEqual(self._receive(PNG, "x.pdf").file_kind, "image")
        self.assertEqual(self._receive(PDF, "x.exe").content_name.rpartition(".")[2], "pdf")
        for data in (b"<svg onload='x()'/>", b"<html><script>x</script>", b"MZ\x90\x00", b""):
            with self.subTest(data), self.assertRaises(UserError):
                self._receive(data, "result.pdf")
        with self.assertRaisesRegex(UserError, "damaged"):
            self.env["medical.document"].action_upload("x.pdf", "no base64 at all!")

    def test_a_huge_file_is_refused_with_what_to_do(self):
        self.patch(self.registry["medical.document"], "_get_max_size", lambda _model: 10)
        with self.assertRaisesRegex(UserError, "split it"):
            self._receive(PDF)

    def test_nothing_is_matched_by_itself(self):
        document = self._receive(name=f"{self.patient.identifier} Tremblay Marie.pdf")
        self.assertFalse(document.patient_id)
        self.assertEqual(document.candidate_ids[0], self.patient)
        document.candidate_ids[0].with_context(match_document_id=document.id).action_match_document()
        self.assertEqual(document.patient_id, self.patient)

    def test_proposals(self):
        namesake = self._create_patient("Paul", "Tremblay", "1970-01-01")
        self.assertEqual(self._receive(name="tremblay_marie.pdf").candidate_ids[0], self.patient)
        self.assertIn(namesake, self._receive(name="tremblay_marie.pdf").candidate_ids)
        self.assertEqual(self._receive(name="LEcuyer Jean-Noel labo.pdf").candidate_ids, self.patient2)
        for name in ("scan.pdf", "_%_%.pdf", "résultat labo.pdf", "", "x" * 5000):
            with self.subTest(name[:20]):
                self.assertFalse(self._receive(name=name).candidate_ids)

    def test_proposals_stay_in_the_practice(self):
        elsewhere = self.env["res.company"].create({"name": "Another practice"})
        self._create_patient("Zoé", "Quennevillois", company_id=elsewhere.id)
        self.assertFalse(self._receive(name="Quennevillois Zoe.pdf").candidate_ids)

    def test_wrong_patient(self):
        document = self._receive(patient_id=self.patient.id)
        self.assertEqual(document.inbox_state, "to_review")
        document.action_unmatch()
        self.assertEqual(document.inbox_state, "unmatched")
        document.action_match(self.patient2.id)
        kinds = [(step.kind, step.patient_id) for step in document.step_ids.sorted("id") if "matched" in step.kind]
        self.assertEqual(kinds, [("matched", self.patient), ("unmatched", self.patient), ("matched", self.patient2)])

    def test_who_acknowledges(self):
        document = self._receive(patient_id=self.patient.id)
        with self.assertRaises(AccessError):
            document.action_acknowledge()
        with self.assertRaisesRegex(UserError, "whose document"):
            self.as_role("practitioner", self._receive()).action_acknowledge()

    def test_a_reviewed_document_is_fixed(self):
        document = self.as_role("practitioner", self._receive(patient_id=self.patient.id))
        document.action_acknowledge()
        for values in ({"patient_id": self.patient2.id}, {"name": "x"}, {"abnormal": True}, {"kind": "letter"}):
            with self.subTest(values), self.assertRaises(UserError):
                document.write(values)
        with self.assertRaises(UserError):
            document.action_unmatch()
        with self.assertRaises(UserError):
            document.action_acknowledge()
        with self.assertRaises(UserError):
            document.unlink()
        document.action_enter_in_error("Chart of another patient")
        self.assertTrue(document.entered_in_error)

    def test_no_door_writes_a_review(self):
        document = self._receive(patient_id=self.patient.id)
        for values in ({"review_state": "reviewed"}, {"reviewed_by_id": self.env.uid}, {"direction": "outgoing"}):
            with self.subTest(values), self.assertRaises(UserError):
                document.write(values)
        with self.assertRaises(UserError):
            self.env["medical.document"].create(
                {"patient_id": self.patient.id, "direction": "incoming", "review_state": "reviewed"}
            )
        content = base64.b64encode(PDF).decode()
        defaults = {"default_review_state": "reviewed", "default_reviewed_by_id": self.env.uid}
        born = (
            self.env["medical.document"]
            .with_context(**defaults)
            .create({"patient_id": self.patient.id, "direction": "incoming", "content": content})
        )
        self.assertEqual(born.review_state, "to_review")
        with self.assertRaises(UserError):
            self.as_role("practitioner", document).action_sign()

    def test_the_database_holds_the_line(self):
        document = self._receive()
        letter = self._write_letter()
        self.env.flush_all()
        for statement in (
            "UPDATE medical_document SET review_state = 'reviewed' WHERE id = %s",
            "UPDATE medical_document SET state = 'signed' WHERE id = %s",
            "UPDATE medical_document SET review_state = NULL WHERE id = %s",
        ):
            refused = self.assertRaises(psycopg2.errors.CheckViolation)
            with self.subTest(statement), refused, mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.env.cr.execute(statement, [document.id])
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env.cr.execute("UPDATE medical_document SET patient_id = NULL WHERE id = %s", [letter.id])

    def test_a_file_is_never_replaced(self):
        document = self._receive()
        with self.assertRaises(UserError):
            document.content = base64.b64encode(PNG)
        with self.assertRaises(UserError):
            document.file_name = "other.pdf"
        self.assertTrue(document._is_file_intact())

    def test_the_same_file_twice(self):
        first, second = self._receive(patient_id=self.patient.id), self._receive(name="again.pdf")
        self.assertFalse(first.duplicate_id)
        self.assertEqual(second.duplicate_id, first)

    def test_what_is_in_no_chart_may_be_thrown_away(self):
        self._receive().unlink()
        with self.assertRaises(UserError):
            self._receive(patient_id=self.patient.id).unlink()

    def test_forward(self):
        document = self._receive(patient_id=self.patient.id, assigned_id=self.physician.id)
        document.action_forward(self.physician2.id, NEUTRAL)
        self.assertEqual(document.assigned_id, self.physician2)
        inbox = self.as_role("practitioner2", self.env["medical.document"])
        self.assertIn(document, inbox.search([("assigned_id.user_id", "=", self.users["practitioner2"].id)]))

    def test_a_task_says_nothing(self):
        document = self._receive(name="Ferritin.pdf", patient_id=self.patient.id)
        document.name = "Ferritin"
        document.action_task(self.users["practitioner"].id, "2026-03-05", NEUTRAL)
        activity = document.activity_ids
        self.assertEqual(activity.user_id, self.users["practitioner"])
        self.assertFalse(activity.summary or activity.note)
        self.assertEqual(activity.res_name, f"Document {document.id:06d}")
        activity.with_user(self.users["practitioner"]).action_feedback(feedback=NEUTRAL)
        steps = document.step_ids.sorted("id")
        self.assertEqual(steps.mapped("kind")[-2:], ["task", "task_done"])
        self.assertEqual(steps[-1].comment, NEUTRAL)
        self._assert_nowhere("Ferritin")

    def test_words_written_into_a_task_stay_in_the_chart(self):
        document = self.as_role("practitioner", self._receive(patient_id=self.patient.id))
        activity = (
            self.env["mail.activity"]
            .with_user(self.users["practitioner"])
            .create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("medical.document"),
                    "res_id": document.id,
                    "summary": "Ferritin",
                    "note": f"<p>{NEUTRAL}</p>",
                    "user_id": self.users["practitioner"].id,
                }
            )
        )
        self.assertFalse(activity.note)
        activity.note = "<p>Ferritin again</p>"
        self.assertIn("Ferritin again", document.step_ids.mapped("comment"))
        self._assert_nowhere("Ferritin")

    def test_a_task_for_somebody_without_the_chart(self):
        document = self._receive(patient_id=self.patient.id)
        with self.assertRaisesRegex(AccessError, "in care"):
            document.action_task(self.users["reception"].id)

    def test_recall(self):
        document = self._receive(name="Ferritin.pdf", patient_id=self.patient.id)
        document.action_recall(comment=NEUTRAL)
        activity = self.as_role("reception", self.env["medical.patient"]).browse(self.patient.id).activity_ids
        self.assertEqual(activity.activity_type_id, self.env.ref("medical_practice.mail_activity_type_recall"))
        self.assertFalse(activity.user_id)
        self.assertFalse(activity.note)
        called = (
            self.env["medical.patient"]
            .with_user(self.users["reception"])
            .search([("activity_ids.activity_type_id", "=", activity.activity_type_id.id)])
        )
        self.assertEqual(called.ids, self.patient.ids)
        self._assert_nowhere("Ferritin")

    def test_steps_are_not_rewritten(self):
        step = self._receive().step_ids
        with self.assertRaises(AccessError):
            step.with_user(self.users["practitioner"]).write({"comment": "x"})
        with self.assertRaises(UserError):
            step.sudo().write({"comment": "x"})

    def test_uploading_takes_no_other_field(self):
        document = self._receive(patient_id=self.patient.id, review_state="reviewed", state="signed", company_id=99)
        self.assertEqual(
            (document.review_state, document.state, document.company_id), ("to_review", "draft", self.company)
        )

    def test_order_of_the_inbox(self):
        normal = self._receive(patient_id=self.patient.id)
        abnormal = self._receive(PNG, patient_id=self.patient.id)
        abnormal.abnormal = True
        unmatched = self._receive(TEXT)
        found = self.env["medical.document"].search(
            [("id", "in", (normal | abnormal | unmatched).ids)], order="inbox_state desc, abnormal desc, date, id"
        )
        self.assertEqual(found.ids, [unmatched.id, abnormal.id, normal.id])

    def test_queries_of_the_list(self):
        for number in range(3):
            self._receive(TEXT + bytes(str(number), "ascii"), patient_id=self.patient.id)

        def read():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            documents = self.as_role("practitioner", self.env["medical.document"]).search(
                [("direction", "=", "incoming")], order="inbox_state desc, abnormal desc, date, id"
            )
            documents.web_read({"name": {}, "patient_id": {"fields": {"display_name": {}}}, "inbox_state": {}})
            return self.env.cr.sql_log_count - before

        read()
        few = read()
        for number in range(15):
            self._receive(TEXT + bytes(f"more {number}", "ascii"), patient_id=self.patient2.id)
        self.env.flush_all()
        self.assertLessEqual(read(), few)

    def _assert_nowhere(self, marker):
        """The word stands in no message, task or attachment."""
        self.env.flush_all()
        for table in ("mail_message", "mail_activity", "ir_attachment", "mail_mail", "mail_tracking_value"):
            self.env.cr.execute(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE %s", [f"%{marker}%"])
            with self.subTest(table):
                self.assertEqual(self.env.cr.fetchone()[0], 0)
