"""The sentence the patient reads, in his language."""

from odoo.tests import tagged

from .common import PrescriptionCase

# dose, unit, route, frequency, as needed, duration, unit of duration, more, English, French
SENTENCES = [
    (1, "tablet", "oral", "thrice_daily", False, 10, "day", {}, "Take 1 tablet by mouth 3 times a day for 10 days.",
     "Prendre 1 comprimé par voie orale 3 fois par jour pendant 10 jours."),
    (0.5, "tablet", "oral", "once_daily", False, 1, "day", {}, "Take ½ tablet by mouth once a day for 1 day.",
     "Prendre ½ comprimé par voie orale 1 fois par jour pendant 1 jour."),
    (1.5, "tablet", "oral", "twice_daily", False, 1, "month", {}, "Take 1½ tablets by mouth 2 times a day for 1 month.",
     "Prendre 1½ comprimé par voie orale 2 fois par jour pendant 1 mois."),
    (2, "capsule", "oral", "every_6_hours", True, 5, "day", {},
     "Take 2 capsules by mouth every 6 hours as needed for 5 days.",
     "Prendre 2 capsules par voie orale toutes les 6 heures au besoin pendant 5 jours."),
    (2.5, "ml", "oral", "bedtime", False, 2, "week", {}, "Take 2.5 mL by mouth at bedtime for 2 weeks.",
     "Prendre 2,5 mL par voie orale au coucher pendant 2 semaines."),
    (1, "application", "topical", "twice_daily", False, 7, "day", {}, "Apply to the skin 2 times a day for 7 days.",
     "Appliquer sur la peau 2 fois par jour pendant 7 jours."),
    (2, "drop", "ophthalmic", "four_daily", False, 7, "day", {"side": "right"},
     "Instil 2 drops in the right eye 4 times a day for 7 days.",
     "Instiller 2 gouttes dans l’œil droit 4 fois par jour pendant 7 jours."),
    (3, "drop", "otic", "twice_daily", False, 5, "day", {"side": "both"},
     "Instil 3 drops in each ear 2 times a day for 5 days.",
     "Instiller 3 gouttes dans chaque oreille 2 fois par jour pendant 5 jours."),
    (1, "suppository", "rectal", "once", False, 0, "day", {}, "Insert 1 suppository rectally once.",
     "Insérer 1 suppositoire par voie rectale une seule fois."),
    (10, "unit", "subcutaneous", "morning", False, 3, "month", {},
     "Inject 10 units subcutaneously in the morning for 3 months.",
     "Injecter 10 unités par voie sous-cutanée le matin pendant 3 mois."),
    (2, "tablet", "oral", "every_6_hours", True, 0, "day", {"max_per_day": 8},
     "Take 2 tablets by mouth every 6 hours as needed (maximum 8 tablets in 24 hours).",
     "Prendre 2 comprimés par voie orale toutes les 6 heures au besoin (maximum 8 comprimés par 24 heures)."),
    (0, "tablet", "oral", "thrice_daily", False, 10, "day", {}, "", ""),
]  # fmt: skip


@tagged("post_install", "-at_install")
class TestSentence(PrescriptionCase):
    def _values(self, dose, unit, route, frequency, as_needed, duration, duration_unit, more):
        return {
            "drug_id": self.amoxicillin.id,
            "dose": dose,
            "dose_unit": unit,
            "route": route,
            "frequency_id": self.env.ref(f"medical_practice.frequency_{frequency}").id,
            "as_needed": as_needed,
            "duration": duration,
            "duration_unit": duration_unit,
            **more,
        }

    def test_sentences_in_the_language_of_the_patient(self):
        for *dosage, english, french in SENTENCES:
            values = self._values(*dosage)
            for patient, expected in ((self.patient2, english), (self.patient, french)):
                with self.subTest(expected=expected):
                    self.assertEqual(self._prescribe(values, patient=patient).line_ids.sig or "", expected)

    def test_every_unit_and_route_makes_a_sentence_in_both_languages(self):
        line = self._prescribe().line_ids
        line_en = self._prescribe(patient=self.patient2).line_ids
        for unit, _label in line._selection_dose_unit():
            for route, _name in line._selection_route():
                sentences = []
                for one in (line, line_en):
                    one.write({"dose": 2, "dose_unit": unit, "route": route})
                    sentences.append(one.sig)
                    self.assertTrue(one.sig.endswith("."), (unit, route))
                    self.assertNotIn("%", one.sig)
                self.assertNotEqual(*sentences, f"{unit} {route} is not translated")

    def test_care_needs_no_dose(self):
        weekly = self.env.ref("medical_practice.frequency_thrice_weekly")
        values = {"name": "Physiothérapie", "frequency_id": weekly.id, "duration": 6, "duration_unit": "week"}
        line = self._prescribe(values, kind="care").line_ids
        self.assertEqual(line.sig, "3 fois par semaine pendant 6 semaines.")

    def test_another_patient_another_language(self):
        prescription = self._prescribe()
        self.assertIn("Prendre", prescription.line_ids.sig)
        prescription.patient_id = self.patient2
        self.assertIn("Take", prescription.line_ids.sig)

    def test_edited_sentence_is_kept(self):
        prescription = self._prescribe()
        line = prescription.line_ids
        line.sig = "Prendre en mangeant, matin, midi et soir."
        line.dose = 2
        self.assertEqual(line.sig, "Prendre en mangeant, matin, midi et soir.")
        self.assertEqual(line.quantity, 60)
        line.action_reset_sig()
        self.assertEqual(line.sig, "Prendre 2 capsules par voie orale 3 fois par jour pendant 10 jours.")
        line.dose = 1
        self.assertEqual(line.sig, "Prendre 1 capsule par voie orale 3 fois par jour pendant 10 jours.")

    def test_quantity_is_computed_and_may_be_edited(self):
        line = self._prescribe().line_ids
        self.assertEqual((line.quantity, line.quantity_unit), (30, "capsule"))
        line.quantity = 40
        self.assertEqual(line.quantity, 40)
        line.duration = 7
        self.assertEqual(line.quantity, 21)
        cream = self._prescribe(self._line(drug_id=self.cream.id, quantity=30)).line_ids
        self.assertEqual((cream.quantity, cream.quantity_unit, cream.route), (30, "g", "topical"))
        cream.duration = 5
        self.assertEqual(cream.quantity, 30, "what cannot be computed is not taken away")

    def test_frequencies_are_found_by_abbreviation(self):
        model = self.env["medical.dosage.frequency"]
        for typed, name in (
            ("tid", "3 times a day"),
            ("q8h", "every 8 hours"),
            ("3x", "3 times a day"),
            ("hs", "at bedtime"),
        ):
            self.assertEqual(model.name_search(typed)[0][1], name)
        self.assertEqual(model.with_context(lang="fr_CA").name_search("q8h")[0][1], "toutes les 8 heures")
        self.assertFalse(model.name_search("%%%nothing"))
