import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import ROLES as ROLE_GROUPS
from ..common import MedicalCase
from .access_table import ACCESS, ROLES, SHARED_BY_ALL_PRACTICES

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccessTable(MedicalCase):
    """Every model x role x operation, generated from ``access_table.ACCESS``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["portal"] = cls._create_portal_user("test_portal", cls.patient.partner_id)
        cls.users["portal_other"] = cls._create_portal_user("test_portal_other", cls.patient2.partner_id)
        cls.users["public"] = cls.env.ref("base.public_user")
        # Who may export at all: what is refused below is then refused for the record, not for the gesture.
        exporters = cls.env["res.users"].concat(*cls.users.values()).filtered(lambda user: not user.share)
        exporters.write({"group_ids": [Command.link(cls.env.ref("base.group_allow_export").id)]})
        cls.samples = cls._create_samples()

    @classmethod
    def _create_portal_user(cls, login, partner):
        user = new_test_user(cls.env, login=login, groups="base.group_portal")
        user.partner_id = partner
        return user

    @classmethod
    def _create_samples(cls):
        env, patient, physician = cls.env, cls.patient, cls.physician
        visit = {"patient_id": patient.id, "practitioner_id": physician.id}
        consultation = env["medical.consultation"].create(visit)
        signed_consultation = env["medical.consultation"].create(visit)
        signed_consultation._sign()
        substance = env["medical.substance"].create({"name": "Testol", "register_kind": "test", "register_code": "S1"})
        drug = env["medical.drug"].create(
            {
                "name": "Testol",
                "form": "Tablet",
                "strength": "5 mg",
                "register_kind": "test",
                "register_code": "D1",
                "search_key": "testol 5 mg tablet",
            }
        )
        line = {"drug_id": drug.id, "dose": 1, "duration": 10, "sig": "One tablet a day for ten days."}
        draft, signed = env["medical.prescription"].create(
            [{**visit, "line_ids": [(0, 0, line)]}, {**visit, "line_ids": [(0, 0, line)]}]
        )
        signed._sign()
        template = env["medical.prescription.template"].create(
            {"name": "Favourite", "line_ids": [(0, 0, {"drug_id": drug.id, "dose": 1})]}
        )
        payer = env["res.partner"].create({"name": "Insurer", "is_payer": True})
        appointment = env["calendar.event"].create(
            {**visit, "name": "x", "start": "2026-03-02 14:00:00", "stop": "2026-03-02 14:30:00"}
        )
        register = env["medical.register"].create({"name": "DPD", "kind": "dpd"})
        act = env["medical.act"].create({**visit, "product_id": cls.act.id})
        system = env["medical.code.system"].create({"name": "List (access)", "code": "access"})
        fact = {"patient_id": patient.id}
        received = env["medical.document"].create(
            {**fact, "direction": "incoming", "content": base64.b64encode(b"Result: normal")}
        )
        rule = env["medical.prevention.rule"].create({"name": "Rule (access)"})
        vaccine = env["medical.vaccine"].create({"name": "Vaccine (access)"})
        return {
            **cls._create_access_samples(),
            ("medical.specialty", "any"): env["medical.specialty"].create({"name": "Specialty (access)"}),
            ("medical.licence.type", "any"): cls.physio_licence,
            ("medical.practitioner", "any"): cls.physio,
            ("medical.patient", "any"): patient,
            ("medical.patient.relation", "any"): env["medical.patient.relation"].create(
                {"patient_id": patient.id, "partner_id": payer.id, "kind": "other"}
            ),
            ("res.partner", "patient"): patient.partner_id,
            ("medical.room", "any"): env["medical.room"].create({"name": "Room 1"}),
            ("medical.appointment.type", "any"): env["medical.appointment.type"].create({"name": "Visit (access)"}),
            ("calendar.event", "appointment"): appointment,
            ("medical.text.macro", "shared"): env["medical.text.macro"].create({"name": "Normal", "body": "<p>x</p>"}),
            ("medical.consultation.type", "any"): env["medical.consultation.type"].create({"name": "Visit (access)"}),
            ("medical.consultation", "draft"): consultation,
            ("medical.consultation.addendum", "draft"): env["medical.consultation.addendum"].create(
                {"consultation_id": signed_consultation.id, "practitioner_id": physician.id, "body": "<p>x</p>"}
            ),
            ("medical.measurement.type", "any"): env["medical.measurement.type"].search([], limit=1)
            or env["medical.measurement.type"].create({"name": "Weight", "code": "test_weight"}),
            ("medical.measurement", "any"): env["medical.measurement"].create(
                {
                    "patient_id": patient.id,
                    "value": 70,
                    "type_id": (
                        env["medical.measurement.type"].search([("code", "=", "weight")], limit=1)
                        or env["medical.measurement.type"].create({"name": "Weight", "code": "weight"})
                    ).id,
                }
            ),
            ("medical.measurement.range", "any"): env["medical.measurement.range"].create(
                {"type_id": env.ref("medical_practice.measurement_type_weight").id, "high": 100, "source": "x"}
            ),
            ("medical.growth.reference", "any"): env["medical.growth.reference"].create(
                {"indicator": "weight_age", "sex": "male", "x_unit": "day", "x": 9999, "l": 1, "m": 3, "s": 0.1}
            ),
            ("medical.substance", "any"): substance,
            ("medical.drug", "any"): drug,
            ("medical.drug.substance", "any"): env["medical.drug.substance"].create(
                {"drug_id": drug.id, "substance_id": substance.id}
            ),
            ("medical.drug.package", "any"): env["medical.drug.package"].create(
                {"drug_id": drug.id, "name": "30 tablets", "register_kind": "test", "register_code": "P1"}
            ),
            ("medical.generic.group", "any"): env["medical.generic.group"].create(
                {"name": "Testol 5 mg", "register_kind": "test", "register_code": "G1"}
            ),
            ("medical.dosage.frequency", "any"): env["medical.dosage.frequency"].create({"name": "daily (access)"}),
            ("medical.prescription", "draft"): draft,
            ("medical.prescription", "signed"): signed,
            ("medical.prescription.line", "draft"): draft.line_ids,
            ("medical.prescription.line", "signed"): signed.line_ids,
            ("medical.prescription.print", "any"): env["medical.prescription.print"].create(
                {"prescription_id": signed.id, "number": 1, "user_id": env.uid}
            ),
            ("medical.prescription.template", "shared"): template,
            ("medical.prescription.template.line", "shared"): template.line_ids,
            ("medical.interaction", "any"): env["medical.interaction"].create({"severity": "avoid"}),
            ("medical.interaction.term", "any"): env["medical.interaction.term"].create(
                {"kind": "substance", "name": "Testol", "key": "testol", "source": "test", "register_kind": "ansm"}
            ),
            ("medical.prescription.alert", "any"): env["medical.prescription.alert"].create(
                {"prescription_id": draft.id, "kind": "age", "severity": "information", "message": "x"}
            ),
            ("medical.safety.rule", "any"): env["medical.safety.rule"].create(
                {"name": "x", "kind": "pregnancy", "substances": "x"}
            ),
            ("medical.cross.sensitivity", "any"): env["medical.cross.sensitivity"].create(
                {"name": "x", "atc_prefixes": "J01C"}
            ),
            ("medical.condition", "any"): env["medical.condition"].create({**fact, "name": "x"}),
            ("medical.allergy", "any"): env["medical.allergy"].create({**fact, "name": "x"}),
            ("medical.chart.statement", "any"): env["medical.chart.statement"].create({**fact, "kind": "not_pregnant"}),
            ("medical.chart.change", "any"): env["medical.chart.change"].create(
                {**fact, "res_model": "medical.condition", "res_id": 1, "field_name": "clinical_status"}
            ),
            ("medical.treatment", "any"): env["medical.treatment"].create({**fact, "name": "x"}),
            ("medical.vaccine", "any"): vaccine,
            ("medical.immunization", "any"): env["medical.immunization"].create({**fact, "vaccine_id": vaccine.id}),
            ("medical.document.template", "any"): env["medical.document.template"].create({"name": "x"}),
            ("medical.document", "any"): env["medical.document"].create({**fact, "name": "x"}),
            ("medical.vaccine.dose", "any"): env["medical.vaccine.dose"].create(
                {"vaccine_id": vaccine.id, "interval_days": 30}
            ),
            ("medical.prevention.rule", "any"): rule,
            ("medical.prevention", "any"): env["medical.prevention"].create({**fact, "rule_id": rule.id}),
            ("medical.document.step", "any"): received.step_ids[:1],
            ("medical.code.system", "any"): system,
            ("medical.code", "any"): env["medical.code"].create({"system_id": system.id, "code": "A", "display": "x"}),
            ("medical.act", "any"): act,
            ("medical.coverage", "any"): env["medical.coverage"].create(
                {"patient_id": patient.id, "partner_id": payer.id, "rate": 50}
            ),
            ("medical.register", "any"): register,
            ("medical.register.refusal", "any"): env["medical.register.refusal"].create(
                {"register_id": register.id, "file": "drug.txt", "reason_code": "din_missing"}
            ),
        }

    @classmethod
    def _create_access_samples(cls):
        """Rows of the log: somebody's access to a patient, the practitioner's own, one to the portal user's record."""
        nobody = cls._create_patient("Nobody", "Logged")
        return {
            ("medical.access.log", "any"): cls._log_access("assistant", nobody),
            ("medical.access.log", "own"): cls._log_access("practitioner", nobody),
            ("medical.access.log", "own record"): cls._log_access("assistant", cls.patient),
            ("medical.access.seal", "any"): cls._seal_log(),
        }

    @classmethod
    def _log_access(cls, role, patient):
        log = cls.env["medical.access.log"]
        log._flush_pending()
        patient.with_user(cls.users[role])._note_access("print")
        log._flush_pending()
        return log.search([], order="id desc", limit=1)

    @classmethod
    def _seal_log(cls):
        cls.env["medical.access.seal"].seal()
        return cls.env["medical.access.seal"].search([], limit=1)

    def test_every_model_is_in_the_table(self):
        models = self.env["ir.model"].search([("model", "=like", "medical.%")]).mapped("model")
        stored = {name for name in models if not self.env[name]._abstract and not self.env[name]._transient}
        self.assertEqual(stored - {model for model, _sample in ACCESS}, set(), "A model has no row in the table.")
        self.assertEqual(ACCESS.keys(), self.samples.keys())

    def test_table(self):
        """Each cell, on a record: ACL and record rules together."""
        for (model, sample), expected in ACCESS.items():
            record = self.samples[model, sample]
            for role in ROLES:
                allowed = expected.get(role, "")
                seen = record.with_user(self.users[role]).with_context(allowed_company_ids=self.company.ids)
                seen.invalidate_recordset()
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, sample=sample, role=role, operation=operation):
                        self.assertEqual(seen.has_access(operation), letter in allowed)

    def test_nothing_of_it_is_found_either(self):
        """What may not be read is not found by search, counted, grouped nor named."""
        for (model, sample), expected in ACCESS.items():
            record = self.samples[model, sample]
            domain = [("id", "=", record.id)]
            for role in ROLES:
                if "r" in expected.get(role, ""):
                    continue
                seen = record.with_user(self.users[role]).with_context(allowed_company_ids=self.company.ids)
                for door in ("search", "search_count", "_read_group", "name_search"):
                    with self.subTest(model=model, sample=sample, role=role, door=door):
                        self.assertFalse(self._find(seen, door, domain))
                with self.subTest(model=model, sample=sample, role=role, door="export"), self.assertRaises(UserError):
                    seen.export_data(["id", "display_name"])

    def test_another_practice_sees_nothing(self):
        """A user sees only the patients of his companies, whatever his role."""
        elsewhere = self.env["res.company"].create({"name": "Another practice"})
        strangers = self.env["res.users"].concat(
            *(
                new_test_user(
                    self.env,
                    login=f"elsewhere_{role}",
                    groups=f"base.group_user,{ROLE_GROUPS[role]}",
                    company_id=elsewhere.id,
                    company_ids=[Command.set(elsewhere.ids)],
                )
                for role in ("practitioner", "billing", "privacy", "manager")
            )
        )
        for (model, sample), record in self.samples.items():
            if (model, sample) in SHARED_BY_ALL_PRACTICES:
                continue
            for stranger in strangers:
                with self.subTest(model=model, sample=sample, user=stranger.login):
                    self.assertFalse(record.with_user(stranger).has_access("read"))

    def _find(self, records, door, domain):
        try:
            if door == "_read_group":
                return records._read_group(domain, [], ["__count"])[0][0]
            if door == "name_search":
                return records.name_search("", domain)
            return getattr(records, door)(domain)
        except AccessError:
            return False
