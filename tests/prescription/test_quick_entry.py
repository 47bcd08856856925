"""Typing a dosage as one writes it: the line it makes, what stays unread, what is refused."""

from odoo.addons.medical_practice.lib import shorthand
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import FRENCH, PrescriptionCase


@tagged("post_install", "-at_install")
class TestQuickEntry(PrescriptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prednisone = cls._create_drug(
            "00000005", "Teva-Prednisone", "5 mg", "Tablet", "Comprimé", "oral", "tablet", "teva prednisone"
        )

    def _form(self):
        form = Form(self.env["medical.prescription"].with_user(self.users["practitioner"]))
        form.patient_id = self.patient
        return form

    def test_a_prescription_typed_line_by_line_before_it_is_saved(self):
        form = self._form()
        form.quick_entry = "novam 500 cap 1 co tid x 10j"
        form.quick_entry = "prednisone 50 mg die x 5j puis 40 mg x 5j puis cesser"
        form.quick_entry = "hyderm 1 app bid x 14 j"
        self.assertFalse(form.quick_entry)
        prescription = form.save()
        self.assertEqual(
            prescription.line_ids.mapped("sig"),
            [
                "Prendre 1 capsule par voie orale 3 fois par jour pendant 10 jours.",
                "Prendre 50 mg (10 comprimés) par voie orale 1 fois par jour pendant 5 jours, puis 40 mg (8 comprimés) "
                "pendant 5 jours, puis cesser.",
                "Appliquer sur la peau 2 fois par jour pendant 14 jours.",
            ],
        )
        self.assertEqual(prescription.line_ids.drug_id, self.amoxicillin | self.prednisone | self.cream)
        self.assertEqual(prescription.line_ids[1].quantity, 90)
        self.assertEqual(prescription.line_ids[1].quantity_unit, "tablet")
        prescription.line_ids[2].quantity = 30
        prescription.action_sign()
        self.assertTrue(prescription._is_signature_intact())

    def test_the_drug_chosen_wins_and_free_text_stays_free(self):
        prescription = self._prescribe()
        prescription.action_quick_entry("novam 1 co tid", self.morphine.id)
        prescription.action_quick_entry("Zzyzx 1 co die")
        chosen, unknown = prescription.line_ids[1:]
        self.assertEqual(chosen.drug_id, self.morphine)
        self.assertEqual((unknown.drug_id.id, unknown.name), (False, "Zzyzx"))
        draft = prescription.new({"patient_id": self.patient.id, "quick_free": True, "kind": "drug"})
        draft.quick_entry = "Novamoxin maison 15 mL hs"
        draft._onchange_quick_entry()
        free = draft.line_ids
        self.assertEqual((free.drug_id.id, free.name, free.dose, free.dose_unit), (False, "Novamoxin maison", 15, "ml"))
        self.assertFalse(draft.quick_free)

    def test_what_is_not_understood_stays_beside_the_line_and_holds_the_signature(self):
        form = self._form()
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as said:
            form.quick_entry = "novam 500 1 co tid x 10j gargariser"
        self.assertIn("gargariser", said.output[0])
        prescription = form.save()
        line = prescription.line_ids
        self.assertEqual((line.shorthand, line.dose, line.duration), ("gargariser", 1, 10))
        with self.assertRaisesRegex(ValidationError, "gargariser"):
            prescription.action_sign()
        line.shorthand = False
        prescription.action_sign()

    def test_the_field_of_a_line(self):
        prescription = self._prescribe({"drug_id": self.amoxicillin.id})
        with Form(prescription) as form, form.line_ids.edit(0) as line:
            line.shorthand = "2 co bid x 7 j prn douleur max 4/j"
            self.assertFalse(line.shorthand)
            self.assertEqual((line.dose, line.dose_unit, line.duration, line.as_needed), (2, "capsule", 7, True))
            self.assertEqual((line.indication, line.max_per_day, line.quantity), ("douleur", 4, 28))
            line.shorthand = "1-2 co q4-6h"
            self.assertEqual((line.dose, line.dose_max), (1, 2))
        self.assertIn("1 à 2 capsules", prescription.line_ids.sig)

    def test_error_prone_writing_is_named(self):
        line = self.env["medical.prescription.line"].new({"shorthand": "1.0 mg qd"})
        message = line._onchange_shorthand()["warning"]["message"]
        self.assertIn("“1.0 mg”", message)
        self.assertIn("QID", message)
        line = self.env["medical.prescription.line"].new({"shorthand": "1 co bid"})
        self.assertIsNone(line._onchange_shorthand())

    def test_what_is_shown_while_typing(self):
        model = self.env["medical.prescription"].with_user(self.users["practitioner"])
        read = model.read_quick_entry("prednisone 50 mg die x 5j gargariser")
        self.assertEqual(read["item"], "prednisone")
        self.assertEqual([drug["id"] for drug in read["drugs"]], self.prednisone.ids)
        self.assertEqual(read["drugs"][0]["rest"], ["gargariser"])
        self.assertIn("Take 50 mg (10 tablets) by mouth once a day for 5 days", read["drugs"][0]["sentence"])
        for hostile in ("", "%", "'; DROP TABLE medical_drug; --", "x" * 5000, "½" * 300, None, 7, "\x00"):
            self.assertIn("drugs", model.read_quick_entry(hostile))
        for role in ("employee", "billing", "admin"):
            with self.assertRaises(AccessError):
                self.as_role(role, self.env["medical.prescription"]).read_quick_entry("novam 1 co die")

    def test_remote_calls(self):
        prescription = self._prescribe()
        cautions = prescription.action_quick_entry("prednisone 5 mg die x 3j")
        self.assertEqual(cautions, [])
        self.assertEqual(prescription.line_ids[-1].drug_id, self.prednisone)
        for text in ("", "  ", None, 5):
            with self.assertRaises(UserError):
                prescription.action_quick_entry(text)
        prescription.action_sign()
        with self.assertRaises(UserError):
            prescription.action_quick_entry("prednisone 5 mg die x 3j")

    def test_the_practice_has_words_of_its_own(self):
        frequency = self.env["medical.dosage.frequency"].create(
            {"name": "with the snack", "abbreviation": "collation", "times": 1}
        )
        read = shorthand.parse("1 co collation", terms=self.env["medical.prescription.shorthand"]._get_terms())
        self.assertEqual(read.parts[0].timing.term, frequency.id)
        frequency.abbreviation = "gouter"
        values, rest, _cautions = self.env["medical.prescription.shorthand"]._read("1 co collation", self.amoxicillin)
        self.assertEqual((rest, "frequency_id" in values), (["collation"], False))

    def test_a_frequency_the_practice_lacks_is_not_replaced_by_another(self):
        values, rest, _cautions = self.env["medical.prescription.shorthand"]._read("1 co q5h", self.amoxicillin)
        self.assertEqual((values["frequency_id"], rest), (False, ["q5h"]))

    def test_every_abbreviation_of_the_list_is_understood(self):
        reader = self.env["medical.prescription.shorthand"]
        for frequency in self.env["medical.dosage.frequency"].search([]):
            for word in frequency.abbreviation.split(","):
                with self.subTest(word=word):
                    values, rest, _cautions = reader._read(f"1 co {word}", self.amoxicillin)
                    self.assertEqual(rest, [])
                    found = frequency.browse(values["frequency_id"])
                    same = (found.times, found.period, found.period_unit, found.single_dose)
                    self.assertEqual(
                        same, (frequency.times, frequency.period, frequency.period_unit, frequency.single_dose)
                    )

    def test_sentences_are_understood_again(self):
        """Round trip: the sentence of a dosage, in both languages, is read as the dosage it was written from."""
        frequencies = self.env["medical.dosage.frequency"].search([])
        routes = {"tablet": "oral", "puff": "inhalation", "drop": "ophthalmic", "unit": "subcutaneous", "ml": "oral"}
        for number, frequency in enumerate(frequencies):
            unit = list(routes)[number % len(routes)]
            once = frequency.single_dose
            values = {
                "name": "x",
                "dose": [1, 0.5, 2, 7.5][number % 4],
                "dose_unit": unit,
                "route": routes[unit],
                "side": "left" if unit == "drop" else False,
                "frequency_id": frequency.id,
                "as_needed": number % 3 == 0,
                "duration": 0 if once else number % 5,
                "duration_unit": ["day", "week", "month"][number % 3],
            }
            for lang in ("en_US", FRENCH):
                item = self.env["medical.prescription.template.line"].new(values)
                sentence = self.env["medical.prescription.sentence"].with_context(lang=lang)._get_sentence(item)
                with self.subTest(sentence=sentence):
                    read, rest, _cautions = self.env["medical.prescription.shorthand"]._read(
                        sentence, self.env["medical.drug"]
                    )
                    self.assertEqual(rest, [])
                    self.assertEqual(read["frequency_id"], frequency.id)
                    for name in ("dose", "dose_unit", "route", "side", "as_needed", "duration"):
                        self.assertEqual(read.get(name) or False, values[name] or False, name)

    def test_the_list_of_frequencies_decides(self):
        """Archived, a frequency is no longer what an abbreviation stands for."""
        self.thrice.active = False
        values, rest, _cautions = self.env["medical.prescription.shorthand"]._read("1 co tid", self.amoxicillin)
        self.assertFalse(values["frequency_id"])
        self.assertEqual(rest, ["tid"])

    def test_care_is_typed_too(self):
        form = self._form()
        form.kind = "care"
        form.quick_entry = "Physiothérapie du genou 3x/sem x 4 sem"
        line = form.save().line_ids
        self.assertEqual((line.name, line.sig), ("Physiothérapie du genou", "3 fois par semaine pendant 4 semaines."))

    def test_in_a_prescription_that_holds_lines(self):
        prescription = self._prescribe()
        with Form(prescription) as form:
            form.quick_entry = "prednisone 5 mg die x 3j"
        self.assertEqual(len(prescription.line_ids), 2)
        self.assertGreater(prescription.line_ids[1].sequence, prescription.line_ids[0].sequence)
        prescription.write({"line_ids": [Command.clear()]})
