from contextlib import closing
from datetime import timedelta

from psycopg2.errors import RestrictViolation

from odoo import api
from odoo.addons.medical_practice.tests.common import MedicalCase
from odoo.addons.medical_practice.tests.parallel import ParallelCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger


class AccessLogCase(MedicalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log = cls.env["medical.access.log"]
        cls.consultations = cls.env["medical.consultation"].create(
            [
                {"patient_id": patient.id, "practitioner_id": cls.physician.id, "reason": "x"}
                for patient in (cls.patient, cls.patient, cls.patient2)
            ]
        )
        cls.env.flush_all()
        cls.log._flush_pending()

    def _new_rows(self):
        """Return the rows noted since the last call, oldest first."""
        before = getattr(self, "_last_id", None)
        if before is None:
            before = self.start
        self.log._flush_pending()
        rows = self.log.search([("id", ">", before)], order="id")
        self._last_id = max(rows.ids, default=before)
        return rows

    def setUp(self):
        super().setUp()
        self.log._flush_pending()
        self.start = max(self.log.search([], order="id desc", limit=1).ids, default=0)

    def _told(self, rows):
        return sorted((row.user_id.login, row.action, row.res_model, row.patient_id.id) for row in rows)


@tagged("post_install", "-at_install")
class TestMedicalAccessLog(AccessLogCase):
    """Who saw and did what is known, once a gesture."""

    def test_opening_a_chart_is_one_row(self):
        patient = self.as_role("practitioner", self.patient)
        specification = {
            "name": {},
            "alert": {},
            "consultation_ids": {"fields": {"reason": {}, "date_start": {}}},
            "measurement_ids": {"fields": {"value": {}}},
        }
        patient.web_read(specification)
        rows = self._new_rows()
        self.assertEqual(self._told(rows), [("test_practitioner", "read", "medical.patient", self.patient.id)])
        self.assertEqual((rows.role, rows.context, rows.res_id), ("practitioner", "care", self.patient.id))
        self.assertEqual(rows.company_id, self.company)

    def test_a_list_is_one_row_a_patient(self):
        consultations = self.as_role("assistant", self.consultations)
        consultations.search([("id", "in", consultations.ids)]).web_read({"reason": {}})
        rows = self._new_rows()
        self.assertEqual({row.patient_id: row.record_count for row in rows}, {self.patient: 2, self.patient2: 1})

    def test_reading_through_another_model_is_reading(self):
        event = self.env["calendar.event"].create(
            {
                "patient_id": self.patient.id,
                "practitioner_id": self.physician.id,
                "start": "2026-03-02 14:00:00",
                "stop": "2026-03-02 14:20:00",
                "consultation_id": self.consultations[0].id,
            }
        )
        self._new_rows()
        self.as_role("assistant", event).web_read({"consultation_id": {"fields": {"reason": {}}}})
        self.assertEqual(
            self._told(self._new_rows()), [("test_assistant", "read", "medical.consultation", self.patient.id)]
        )

    def test_the_list_of_names_is_no_access_but_clinical_columns_are(self):
        patients = (self.patient | self.patient2).with_user(self.users["assistant"])
        patients.web_read({"last_name": {}, "phone": {}})
        self.assertFalse(self._new_rows())
        patients.web_read({"last_name": {}, "alert": {}})
        self.assertEqual(self._new_rows().patient_id, self.patient | self.patient2)
        self.as_role("reception", self.patient).web_read({"last_name": {}})
        self.assertEqual(self._new_rows().context, "administration")

    def test_what_is_changed_is_named_not_told(self):
        consultation = self.as_role("practitioner", self.consultations[0])
        consultation.write({"reason": "Zyxsecret", "plan": "<p>Zyxsecret</p>"})
        rows = self._new_rows()
        self.assertEqual(rows.mapped("action"), ["write"])
        self.assertIn("plan", rows.detail)
        self.assertNotIn("Zyxsecret", str(rows.read()))

    def test_life_of_a_document(self):
        consultation = self.as_role("practitioner", self.env["medical.consultation"]).create(
            {"patient_id": self.patient.id, "practitioner_id": self.physician.id, "reason": "x"}
        )
        self.assertEqual(self._new_rows().mapped("action"), ["create"])
        consultation.action_sign()
        signed = self._new_rows().filtered(lambda row: row.action == "sign")
        self.assertEqual((signed.digest, signed.res_id), (consultation.digest, consultation.id))
        consultation.action_cancel("wrong chart")
        self.assertIn("cancel", self._new_rows().mapped("action"))
        draft = self.as_role("practitioner", self.consultations[0])
        draft.unlink()
        rows = self._new_rows()
        self.assertEqual(self._told(rows)[-1:], [("test_practitioner", "delete", draft._name, self.patient.id)])

    def test_exports_prints_and_figures(self):
        exporter = self.users["practitioner"]
        exporter.group_ids |= self.env.ref("base.group_allow_export")
        self._new_rows()
        consultations = self.as_role("practitioner", self.consultations)
        consultations.export_data(["reason", "patient_id/alert"])
        self.assertIn("export", self._new_rows().mapped("action"))
        self.as_role("practitioner", self.patient).export_data(["consultation_ids/reason"])
        rows = self._new_rows()
        self.assertEqual(set(rows.mapped("action")), {"export"})
        self.assertIn("medical.consultation", rows.mapped("res_model"))
        self.env["ir.actions.report"].with_user(exporter)._render_qweb_html(
            "medical_practice.medical_consultation_report", self.consultations[:1].ids
        )
        self.assertIn(
            ("test_practitioner", "print", "medical.consultation", self.patient.id), self._told(self._new_rows())
        )
        consultations.formatted_read_group([], ["practitioner_id"], ["__count"])
        rows = self._new_rows()
        self.assertEqual((rows.detail, rows.patient_id.id, rows.res_id), ("statistics", False, 0))

    def test_business_code_in_the_name_of_the_practice_is_no_access(self):
        self.consultations.with_user(self.users["reception"]).sudo().read(["reason"])
        self.assertFalse(self._new_rows())

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_refusals(self):
        with self.assertRaises(AccessError):
            self.as_role("reception", self.consultations[0]).web_read({"reason": {}})
        self.assertEqual(
            [(row.user_id.login, row.res_model, row.detail) for row in self._new_rows()],
            [("test_reception", "medical.consultation", "read")],
        )
        other = self.env["res.company"].create({"name": "Another practice"})
        foreign = self.env["medical.patient"].create(
            {"first_name": "Ann", "last_name": "Other", "company_id": other.id}
        )
        self._new_rows()
        with self.assertRaises(AccessError):
            foreign.with_user(self.users["practitioner"]).check_access("read")
        row = self._new_rows()
        self.assertEqual((row.action, row.patient_id, row.res_id), ("refused", foreign, foreign.id))

    def test_nobody_writes_in_it(self):
        self.as_role("practitioner", self.patient).web_read({"alert": {}})
        row = self._new_rows()
        for attack in (
            lambda: row.sudo().write({"user_id": 1}),
            lambda: row.sudo().unlink(),
            lambda: self.log.sudo().create({"action": "read"}),
        ):
            with self.assertRaises(UserError):
                attack()

    def test_the_database_refuses_too(self):
        self.as_role("practitioner", self.patient).web_read({"alert": {}})
        self._new_rows()
        for table in ("medical_access_log", "medical_access_seal"):
            column = "user_id" if table.endswith("log") else "row_count"
            for statement in (f"UPDATE {table} SET {column} = 1", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                with (
                    self.subTest(statement=statement),
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(RestrictViolation),
                    self.env.cr.savepoint(),
                ):
                    self.env.cr.execute(statement)

    def test_every_clinical_model_says_whose_record_it_is(self):
        for name in self.env.registry.models:
            model = self.env[name]
            if not hasattr(model, "_audit_patient_field") or model._abstract or model._transient:
                continue
            with self.subTest(model=name):
                patient = model._audit_patient_field
                self.assertTrue(patient == "id" or model._fields[patient].store)
                self.assertTrue(model._fields["company_id"].store)

    def test_cost_of_the_log(self):
        """Opening a chart costs one query more: the one that writes its row."""
        patient = self.as_role("practitioner", self.patient)
        specification = {"alert": {}, "consultation_ids": {"fields": {"reason": {}}}}
        patient.web_read(specification)
        self._new_rows()
        self.env.invalidate_all()
        patient.web_read(specification)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.log._flush_pending()

    def test_unusual_accesses(self):
        user = new_test_user(
            self.env, "test_namesake", "base.group_user,medical_practice.group_assistant", name="Luce Tremblay"
        )
        for patient in (self.patient, self.patient2):
            patient.with_user(user).web_read({"alert": {}})
            self._new_rows()
        mine = [("user_id", "=", user.id)]
        self.assertEqual(self.log.search([*mine, ("is_same_name", "=", True)]).patient_id, self.patient)
        lonely = self.log.search([*mine, ("is_without_appointment", "=", True)])
        self.assertEqual(lonely.patient_id, self.patient | self.patient2)
        self.env["calendar.event"].create(
            {
                "patient_id": self.patient2.id,
                "practitioner_id": self.physician.id,
                "start": "2026-03-02 14:00:00",
                "stop": "2026-03-02 14:20:00",
            }
        ).write({"start": lonely[0].date - timedelta(hours=1), "stop": lonely[0].date})
        self.assertEqual(self.log.search([*mine, ("is_without_appointment", "=", True)]).patient_id, self.patient)
        self.assertFalse(self.log.search([*mine, ("is_many", "=", True)]))
        officer = self.log.with_user(self.users["privacy"]).search(mine)
        self.assertIn("Own family name", " ".join(filter(None, officer.mapped("signs"))))


@tagged("post_install", "-at_install")
class TestAccessLogDoors(AccessLogCase, HttpCase):
    """The doors of the server, the read-only cursor of the web client among them."""

    def _call(self, model, method, args):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}", {"model": model, "method": method, "args": args, "kwargs": {}}
        )

    def test_the_web_client(self):
        self.users["practitioner"].password = "test_practitioner"
        self.authenticate("test_practitioner", "test_practitioner")
        for _request in range(3):
            # A chart that opens asks several times: one gesture.
            self._call("medical.patient", "web_read", [self.patient.ids, {"alert": {}}])
        rows = self._new_rows()
        self.assertEqual([(row.action, row.door) for row in rows], [("read", "web")])
        self.assertEqual(rows.patient_id, self.patient)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_a_refusal_outlives_the_request(self):
        self.users["reception"].password = "test_reception"
        self.authenticate("test_reception", "test_reception")
        with self.assertRaisesRegex(JsonRpcException, "AccessError"):
            self._call("medical.consultation", "web_read", [self.consultations[:1].ids, {"reason": {}}])
        self.assertIn("refused", self._new_rows().mapped("action"))


@tagged("post_install", "-at_install")
class TestAccessLogTransactions(ParallelCase):
    """However a transaction ends, what went out of it stands in the log."""

    def setUp(self):
        super().setUp()
        with self._committed() as env:
            self.patient_id = env["medical.patient"].create({"first_name": "Logged", "last_name": "Forever"}).id
            self.user_id = new_test_user(
                env, f"logged_{self.patient_id}", "base.group_user,medical_practice.group_assistant"
            ).id
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        with self._committed() as env:
            patient = env["medical.patient"].browse(self.patient_id)
            partner, user = patient.partner_id, env["res.users"].browse(self.user_id)
            patient.unlink()
            partner.unlink()
            user.write({"active": False})

    def _count(self, action):
        with self._committed() as env:
            domain = [("patient_id", "=", self.patient_id), ("user_id", "=", self.user_id), ("action", "=", action)]
            return env["medical.access.log"].search_count(domain)

    def _read(self, cr):
        env = api.Environment(cr, self.user_id, {})
        return env["medical.patient"].browse(self.patient_id).web_read({"alert": {}})

    def test_a_read_only_transaction(self):
        with closing(self.registry.cursor()) as cr:
            # What the pool of a replica does; the next who borrows the connection gets it read-write again.
            cr.connection.set_session(readonly=True)
            self.assertTrue(cr.readonly)
            self._read(cr)
            cr.commit()  # pylint: disable=invalid-commit
        self.assertEqual(self._count("read"), 1)

    def test_a_savepoint_rolled_back_takes_no_row_away(self):
        with self.registry.cursor() as cr:
            self._read(cr)
            with self.assertRaises(ValueError), cr.savepoint():
                raise ValueError
        self.assertEqual(self._count("read"), 1)

    def test_a_refusal_is_kept_and_the_rest_of_a_failed_transaction_is_not(self):
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_model"),
            self.registry.cursor() as cr,
        ):
            self._read(cr)
            env = api.Environment(cr, self.user_id, {})
            env["medical.patient"].browse(self.patient_id).unlink()
        self.assertEqual((self._count("read"), self._count("delete")), (0, 0))
        with self._committed() as env:
            refused = [("user_id", "=", self.user_id), ("action", "=", "refused")]
            self.assertTrue(env["medical.access.log"].search_count(refused))

    def test_sealed_in_a_transaction_of_its_own(self):
        with self.registry.cursor() as cr:
            self._read(cr)
        with self._committed() as env:
            env["medical.access.seal"].seal()
            self.assertTrue(env["medical.access.seal"].verify()["ok"])
