from datetime import date

from odoo.tests import BaseCase, tagged

from ...lib import file_names
from ...lib.file_names import Candidate, clues, score

MARIE = Candidate("Marie-Ève", "Tremblay", date(1985, 5, 12), "P00012", "TREM85551234")
JEAN = Candidate("Jean-Noël", "L'Écuyer", date(1951, 11, 30), "P00013", "")


@tagged("post_install", "-at_install")
class TestFileNames(BaseCase):
    def test_numbers_decide(self):
        for name in ("P00012.pdf", "scan_p00012_labo.pdf", "TREM 8555 1234.pdf", "TREM85551234-irm.png"):
            with self.subTest(name):
                self.assertEqual(score(clues(name), MARIE), 100)
                self.assertEqual(score(clues(name), JEAN), 0)

    def test_names_in_any_order_and_writing(self):
        for name in ("tremblay marie-eve.pdf", "Marie_Eve-TREMBLAY labo.pdf", "MarieÈveTremblay.jpg"):
            with self.subTest(name):
                self.assertEqual(score(clues(name), MARIE), 70)
        self.assertEqual(score(clues("lecuyer_jeannoel.pdf"), JEAN), 70)

    def test_a_birthdate_confirms_and_decides_nothing_alone(self):
        self.assertEqual(score(clues("Tremblay Marie-Ève 12-05-1985.pdf"), MARIE), 95)
        self.assertEqual(score(clues("1985-05-12.pdf"), MARIE), 0)

    def test_the_first_name_alone_says_nothing(self):
        self.assertEqual(score(clues("marie eve.pdf"), MARIE), 0)

    def test_hostile_names(self):
        for name in ("", None, "." * 500, "../../etc/passwd", "a" * 100_000, "نور 🌷.pdf", "%00.pdf", "1" * 5000):
            with self.subTest(str(name)[:20]):
                self.assertIsInstance(score(clues(name), MARIE), int)
        self.assertLessEqual(len(clues("x y " * 200 + "zz " * 50).words), 12)

    def test_noise_is_no_name(self):
        self.assertEqual(clues("scan resultat labo final.pdf").words, ())
        self.assertEqual(file_names.clues("C:\\Tremblay\\doc.pdf").words, ())
