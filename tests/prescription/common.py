"""What prescribing is tested with: a few drugs of a register, and prescriptions of one line."""

from odoo.addons.medical_practice.tests.common import MedicalCase
from odoo.fields import Command

FRENCH = "fr_CA"


class PrescriptionCase(MedicalCase):
    """The practice of the tests with French installed, and four drugs made by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang(FRENCH)
        cls.env["ir.module.module"]._load_module_terms(["medical_practice"], [FRENCH])
        cls.patient.lang = FRENCH
        cls.patient2.lang = "en_US"
        cls.company.write({"name": "Clinique de l’Œuvre", "phone": "+1 514 555 0100", "city": "Montréal"})
        cls.amoxicillin = cls._create_drug(
            "00000001",
            "Novamoxin",
            "500 mg",
            "Capsule",
            "Capsule",
            "oral",
            "capsule",
            "novamoxin amoxicillin amoxicilline",
        )
        cls.withdrawn = cls._create_drug(
            "00000002",
            "Amoxil",
            "500 mg",
            "Capsule",
            "Capsule",
            "oral",
            "capsule",
            "amoxil amoxicillin",
            marketed=False,
        )
        cls.cream = cls._create_drug(
            "00000003", "Hyderm", "1 %", "Cream", "Crème", "topical", "application", "hyderm hydrocortisone"
        )
        cls.morphine = cls._create_drug(
            "00000004",
            "Statex",
            "5 mg",
            "Tablet",
            "Comprimé",
            "oral",
            "tablet",
            "statex morphine",
            narcotic_class="narcotic",
        )
        cls.thrice = cls.env.ref("medical_practice.frequency_thrice_daily")
        cls.daily = cls.env.ref("medical_practice.frequency_once_daily")

    @classmethod
    def _create_drug(cls, code, name, strength, form, form_fr, route, unit, words, **values):
        drug = cls.env["medical.drug"].create(
            {
                "name": name,
                "strength": strength,
                "form": form,
                "route_code": route,
                "dose_unit": unit,
                "register_kind": "dpd",
                "register_code": code,
                "search_key": f"{words} {strength.replace(' %', '')} {form.lower()} {code}",
                **values,
            }
        )
        drug.with_context(lang=FRENCH).form = form_fr
        return drug

    @classmethod
    def _line(cls, **values):
        """Return the values of a complete line of amoxicillin, but for what is given."""
        return {
            "drug_id": cls.amoxicillin.id,
            "dose": 1,
            "frequency_id": cls.thrice.id,
            "duration": 10,
            **values,
        }

    @classmethod
    def _prescribe(cls, *lines, role="practitioner", patient=None, **values):
        """Return a draft written by a person of the practice."""
        practitioner = {"practitioner2": cls.physician2}.get(role, cls.physician)
        model = cls.env["medical.prescription"].with_user(cls.users[role])
        return model.create(
            {
                "patient_id": (patient or cls.patient).id,
                "practitioner_id": practitioner.id,
                "line_ids": [Command.create(line) for line in lines or [cls._line()]],
                **values,
            }
        )

    @classmethod
    def _signed(cls, *lines, **values):
        """Return a signed prescription, as its practitioner sees it."""
        prescription = cls._prescribe(*lines, **values)
        prescription.action_sign()
        return prescription

    def _print(self, prescription, role="practitioner"):
        """Return the PDF of a prescription, really rendered."""
        report = self.env["ir.actions.report"].with_user(self.users[role]).with_context(force_report_rendering=True)
        pdf, kind = report._render_qweb_pdf("medical_practice.report_prescription", prescription.ids)
        self.assertEqual(kind, "pdf")
        return pdf
