import csv
import re
from collections import Counter, defaultdict
from functools import lru_cache
from io import StringIO
from json.encoder import encode_basestring

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...lib.dosage import dose_unit_of_form, route_of_register
from ...lib.registers.dpd import strength_text
from ...lib.text import fold

#: Columns of ``medical.drug`` a register fills, in the order of :meth:`MedicalDrugLoader._prepare_drug`.
DRUG_COLUMNS = (
    "register_code",
    "register_part",
    "name",
    "form",
    "strength",
    "route",
    "route_code",
    "dose_unit",
    "company_name",
    "atc_code",
    "atc_name",
    "schedule",
    "narcotic_class",
    "marketed",
    "search_key",
)
SUBSTANCE_COLUMNS = ("register_code", "name", "atc_code")
STAGES = {
    "medical_stage_drug": ("medical_drug", DRUG_COLUMNS),
    "medical_stage_substance": ("medical_substance", SUBSTANCE_COLUMNS),
}
#: Products a register still lists although nobody may sell them.
OFF_MARKET = ("dormant", "cancelled")
#: Loads of one database wait for each other nowhere: the second is refused.
LOCK_KEY = 7_362_019
PROGRESS_STEP = 500

_LAST_PARENTHESIS = re.compile(r"\s*\([^()]*(?:\([^()]*\)[^()]*)*\)$")


class _Words:
    """Texts of one load as they are stored; forms, routes and substances come back thousands of times."""

    def __init__(self, french_codes):
        self._french = french_codes
        self.fold = lru_cache(maxsize=20_000)(fold)
        self.translated = lru_cache(maxsize=20_000)(self._translated)

    def _translated(self, english, french):
        """Return the jsonb of a translated field; French that is the same as English is left to the fallback."""
        if not english:
            return None
        values = {"en_US": english}
        if french and french != english:
            values.update(dict.fromkeys(self._french, french))
        pairs = (f'"{code}":{encode_basestring(text)}' for code, text in values.items())
        return "{" + ",".join(pairs) + "}"


def _without_salt(name):
    """Return the active moiety of ``Zinc (zinc oxide)``."""
    return _LAST_PARENTHESIS.sub("", name) or name


class MedicalDrugLoader(models.AbstractModel):
    """Brings the rows of a drug register into drugs and substances, whatever format they came in.

    How it works: the rows are streamed by ``COPY`` into temporary tables, then merged by a few statements over whole
    tables: what is new is inserted, what differs is updated, what the edition no longer names (within the parts of
    the register it brings) is marked as withdrawn. Nothing is deleted, and rows that are the same are not written.

    The statements go past the ORM on purpose: no computed field of a prescription depends on the register once the
    drug is chosen, so that a new edition cannot touch a document.

    Other addons add a column by extending :meth:`_get_drug_columns` and :meth:`_prepare_drug` together.
    """

    _name = "medical.drug.loader"
    _description = "Loader of Drug Registers"

    # --- entry ---------------------------------------------------------------------------------------------------

    @api.model
    def _load(self, edition, register, progress=None):
        """Merge the products of ``edition`` (see ``lib/registers``), bound to ``register``; return the counts.

        ``progress`` is called with the share done, from 0 to 1. The caller checks rights and holds the savepoint.
        """
        progress = progress or (lambda _share: None)
        self._lock()
        self.env["medical.drug"].flush_model()
        self.env["medical.substance"].flush_model()
        self._create_stages()
        edition.on_progress = lambda share: progress(0.35 * share)
        self._stage(edition, progress)
        self._check_staged(edition)
        progress(0.75)
        self._merge("medical_stage_substance", edition.kind, register)
        self._withdraw_absent(edition, register)
        self._merge("medical_stage_drug", edition.kind, register)
        progress(0.9)
        self._merge_links(edition.kind)
        counts = self._count()
        self._finish(counts)
        progress(1)
        return counts

    def _lock(self):
        [(locked,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", LOCK_KEY))
        if not locked:
            raise UserError(self.env._("A register is being loaded already. Try again when it is done."))

    def _get_drug_columns(self):
        return DRUG_COLUMNS

    def _get_stages(self):
        stages = dict(STAGES)
        stages["medical_stage_drug"] = ("medical_drug", self._get_drug_columns())
        return stages

    # --- staging -------------------------------------------------------------------------------------------------

    def _create_stages(self):
        """Make the temporary tables: columns as in the tables they are merged into, gone with the transaction."""
        self._drop_stages()
        for stage, (table, columns) in self._get_stages().items():
            self.env.cr.execute(
                SQL(
                    "CREATE TEMP TABLE %s ON COMMIT DROP AS SELECT %s FROM %s WITH NO DATA",
                    SQL.identifier(stage),
                    _names(columns),
                    SQL.identifier(table),
                )
            )
        self.env.cr.execute(
            """
            CREATE TEMP TABLE medical_stage_link
                (drug_code varchar, substance_code varchar, strength varchar, sequence int) ON COMMIT DROP;
            CREATE TEMP TABLE medical_stage_result (drug_id int, what varchar) ON COMMIT DROP;
            """
        )

    def _drop_stages(self):
        self.env.cr.execute(
            "DROP TABLE IF EXISTS medical_stage_drug, medical_stage_substance, medical_stage_link, medical_stage_result"
        )

    def _stage(self, edition, progress):
        """Walk the edition once, copying its rows into the temporary tables."""
        drugs, links = StringIO(), StringIO()
        wordings, classes = defaultdict(set), defaultdict(Counter)
        words = _Words(self._get_french_codes())
        add_drug, add_link = csv.writer(drugs).writerow, csv.writer(links).writerow
        for number, row in enumerate(edition.products(), start=1):
            if number % PROGRESS_STEP == 0:
                progress(0.35 + 0.35 * number / edition.expected)
            add_drug(self._prepare_drug(row, words))
            for sequence, substance in enumerate(row.substances, start=1):
                code = substance.code or fold(substance.name)
                wordings[code].add((substance.name, substance.name_fr))
                add_link(self._prepare_link(row, substance, code, sequence * 10))
            if len(row.substances) == 1 and len(row.atc) == 7:
                classes[row.substances[0].code][row.atc] += 1
        substances = StringIO()
        csv.writer(substances).writerows(self._prepare_substances(edition.kind, wordings, classes, words))
        self._copy("medical_stage_drug", self._get_drug_columns(), drugs)
        self._copy("medical_stage_link", ("drug_code", "substance_code", "strength", "sequence"), links)
        self._copy("medical_stage_substance", SUBSTANCE_COLUMNS, substances)
        self.env.cr.execute("ANALYZE medical_stage_drug, medical_stage_link, medical_stage_substance")

    def _copy(self, table, columns, lines):
        lines.seek(0)
        self.env.cr.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv)", lines)

    def _get_french_codes(self):
        """Return every French the database knows, installed or not: a language activated later finds its words."""
        languages = self.env["res.lang"].with_context(active_test=False).search([("code", "=like", "fr%")])
        return languages.mapped("code")

    def _prepare_drug(self, row, words):
        """Return the values of :meth:`_get_drug_columns` for a row of a register; None and '' are no value."""
        routes = (route_of_register(route) for route in row.routes)
        return (
            row.register_code,
            row.part,
            words.translated(row.name, row.name_fr),
            words.translated(row.form, row.form_fr),
            row.strength,
            words.translated(", ".join(row.routes), ", ".join(row.routes_fr)),
            next(filter(None, routes), None),
            dose_unit_of_form(row.form),
            row.company,
            row.atc,
            row.atc_name,
            ", ".join(row.schedules),
            row.narcotic_class,
            row.status not in OFF_MARKET,
            self._prepare_search_key(row, words),
        )

    def _prepare_search_key(self, row, words):
        """Return what the search looks in: names first, so that the trigrams of a brand stand together."""
        texts = [row.name, row.name_fr]
        for substance in row.substances:
            texts += (substance.name, substance.name_fr)
        texts += (row.strength, row.form, row.form_fr, row.register_code)
        return " ".join(dict.fromkeys(filter(None, map(words.fold, texts))))

    def _prepare_link(self, row, substance, code, sequence):
        return (row.register_code, code, strength_text([substance]), sequence)

    def _prepare_substances(self, kind, wordings, classes, words):
        """Yield the rows of the substances: one wording a code, the one without the salt where salts vary."""
        self.env.cr.execute(
            "SELECT register_code, name->>'en_US' FROM medical_substance WHERE register_kind = %s", [kind]
        )
        stored = dict(self.env.cr.fetchall())
        for code, names in wordings.items():
            english, in_french = min(names)
            if len(names) > 1 or stored.get(code) == _without_salt(english):
                english, in_french = _without_salt(english), _without_salt(in_french)
            usual = classes.get(code)
            atc = min(usual, key=lambda atc, usual=usual: (-usual[atc], atc)) if usual else None
            yield (code, words.translated(english, in_french), atc)

    def _check_staged(self, edition):
        """Refuse files that are not what their names say: they would withdraw every drug of the practice."""
        foreign = edition.foreign_files
        if foreign:
            raise UserError(
                self.env._(
                    "%(file)s does not have the columns of this register: most of its lines cannot be read. "
                    "Nothing was loaded.",
                    file=", ".join(sorted(foreign)),
                )
            )
        if not edition.taken:
            raise UserError(self.env._("The file holds no product for humans. Nothing was loaded."))

    # --- merging -------------------------------------------------------------------------------------------------

    def _merge(self, stage, kind, register):
        """Update the rows that differ, then insert the new ones; note the drugs that were changed or taken."""
        table, columns = self._get_stages()[stage]
        updated = self._update(stage, table, columns, kind, register)
        inserted = self._insert(stage, table, columns, kind, register)
        if table == "medical_drug":
            rows = [(id_, "withdrawn" if withdrawn else "changed") for id_, withdrawn in updated]
            rows += [(id_, "taken") for (id_,) in inserted]
            if inserted:  # the next statement joins what these tables hold now, not what they held last night
                self.env.cr.execute("ANALYZE medical_drug, medical_substance")
            results = StringIO()
            csv.writer(results).writerows(rows)
            self._copy("medical_stage_result", ("drug_id", "what"), results)

    def _update(self, stage, table, columns, kind, register):
        values = {column: self._new_value(table, column) for column in columns if column != "register_code"}
        different = SQL("(%s) IS DISTINCT FROM (%s)", _names(values, "t"), SQL(", ").join(values.values()))
        is_drug = table == "medical_drug"
        if is_drug:
            values["register_id"] = SQL("%s", register.id)
        values |= {"write_uid": SQL("%s", self.env.uid), "write_date": SQL("%s", self.env.cr.now())}
        return self.env.execute_query(
            SQL(
                """
                UPDATE %(table)s t SET %(assignments)s
                  FROM %(stage)s s JOIN %(table)s o ON o.register_code = s.register_code AND o.register_kind = %(kind)s
                 WHERE t.id = o.id AND %(different)s
             RETURNING t.id, %(withdrawn)s
                """,
                table=SQL.identifier(table),
                stage=SQL.identifier(stage),
                assignments=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items()
                ),
                kind=kind,
                different=different,
                withdrawn=SQL("o.marketed AND NOT t.marketed") if is_drug else SQL("FALSE"),
            )
        )

    def _new_value(self, table, column):
        """Return the SQL of the new value: a translated field keeps the languages the register does not speak."""
        value = SQL.identifier("s", column)
        if not self.env[table.replace("_", ".")]._fields[column].translate:
            return value
        spoken = ["en_US", *self._get_french_codes()]
        return SQL(
            "CASE WHEN %(new)s IS NULL THEN NULL ELSE (COALESCE(%(old)s, '{}') - %(spoken)s::text[]) || %(new)s END",
            new=value,
            old=SQL.identifier("t", column),
            spoken=spoken,
        )

    def _insert(self, stage, table, columns, kind, register):
        constants = {
            "register_kind": kind,
            "create_uid": self.env.uid,
            "create_date": self.env.cr.now(),
            "write_uid": self.env.uid,
            "write_date": self.env.cr.now(),
        }
        constants |= {"register_id": register.id} if table == "medical_drug" else {"active": True}
        return self.env.execute_query(
            SQL(
                """
                INSERT INTO %(table)s (%(columns)s, %(names)s)
                SELECT %(columns)s, %(constants)s FROM %(stage)s s
                 WHERE NOT EXISTS (SELECT FROM %(table)s t
                                    WHERE t.register_kind = %(kind)s AND t.register_code = s.register_code)
             RETURNING id
                """,
                table=SQL.identifier(table),
                columns=_names(columns),
                names=_names(constants),
                constants=SQL(", ").join(SQL("%s", value) for value in constants.values()),
                stage=SQL.identifier(stage),
                kind=kind,
            )
        )

    def _merge_links(self, kind):
        """Make the substances of each drug of the edition those of its row; a difference changes the drug."""
        params = {"kind": kind, "uid": self.env.uid, "now": self.env.cr.now()}
        self.env.cr.execute(
            """
            CREATE TEMP TABLE medical_stage_target ON COMMIT DROP AS
            SELECT DISTINCT ON (d.id, s.id, l.strength) d.id AS drug_id, s.id AS substance_id, l.strength, l.sequence
              FROM medical_stage_link l
              JOIN medical_drug d ON d.register_kind = %(kind)s AND d.register_code = l.drug_code
              JOIN medical_substance s ON s.register_kind = %(kind)s AND s.register_code = l.substance_code
             ORDER BY d.id, s.id, l.strength, l.sequence;
            ANALYZE medical_stage_target;
            WITH gone AS (
                DELETE FROM medical_drug_substance t
                 USING medical_stage_drug g JOIN medical_drug d
                       ON d.register_kind = %(kind)s AND d.register_code = g.register_code
                 WHERE t.drug_id = d.id
                   AND NOT EXISTS (SELECT FROM medical_stage_target n WHERE n.drug_id = t.drug_id
                                      AND n.substance_id = t.substance_id
                                      AND n.strength IS NOT DISTINCT FROM t.strength)
             RETURNING t.drug_id
            ), moved AS (
                UPDATE medical_drug_substance t
                   SET sequence = n.sequence, write_uid = %(uid)s, write_date = %(now)s
                  FROM medical_stage_target n
                 WHERE n.drug_id = t.drug_id AND n.substance_id = t.substance_id
                   AND n.strength IS NOT DISTINCT FROM t.strength AND t.sequence IS DISTINCT FROM n.sequence
             RETURNING t.drug_id
            ), come AS (
                INSERT INTO medical_drug_substance
                       (drug_id, substance_id, strength, sequence, create_uid, create_date, write_uid, write_date)
                SELECT n.drug_id, n.substance_id, n.strength, n.sequence, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM medical_stage_target n
                 WHERE NOT EXISTS (SELECT FROM medical_drug_substance t WHERE n.drug_id = t.drug_id
                                      AND n.substance_id = t.substance_id
                                      AND n.strength IS NOT DISTINCT FROM t.strength)
             RETURNING drug_id
            )
            INSERT INTO medical_stage_result
            SELECT drug_id, 'changed' FROM gone UNION SELECT drug_id, 'changed' FROM moved
             UNION SELECT drug_id, 'changed' FROM come;
            DROP TABLE medical_stage_target;
            """,
            params,
        )

    def _withdraw_absent(self, edition, register):
        """Mark what the edition no longer names; parts of the register it does not bring are left alone."""
        self.env.cr.execute(
            """
            WITH absent AS (
                UPDATE medical_drug t
                   SET marketed = FALSE, register_id = %(register)s, write_uid = %(uid)s, write_date = %(now)s
                 WHERE t.register_kind = %(kind)s AND t.marketed
                   AND COALESCE(t.register_part, '') = ANY(%(parts)s)
                   AND NOT EXISTS (SELECT FROM medical_stage_drug s WHERE s.register_code = t.register_code)
             RETURNING t.id
            )
            INSERT INTO medical_stage_result SELECT id, 'withdrawn' FROM absent
            """,
            {
                "register": register.id,
                "uid": self.env.uid,
                "now": self.env.cr.now(),
                "kind": edition.kind,
                "parts": list(edition.parts),
            },
        )

    def _count(self):
        """Return the drugs taken, withdrawn and changed; a drug counts once, in this order."""
        [(taken, withdrawn, changed)] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*) FILTER (WHERE taken), COUNT(*) FILTER (WHERE withdrawn AND NOT taken),
                       COUNT(*) FILTER (WHERE NOT taken AND NOT withdrawn)
                  FROM (SELECT drug_id, bool_or(what = 'taken') taken, bool_or(what = 'withdrawn') withdrawn
                          FROM medical_stage_result GROUP BY drug_id) d
                """
            )
        )
        return {"taken": taken, "changed": changed, "withdrawn": withdrawn}

    def _finish(self, counts):
        """Leave no trace of the work and no stale record in memory."""
        self._drop_stages()
        if counts["taken"]:
            self.env.cr.execute("ANALYZE medical_drug_substance")
        for model in ("medical.drug", "medical.substance", "medical.drug.substance"):
            self.env[model].invalidate_model(flush=False)
        self.env.registry.clear_cache()


def _names(columns, alias=None):
    """Return columns as a list of SQL identifiers."""
    return SQL(", ").join(SQL.identifier(alias, name) if alias else SQL.identifier(name) for name in columns)
