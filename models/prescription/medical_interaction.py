from collections import defaultdict
from itertools import combinations, product

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...lib.safety.facts import EditionFact, InteractionFact

SEVERITIES = [
    ("contraindicated", "Contraindicated"),
    ("avoid", "Avoid"),
    ("precaution", "Precaution"),
    ("take_into_account", "Take into account"),
]
RANKS = {severity: rank for rank, (severity, _label) in enumerate(SEVERITIES)}

MAX_SEARCH_WORDS = 8
#: Lengths of the levels of an ATC code: anatomical group to substance.
ATC_LEVELS = (1, 3, 4, 5, 7)


class MedicalInteraction(models.Model):
    """What an official source says about two terms taken together: a substance, a family, a class with another.

    Rows come from a register and are never typed. A new edition rewrites what it says otherwise and retires what it
    no longer says; the prescriptions keep what they were told. ``severity`` is the gravest grade of the pair;
    where the source has several, ``grades`` tells which substances each is limited to.
    """

    _name = "medical.interaction"
    _description = "Drug Interaction"
    _order = "severity_rank, id"

    term_a_id = fields.Many2one("medical.interaction.term", "Between", index=True, ondelete="restrict")
    term_b_id = fields.Many2one("medical.interaction.term", "And", index=True, ondelete="restrict")
    severity = fields.Selection(SEVERITIES, required=True, index=True)
    severity_rank = fields.Integer(compute="_compute_severity_rank", store=True, help="The gravest first.")
    grades = fields.Json(
        help="Of a pair with several grades: each with the sets of substance keys it is limited to, none if it is not."
    )
    mechanism = fields.Text(translate=True)
    advice = fields.Text(translate=True)
    source = fields.Char()
    register_kind = fields.Char()
    register_id = fields.Many2one("medical.register", "Edition", index="btree_not_null", ondelete="restrict")
    edition = fields.Date("Edition Date", related="register_id.edition", help="The date the source gives its edition.")
    active = fields.Boolean(default=True)

    _pair_uniq = models.UniqueIndex(
        "(register_kind, source, term_a_id, term_b_id)", "The source has this pair already."
    )

    # --- computes ------------------------------------------------------------------------------------------------

    @api.depends("severity")
    def _compute_severity_rank(self):
        for interaction in self:
            interaction.severity_rank = RANKS.get(interaction.severity, len(RANKS))

    @api.depends("term_a_id.name", "term_b_id.name")
    def _compute_display_name(self):
        for interaction in self:
            names = [term.name for term in (interaction.term_a_id, interaction.term_b_id) if term]
            interaction.display_name = " × ".join(names) or str(interaction.id or "")

    @api.model
    def _search_display_name(self, operator, value):
        """Match pairs one side of which holds each word typed, in its name or in the name of a member."""
        if operator in Domain.NEGATIVE_OPERATORS or not isinstance(value, str):
            return NotImplemented
        words = value.split()[:MAX_SEARCH_WORDS]
        return Domain.OR(
            Domain.AND(
                Domain(side, "any", Domain("name", "ilike", word) | Domain("member_ids.name", "ilike", word))
                for word in words
            )
            for side in ("term_a_id", "term_b_id")
        )

    def _get_terms(self):
        """Return the two sides."""
        return self.term_a_id | self.term_b_id

    # --- what the safety check asks ------------------------------------------------------------------------------

    @api.model
    def _find_between(self, drugs, others=()):
        """Return what the sources say about the pairs among ``drugs``, and of each of them with each of ``others``.

        Two queries, however many drugs. Of a family rule the grade is that of the two substances that meet. A drug
        does not interact with itself, nor two drugs by substances that one of them already combines.

        :param drugs: ``DrugFacts`` (see ``lib/safety/facts``), such as the lines being prescribed
        :param others: ``DrugFacts`` that are not compared with each other, such as the treatments under way
        :return: list of ``InteractionFact``, one for each pair of drugs and rule, the gravest first
        """
        self.env["medical.interaction.term"].flush_model()
        self.flush_model()
        facts = [*drugs, *others]
        held = [_Held(fact) for fact in facts]
        terms = self._find_terms(held)
        holders = defaultdict(dict)
        for place, drug in enumerate(held):
            for element, names in drug.names.items():
                for term in set().union(*(terms.get(name, ()) for name in names)):
                    holders[term].setdefault(place, []).append(element)
        found = []
        for rule in self._find_rules(list(holders)) if len(facts) > 1 else ():
            found += self._apply_rule(rule, facts, held, holders, len(drugs))
        return sorted(found, key=lambda fact: (RANKS[fact.severity], fact.a, fact.b, fact.record_id))

    def _find_terms(self, held):
        """Return ``{(kind, key): ids of the terms}`` of what the drugs hold, families included."""
        names = set().union(*(names for drug in held for names in drug.names.values()))
        keys = [key for kind, key in names if kind == "substance"]
        classes = [key for kind, key in names if kind == "atc"]
        rows = self.env.execute_query(
            SQL(
                """
                WITH named AS (
                    SELECT id, kind, key FROM medical_interaction_term
                     WHERE active AND (kind = 'substance' AND key = ANY(%s) OR kind = 'atc' AND key = ANY(%s))
                )
                SELECT kind, key, id FROM named
                 UNION ALL
                SELECT n.kind, n.key, f.id
                  FROM named n
                  JOIN medical_interaction_term_member_rel r ON r.member_id = n.id
                  JOIN medical_interaction_term f ON f.id = r.family_id AND f.active
                """,
                keys,
                classes,
            )
        )
        terms = defaultdict(set)
        for kind, key, term in rows:
            terms[kind, key].add(term)
        return terms

    def _find_rules(self, terms):
        """Return the rules in force between the terms, with their texts in the language of the user."""
        rules = self.env.execute_query_dict(
            SQL(
                """
                SELECT i.id, i.term_a_id, i.term_b_id, i.severity, i.grades, i.source, r.edition,
                       %(mechanism)s AS mechanism, %(advice)s AS advice, a.name AS a_name, b.name AS b_name
                  FROM medical_interaction i
                  JOIN medical_interaction_term a ON a.id = i.term_a_id
                  JOIN medical_interaction_term b ON b.id = i.term_b_id
                  LEFT JOIN medical_register r ON r.id = i.register_id
                 WHERE i.active AND i.term_a_id = ANY(%(terms)s) AND i.term_b_id = ANY(%(terms)s)
                """,
                mechanism=self._field_to_sql("i", "mechanism"),
                advice=self._field_to_sql("i", "advice"),
                terms=terms,
            )
        )
        editions = {edition: self._get_edition_name(edition) for edition in {rule["edition"] for rule in rules}}
        return [{**rule, "edition": editions[rule["edition"]]} for rule in rules]

    def _apply_rule(self, rule, facts, held, holders, asked):
        """Return the facts of one rule: the pairs of drugs of which one holds one side, the other one the other."""
        one, two = holders[rule["term_a_id"]], holders[rule["term_b_id"]]
        pairs = combinations(one, 2) if one is two else product(one, two)
        found = {}
        for first, second in pairs:
            if first == second or (first >= asked and second >= asked):
                continue
            severities = [
                severity
                for a, b in product(one[first], two[second])
                if not _is_one_product(a, b, held[first], held[second]) and (severity := _get_grade(rule, a, b))
            ]
            if not severities:
                continue
            pair, severity = frozenset((first, second)), min(severities, key=RANKS.get)
            known = found.get(pair)
            if known is None or RANKS[severity] < RANKS[known.severity]:
                found[pair] = self._prepare_fact(rule, facts[first], facts[second], severity)
        return found.values()

    def _prepare_fact(self, rule, a, b, severity):
        """Return what a rule says of two drugs, the one that was asked first before the other."""
        a_term, b_term = rule["a_name"], rule["b_name"]
        return InteractionFact(
            a=a.ref,
            b=b.ref,
            severity=severity,
            a_term=a_term,
            b_term=b_term,
            mechanism=rule["mechanism"] or "",
            advice=rule["advice"] or "",
            source=rule["source"] or "",
            edition=rule["edition"],
            record_id=rule["id"],
        )

    def _get_edition_name(self, edition):
        return format_date(self.env, edition, date_format="MMMM y") if edition else ""

    @api.model
    def _get_edition_info(self):
        """Return an ``EditionFact`` for each source of interactions in force: its name, its edition and the date of it.

        An empty tuple means that nothing is loaded: no interaction can be found, which is not that there is none.
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT i.source, max(r.edition)
                  FROM medical_interaction i LEFT JOIN medical_register r ON r.id = i.register_id
                 WHERE i.active AND i.term_a_id IS NOT NULL AND i.term_b_id IS NOT NULL
                 GROUP BY i.source ORDER BY i.source
                """
            )
        )
        return tuple(EditionFact(source or "", self._get_edition_name(edition), edition) for source, edition in rows)


class _Held:
    """What a drug holds, as the terms know it: by substance, the names under which terms may speak of it."""

    def __init__(self, fact):
        keys = fact.substance_keys
        self.names = {key: {("substance", key)} for key in keys}
        self.classes = frozenset(code for code in fact.atc_codes if len(code) == ATC_LEVELS[-1])
        for code, key in self._codes(fact, keys):
            element = key or f"atc:{code}"
            self.names.setdefault(element, set()).update(("atc", code[:length]) for length in ATC_LEVELS)

    @staticmethod
    def _codes(fact, keys):
        """Yield each ATC code of the drug with the substance it is that of, '' where the drug has several."""
        alone = keys[0] if len(keys) == 1 else ""
        yield from ((code, alone) for code in fact.atc if code)
        yield from ((code, substance.key) for substance in fact.substances for code in substance.atc if code)

    @property
    def elements(self):
        """The substances of the drug, and its classes where no substance of it is known."""
        return self.names.keys()


def _is_one_product(a, b, one, two):
    """Tell whether two elements are the same, or are together in one of the two products."""
    return a == b or b in one.elements or a in two.elements or (bool(one.classes) and one.classes == two.classes)


def _get_grade(rule, a, b):
    """Return the grade of a rule for two substances: the gravest of those that name them, or else of the others."""
    grades = rule["grades"]
    if not grades:
        return rule["severity"]
    met = {a, b}
    named = [grade for grade in grades if any(met.issuperset(limit) for limit in grade["only"])]
    general = [grade for grade in grades if not grade["only"]]
    holding = named if any(grade["certain"] for grade in named) else named + general
    # A text that names only other substances leaves the grade of ours open: then the gravest is the safe one.
    return min((grade["severity"] for grade in holding or grades), key=RANKS.get)
