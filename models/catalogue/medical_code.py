import json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ...lib.text import fold

#: Shorter texts are the beginning of a code: a trigram index knows nothing of them.
MIN_FRAGMENT = 3
MAX_RANKED_WORDS = 4
BATCH = 5000


class MedicalCode(models.Model):
    """A code of a terminology with its label in each language; a retired one stays for the charts that hold it.

    Rows come from a file. ``languages`` tells which editions name the code: one that a new edition of such a language
    no longer names is retired, one that only another language names is not.
    """

    _name = "medical.code"
    _inherit = ["medical.search.key.mixin"]
    _description = "Code"
    _order = "system_id, code, id"
    _parent_store = True

    system_id = fields.Many2one("medical.code.system", required=True, index=True, ondelete="restrict")
    code = fields.Char(required=True)
    display = fields.Char(required=True, translate=True)
    parent_id = fields.Many2one("medical.code", index="btree_not_null", ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("medical.code", "parent_id", "Below")
    selectable = fields.Boolean(default=True, help="Chapters and blocks are for finding one's way, not for a chart.")
    synonyms = fields.Text(translate=True, help="Other words people look for, one a line.")
    note = fields.Text(translate=True, help="What the code excludes, and hints for coding.")
    languages = fields.Char(help="The languages of the editions that name the code.")
    active = fields.Boolean(default=True)

    # search
    search_key = fields.Char(help="What the search looks in: code, labels and synonyms of all languages, folded.")
    code_key = fields.Char(help="The code without dots and capitals.")
    label_key = fields.Char(translate=True, help="The label, folded.")

    _code_uniq = models.UniqueIndex("(system_id, code)", "This code is in the system already.")
    _search_key_idx = models.Index("USING gin (search_key gin_trgm_ops)")
    _code_key_idx = models.Index("(code_key text_pattern_ops)")

    # --- computes ------------------------------------------------------------------------------------------------

    @api.depends("code", "display")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for code in self:
            code.display_name = " ".join(filter(None, (code.code, code.display)))

    # --- CRUD ----------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create the codes, and what they are found by."""
        codes = super().create(vals_list)
        codes._update_keys()
        return codes

    def write(self, vals):
        """Write, and renew what the codes are found by."""
        result = super().write(vals)
        if vals.keys() & {"code", "display", "synonyms"}:
            self._update_keys()
        return result

    # --- search --------------------------------------------------------------------------------------------------

    def _update_keys(self):
        """Fold code, labels and synonyms of every language into the columns that the search looks in."""
        self.flush_recordset(["code", "display", "synonyms"])
        for ids in split_every(BATCH, self.ids):
            self.env.cr.execute("SELECT id, code, display, synonyms FROM medical_code WHERE id = ANY(%s)", [list(ids)])
            rows = [self._prepare_keys(*row) for row in self.env.cr.fetchall()]
            self.env.cr.execute(
                """
                UPDATE medical_code c SET code_key = k.code_key, label_key = k.label_key, search_key = k.search_key
                  FROM unnest(%s::int[], %s::varchar[], %s::jsonb[], %s::varchar[])
                       k (id, code_key, label_key, search_key)
                 WHERE c.id = k.id
                """,
                [list(column) for column in zip(*rows, strict=True)],
            )
        self.invalidate_recordset(["code_key", "label_key", "search_key"], flush=False)

    @api.model
    def _prepare_keys(self, id_, code, labels, synonyms):
        """Return the id of a code and its keys; the code stands in its key with its dots as blanks, and without."""
        folded = fold(code)
        code_key = folded.replace(" ", "")
        label_keys = {language: fold(label) for language, label in labels.items()}
        texts = [folded, code_key, *label_keys.values(), *map(fold, (synonyms or {}).values())]
        return id_, code_key, json.dumps(label_keys), " ".join(dict.fromkeys(filter(None, texts)))

    @api.model
    def _get_match_domain(self, words):
        if max(map(len, words)) < MIN_FRAGMENT:
            return Domain("code_key", "=like", f"{''.join(words)}%")
        return super()._get_match_domain(words)

    @api.model
    def _get_match_columns(self):
        names = ("code_key", "selectable", "code")
        columns = {name: SQL.identifier(self._table, name) for name in names}
        return {**columns, "label": self._field_to_sql(self._table, "label_key")}

    @api.model
    def _get_match_order(self, folded):
        """Return the SQL order of a search: the code as typed, then labels of the user's language that begin so.

        Then those that hold more of the words, at the beginning of a word or within one, codes one may choose, and the
        shortest, which say least besides what was typed.
        """
        compact, words = folded.replace(" ", "")[:100], folded.split()[:MAX_RANKED_WORDS]
        begins = [SQL("(' ' || m.label LIKE %s)::int", f"% {word}%") for word in words]
        holds = [SQL("(m.label LIKE %s)::int", f"%{word}%") for word in words]
        return SQL(
            "(m.code_key = %(compact)s) DESC, CASE WHEN m.code_key LIKE %(prefix)s THEN m.code_key END, "
            "(m.label LIKE %(typed)s) DESC, "
            "%(begins)s DESC, %(holds)s DESC, m.selectable DESC, length(m.label), m.code, m.id",
            compact=compact,
            prefix=f"{compact}%" if compact else "",
            typed=f"{folded[:200]}%" if folded else "",
            begins=SQL("(%s)", SQL(" + ").join(begins)) if begins else SQL("m.selectable"),
            holds=SQL("(%s)", SQL(" + ").join(holds)) if holds else SQL("m.selectable"),
        )
