import csv
from io import StringIO

from odoo import api, models
from odoo.tools import SQL

from ...lib.registers.codes import UNDETERMINED, URIS, system_code
from .medical_register_loader import Stage
from .texts import Texts

CODE_COLUMNS = ("system_id", "code", "display", "synonyms", "note", "selectable", "languages", "active")
#: What an edition gives everybody who has no text of his own: these are kept before those of a second language.
BASE_LANGUAGES = {"en", "en_US", UNDETERMINED}


class MedicalCodeLoader(models.AbstractModel):
    """Brings the codes of an edition into their system, whatever format they came in.

    An edition in a language that the system does not have yet adds its labels, and codes of its own, and retires
    nothing. An edition in a language the system has retires the codes that language named and names no longer.
    """

    _name = "medical.code.loader"
    _inherit = ["medical.register.loader"]
    _description = "Loader of Code Systems"

    # --- what it tells of itself ---------------------------------------------------------------------------------

    @api.model
    def _get_file_hint(self, kind):
        if kind == "claml":
            return self.env._(
                "The ClaML file (XML) of a classification: ICD-10 of the WHO, CIM-10 of the ATIH, ICD-10-GM of the "
                "BfArM. A second language of the same classification adds its labels; nothing is retired by it."
            )
        if kind == "codes_csv":
            return self.env._(
                "A table with the columns code and label (label_en, label_fr…), and if there are: system, parent, "
                "synonyms, note, selectable, version. The page on file formats describes them."
            )
        return super()._get_file_hint(kind)

    @api.model
    def _read_edition(self, kind, path):
        """Read the edition; the context key ``medical_code_system`` names the system in the place of the file."""
        edition = super()._read_edition(kind, path)
        named = system_code(self.env.context.get("medical_code_system") or "")
        if named:
            edition.info["system"] = named
        return edition

    @api.model
    def _get_stages(self, edition, register):
        return {
            "medical_stage_code": Stage(
                "medical.code",
                CODE_COLUMNS,
                ("system_id", "code"),
                {},
                extra={"parent_code": "varchar"},
                alive="active",
            )
        }

    def _get_touched_models(self, load):
        return [*super()._get_touched_models(load), "medical.code.system"]

    def _get_empty_text(self, kind):
        return self.env._("The file holds no code. Nothing was loaded.")

    # --- staging -------------------------------------------------------------------------------------------------

    @api.model
    def _stage(self, load):
        texts, systems, spoken = Texts(self), {}, {}
        codes = StringIO()
        add_code = csv.writer(codes).writerow
        for row in load.rows():
            if row.system not in systems:
                systems[row.system] = self._get_system(load, row.system)
            languages = spoken.setdefault(tuple(sorted(row.labels)), " ".join(sorted(row.labels)))
            add_code(self._prepare_code(row, systems[row.system], languages, texts))
        self._copy("medical_stage_code", (*CODE_COLUMNS, "parent_code"), codes)
        named = sorted({language for key in spoken for language in key})
        load.edition.info["languages"] = " ".join(named)
        load.spoken = sorted({code for language in named for code in texts.codes(language)})
        self._count_unknown_parents(load)

    def _get_system(self, load, code):
        """Return the id of a system; one that is not there yet is made of what the edition says of itself."""
        system = self.env["medical.code.system"].with_context(active_test=False).search([("code", "=", code)], limit=1)
        if not system:
            is_main = code == load.edition.info["system"]
            name = (load.edition.info["name"] if is_main else "") or code
            system = system.create({"code": code, "name": name, "uri": URIS.get(code)})
        return system.id

    def _prepare_code(self, row, system_id, languages, texts):
        return (
            system_id,
            row.code,
            texts.jsonb(row.labels, explicit=True),
            texts.jsonb(row.synonyms, explicit=True),
            texts.jsonb(row.notes, explicit=True),
            row.selectable,
            languages,
            True,
            row.parent,
        )

    def _count_unknown_parents(self, load):
        """Count the codes whose parent is nowhere: they stand at the top."""
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM medical_stage_code s
                 WHERE s.parent_code IS NOT NULL
                   AND NOT EXISTS (SELECT FROM medical_stage_code p
                                    WHERE p.system_id = s.system_id AND p.code = s.parent_code)
                   AND NOT EXISTS (SELECT FROM medical_code p
                                    WHERE p.system_id = s.system_id AND p.code = s.parent_code)
                """
            )
        )
        if count:
            load.edition.skipped["unknown_parent"] += count

    # --- merging -------------------------------------------------------------------------------------------------

    def _merge(self, load):
        super()._merge(load)
        self._merge_parents(load)
        self._merge_paths()
        self._merge_keys()
        self._update_systems(load)

    def _retire(self, load, name, within=None):
        """Retire what a language of the edition named; what only other languages name stays."""
        within = SQL(
            "t.system_id IN (SELECT system_id FROM medical_stage_code) AND string_to_array(t.languages, ' ') && %s",
            load.edition.info["languages"].split(),
        )
        return super()._retire(load, name, within)

    def _new_value(self, load, stage, column):
        """Let texts of a second language stand beside those that are there, and the languages add up."""
        new, old = SQL.identifier("s", column), SQL.identifier("t", column)
        if column == "languages":
            return SQL(
                "(SELECT string_agg(DISTINCT l, ' ' ORDER BY l) FROM "
                "unnest(string_to_array(COALESCE(%s || ' ', '') || %s, ' ')) l)",
                old,
                new,
            )
        is_base = bool(BASE_LANGUAGES & set(load.edition.info["languages"].split()))
        alone = SQL("string_to_array(COALESCE(t.languages, ''), ' ') <@ string_to_array(s.languages, ' ')")
        if column == "selectable" and not is_base:
            return SQL("CASE WHEN %s THEN %s ELSE %s END", alone, new, old)
        if not self.env[stage.model]._fields[column].translate:
            return super()._new_value(load, stage, column)
        kept = SQL("(COALESCE(%s, '{}') - %s::text[])", old, load.spoken)
        fresh = SQL("COALESCE(%s, '{}')", new)
        return SQL(
            "NULLIF(CASE WHEN %(alone)s THEN %(fresh)s ELSE %(first)s || %(second)s END, '{}')",
            alone=alone,
            fresh=fresh,
            first=kept if is_base else fresh,
            second=fresh if is_base else kept,
        )

    def _merge_parents(self, load):
        """Put each code under its parent; a second language that says nothing of parents leaves them."""
        self._note(
            load,
            "medical_stage_code",
            SQL(
                """
                UPDATE medical_code t SET parent_id = p.id
                  FROM medical_stage_code s
                  LEFT JOIN medical_code p ON p.system_id = s.system_id AND p.code = s.parent_code AND p.code <> s.code
                 WHERE t.system_id = s.system_id AND t.code = s.code AND t.parent_id IS DISTINCT FROM p.id
                   AND (s.parent_code IS NOT NULL OR t.languages = s.languages)
             RETURNING t.id, 'changed' AS what
                """
            ),
        )

    def _merge_paths(self):
        """Renew the paths of the systems; codes that are above themselves by way of others are put at the top."""
        paths = SQL(
            """
            WITH RECURSIVE path (id, parent_path) AS (
                SELECT id, id || '/' FROM medical_code
                 WHERE parent_id IS NULL AND system_id IN (SELECT system_id FROM medical_stage_code)
                 UNION ALL
                SELECT c.id, path.parent_path || c.id || '/' FROM medical_code c JOIN path ON c.parent_id = path.id
            )
            """
        )
        systems = SQL("t.system_id IN (SELECT system_id FROM medical_stage_code)")
        self.env.cr.execute(
            SQL(
                "%s UPDATE medical_code t SET parent_id = NULL WHERE %s AND NOT EXISTS "
                "(SELECT FROM path WHERE path.id = t.id)",
                paths,
                systems,
            )
        )
        self.env.cr.execute(
            SQL(
                "%s UPDATE medical_code t SET parent_path = path.parent_path FROM path "
                "WHERE t.id = path.id AND t.parent_path IS DISTINCT FROM path.parent_path",
                paths,
            )
        )

    def _merge_keys(self):
        """Renew what the new and the changed codes are found by."""
        rows = self.env.execute_query(SQL("SELECT DISTINCT row_id FROM medical_stage_result WHERE what <> 'withdrawn'"))
        self.env["medical.code"].browse([id_ for (id_,) in rows])._update_keys()

    def _update_systems(self, load):
        """Note in each system which edition it has, and in which languages."""
        rows = self.env.execute_query(SQL("SELECT DISTINCT system_id FROM medical_stage_code"))
        info = load.edition.info
        for system in self.env["medical.code.system"].browse([id_ for (id_,) in rows]):
            languages = {*(system.languages or "").split(), *info["languages"].split()}
            values = {"register_id": load.register.id, "languages": " ".join(sorted(languages)), "active": True}
            if system.code == info["system"]:
                load.register.name = system.name
                if info["version"]:
                    values["version"] = info["version"]
            system.write(values)
        # Written by the ORM, unlike the rows: what follows forgets what is not in the database.
        self.env["medical.code.system"].flush_model()
