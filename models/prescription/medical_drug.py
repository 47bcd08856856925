from odoo import api, fields, models
from odoo.addons.medical_practice.lib.text import fold
from odoo.fields import Domain
from odoo.tools import SQL

NARCOTIC_CLASSES = [
    ("narcotic", "Narcotic"),
    ("targeted", "Targeted substance"),
    ("controlled", "Controlled drug"),
]

GENERIC_TYPES = [
    ("reference", "Reference"),
    ("generic", "Generic"),
    ("complementary", "Generic by complementary strengths"),
    ("substitutable", "Substitutable generic"),
]

#: Words of a search beyond this number no longer narrow anything; they would only cost time.
MAX_SEARCH_WORDS = 12
#: Of the drugs a search matches, how many are ranked; specific searches match fewer.
SEARCH_POOL = 600
#: Words that thousands of drugs hold, whole or as far as they are typed.
COMMON_WORDS = (
    "application",
    "capsule",
    "comprime",
    "creme",
    "cream",
    "enrobe",
    "extended",
    "gelule",
    "hydrochloride",
    "injectable",
    "injection",
    "liberation",
    "pellicule",
    "perfusion",
    "poudre",
    "powder",
    "prolongee",
    "release",
    "secable",
    "sirop",
    "solution",
    "suspension",
    "tablet",
)
#: How much of the search key the index on its beginning holds.
KEY_BEGINNING = 40
#: A number this long is no strength, but may be the number of a package, read from its bar code.
PACKAGE_CODE_DIGITS = 7


class MedicalDrug(models.Model):
    """A product of an official register: brand, form, strength, route, and the substances in it.

    Rows come from a register and are never typed; an edition that no longer names a product marks it ``marketed =
    False``, it is never deleted, because signed prescriptions stand on it.
    """

    _name = "medical.drug"
    _description = "Drug"
    _order = "name, strength, id"

    name = fields.Char(required=True, translate=True, help="Brand name.")
    form = fields.Char(translate=True)
    strength = fields.Char()
    route = fields.Char(translate=True)
    route_code = fields.Char(help="The route, in the words of a dosage.")
    dose_unit = fields.Char(help="The unit a dose of this form is counted in.")
    company_name = fields.Char("Manufacturer")
    atc_code = fields.Char("ATC Code", index="btree_not_null")
    atc_name = fields.Char("ATC Class")
    schedule = fields.Char(help="Legal schedules, as the register states them.")
    narcotic_class = fields.Selection(NARCOTIC_CLASSES, index="btree_not_null")
    marketed = fields.Boolean(default=True, index=True)
    substance_ids = fields.One2many("medical.drug.substance", "drug_id", "Substances")
    package_ids = fields.One2many("medical.drug.package", "drug_id", "Packages")
    generic_group_id = fields.Many2one("medical.generic.group", index="btree_not_null", ondelete="restrict")
    generic_type = fields.Selection(GENERIC_TYPES, "In the Generic Group")
    alternative_ids = fields.Many2many("medical.drug", compute="_compute_alternative_ids", string="Alternatives")
    conditions = fields.Text("Conditions of Prescription", help="What the law asks, in the words of the register.")
    max_daily_dose = fields.Float(digits=(12, 3), help="The most in 24 hours, where the register gives one.")
    max_daily_unit = fields.Char("Unit of the Daily Maximum", help="In the words of a dosage, such as tablet or mg.")
    register_id = fields.Many2one("medical.register", index="btree_not_null", ondelete="restrict")
    register_kind = fields.Char(required=True, index=True)
    register_code = fields.Char(required=True, help="DIN in Canada, CIS in France.")
    register_part = fields.Char(help="The part of the register the drug is listed in, where it has several.")
    search_key = fields.Char(help="What the search looks in: names, substances, strength and code, without accents.")

    _register_uniq = models.UniqueIndex("(register_kind, register_code)", "This drug is in the register already.")
    _search_key_idx = models.Index("USING gin (search_key gin_trgm_ops)")
    _search_key_begin_idx = models.Index("(left(search_key, 40) text_pattern_ops)")

    @api.depends("name", "strength", "form")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Brand, strength and form, in the language of the user; what the brand already says is not said twice."""
        for drug in self:
            said = fold(drug.name).replace(" ", "")
            parts = [drug.name or ""]
            parts += [part for part in (drug.strength, drug.form) if part and fold(part).replace(" ", "") not in said]
            drug.display_name = " ".join(filter(None, parts))

    @api.depends("generic_group_id")
    def _compute_alternative_ids(self):
        alternatives = self._get_alternatives()
        for drug in self:
            drug.alternative_ids = alternatives[drug]

    def _get_alternatives(self):
        """Return ``{drug: marketed drugs of its generic group}``, the reference first, without the drug itself."""
        groups = self.generic_group_id
        members = self.search(
            [("generic_group_id", "in", groups.ids), ("marketed", "=", True)], order="generic_group_id, name, id"
        )
        members = members.sorted(lambda drug: drug.generic_type != "reference")
        by_group = members.grouped("generic_group_id")
        nothing = self.browse()
        return {drug: by_group.get(drug.generic_group_id, nothing) - drug._origin for drug in self}

    @api.model
    def _search_display_name(self, operator, value):
        """Match drugs that hold every fragment typed, in any order, without accents."""
        if operator in Domain.NEGATIVE_OPERATORS or not isinstance(value, str):
            return NotImplemented
        words = fold(value).split()[:MAX_SEARCH_WORDS]
        if not words:
            # Nothing but punctuation finds nothing; nothing at all finds everything.
            return Domain.FALSE if value.strip() else Domain.TRUE
        return Domain.AND(map(self._get_word_domain, words))

    @api.model
    def _get_word_domain(self, word):
        """Return the drugs that hold a fragment typed: anywhere in a word, a number at the beginning of one.

        A folded word holds letters and digits only, so no wildcard can slip into the pattern.
        """
        if not word.isdecimal():
            return Domain("search_key", "like", word)
        if len(word) >= PACKAGE_CODE_DIGITS:
            return Domain("search_key", "like", word) | Domain("package_ids.code", "=", word)
        return Domain("search_key", "like", f" {word}") | Domain("search_key", "=like", f"{word}%")

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Search the register, best matches first: marketed drugs, then those whose name begins as typed."""
        drugs = self._search_best(name, domain, operator, limit)
        drugs.fetch(["display_name"])
        return [(drug.id, drug.display_name) for drug in drugs]

    @api.model
    @api.readonly
    def search_for_prescription(self, name, limit=12):
        """Return what the search of a prescription line shows of each drug, best first.

        :param str name: fragments in any order.
        :param int limit: the most drugs wanted, at most 50.
        """
        drugs = self._search_best(str(name or "")[:200], limit=min(max(int(limit), 1), 50))
        classes = dict(self._fields["narcotic_class"]._description_selection(self.env))
        return [
            {
                "id": drug.id,
                "display_name": drug.display_name,
                "name": drug.name,
                "detail": drug.display_name.removeprefix(drug.name or "").strip(),
                "company": drug.company_name or "",
                "marketed": drug.marketed,
                "narcotic": classes.get(drug.narcotic_class, ""),
            }
            for drug in drugs
        ]

    @api.model
    def _search_best(self, name, domain=None, operator="ilike", limit=100):
        """Return the drugs that match the fragments typed, best first; those on the market before the others.

        A search that finds more than a pool of drugs (``mg``) is not ranked to the last of them: those whose name
        begins as typed come first, then some others.
        """
        self.browse().check_access("read")
        words = fold(name or "").split()[:MAX_SEARCH_WORDS]
        if words and operator in ("ilike", "like"):
            matching = self._get_fragments_domain(words)
        else:
            matching = Domain("display_name", operator, name or "")
        matching &= Domain(domain or Domain.TRUE)
        marketed = Domain("marketed", "=", True)
        found, is_all = self._search_ranked(matching & marketed, words, limit)
        if is_all and (not limit or len(found) < limit):
            missing = limit and limit - len(found)
            return found + self._search_ranked(matching & ~marketed, words, missing)[0]
        if is_all or not words:
            return found
        begins = Domain.custom(to_sql=lambda _model, alias, _query: _begins(alias, words[0]))
        first, _is_all = self._search_ranked(matching & marketed & begins, words, limit)
        return (first | found)[:limit]

    @api.model
    def _get_fragments_domain(self, words):
        """Return the drugs that hold all fragments, those fragments looked up in the index that say something.

        A strength or a form is in thousands of drugs: to look them up costs more than to read what the others found.
        """
        telling = [word for word in words if _is_telling(word)]
        rest = [word for word in words if word not in telling]
        looked_up = Domain.AND(map(self._get_word_domain, telling))
        if not rest:
            return looked_up
        return looked_up & Domain.custom(to_sql=lambda _model, alias, _query: _holds(alias, rest))

    @api.model
    def _search_ranked(self, domain, words, limit):
        """Return the best drugs of a pool of those in the domain, and whether the pool holds all of them."""
        pool = self._search(domain)
        pool.order, pool.limit = None, SEARCH_POOL
        columns = ("id", "search_key", "register_code")
        rows = self.env.execute_query(
            SQL(
                "WITH pool AS MATERIALIZED (%s) SELECT id, (SELECT count(*) FROM pool) FROM pool ORDER BY %s LIMIT %s",
                pool.select(*(SQL.identifier(self._table, name) for name in columns)),
                self._get_match_order(words),
                limit,
            )
        )
        return self.browse(id_ for id_, _count in rows), not rows or rows[0][1] < SEARCH_POOL

    @api.model
    def _get_match_order(self, words):
        """Return the SQL order of a pool: as typed, then by how many fragments begin a word, then the shortest."""
        if not words:
            return SQL("search_key, register_code")
        typed = " ".join(words)[:100]
        hits = [SQL("(' ' || search_key LIKE %s)::int", f"% {word}%") for word in words]
        hits += [SQL("(' ' || search_key || ' ' LIKE %s)::int", f"% {word} %") for word in words if word.isdecimal()]
        return SQL(
            "(search_key LIKE %s) DESC, %s DESC, (search_key LIKE %s) DESC, (search_key LIKE %s) DESC, "
            "length(search_key), register_code",
            f"{typed}%",
            SQL("(%s)", SQL(" + ").join(hits)),
            f"{words[0]}%",
            f"%{typed}%",
        )


def _is_telling(word):
    """Tell whether few drugs hold a fragment: a name, not a form, a unit or a strength."""
    if word.isdecimal():
        return len(word) >= PACKAGE_CODE_DIGITS
    return len(word) > 2 and not any(common.startswith(word) for common in COMMON_WORDS)


def _begins(alias, word):
    """Return the SQL that a search key begins with a word, as the index on its beginning wants it."""
    return SQL("left(%s, %s) LIKE %s", SQL.identifier(alias, "search_key"), KEY_BEGINNING, f"{word[:KEY_BEGINNING]}%")


def _holds(alias, words):
    """Return the SQL that a search key holds all fragments, out of sight of its index: a number begins a word."""
    key = SQL.identifier(alias, "search_key")
    return SQL(" AND ").join(
        SQL("(' ' || %s) LIKE %s", key, f"% {word}%" if word.isdecimal() else f"%{word}%") for word in words
    )
