from odoo import api, fields, models

TERM_KINDS = [
    ("substance", "Substance"),
    ("family", "Family"),
    ("atc", "ATC class"),
]


class MedicalInteractionTerm(models.Model):
    """What one side of an interaction is: a substance, a family the source defines, an ATC class.

    A drug meets a substance by the normal form of its name (``key``, see ``lib/registers/substances``), a class by the
    beginning of its ATC code, a family by its members. Terms belong to one source, because sources draw their families
    differently.
    """

    _name = "medical.interaction.term"
    _description = "Term of Drug Interactions"
    _order = "name, id"

    kind = fields.Selection(TERM_KINDS, required=True)
    name = fields.Char(required=True, help="As the source writes it, in its language.")
    key = fields.Char(required=True, help="What it is compared by: the normal form of a name, or the ATC code.")
    atc_code = fields.Char("ATC Code")
    member_ids = fields.Many2many(
        "medical.interaction.term",
        "medical_interaction_term_member_rel",
        "family_id",
        "member_id",
        "Members",
        help="The substances and classes that belong to the family.",
    )
    family_ids = fields.Many2many(
        "medical.interaction.term", "medical_interaction_term_member_rel", "member_id", "family_id", "Families"
    )
    member_count = fields.Integer("Members Known", compute="_compute_member_count")
    interaction_ids = fields.Many2many("medical.interaction", compute="_compute_interaction_ids")
    source = fields.Char(required=True)
    register_kind = fields.Char(required=True, help="The kind of register that speaks of it.")
    active = fields.Boolean(default=True)

    _term_uniq = models.UniqueIndex("(register_kind, source, kind, key)", "The source has this term already.")
    _key_idx = models.Index("(key, kind) WHERE active")

    # --- computes ------------------------------------------------------------------------------------------------

    @api.depends("member_ids")
    def _compute_member_count(self):
        for term in self:
            term.member_count = len(term.member_ids)

    def _compute_interaction_ids(self):
        """Find what the source says of the term itself, whichever side it stands on."""
        found = self.env["medical.interaction"].search(
            ["|", ("term_a_id", "in", self.ids), ("term_b_id", "in", self.ids)]
        )
        for term in self:
            term.interaction_ids = found.filtered(lambda interaction, term=term: term in interaction._get_terms())
