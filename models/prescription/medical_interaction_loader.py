import csv
import json
from io import StringIO

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ...lib.registers.interactions import MemberRow
from ..catalogue.medical_register_loader import Stage
from ..catalogue.texts import Texts
from .medical_interaction import RANKS

TERM_COLUMNS = ("source", "kind", "key", "name", "atc_code", "active")
INTERACTION_COLUMNS = (
    "source",
    "term_a_id",
    "term_b_id",
    "severity",
    "severity_rank",
    "grades",
    "mechanism",
    "advice",
    "active",
)
#: What the staging table of the pairs holds until the terms have ids.
SIDES = {"a_kind": "varchar", "a_key": "varchar", "b_kind": "varchar", "b_key": "varchar"}
MEMBER_COLUMNS = ("source", "family_key", "member_kind", "member_key")


class MedicalInteractionLoader(models.AbstractModel):
    """Brings the rows of a register of interactions into terms, their families and the pairs.

    An edition speaks of its sources, and of no others. The terms are merged first, then who belongs to which family,
    then the pairs. A family whose members changed counts as changed.
    """

    _name = "medical.interaction.loader"
    _inherit = ["medical.register.loader"]
    _description = "Loader of Drug Interactions"

    # --- what it tells of itself ---------------------------------------------------------------------------------

    @api.model
    def _get_file_hint(self, kind):
        if kind == "ansm":
            return self.env._(
                "France, ANSM, “Thésaurus des interactions médicamenteuses”, in its structured form: the table of "
                "pairs (protagoniste1, protagoniste2…) and the table of molecules and families, in one zip file."
            )
        if kind == "interactions_csv":
            return self.env._(
                "A table with the columns term1, term2 and severity, and a table with the columns family and member "
                "where there are families, in one zip file. The page on file formats describes them."
            )
        return super()._get_file_hint(kind)

    @api.model
    def _get_stages(self, edition, register):
        scope = {"register_kind": edition.kind}
        return {
            "medical_stage_term": Stage(
                "medical.interaction.term",
                TERM_COLUMNS,
                ("source", "kind", "key"),
                scope,
                alive="active",
                counted=False,
            ),
            "medical_stage_interaction": Stage(
                "medical.interaction",
                INTERACTION_COLUMNS,
                ("source", "term_a_id", "term_b_id"),
                scope,
                stamp={"register_id": register.id},
                extra=SIDES,
                alive="active",
            ),
        }

    # --- staging -------------------------------------------------------------------------------------------------

    def _create_tables(self, load):
        super()._create_tables(load)
        self._create_table(load, "medical_stage_member", **dict.fromkeys(MEMBER_COLUMNS, "varchar"))
        self._create_table(load, "medical_stage_family", id="int")

    @api.model
    def _stage(self, load):
        terms, members = {}, {}
        pairs = StringIO()
        add_pair = csv.writer(pairs).writerow
        texts = Texts(self)
        for row in load.rows():
            is_member = isinstance(row, MemberRow)
            first, second = (row.family, row.member) if is_member else (row.a, row.b)
            for term in (first, second):
                terms.setdefault((row.source, term.kind, term.key), term)
            if is_member:
                members[row.source, first.key, second.kind, second.key] = None
            else:
                add_pair(self._prepare_pair(row, texts))
        columns = tuple(column for column in INTERACTION_COLUMNS if not column.startswith("term_"))
        self._copy("medical_stage_interaction", (*columns, *SIDES), pairs)
        self._copy("medical_stage_member", MEMBER_COLUMNS, list(members))
        prepared = (self._prepare_term(source, term) for (source, _kind, _key), term in terms.items())
        self._copy("medical_stage_term", TERM_COLUMNS, prepared)

    def _prepare_term(self, source, term):
        return (source, term.kind, term.key, term.name, term.key if term.kind == "atc" else None, True)

    def _prepare_pair(self, row, texts):
        """Return the values of a pair, its sides in one order whoever comes first in the file."""
        a, b = sorted((row.a, row.b), key=lambda term: (term.kind, term.key))
        grades = [
            {"severity": grade.severity, "only": [list(keys) for keys in grade.only], "certain": grade.certain}
            for grade in row.grades
        ]
        return (
            row.source,
            row.severity,
            RANKS[row.severity],
            json.dumps(grades) if grades else None,
            texts.jsonb(row.mechanism),
            texts.jsonb(row.advice),
            True,
            a.kind,
            a.key,
            b.kind,
            b.key,
        )

    def _check_staged(self, load):
        super()._check_staged(load)
        rows = self.env.execute_query(SQL("SELECT DISTINCT source FROM medical_stage_interaction"))
        if not rows:
            raise UserError(self._get_empty_text(load.kind))
        self._check_newest(load, [source for (source,) in rows])

    def _get_empty_text(self, kind):
        return self.env._("The file holds no interaction. Nothing was loaded.")

    def _check_newest(self, load, sources):
        """Refuse an edition that is older than the one in force: it would bring back what was corrected."""
        [(newest,)] = self.env.execute_query(
            SQL(
                """
                SELECT max(r.edition) FROM medical_interaction i JOIN medical_register r ON r.id = i.register_id
                 WHERE i.active AND i.register_kind = %s AND i.source = ANY(%s)
                """,
                load.kind,
                sources,
            )
        )
        if newest and load.edition.date and load.edition.date < newest:
            raise UserError(
                self.env._(
                    "The edition in force is of %(newest)s, this file of %(date)s. Nothing was loaded.",
                    newest=format_date(self.env, newest),
                    date=format_date(self.env, load.edition.date),
                )
            )

    # --- merging -------------------------------------------------------------------------------------------------

    def _merge(self, load):
        """Merge the terms, then the members of the families, then the pairs, which by then know their terms."""
        self._remember_families(load)
        self._retire(load, "medical_stage_term")
        self._upsert(load, "medical_stage_term")
        self._merge_members(load)
        self._resolve_terms(load)
        self._retire(load, "medical_stage_interaction")
        self._upsert(load, "medical_stage_interaction")
        self._date_unchanged(load)

    def _retire(self, load, name, within=None):
        """Retire only what belongs to the sources the edition speaks of."""
        within = SQL("t.source IN (SELECT source FROM medical_stage_interaction)")
        return super()._retire(load, name, within)

    def _remember_families(self, load):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO medical_stage_family
                SELECT id FROM medical_interaction_term WHERE kind = 'family' AND register_kind = %s
                """,
                load.kind,
            )
        )

    def _resolve_terms(self, load):
        """Give the staged pairs the ids of their terms."""
        for side in ("a", "b"):
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE medical_stage_interaction s SET %(term)s = t.id
                      FROM medical_interaction_term t
                     WHERE t.register_kind = %(kind)s AND t.source = s.source
                       AND t.kind = s.%(side_kind)s AND t.key = s.%(side_key)s
                    """,
                    term=SQL.identifier(f"term_{side}_id"),
                    side_kind=SQL.identifier(f"{side}_kind"),
                    side_key=SQL.identifier(f"{side}_key"),
                    kind=load.kind,
                )
            )
        # Two names of one substance may each have a rule with the same partner: the graver one is kept.
        self.env.cr.execute(
            """
            DELETE FROM medical_stage_interaction s USING medical_stage_interaction o
             WHERE o.source = s.source AND o.term_a_id = s.term_a_id AND o.term_b_id = s.term_b_id
               AND (o.severity_rank, o.ctid) < (s.severity_rank, s.ctid);
            ANALYZE medical_stage_interaction
            """
        )

    def _merge_members(self, load):
        """Make the members of each family of the edition those it lists; a difference changes a family known before."""
        self.env.cr.execute(
            SQL(
                """
                WITH target AS (
                    SELECT DISTINCT f.id AS family_id, m.id AS member_id
                      FROM medical_stage_member s
                      JOIN medical_interaction_term f ON f.register_kind = %(kind)s AND f.source = s.source
                           AND f.kind = 'family' AND f.key = s.family_key
                      JOIN medical_interaction_term m ON m.register_kind = %(kind)s AND m.source = s.source
                           AND m.kind = s.member_kind AND m.key = s.member_key
                     WHERE f.id <> m.id
                ), gone AS (
                    DELETE FROM medical_interaction_term_member_rel r
                     USING medical_interaction_term f
                     WHERE f.id = r.family_id AND f.register_kind = %(kind)s
                       AND f.source IN (SELECT source FROM medical_stage_interaction)
                       AND NOT EXISTS (SELECT FROM target t
                                        WHERE t.family_id = r.family_id AND t.member_id = r.member_id)
                 RETURNING r.family_id
                ), come AS (
                    INSERT INTO medical_interaction_term_member_rel (family_id, member_id)
                    SELECT family_id, member_id FROM target t
                     WHERE NOT EXISTS (SELECT FROM medical_interaction_term_member_rel r
                                        WHERE t.family_id = r.family_id AND t.member_id = r.member_id)
                 RETURNING family_id
                )
                INSERT INTO medical_stage_result
                SELECT 'medical_stage_member', family_id, 'changed'
                  FROM (SELECT family_id FROM gone UNION SELECT family_id FROM come) d
                 WHERE family_id IN (SELECT id FROM medical_stage_family)
                """,
                kind=load.kind,
            )
        )

    def _date_unchanged(self, load):
        """Let pairs that the new edition repeats stand under its date."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE medical_interaction t SET register_id = %(register)s
                  FROM medical_register r
                 WHERE t.active AND t.register_kind = %(kind)s AND r.id = t.register_id AND r.id <> %(register)s
                   AND t.source IN (SELECT source FROM medical_stage_interaction)
                   AND r.edition IS DISTINCT FROM %(edition)s
                """,
                register=load.register.id,
                kind=load.kind,
                edition=load.edition.date or None,
            )
        )
