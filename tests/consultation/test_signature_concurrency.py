"""Two people at once, on connections of their own: one signature, and nothing that slips in behind it."""

from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import LockError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestSignatureConcurrency(BaseCase):
    """Committed for real, hence cleaned by hand."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._connection() as env:
            user = env["res.users"].create(
                {
                    "name": "Concurrent Practitioner",
                    "login": "concurrent_practitioner",
                    "group_ids": [(4, env.ref("medical_practice.group_practitioner").id)],
                }
            )
            practitioner = env["medical.practitioner"].create(
                {"name": "Concurrent Practitioner", "partner_id": user.partner_id.id, "user_id": user.id}
            )
            patient = env["medical.patient"].create({"first_name": "Concurrent", "last_name": "Patient"})
            consultation = env["medical.consultation"].create(
                {"patient_id": patient.id, "practitioner_id": practitioner.id, "type_id": False, "reason": "x"}
            )
            self.ids = (user.id, practitioner.id, patient.id, consultation.id)
        self.addCleanup(self._clean)

    @contextmanager
    def _connection(self, uid=SUPERUSER_ID):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, uid, {"tracking_disable": True})
            cr.commit()  # pylint: disable=invalid-commit

    def _clean(self):
        user, practitioner, patient, consultation = self.ids
        with self._connection() as env:
            partners = env["medical.patient"].browse(patient).partner_id | env["res.users"].browse(user).partner_id
            env.cr.execute("ALTER TABLE medical_consultation DISABLE TRIGGER medical_keep_signed")
            env.cr.execute("DELETE FROM medical_measurement WHERE patient_id = %s", [patient])
            env.cr.execute("DELETE FROM medical_consultation WHERE id = %s", [consultation])
            env.cr.execute("ALTER TABLE medical_consultation ENABLE TRIGGER medical_keep_signed")
            env["medical.patient"].browse(patient).unlink()
            env["medical.practitioner"].browse(practitioner).unlink()
            env["res.users"].browse(user).unlink()
            partners.exists().unlink()

    def _consultation(self, env):
        return env["medical.consultation"].browse(self.ids[3])

    def _add_weight(self, env):
        consultation = self._consultation(env)
        consultation.weight = 70
        env.flush_all()

    def test_two_signatures_at_once(self):
        user = self.ids[0]
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT 1")
            self._consultation(api.Environment(first, user, {})).action_sign()
            with self.assertRaises(LockError):
                self._consultation(api.Environment(second, user, {})).action_sign()
            first.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self._consultation(api.Environment(second, user, {})).action_sign()
            second.rollback()

    def test_a_measurement_does_not_slip_in_behind_a_signature(self):
        with self.registry.cursor() as signing, self.registry.cursor() as adding:
            adding.execute("SELECT state FROM medical_consultation WHERE id = %s", [self.ids[3]])
            self._consultation(api.Environment(signing, self.ids[0], {})).action_sign()
            signing.commit()
            # The colleague still sees a draft: the database tells him otherwise, and his request is tried again.
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self._add_weight(api.Environment(adding, SUPERUSER_ID, {}))
            adding.rollback()

    def test_a_signature_waits_for_a_measurement_under_way(self):
        with self.registry.cursor() as signing, self.registry.cursor() as adding:
            self._add_weight(api.Environment(adding, SUPERUSER_ID, {}))
            with self.assertRaises(LockError):
                self._consultation(api.Environment(signing, self.ids[0], {})).action_sign()
            adding.commit()
            signing.rollback()
            consultation = self._consultation(api.Environment(signing, self.ids[0], {}))
            consultation.action_sign()
            self.assertEqual([row["value"] for row in consultation.signed_content["measurements"]], [70])
            signing.rollback()
