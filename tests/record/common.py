"""What the facts of a chart are tested with."""

from odoo.addons.medical_practice.tests.common import MedicalCase


class FactsCase(MedicalCase):
    """The practice of the tests with a code, a substance, and short ways to record facts as somebody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_CA")
        system = cls.env["medical.code.system"].create({"name": "ICD-10 (test)", "code": "test_icd10"})
        cls.asthma, cls.fracture = cls.env["medical.code"].create(
            [
                {"system_id": system.id, "code": "J45", "display": "Asthma"},
                {"system_id": system.id, "code": "S52", "display": "Fracture of forearm"},
            ]
        )
        cls.asthma.with_context(lang="fr_CA").display = "Asthme"
        cls.penicillin = cls.env["medical.substance"].create(
            {"name": "Penicillin V", "register_kind": "dpd", "register_code": "test-pen"}
        )
        cls.penicillin.with_context(lang="fr_CA").name = "Pénicilline V"

    def _record(self, model, role="assistant", patient=None, **values):
        """Return a fact of a patient, recorded by a person of the practice."""
        return self.as_role(role, self.env[model]).create({"patient_id": (patient or self.patient).id, **values})

    def _visit(self, role="practitioner", **values):
        """Return a draft consultation of the patient."""
        practitioner = {"practitioner2": self.physician2}.get(role, self.physician)
        return self.as_role(role, self.env["medical.consultation"]).create(
            {"patient_id": self.patient.id, "practitioner_id": practitioner.id, "reason": "Check-up", **values}
        )

    def _changes(self, fact):
        """Return the history of a fact, oldest first: ``[(field, from, to)]``."""
        rows = self.env["medical.chart.change"].search(
            [("res_model", "=", fact._name), ("res_id", "=", fact.id)], order="id"
        )
        return [(row.field_name, row.old_value, row.new_value) for row in rows]
