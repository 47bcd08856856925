"""Reading a chart of many models in one query, with the rights of the user."""

from odoo.tools import SQL


class ChartPart:
    """The rows of one model that belong to a chart, as one part of a ``UNION ALL``.

    The ORM makes the ``WHERE`` clause, so that access rights and record rules hold as in any search; only the columns
    asked for are read. A cover sheet of ten lists costs one query this way, where ten searches cost twenty.

    :param model: an empty recordset, in the environment of the reader.
    :param str kind: what its rows are in the result.
    :param domain: which rows; the rules of the user are added.
    :param str order: as in a search, where ``limit`` cuts.
    :param int limit: the most rows wanted.
    """

    def __init__(self, model, kind, domain, order=None, limit=None):
        self.model = model
        self.kind = kind
        self.query = model._search(domain, order=order, limit=limit)
        self.alias = self.query.table

    def column(self, path):
        """Return the SQL of a field, through many2one fields: ``type_id.name``, in the language of the reader."""
        model, alias = self.model, self.alias
        *links, name = path.split(".")
        for link in links:
            comodel = model.env[model._fields[link].comodel_name]
            alias = self.query.left_join(alias, link, comodel._table, "id", link)
            model = comodel
        return model._field_to_sql(alias, name, self.query)

    def select(self, data, *columns):
        """Return the ``SELECT`` of this part: ``kind``, ``id``, further columns, and ``data`` as one JSON object.

        :param dict data: ``{key: path of a field, or SQL}``.
        """
        pairs = [
            SQL("%s, %s", SQL("%s::text", key), self.column(value) if isinstance(value, str) else value)
            for key, value in data.items()
        ]
        return self.query.select(
            SQL("%s::text AS kind", self.kind),
            SQL("%s AS id", SQL.identifier(self.alias, "id")),
            *columns,
            SQL("jsonb_build_object(%s) AS data", SQL(", ").join(pairs)),
        )


def union(selects):
    """Return the ``UNION ALL`` of several selects, each with its own order and limit."""
    return SQL(" UNION ALL ").join(SQL("(%s)", select) for select in selects)
