from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_medical_access_log import AccessLogCase


@tagged("post_install", "-at_install")
class TestMedicalAccessSeal(AccessLogCase):
    """The log attacked in SQL by the owner of its table: whatever was done to a sealed row is found."""

    def setUp(self):
        super().setUp()
        self.seals = self.env["medical.access.seal"].with_user(self.users["privacy"])
        self.seals.seal()
        for _block in range(3):
            for patient in (self.patient, self.patient2) * 2:
                self.as_role("practitioner", patient).web_read({"alert": {}})
                self.log._flush_pending()
            self.assertEqual(self.seals.seal(), 1)
        self.blocks = self.seals.sudo().search([], order="number")[-3:]

    def _attack(self, statement, *params):
        """Run a statement as the owner of the tables, who can switch the trigger off."""
        for table in ("medical_access_log", "medical_access_seal"):
            self.env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self.env.cr.execute(statement, params)
        for table in ("medical_access_log", "medical_access_seal"):
            self.env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def _assert_broken(self, block, reason="content"):
        verdict = self.seals.verify()
        self.assertEqual((verdict["ok"], verdict["first_broken"], verdict["reason"]), (False, block.number, reason))

    def test_untouched(self):
        verdict = self.seals.verify()
        self.assertTrue(verdict["ok"])
        self.assertFalse(verdict["first_broken"])
        self.assertEqual(verdict["blocks"], self.blocks[-1].number)
        self.assertEqual(verdict["latest_digest"], self.blocks[-1].digest)
        self.assertEqual(self.seals.seal(), 0, "nothing is left to seal")

    def test_pending_rows_are_counted(self):
        self.as_role("practitioner", self.patient).web_read({"alert": {}})
        self.assertEqual(self.seals.verify()["pending"], 1)

    def test_altered(self):
        block = self.blocks[1]
        self._attack("UPDATE medical_access_log SET user_id = 1 WHERE id = %s", block.last_id)
        self._assert_broken(block)

    def test_each_column_counts(self):
        block = self.blocks[0]
        for column, value in (
            ("date", "2001-01-01"),
            ("patient_id", self.patient.id + 1000),
            ("action", "write"),
            ("door", "portal"),
            ("role", "other"),
            ("context", "other"),
            ("res_id", 1),
            ("res_model", "x"),
            ("record_count", 99),
            ("detail", "x"),
            ("digest", "x"),
            ("company_id", 99),
        ):
            with self.subTest(column=column):
                savepoint = self.env.cr.savepoint()
                self._attack(f"UPDATE medical_access_log SET {column} = %s WHERE id = %s", value, block.last_id)
                self._assert_broken(block)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_deleted(self):
        self._attack("DELETE FROM medical_access_log WHERE id = %s", self.blocks[2].last_id)
        self._assert_broken(self.blocks[2])

    def test_inserted(self):
        block = self.blocks[0]
        # A sequence leaves gaps: make one, as a rolled back transaction does.
        self._attack("UPDATE medical_access_log SET id = id + 1000 WHERE id > %s", block.last_id)
        self._attack(
            "INSERT INTO medical_access_log SELECT %s, date, 1, patient_id, company_id, res_model, res_id, "
            "record_count, action, door, role, context, detail, digest FROM medical_access_log WHERE id = %s",
            block.last_id + 1,
            block.last_id,
        )
        self._assert_broken(self.blocks[1])

    def test_reordered(self):
        first, second = self.blocks[1].last_id - 1, self.blocks[1].last_id
        self._attack("UPDATE medical_access_log SET id = -1 WHERE id = %s", first)
        self._attack("UPDATE medical_access_log SET id = %s WHERE id = %s", first, second)
        self._attack("UPDATE medical_access_log SET id = %s WHERE id = -1", second)
        self._assert_broken(self.blocks[1])

    def test_a_seal_taken_out(self):
        number = self.blocks[1].number
        self._attack("DELETE FROM medical_access_seal WHERE number = %s", number)
        verdict = self.seals.verify()
        self.assertEqual((verdict["first_broken"], verdict["reason"]), (number, "order"))

    def test_a_rewritten_chain_lacks_the_printed_seal(self):
        kept = self.blocks[-1].digest
        self.assertTrue(self.seals.verify(f" {kept.upper()} ")["ok"])
        number = self.blocks[1].number
        self._attack("UPDATE medical_access_log SET user_id = 1 WHERE id = %s", self.blocks[1].last_id)
        self._attack("DELETE FROM medical_access_seal WHERE number >= %s", number)
        self.env.invalidate_all()
        self.seals.seal()
        self.assertTrue(self.seals.verify()["ok"], "inside the database nothing tells")
        self.assertEqual(self.seals.verify(kept)["reason"], "anchor")

    def test_the_officer_is_told(self):
        self.assertEqual(self.seals.action_verify()["params"]["type"], "success")
        wizard = (
            self.env["medical.access.verify"].with_user(self.users["privacy"]).create({"known_digest": "0" * 63 + "1"})
        )
        self.assertEqual(wizard.action_verify()["params"]["type"], "danger")
        self._attack("DELETE FROM medical_access_log WHERE id = %s", self.blocks[0].last_id)
        self.assertEqual(self.seals.action_verify()["params"]["type"], "danger")

    def test_the_paper(self):
        action = self.seals.action_print_attestation()
        html, _type = (
            self.env["ir.actions.report"]
            .with_user(self.users["privacy"])
            ._render_qweb_html(action["report_name"], action["context"]["active_ids"])
        )
        self.assertIn(self.blocks[-1].digest, html.decode())

    def test_only_the_officer(self):
        for role in ("practitioner", "manager", "admin", "reception"):
            seals = self.env["medical.access.seal"].with_user(self.users[role])
            for gesture in (seals.seal, seals.verify):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    gesture()
        for attack in (lambda: self.blocks.write({"digest": "x"}), self.blocks.unlink):
            with self.assertRaises(UserError):
                attack()
