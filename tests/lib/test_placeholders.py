from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib import placeholders
from .common import PROPERTY

VALUES = {"today": "2 March 2026", "patient.name": 'L\'Écuyer <b>&</b> "Co"', "allergies": ["Penicillin", "Latex"]}


@tagged("post_install", "-at_install")
class TestPlaceholders(BaseCase):
    def test_values_are_escaped(self):
        filled = placeholders.render("<p>{{patient.name}}</p>", VALUES)
        self.assertEqual(filled, "<p>L&#x27;Écuyer &lt;b&gt;&amp;&lt;/b&gt; &quot;Co&quot;</p>")

    def test_a_value_is_not_filled_again(self):
        filled = placeholders.render("{{a}} {{b}}", {"a": "{{b}}", "b": "x"})
        self.assertEqual(filled, "{{b}} x")

    def test_line_breaks_are_kept(self):
        self.assertEqual(placeholders.render("{{a}}", {"a": "one\ntwo <i>"}), "one<br/>two &lt;i&gt;")

    def test_lists_alone_and_in_a_sentence(self):
        filled = placeholders.render("<p>{{allergies}}</p><p>To {{allergies}}.</p>", VALUES)
        self.assertEqual(filled, "<p>– Penicillin<br/>– Latex</p><p>To Penicillin, Latex.</p>")
        self.assertEqual(placeholders.render("<p>{{a}}</p>", {"a": ["<one>"]}), "<p>&lt;one&gt;</p>")

    def test_blanks_of_the_editor(self):
        for source in ("{{ today }}", "{{&nbsp;today&nbsp;}}", "{{\u00a0today\u200b}}", "{{&#160;today}}"):
            with self.subTest(source=source):
                self.assertEqual(placeholders.render(source, VALUES), "2 March 2026")
                self.assertFalse(placeholders.problems(source, VALUES))

    def test_what_could_run_is_unknown(self):
        """No attribute is followed, nothing is evaluated: these are keys that do not exist."""
        hostile = [
            "patient.__class__",
            "patient.name.__class__.__mro__",
            "__import__('os').system('id')",
            "patient['name']",
            "patient.env.cr.execute",
            "self.env",
            "7*7",
            "user.password",
            "patient.name|safe",
            "PATIENT.NAME",
            "patient..name",
            "",
        ]
        for key in hostile:
            source = f"<p>{{{{{key}}}}}</p>"
            with self.subTest(key=key):
                found = placeholders.problems(source, VALUES)
                self.assertEqual([problem.kind for problem in found], ["unknown"])
                self.assertEqual(placeholders.render(source, VALUES), source)

    def test_the_nearest_is_proposed(self):
        self.assertEqual(placeholders.problems("{{patient.nmae}}", VALUES)[0].suggestion, "patient.name")
        self.assertEqual(placeholders.problems("{{xyzzy}}", VALUES)[0].suggestion, "")

    def test_tags_are_never_filled(self):
        source = "<a href=\"javascript:{{today}}\" title='{{today}}'>x</a>"
        self.assertEqual(placeholders.render(source, VALUES), source)
        self.assertEqual([problem.kind for problem in placeholders.problems(source, VALUES)], ["in_tag"])

    def test_braces_that_do_not_close(self):
        for source in ("<p>{{today</p>", "<p>today}}</p>", "<p>{{<b>today</b>}}</p>", "{{to{day}}"):
            with self.subTest(source=source):
                kinds = {problem.kind for problem in placeholders.problems(source, VALUES)}
                self.assertIn("unclosed", kinds)

    def test_too_long(self):
        with self.assertRaises(ValueError):
            placeholders.problems("x" * (placeholders.MAX_LENGTH + 1), VALUES)

    def test_other_alphabets_and_emoji(self):
        source = "<p>مرحبا {{patient.name}} 👩‍⚕️</p>"
        self.assertEqual(placeholders.render(source, {"patient.name": "نور 🌷"}), "<p>مرحبا نور 🌷 👩‍⚕️</p>")

    @PROPERTY
    @given(st.text(alphabet="{}<>&;ab. /\"'\n", max_size=60), st.text(max_size=20))
    def test_no_source_lets_a_value_become_a_tag(self, source, value):
        filled = placeholders.render(source, {"a": value, "b": "<script>"})
        self.assertNotIn("<script>", filled)
