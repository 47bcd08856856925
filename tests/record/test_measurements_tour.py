"""The grid and the growth chart in the browser, then what the database says of it."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .test_growth import GrowthCase, table


@tagged("post_install", "-at_install")
class TestMeasurementsTour(GrowthCase, HttpCase):
    def test_measure_a_child(self):
        self._load(table([(0, 3.2), (1856, 18)]))
        self.child.birthdate = fields.Date.today() - timedelta(days=800)
        self.start_tour(f"/odoo/patients/{self.child.id}", "medical_practice_measurements", login="test_practitioner")
        facts = {fact.type_id.code: (fact.value, fact.entered_as) for fact in self.child.measurement_ids}
        self.assertEqual(facts, {"weight": (12.0202, "26 lb 8 oz"), "height": (88, False)})
