import csv
import re
from collections import Counter, defaultdict
from hashlib import sha256
from io import StringIO

from odoo import api, models
from odoo.tools import SQL

from ...lib.dosage import dose_unit_of_form, route_of_register
from ...lib.registers.dpd import strength_text
from ...lib.registers.substances import substance_key
from .medical_register_loader import Stage

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
    "conditions",
    "max_daily_dose",
    "max_daily_unit",
    "generic_type",
    "marketed",
    "search_key",
)
SUBSTANCE_COLUMNS = ("register_code", "name", "key", "atc_code")
GROUP_COLUMNS = ("register_code", "name")
PACKAGE_COLUMNS = ("register_code", "name", "code", "quantity", "unit", "price", "currency", "marketed")
LINK_COLUMNS = ("drug_code", "substance_code", "strength", "sequence")
#: Products a register still lists although nobody may sell them.
OFF_MARKET = ("dormant", "cancelled")
#: Tables without which a drug would be loaded half: without its substances or its legal schedule.
REQUIRED_TABLES = {"dpd": ("drug", "ingred", "form", "route", "schedule"), "bdpm": ("CIS_COMPO_bdpm",)}

_LAST_PARENTHESIS = re.compile(r"\s*\([^()]*(?:\([^()]*\)[^()]*)*\)$")


def _without_salt(name):
    """Return the active moiety of ``Zinc (zinc oxide)``."""
    return _LAST_PARENTHESIS.sub("", name) or name


class MedicalDrugLoader(models.AbstractModel):
    """Brings the rows of a drug register into drugs and substances, whatever format they came in.

    An edition speaks of the parts of the register it brings, and of no others: drugs of other parts stay as they are.
    Other addons add a column by extending :meth:`_get_drug_columns` and :meth:`_prepare_drug` together.
    """

    _name = "medical.drug.loader"
    _inherit = ["medical.register.loader"]
    _description = "Loader of Drug Registers"

    # --- what it tells of itself ---------------------------------------------------------------------------------

    @api.model
    def _get_file_hint(self, kind):
        if kind == "dpd":
            return self.env._(
                "Health Canada, “Drug Product Database: data extract”: the zip file of the marketed products "
                "(allfiles.zip). The approved, dormant and cancelled products are files of their own; each is loaded "
                "the same way."
            )
        if kind == "bdpm":
            return self.env._(
                "Base de données publique des médicaments, “Téléchargement”: CIS_bdpm.txt, CIS_COMPO_bdpm.txt, "
                "CIS_CIP_bdpm.txt, CIS_GENER_bdpm.txt and CIS_CPD_bdpm.txt, together in one zip file."
            )
        if kind == "drugs_csv":
            return self.env._(
                "A table of your own making, or of another country: a CSV file with at least the columns code, name "
                "and substances. doc/formats.md describes all columns."
            )
        return super()._get_file_hint(kind)

    @api.model
    def _get_required_tables(self, kind):
        return REQUIRED_TABLES.get(kind, ())

    def _get_empty_text(self, kind):
        return self.env._("The file holds no product for humans. Nothing was loaded.")

    def _get_drug_columns(self):
        return DRUG_COLUMNS

    @api.model
    def _get_stages(self, edition, register):
        scope, key = {"register_kind": edition.kind}, ("register_code",)
        stages = {
            "medical_stage_substance": Stage(
                "medical.substance", SUBSTANCE_COLUMNS, key, scope, new={"active": True}, counted=False
            ),
            "medical_stage_group": Stage("medical.generic.group", GROUP_COLUMNS, key, scope, counted=False),
            "medical_stage_drug": self._get_drug_stage(edition, register),
        }
        if "packages" not in edition.silent:
            stages["medical_stage_package"] = Stage(
                "medical.drug.package",
                (*PACKAGE_COLUMNS, "drug_id"),
                key,
                scope,
                extra={"drug_code": "varchar"},
                links={"drug_id": ("medical.drug", "drug_code")},
                alive="marketed",
                counted=False,
            )
        return stages

    def _get_drug_stage(self, edition, register):
        """Return the stage of the drugs; columns the edition says nothing about are staged and left alone."""
        fields = self.env["medical.drug"]._fields
        columns = (*self._get_drug_columns(), "generic_group_id")
        silent = {name: fields[name].column_type[1] for name in columns if name in edition.silent}
        merged = tuple(name for name in columns if name not in silent)
        return Stage(
            "medical.drug",
            merged,
            ("register_code",),
            {"register_kind": edition.kind},
            stamp={"register_id": register.id},
            extra={**silent, "generic_code": "varchar"},
            links={"generic_group_id": ("medical.generic.group", "generic_code")},
            alive="marketed",
        )

    def _get_spoken_languages(self, edition):
        languages = filter(None, edition.info.get("languages", "").split(","))
        more = [code for language in languages for code in self._get_language_codes(language)]
        return list(dict.fromkeys([*super()._get_spoken_languages(edition), *more]))

    def _get_touched_models(self, load):
        return [*super()._get_touched_models(load), "medical.drug.substance"]

    # --- staging -------------------------------------------------------------------------------------------------

    def _create_tables(self, load):
        super()._create_tables(load)
        types = dict.fromkeys(LINK_COLUMNS, "varchar") | {"sequence": "int"}
        self._create_table(load, "medical_stage_link", **types)

    @api.model
    def _stage(self, load):
        drugs, links, packages, groups = StringIO(), StringIO(), {}, {}
        wordings, classes = defaultdict(set), defaultdict(Counter)
        words = load.words
        add_drug, add_link = csv.writer(drugs).writerow, csv.writer(links).writerow
        for row in load.rows():
            group = self._prepare_group(row, words)
            if group:
                groups[group[0]] = group
            add_drug((*self._prepare_drug(row, words), group and group[0]))
            for package in row.packages:
                values = self._prepare_package(row, package)
                packages.setdefault(values[0], values)
            for sequence, substance in enumerate(row.substances, start=1):
                code = substance.code or words.fold(substance.name)
                wordings[code].add((substance.name, substance.name_fr))
                add_link(self._prepare_link(row, substance, code, sequence * 10))
            if len(row.substances) == 1 and len(row.atc) == 7:
                classes[row.substances[0].code or words.fold(row.substances[0].name)][row.atc] += 1
        self._copy("medical_stage_drug", (*self._get_drug_columns(), "generic_code"), drugs)
        self._copy("medical_stage_link", LINK_COLUMNS, links)
        self._copy("medical_stage_group", GROUP_COLUMNS, groups.values())
        if "medical_stage_package" in load.stages:
            self._copy("medical_stage_package", (*PACKAGE_COLUMNS, "drug_code"), packages.values())
        substances = self._prepare_substances(load.kind, wordings, classes, words)
        self._copy("medical_stage_substance", SUBSTANCE_COLUMNS, substances)

    def _prepare_group(self, row, words):
        """Return the generic group of a row: the one the register names, or that of its equals."""
        if row.generic:
            return row.generic.code, words.translated(row.generic.name, "")
        if row.own_groups or not row.substances or not all(item.strength for item in row.substances):
            return None
        parts = sorted(f"{substance_key(item.name)} {strength_text([item])}" for item in row.substances)
        form = words.fold(row.form).replace("caplet", "tablet").replace(" film coated", "")
        content = "|".join([*parts, form, *map(words.fold, row.routes)])
        name = " / ".join(_without_salt(item.name) for item in row.substances)
        name_fr = " / ".join(_without_salt(item.name_fr) for item in row.substances)
        said, said_fr = f"{name} {row.strength} {row.form}", f"{name_fr} {row.strength} {row.form_fr}"
        return sha256(content.encode()).hexdigest()[:24], words.translated(said, said_fr)

    def _prepare_package(self, row, package):
        """Return the values of :data:`PACKAGE_COLUMNS`, then the drug."""
        code = f"{row.register_code}:{package.code or package.label}"
        values = (package.quantity, package.unit, package.price, package.currency, package.marketed)
        return (code, package.label, package.code, *values, row.register_code)

    def _prepare_drug(self, row, words):
        """Return the values of :meth:`_get_drug_columns` for a row of a register; None and '' are no value."""
        route = row.route_code or next(filter(None, map(route_of_register, row.routes)), None)
        return (
            row.register_code,
            row.part,
            words.in_languages(row.name, row.name_fr, row.names),
            words.in_languages(row.form, row.form_fr, row.forms_in),
            row.strength,
            words.translated(", ".join(row.routes), ", ".join(row.routes_fr)),
            route,
            dose_unit_of_form(row.form) if row.dose_unit is None else row.dose_unit,
            row.company,
            row.atc,
            row.atc_name,
            ", ".join(row.schedules),
            row.narcotic_class,
            "\n".join(row.conditions),
            row.max_daily,
            row.max_daily_unit,
            (row.generic.type or None) if row.generic else None,
            row.status not in OFF_MARKET,
            self._prepare_search_key(row, words),
        )

    def _prepare_search_key(self, row, words):
        """Return what the search looks in: names first, so that the trigrams of a brand stand together."""
        texts = [row.name, row.name_fr, *(name for _language, name in row.names)]
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
            yield (code, words.translated(english, in_french), substance_key(english), atc)

    # --- merging -------------------------------------------------------------------------------------------------

    def _merge(self, load):
        super()._merge(load)
        load.progress(0.9)
        self._merge_links(load)

    def _retire(self, load, name, within=None):
        """Leave the parts of the register alone that the edition does not bring."""
        parts = list(load.edition.parts)
        if name == "medical_stage_drug":
            within = SQL("COALESCE(t.register_part, '') = ANY(%s)", parts)
        elif name == "medical_stage_package":
            within = SQL(
                "EXISTS (SELECT FROM medical_drug d WHERE d.id = t.drug_id"
                " AND COALESCE(d.register_part, '') = ANY(%s))",
                parts,
            )
        return super()._retire(load, name, within)

    def _merge_links(self, load):
        """Make the substances of each drug of the edition those of its row; a difference changes the drug."""
        params = {"kind": load.kind, "uid": self.env.uid, "now": self.env.cr.now()}
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
            SELECT 'medical_stage_drug', drug_id, 'changed'
              FROM (SELECT drug_id FROM gone UNION SELECT drug_id FROM moved UNION SELECT drug_id FROM come) d;
            DROP TABLE medical_stage_target;
            """,
            params,
        )

    def _finish(self, load, counts):
        super()._finish(load, counts)
        if counts["taken"]:
            self.env.cr.execute("ANALYZE medical_drug_substance")
