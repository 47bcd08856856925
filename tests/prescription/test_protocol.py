"""Favourites and protocols: several at once, of several kinds, the most used first."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PrescriptionCase


@tagged("post_install", "-at_install")
class TestProtocol(PrescriptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        model = cls.env["medical.prescription.template"].with_user(cls.users["practitioner"])
        cls.strep = model.create({"name": "Strep", "line_ids": [Command.create(cls._line())]})
        cls.culture = model.create(
            {
                "name": "Throat culture",
                "kind": "examination",
                "category": "laboratory",
                "practitioner_id": False,
                "line_ids": [Command.create({"name": "Culture de gorge", "urgency": "soon"})],
            }
        )
        cls.protocol = model.create(
            {"name": "Pharyngitis", "include_ids": [Command.set((cls.strep | cls.culture).ids)]}
        )

    def test_a_protocol_makes_a_prescription_of_each_kind(self):
        draft = self._prescribe()
        made = draft.action_apply_templates(self.protocol.ids)
        self.assertEqual(len(draft.line_ids), 2)
        self.assertEqual(
            (made.kind, made.patient_id, made.line_ids.name), ("examination", self.patient, "Culture de gorge")
        )
        self.assertEqual(made.line_ids.urgency, "soon")

    def test_several_at_once_through_the_list(self):
        draft = self._prescribe()
        context = draft.action_open_favourites()["context"]
        (self.strep | self.culture).with_context(**context).action_add_to_prescription()
        self.assertEqual(draft.line_ids[1].template_id, self.strep)
        with self.assertRaises(UserError):
            self.strep.action_add_to_prescription()
        draft.action_sign()
        with self.assertRaises(UserError):
            draft.action_apply_templates(self.strep.ids)

    def test_the_most_used_come_first(self):
        other = self.strep.copy({"name": "A first name"})
        both = self.strep | other
        found = self.strep.search([("id", "in", both.ids)])
        self.assertEqual(found[0], other)
        for _time in range(2):
            self._prescribe().action_apply_templates(self.strep.ids)
        self.assertEqual(self.strep.use_count, 2)
        self.assertEqual(self.strep.search([("id", "in", both.ids)])[0], self.strep)

    def test_a_deleted_favourite_changes_no_signed_line(self):
        draft = self._prescribe()
        draft.action_apply_templates(self.strep.ids)
        draft.action_sign()
        self.strep.unlink()
        self.assertTrue(draft._is_signature_intact())
        self.assertEqual(len(draft.line_ids), 2)

    def test_refusals(self):
        with self.assertRaises(ValidationError):
            self.strep.include_ids = self.protocol
        with self.assertRaises(ValidationError):
            self.strep.include_ids = self.strep
        draft = self._prescribe()
        with self.assertRaises(UserError):
            draft.action_apply_templates([])
        private = self.strep.with_user(self.users["practitioner2"])
        with self.assertRaises(AccessError):
            self._prescribe(role="practitioner2").action_apply_templates(private.ids)
