from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...lib.text import fold

#: Words of a search beyond this number no longer narrow anything; they would only cost time.
MAX_SEARCH_WORDS = 12
#: Who types so little that more rows match is still typing: ordering all of them would make the next letter wait.
MAX_CANDIDATES = 5000


class MedicalSearchKeyMixin(models.AbstractModel):
    """Finds a row of a catalogue by fragments of words in any order, without accents, the best match first.

    The model has a column ``search_key``: everything the row may be found by, folded (see ``lib/text``), with a trigram
    index. :meth:`_get_match_columns` and :meth:`_get_match_order` say what makes a match better than another one.
    """

    _name = "medical.search.key.mixin"
    _description = "Search by Fragments"

    @api.model
    def _search_display_name(self, operator, value):
        """Match the rows that hold every fragment typed."""
        if operator in Domain.NEGATIVE_OPERATORS or not isinstance(value, str):
            return NotImplemented
        words = fold(value).split()[:MAX_SEARCH_WORDS]
        if not words:
            # Nothing but punctuation finds nothing; nothing at all finds everything.
            return Domain.FALSE if value.strip() else Domain.TRUE
        return self._get_match_domain(words)

    @api.model
    def _get_match_domain(self, words):
        """Return the domain of the rows that hold every one of some folded words."""
        # A folded word holds letters and digits only, so no wildcard can slip into the pattern.
        return Domain.AND(Domain("search_key", "like", word) for word in words)

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Search by fragments, the best match first."""
        found = self._search_best(name, domain, operator, limit)
        found.fetch(["display_name"])
        return [(record.id, record.display_name) for record in found]

    @api.model
    def _search_best(self, name, domain=None, operator="ilike", limit=100):
        """Return the rows that match the fragments typed, the best first."""
        self.browse().check_access("read")
        name = name or ""
        query = self._search(Domain("display_name", operator, name) & Domain(domain or Domain.TRUE))
        columns = [SQL("%s AS %s", value, SQL.identifier(key)) for key, value in self._get_match_columns().items()]
        rows = self.env.execute_query(
            SQL(
                # The inner limit also keeps the columns from being computed anew in each test of the order.
                "SELECT m.id FROM (%s LIMIT %s) m ORDER BY %s LIMIT %s",
                query.select(SQL.identifier(self._table, "id"), *columns),
                MAX_CANDIDATES,
                self._get_match_order(fold(name)),
                limit,
            )
        )
        return self.browse([id_ for (id_,) in rows])

    @api.model
    def _get_match_columns(self):
        """Return ``{name: SQL}`` of what the order needs of each row, computed once a row."""
        raise NotImplementedError

    @api.model
    def _get_match_order(self, folded):
        """Return the SQL order of a search for the folded text, on the columns of ``m``, the best match first."""
        raise NotImplementedError
