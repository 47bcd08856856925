"""Doses that change: tapered, alternated, by day of the week; what they come to, and what is refused."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import FRENCH, PrescriptionCase

# shorthand, days, quantity, unit counted, French, English
COURSES = [
    ("40 mg die x 5j, 30 x 5j, 20 x 5j", 15, 90, "tablet",
     "Prendre 40 mg (8 comprimés) par voie orale 1 fois par jour pendant 5 jours, puis 30 mg (6 comprimés) pendant "
     "5 jours, puis 20 mg (4 comprimés) pendant 5 jours.",
     "Take 40 mg (8 tablets) by mouth once a day for 5 days, then 30 mg (6 tablets) for 5 days, then 20 mg "
     "(4 tablets) for 5 days."),
    ("7 mg die x 10 j", 10, 70, "mg", "Prendre 7 mg par voie orale 1 fois par jour pendant 10 jours.",
     "Take 7 mg by mouth once a day for 10 days."),
    ("1 co et ½ co en alternance un jour sur deux x 4 sem", 28, 21, "tablet",
     "Prendre 1 comprimé par voie orale tous les 2 jours, et ½ comprimé les autres jours pendant 4 semaines.",
     "Take 1 tablet by mouth every 2 days, and ½ tablet the other days for 4 weeks."),
    ("1 co lun mer ven et ½ co les autres jours x 4 sem", 28, 20, "tablet",
     "Prendre 1 comprimé par voie orale 1 fois par jour le lundi, mercredi et vendredi, et ½ comprimé les autres jours "
     "pendant 4 semaines.",
     "Take 1 tablet by mouth once a day on Monday, Wednesday, and Friday, and ½ tablet the other days for 4 weeks."),
    ("1 co le matin et 2 le soir x 10 j", 10, 30, "tablet",
     "Prendre 1 comprimé par voie orale le matin, et 2 comprimés le soir pendant 10 jours.",
     "Take 1 tablet by mouth in the morning, and 2 tablets in the evening for 10 days."),
    ("1 co die x 7 j puis 2 co die x 7 j", 14, 21, "tablet",
     "Prendre 1 comprimé par voie orale 1 fois par jour pendant 7 jours, puis 2 comprimés 1 fois par jour pendant "
     "7 jours.",
     "Take 1 tablet by mouth once a day for 7 days, then 2 tablets once a day for 7 days."),
    ("1-2 co q4-6h prn max 8 co/j x 3 j", 3, 24, "tablet",
     "Prendre 1 à 2 comprimés par voie orale toutes les 4 à 6 heures au besoin pendant 3 jours (maximum 8 comprimés "
     "par 24 heures).",
     "Take 1 to 2 tablets by mouth every 4 to 6 hours as needed for 3 days (maximum 8 tablets in 24 hours)."),
    ("1 co lun x 4 sem", 28, 4, "tablet",
     "Prendre 1 comprimé par voie orale 1 fois par jour le lundi pendant 4 semaines.",
     "Take 1 tablet by mouth once a day on Monday for 4 weeks."),
]  # fmt: skip


@tagged("post_install", "-at_install")
class TestCourse(PrescriptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prednisone = cls._create_drug(
            "00000005", "Teva-Prednisone", "5 mg", "Tablet", "Comprimé", "oral", "tablet", "teva prednisone"
        )

    def _typed(self, text, **values):
        reader = self.env["medical.prescription.shorthand"]
        read, rest, _cautions = reader._read(text, self.prednisone)
        self.assertEqual(rest, [])
        return self._prescribe({"drug_id": self.prednisone.id, **read}, **values)

    def test_courses(self):
        for text, days, quantity, unit, french, english in COURSES:
            for patient, sentence in ((self.patient, french), (self.patient2, english)):
                with self.subTest(text=text, lang=patient.lang):
                    line = self._typed(text, patient=patient).line_ids
                    self.assertEqual(line.sig, sentence)
                    self.assertEqual(
                        (line._get_total_days(), line.quantity, line.quantity_unit), (days, quantity, unit)
                    )

    def test_the_greatest_day_is_what_a_check_looks_at(self):
        for text, most in (
            ("40 mg die x 5j, 30 x 5j", 40),
            ("1 co le matin et 2 le soir", 3),
            ("1 co et ½ co en alternance un jour sur deux", 1),
            ("1 co die x 7 j puis 2 co bid", 4),
            ("1 co q4h prn max 4/j", 4),
        ):
            self.assertEqual(self._typed(text).line_ids._get_greatest_day(), most, text)

    def test_a_course_is_signed_printed_and_kept(self):
        prescription = self._typed("40 mg die x 5j, 30 x 5j puis cesser")
        prescription.action_sign()
        self.assertTrue(prescription._is_signature_intact())
        self.assertEqual(prescription.signed_content["lines"][0]["steps"][0]["dose"], 30)
        with self.assertRaises(UserError):
            prescription.line_ids.steps = False
        self.env.cr.execute(
            "UPDATE medical_prescription_line SET steps = jsonb_set(steps, '{0,dose}', '300') WHERE id = %s",
            [prescription.line_ids.id],
        )
        prescription.line_ids.invalidate_recordset()
        self.assertFalse(prescription._is_signature_intact())

    def test_copies_and_favourites_keep_the_steps(self):
        prescription = self._typed("40 mg die x 5j, 30 x 5j puis cesser")
        line = prescription.line_ids
        self.assertEqual(prescription.copy().line_ids.sig, line.sig)
        action = prescription.action_save_as_favourite()
        favourite = self.env["medical.prescription.template"].with_context(**action["context"]).create({})
        other = self._prescribe({"name": "Bain"}, kind="drug")
        other.action_apply_template(favourite.id)
        self.assertEqual(other.line_ids[1].sig, line.sig)
        self.assertEqual(other.line_ids[1].quantity, line.quantity)

    def test_what_is_no_step_is_refused(self):
        good = {"relation": "then", "dose": 1}
        self._prescribe(self._line(steps=[good]))
        for bad in (
            "then 1", [1], [{}], [{"relation": "or", "dose": 1}], [{**good, "dose": -1}], [{**good, "dose": "1"}],
            [{**good, "dose": True}], [{**good, "weekdays": "mon;drop"}], [{**good, "frequency_id": 10**8}],
            [{**good, "duration_unit": "lunes"}], [good] * 20, [{**good, "dose": 1e300}], [{**good, "more": 1}],
        ):  # fmt: skip
            with self.subTest(bad=bad), self.assertRaises(ValidationError):
                self._prescribe(self._line(steps=bad))
        for bad in ("wed,mon", "monday", "mon,mon", ","):
            with self.subTest(bad=bad), self.assertRaises(ValidationError):
                self._prescribe(self._line(weekdays=bad))

    def test_a_frequency_of_a_step_is_not_deleted(self):
        frequency = self.env["medical.dosage.frequency"].create({"name": "now and then", "times": 1})
        prescription = self._prescribe(
            self._line(steps=[{"relation": "then", "dose": 1, "frequency_id": frequency.id}])
        )
        with self.assertRaisesRegex(UserError, "archive"):
            frequency.unlink()
        prescription.unlink()
        frequency.unlink()

    def test_a_signed_document_of_an_earlier_version_still_verifies(self):
        """Fields that joined the content later were never signed; one that was taken away is found out."""
        prescription = self._signed()
        signed = prescription.signed_content
        current = prescription._prepare_signed_content()
        for name in ("steps", "dose_max", "weekdays", "then_stop"):
            signed["lines"][0].pop(name)
        only = prescription._only_signed(current, signed)
        self.assertEqual(only["lines"], signed["lines"])
        signed["lines"][0]["dose"] = 9
        self.assertNotEqual(prescription._only_signed(current, signed)["lines"], signed["lines"])
        signed["lines"].append(dict(signed["lines"][0]))
        self.assertEqual(len(prescription._only_signed(current, signed)["lines"]), 1)

    def test_in_the_language_of_the_patient(self):
        self.patient2.lang = FRENCH
        self.assertIn(
            "les autres jours", self._typed("1 co lun et 2 co les autres jours", patient=self.patient2).line_ids.sig
        )
