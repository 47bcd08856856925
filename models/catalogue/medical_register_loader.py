import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import StringIO
from json.encoder import encode_basestring
from typing import Any

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...lib.registers import Edition, read_edition
from ...lib.text import fold

#: Loads of one database wait for each other nowhere: the second is refused.
LOCK_KEY = 7_362_019
#: Shares of a load, of 1: reading the files, then staging their rows, then merging them.
READ_SHARE, STAGE_SHARE, MERGE_SHARE = 0.35, 0.7, 0.75
PROGRESS_STEP = 500


class Words:
    """Texts of one load as they are stored; forms, routes and substances come back thousands of times."""

    def __init__(self, french_codes, language_codes=None):
        self._french = french_codes
        self._codes = lru_cache(language_codes) if language_codes else lambda language: [language]
        self.fold = lru_cache(maxsize=20_000)(fold)
        self.translated = lru_cache(maxsize=20_000)(self._translated)

    def _translated(self, english, french):
        """Return the jsonb of a translated field; French that is the same as English is left to the fallback."""
        if not english:
            return None
        values = {"en_US": english}
        if french and french != english:
            values.update(dict.fromkeys(self._french, french))
        return self.jsonb(values)

    def in_languages(self, english, french, others):
        """Return the jsonb of a translated field of more languages than two: ``others`` are (language, text)."""
        if not others or not english:
            return self.translated(english, french)
        values = {"en_US": english} | (dict.fromkeys(self._french, french) if french and french != english else {})
        for language, text in others:
            values.update(dict.fromkeys(self._codes(language), text))
        return self.jsonb(values)

    @staticmethod
    def jsonb(values):
        """Return the jsonb of a translated field from ``{language code: text}``, which must hold ``en_US``."""
        return "{" + ",".join(f'"{code}":{encode_basestring(text)}' for code, text in values.items()) + "}"


@dataclass(frozen=True)
class Stage:
    """A table of the practice, and what an edition says of its rows.

    ``columns`` are what the edition gives, a translated one as jsonb. A row is known by its ``key`` among the rows
    that have the values of ``scope``; no other row is looked at. ``stamp`` is written to each row that is new or
    changed, ``new`` to new ones only. ``extra`` are columns of the staging table (name: SQL type) that are not
    merged, such as the code of a parent; ``links`` says which of them name rows of other tables of the same scope
    (column: model, extra column), and are looked up before the merge. ``alive`` is the boolean cleared where the
    edition no longer names a row. Stages that are ``counted`` make the figures of the report.
    """

    model: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    scope: Mapping[str, Any]
    stamp: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    alive: str = ""
    counted: bool = True

    @property
    def table(self):
        """Name of the table the model is stored in."""
        return self.model.replace(".", "_")


@dataclass
class Load:
    """One load under way: what is loaded, for which record of the history, through which staging tables."""

    edition: Edition
    register: models.BaseModel
    progress: Any
    stages: dict[str, Stage]
    words: Words
    spoken: list[str]
    tables: list[str] = field(default_factory=list)
    known: int = 0

    @property
    def kind(self):
        """Kind of the register, such as ``dpd``."""
        return self.edition.kind

    def rows(self):
        """Yield the rows of the edition, telling the progress."""
        for number, row in enumerate(self.edition.rows(), start=1):
            if number % PROGRESS_STEP == 0:
                share = min(number / max(self.edition.expected, number), 1)
                self.progress(READ_SHARE + (STAGE_SHARE - READ_SHARE) * share)
            yield row


class MedicalRegisterLoader(models.AbstractModel):
    """What the loaders of official files share. One loader a kind of thing: drugs, codes, interactions.

    How it works: the rows of the edition are streamed by ``COPY`` into temporary tables, then merged by a few
    statements over whole tables: what is new is inserted, what differs is updated, what the edition no longer names is
    marked as no longer valid. Nothing is deleted, and rows that are the same are not written. The statements go past
    the ORM on purpose: no document depends on the register once something was chosen from it.

    A load is one transaction: one that fails, is killed or loses its connection leaves nothing behind, and is simply
    started again.

    A loader inherits this model and gives :meth:`_get_stages` and :meth:`_stage`; it may extend :meth:`_merge`. It is
    named for its kinds in ``medical.register._get_loaders``.
    """

    _name = "medical.register.loader"
    _description = "Loader of Official Registers"

    # --- what a loader tells of itself ---------------------------------------------------------------------------

    @api.model
    def _get_file_hint(self, kind):
        """Return a sentence for the manager: which file to take, and where it comes from."""
        return False

    @api.model
    def _get_required_tables(self, kind):
        """Return the tables (see ``Edition.missing``) without which what is loaded would be half."""
        return ()

    @api.model
    def _read_edition(self, kind, path):
        """Return the edition at ``path``, by the parser of the kind; raises RegisterError where there is none."""
        return read_edition(kind, path)

    @api.model
    def _get_stages(self, edition, register):
        """Return ``{staging table: Stage}`` in the order in which they are merged."""
        raise NotImplementedError

    @api.model
    def _stage(self, load):
        """Walk ``load.rows()`` once, copying them into the staging tables."""
        raise NotImplementedError

    # --- entry ---------------------------------------------------------------------------------------------------

    @api.model
    def _load(self, edition, register, progress=None):
        """Merge the rows of ``edition`` (see ``lib/registers``), bound to ``register``; return the counts.

        ``progress`` is called with the share done, from 0 to 1. The caller checks rights and holds the savepoint. The
        counts are ``taken``, ``changed``, ``withdrawn``, and ``known``: how many rows were valid before.
        """
        load = self._start(edition, register, progress or (lambda _share: None))
        self._stage(load)
        self._check_staged(load)
        load.progress(MERGE_SHARE)
        self._merge(load)
        counts = self._count(load)
        self._finish(load, counts)
        load.progress(1)
        return counts

    def _start(self, edition, register, progress):
        """Take the lock, make the staging tables and return the load."""
        self._lock()
        edition.on_progress = lambda share: progress(READ_SHARE * share)
        stages, spoken = self._get_stages(edition, register), self._get_spoken_languages(edition)
        load = Load(
            edition, register, progress, stages, Words(self._get_french_codes(), self._get_language_codes), spoken
        )
        for name in self._get_touched_models(load):
            self.env[name].flush_model()
        self._create_tables(load)
        return load

    def _lock(self):
        [(locked,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", LOCK_KEY))
        if not locked:
            raise UserError(self.env._("A register is being loaded already. Try again when it is done."))

    def _get_touched_models(self, load):
        """Return the models whose rows change, past the ORM."""
        return list(dict.fromkeys(stage.model for stage in load.stages.values()))

    def _get_french_codes(self):
        """Return every French the database knows, installed or not: a language activated later finds its words."""
        return self._get_language_codes("fr")

    def _get_language_codes(self, language):
        """Return the codes of the database for ``fr`` or ``fr_CA``: every country's where only the language is said."""
        languages = self.env["res.lang"].with_context(active_test=False)
        pattern = language if "_" in language else f"{language}\\_%"
        return languages.search(["|", ("code", "=", language), ("code", "=like", pattern)]).mapped("code")

    def _get_spoken_languages(self, edition):
        """Return the languages the edition brings words in: others keep the words that they have."""
        return ["en_US", *self._get_french_codes()]

    # --- staging -------------------------------------------------------------------------------------------------

    def _create_tables(self, load):
        """Make the temporary tables: columns as in the tables they are merged into, gone with the transaction."""
        for name, stage in load.stages.items():
            self._create_table(load, name, SQL("AS SELECT %s FROM %s WITH NO DATA", *self._stage_columns(stage)))
        self._create_table(load, "medical_stage_result", None, stage="varchar", row_id="int", what="varchar")

    def _stage_columns(self, stage):
        extra = [SQL("NULL::%s AS %s", SQL(kind), SQL.identifier(name)) for name, kind in stage.extra.items()]
        names = [SQL.identifier(name) for name in stage.columns]
        return SQL(", ").join([*names, *extra]), SQL.identifier(stage.table)

    def _create_table(self, load, name, content=None, **columns):
        """Make a temporary table: its ``content`` as SQL that ends the statement, or its columns (name="SQL type")."""
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS pg_temp.%s", SQL.identifier(name)))
        load.tables.append(name)
        if content is None:
            described = [SQL("%s %s", SQL.identifier(column), SQL(kind)) for column, kind in columns.items()]
            self.env.cr.execute(
                SQL("CREATE TEMP TABLE %s (%s) ON COMMIT DROP", SQL.identifier(name), SQL(", ").join(described))
            )
        else:
            self.env.cr.execute(SQL("CREATE TEMP TABLE %s ON COMMIT DROP %s", SQL.identifier(name), content))

    def _copy(self, table, columns, rows):
        """Copy rows, or a file of CSV, into a table; None and '' are no value."""
        if not hasattr(rows, "seek"):
            lines = StringIO()
            csv.writer(lines).writerows(rows)
            rows = lines
        rows.seek(0)
        self.env.cr.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv)", rows)
        self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    def _check_staged(self, load):
        """Refuse files that are not what their names say: they would withdraw all the practice knows."""
        foreign = load.edition.foreign_files
        if foreign:
            raise UserError(
                self.env._(
                    "%(file)s does not have the columns of this register: most of its lines cannot be read. "
                    "Nothing was loaded.",
                    file=", ".join(sorted(foreign)),
                )
            )
        if not load.edition.taken:
            raise UserError(self._get_empty_text(load.kind))

    def _get_empty_text(self, kind):
        """Return what is said of a file in which nothing was found."""
        return self.env._("The file holds nothing that could be taken. Nothing was loaded.")

    # --- merging -------------------------------------------------------------------------------------------------

    def _merge(self, load):
        """Merge the staging tables one after the other."""
        for name, stage in load.stages.items():
            if stage.alive:
                self._retire(load, name)
            self._look_up(load, name)
            self._upsert(load, name)

    def _look_up(self, load, name):
        """Find the rows of other tables that the staged rows name by their codes."""
        stage = load.stages[name]
        for column, (model, source) in stage.links.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE %(stage)s s SET %(column)s = t.id FROM %(table)s t"
                    " WHERE t.%(key)s = s.%(source)s AND %(scope)s",
                    stage=SQL.identifier(name),
                    column=SQL.identifier(column),
                    table=SQL.identifier(model.replace(".", "_")),
                    key=SQL.identifier(stage.key[0]),
                    source=SQL.identifier(source),
                    scope=_scope(stage, "t"),
                )
            )

    def _upsert(self, load, name):
        """Update the rows that differ, then insert the new ones; return how many were inserted."""
        self._update(load, name)
        inserted = self._insert(load, name)
        if inserted:  # the next statement joins what the table holds now, not what it held last night
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(load.stages[name].table)))
        return inserted

    def _update(self, load, name):
        stage = load.stages[name]
        values = {column: self._new_value(load, stage, column) for column in stage.columns if column not in stage.key}
        if not values:
            return
        different = SQL("(%s) IS DISTINCT FROM (%s)", _names(values, "t"), SQL(", ").join(values.values()))
        values |= {**stage.stamp, **self._written()}
        died = (
            SQL("o.%(alive)s AND NOT t.%(alive)s", alive=SQL.identifier(stage.alive)) if stage.alive else SQL("FALSE")
        )
        self._note(
            load,
            name,
            SQL(
                """
                UPDATE %(table)s t SET %(assignments)s
                  FROM %(stage)s s JOIN %(table)s o ON %(same)s AND %(scope)s
                 WHERE t.id = o.id AND %(different)s
             RETURNING t.id, CASE WHEN %(died)s THEN 'withdrawn' ELSE 'changed' END AS what
                """,
                table=SQL.identifier(stage.table),
                stage=SQL.identifier(name),
                assignments=_assignments(values),
                same=_same(stage, "o", "s"),
                scope=_scope(stage, "o"),
                different=different,
                died=died,
            ),
        )

    def _new_value(self, load, stage, column):
        """Return the SQL of the new value: a translated field keeps the languages the register does not speak."""
        value = SQL.identifier("s", column)
        if not self.env[stage.model]._fields[column].translate:
            return value
        return SQL(
            "CASE WHEN %(new)s IS NULL THEN NULL ELSE (COALESCE(%(old)s, '{}') - %(spoken)s::text[]) || %(new)s END",
            new=value,
            old=SQL.identifier("t", column),
            spoken=load.spoken,
        )

    def _insert(self, load, name):
        stage = load.stages[name]
        constants = {**stage.scope, **stage.stamp, **stage.new, **self._written(new=True)}
        constants = {key: value for key, value in constants.items() if key not in stage.columns}
        return self._note(
            load,
            name,
            SQL(
                """
                INSERT INTO %(table)s (%(columns)s, %(names)s)
                SELECT %(columns)s, %(constants)s FROM %(stage)s s
                 WHERE NOT EXISTS (SELECT FROM %(table)s t WHERE %(same)s AND %(scope)s)
             RETURNING id, 'taken' AS what
                """,
                table=SQL.identifier(stage.table),
                columns=_names(stage.columns),
                names=_names(constants),
                constants=SQL(", ").join(SQL("%s", value) for value in constants.values()),
                stage=SQL.identifier(name),
                same=_same(stage, "t", "s"),
                scope=_scope(stage, "t"),
            ),
        )

    def _retire(self, load, name, within=None):
        """Mark the rows the edition no longer names, of those ``within`` an SQL condition on the table ``t``."""
        stage = load.stages[name]
        alive = SQL.identifier("t", stage.alive)
        where = SQL("%s AND %s AND %s", _scope(stage, "t"), alive, within or SQL("TRUE"))
        table = SQL.identifier(stage.table)
        if stage.counted:
            load.known += self.env.execute_query(SQL("SELECT count(*) FROM %s t WHERE %s", table, where))[0][0]
        written = {**stage.stamp, **self._written()}
        self._note(
            load,
            name,
            SQL(
                """
                UPDATE %(table)s t SET %(alive)s = FALSE, %(assignments)s
                 WHERE %(where)s AND NOT EXISTS (SELECT FROM %(stage)s s WHERE %(same)s)
             RETURNING t.id, 'withdrawn' AS what
                """,
                table=table,
                alive=SQL.identifier(stage.alive),
                assignments=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(key), value) for key, value in written.items()
                ),
                where=where,
                stage=SQL.identifier(name),
                same=_same(stage, "t", "s"),
            ),
        )

    def _note(self, load, name, statement):
        """Run a statement that returns (id, what), keep what it did for the report, return how many rows it did."""
        if not load.stages[name].counted:
            self.env.cr.execute(statement)
            return self.env.cr.rowcount
        self.env.cr.execute(
            SQL(
                "WITH done (id, what) AS (%s) INSERT INTO medical_stage_result SELECT %s, id, what FROM done",
                statement,
                name,
            )
        )
        return self.env.cr.rowcount

    def _written(self, new=False):
        """Return what the ORM would write of who wrote a row when."""
        written = {"write_uid": self.env.uid, "write_date": self.env.cr.now()}
        return {**written, "create_uid": self.env.uid, "create_date": self.env.cr.now()} if new else written

    def _count(self, load):
        """Return the rows taken, withdrawn and changed; a row counts once, in this order."""
        [(taken, withdrawn, changed)] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*) FILTER (WHERE taken), COUNT(*) FILTER (WHERE withdrawn AND NOT taken),
                       COUNT(*) FILTER (WHERE NOT taken AND NOT withdrawn)
                  FROM (SELECT bool_or(what = 'taken') taken, bool_or(what = 'withdrawn') withdrawn
                          FROM medical_stage_result GROUP BY stage, row_id) d
                """
            )
        )
        return {"taken": taken, "changed": changed, "withdrawn": withdrawn, "known": load.known}

    def _finish(self, load, counts):
        """Leave no trace of the work and no stale record in memory."""
        self.env.cr.execute(SQL("DROP TABLE %s", SQL(", ").join(SQL.identifier(name) for name in load.tables)))
        for name in self._get_touched_models(load):
            self.env[name].invalidate_model(flush=False)
        self.env.registry.clear_cache()


def _names(columns, alias=None):
    """Return columns as a list of SQL identifiers."""
    return SQL(", ").join(SQL.identifier(alias, name) if alias else SQL.identifier(name) for name in columns)


def _assignments(values):
    """Return the SQL of an UPDATE that writes these values."""
    return SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items())


def _same(stage, one, other):
    """Return the SQL that two rows have one key."""
    pairs = (SQL("%s = %s", SQL.identifier(one, name), SQL.identifier(other, name)) for name in stage.key)
    return SQL(" AND ").join(pairs)


def _scope(stage, alias):
    """Return the SQL that a row is one of those the load looks at."""
    tests = [SQL("%s = %s", SQL.identifier(alias, name), value) for name, value in stage.scope.items()]
    return SQL(" AND ").join(tests) if tests else SQL("TRUE")
