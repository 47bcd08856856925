"""What the safety check is tested with: drugs with their substances, a patient of whom everything was asked."""

from odoo.fields import Command

from .common import PrescriptionCase


class SafetyCase(PrescriptionCase):
    """``cls.patient``: a woman of 40, no known allergy, no treatment, not pregnant; no example rule applies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["medical.safety.rule"].search([]).active = False
        cls.env["medical.cross.sensitivity"].search([]).active = False
        cls.env["medical.interaction"].search([]).active = False
        cls.company.country_id = cls.env.ref("base.ca")
        cls.amox = cls._create_known_drug("S001", "Novamoxin", "Amoxicillin", "J01CA04", "500 mg", "capsule")
        cls.ampi = cls._create_known_drug("S002", "Penbritin", "Ampicillin", "J01CA01", "500 mg", "capsule")
        cls.cefalexin = cls._create_known_drug("S003", "Keflex", "Cephalexin", "J01DB01", "500 mg", "capsule")
        cls.ibuprofen = cls._create_known_drug("S004", "Motrin", "Ibuprofen", "M01AE01", "400 mg", "tablet")
        cls.naproxen = cls._create_known_drug("S005", "Naprosyn", "Naproxen", "M01AE02", "500 mg", "tablet")
        cls.warfarin = cls._create_known_drug("S006", "Coumadin", "Warfarin sodium", "B01AA03", "5 mg", "tablet")
        cls.tylenol = cls._create_known_drug("S007", "Tylenol", "Acetaminophen", "N02BE01", "500 mg", "tablet")
        cls._state("no_known_allergy", "no_long_term_treatment", "not_pregnant", "not_breastfeeding")

    @classmethod
    def _create_known_drug(cls, code, name, substance, atc, strength, unit, **values):
        row = cls.env["medical.substance"].create(
            {"name": substance, "register_kind": "dpd", "register_code": f"X{code}", "atc_code": atc}
        )
        return cls._create_drug(
            code,
            name,
            strength,
            unit.title(),
            unit.title(),
            "oral",
            unit,
            name.lower(),
            atc_code=atc,
            substance_ids=[Command.create({"substance_id": row.id, "strength": strength})],
            **values,
        )

    @classmethod
    def _state(cls, *kinds, patient=None):
        return cls.env["medical.chart.statement"].create(
            [{"patient_id": (patient or cls.patient).id, "kind": kind} for kind in kinds]
        )

    @classmethod
    def _allergic(cls, name, **values):
        return cls.env["medical.allergy"].create({"patient_id": cls.patient.id, "name": name, **values})

    @classmethod
    def _takes(cls, drug=None, **values):
        return cls.env["medical.treatment"].create(
            {
                "patient_id": cls.patient.id,
                "drug_id": drug and drug.id,
                "dose": 1,
                "frequency_id": cls.daily.id,
                **values,
            }
        )

    @classmethod
    def _of(cls, drug, **values):
        """Return the values of a complete line of a drug."""
        return cls._line(drug_id=drug.id, **values)

    def _alerts(self, prescription, *kinds):
        """Return ``{(kind, code)}`` of the kept alerts, without the missing list of interactions."""
        prescription.check_safety()
        alerts = prescription.alert_ids.filtered(lambda alert: alert.code != "no_edition")
        return {(alert.kind, alert.code) for alert in alerts if not kinds or alert.kind in kinds}

    def _override(self, prescription, reason="Taken since and well tolerated"):
        prescription.alert_ids.filtered(lambda alert: alert._is_pending()).action_override(reason)
