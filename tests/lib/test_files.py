from odoo.tests import BaseCase, tagged

from ...lib import files

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@tagged("post_install", "-at_install")
class TestFiles(BaseCase):
    def test_taken(self):
        self.assertEqual(files.sniff(PDF), files.PDF)
        self.assertEqual(files.sniff(PNG), files.PNG)
        self.assertEqual(files.sniff(b"\xff\xd8\xff\xe0rest"), files.JPEG)
        for text in ("Glucose : 5,2 mmol/L\r\nNa\t140 < 145", "\ufeffRésultat", "نتيجة 🌷"):
            self.assertEqual(files.sniff(text.encode()), files.TEXT)
        self.assertEqual(files.sniff("Créatinine 80 µmol/L".encode("cp1252")), files.TEXT)

    def test_refused(self):
        hostile = {
            "empty": b"",
            "html": b"<!DOCTYPE html><p>x",
            "html with blanks": b"   \n<HTML><script>alert(1)</script>",
            "script in a text": b"Result: normal\n<script>alert(1)</script>",
            "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "xml": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
            "xml in utf-16": "<?xml version='1.0'?>".encode("utf-16"),
            "program": b"MZ\x90\x00\x03",
            "shell": b"\x7fELF\x02\x01",
            "zip": b"PK\x03\x04rest",
            "office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "gif": b"GIF89a\x01\x00",
            "tiff": b"II*\x00\x08\x00\x00\x00",
            "pdf further down": b"\0\0%PDF-1.4",
        }
        for name, data in hostile.items():
            with self.subTest(name):
                self.assertIsNone(files.sniff(data))
