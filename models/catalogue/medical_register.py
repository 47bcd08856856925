import csv
import io
from base64 import b64encode

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate, format_date

from ...lib.registers import RegisterError

_lt = LazyTranslate(__name__)

#: What can be loaded, in the order in which it is offered; the loader of each is in ``_get_loaders``.
KINDS = [
    ("dpd", "Canada: Drug Product Database"),
    ("bdpm", "France: Base de données publique des médicaments"),
    ("drugs_csv", "Drugs, as a table (CSV)"),
    ("ansm", "France: ANSM thesaurus of drug interactions"),
    ("interactions_csv", "Drug interactions, as a table (CSV)"),
    ("claml", "Codes in ClaML, such as ICD-10"),
    ("codes_csv", "Codes, as a table (CSV)"),
    ("growth_lms", "Growth references (LMS tables)"),
]

#: An edition this old misses products and withdrawals a prescriber has to know of.
OLD_AFTER_MONTHS = 6

#: An edition that withdraws this share of what is known is more likely the wrong file than the new market.
SUSPICIOUS_SHARE = 0.3
SUSPICIOUS_COUNT = 20

ERRORS = {
    "no_folder": _lt("The folder %(name)s does not exist. Nothing was loaded."),
    "no_file": _lt("This is no extract of the register: it holds no %(name)s. Nothing was loaded."),
    "bad_xml": _lt("%(file)s is no XML, or it breaks off. Nothing was loaded."),
    "xml_entities": _lt("%(file)s declares entities, as no classification does. Nothing was loaded."),
    "no_claml": _lt("%(file)s is no ClaML file: it begins with %(root)s. Nothing was loaded."),
    "no_columns": _lt("The file holds no table with the columns %(columns)s. Nothing was loaded."),
    "bad_zip": _lt("The file is damaged, or no zip file at all: download it again. Nothing was loaded."),
    "too_big": _lt("%(file)s is larger than any table of this register. Nothing was loaded."),
    "unknown_kind": _lt("There is no register of the kind %(kind)s."),
}


class MedicalRegister(models.Model):
    """An official file loaded into the practice: which one, which edition, when, and what came of it.

    One record a load, made by :meth:`load_edition` only; together they are the history of the register.
    """

    _name = "medical.register"
    _description = "Official Register"
    _order = "loaded_on desc, id desc"

    name = fields.Char(required=True)
    kind = fields.Selection(KINDS, required=True)
    edition = fields.Date(help="The date the register gives itself.")
    age_display = fields.Char("Age", compute="_compute_age", help="How old the edition is today.")
    is_old = fields.Boolean(compute="_compute_age")
    loaded_on = fields.Datetime(readonly=True)
    loaded_by_id = fields.Many2one("res.users", readonly=True)
    source = fields.Char(readonly=True, help="The files it was read from.")

    # what came of it
    taken = fields.Integer(readonly=True, help="Entries that were not there before.")
    changed = fields.Integer(readonly=True, help="Entries the edition describes otherwise than before.")
    withdrawn = fields.Integer(readonly=True, help="Entries no longer valid. They stay for the charts that hold them.")
    refused = fields.Integer(readonly=True, help="Lines that could not be read.")
    skipped = fields.Integer(readonly=True, help="Entries that are no matter of a practice, such as veterinary drugs.")
    report = fields.Json(readonly=True)
    refusal_ids = fields.One2many("medical.register.refusal", "register_id", "Refused Lines", readonly=True)
    refusal_file = fields.Binary("Refused Lines as CSV", compute="_compute_refusal_file")
    refusal_filename = fields.Char(compute="_compute_refusal_file")

    # --- computes ------------------------------------------------------------------------------------------------

    @api.depends("edition")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for register in self:
            age = relativedelta(today, register.edition or today)
            months = age.years * 12 + age.months
            register.is_old = months >= OLD_AFTER_MONTHS
            register.age_display = register._get_age_text(months) if register.edition else False

    def _get_age_text(self, months):
        if months < 1:
            return self.env._("This month")
        if months == 1:
            return self.env._("1 month")
        if months < 24:
            return self.env._("%(count)s months", count=months)
        return self.env._("%(count)s years", count=months // 12)

    @api.depends("name", "edition")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for register in self:
            edition = format_date(self.env, register.edition) if register.edition else False
            register.display_name = f"{register.name} ({edition})" if edition else register.name

    @api.depends("refusal_ids")
    @api.depends_context("lang")
    def _compute_refusal_file(self):
        for register in self:
            register.refusal_filename = f"refused_{register.kind}_{register.edition or ''}.csv"
            register.refusal_file = register._get_refusal_csv() if register.refusal_ids else False

    def _get_refusal_csv(self):
        """Return the refused lines as base64 CSV, in UTF-8 with the mark spreadsheets look for."""
        output = io.StringIO()
        writer = csv.writer(output)
        writer.writerow([self.env._("File"), self.env._("Line"), self.env._("Reason")])
        for refusal in self.refusal_ids:
            writer.writerow([refusal.file, refusal.line, refusal.reason])
        return b64encode(output.getvalue().encode("utf-8-sig"))

    # --- loading -------------------------------------------------------------------------------------------------

    @api.private
    @api.model
    def load_edition(self, kind, path, progress=None):
        """Load the edition of the register ``kind`` at ``path``, a folder or a zip file on this machine.

        All or nothing: whatever fails or is killed leaves the practice as it was, and is simply run again. Loading the
        same edition again changes nothing. What the edition no longer names is marked as withdrawn, never deleted.

        :param str kind: a key of the field ``kind``, such as ``dpd``
        :param path: where the official file is; closed to RPC, because it names files of the server
        :param progress: called with the share done, from 0 to 1
        :return: dict of the counts ``taken``, ``changed``, ``withdrawn``, ``refused``; ``details``: a dict for each
            refused line with ``file``, ``line``, ``reason``, ``reason_code``; ``edition`` (ISO date or False),
            ``skipped`` (count by class of product), ``missing`` (tables the file lacks), ``known`` (how many entries
            were valid before), ``register_id``
        :raise AccessError: for who is no practice manager
        :raise UserError: where the file cannot be read, saying why
        """
        self._check_may_load()
        try:
            with self.env.cr.savepoint():
                # The manager, checked above, loads registers; nobody writes this history or the drugs by hand.
                loader = self._get_loader(kind).sudo()
                edition = loader._read_edition(kind, path)
                self._check_complete(edition, loader)
                register = self.sudo().create(self._prepare_register(edition))
                counts = loader._load(edition, register, progress)
                known = counts.pop("known")
                register._write_report(edition, counts)
        except RegisterError as error:
            raise UserError(self._get_error_text(error)) from error
        return {**register.with_env(self.env)._get_report(edition), "known": known}

    @api.model
    def _is_suspicious(self, report):
        """Tell whether a load took so much away that the file is more likely the wrong one than the new market."""
        withdrawn = report["withdrawn"]
        return withdrawn >= SUSPICIOUS_COUNT and withdrawn >= SUSPICIOUS_SHARE * report["known"]

    @api.model
    def _get_loaders(self):
        """Return ``{kind: name of the model that loads it}``, a model that inherits ``medical.register.loader``."""
        return {
            "bdpm": "medical.drug.loader",
            "dpd": "medical.drug.loader",
            "drugs_csv": "medical.drug.loader",
            "ansm": "medical.interaction.loader",
            "interactions_csv": "medical.interaction.loader",
            "growth_lms": "medical.growth.loader",
            "claml": "medical.code.loader",
            "codes_csv": "medical.code.loader",
        }

    @api.model
    def _get_loader(self, kind):
        """Return the loader of a kind."""
        name = self._get_loaders().get(kind)
        if not name:
            raise RegisterError("unknown_kind", {"kind": kind})
        return self.env[name]

    def _check_may_load(self):
        if not self.env.su and not self.env.user.has_group("medical_practice.group_manager"):
            raise AccessError(self.env._("Only the practice manager loads an official register."))

    def _check_complete(self, edition, loader):
        missing = [table for table in loader._get_required_tables(edition.kind) if table in edition.missing]
        if missing:
            raise UserError(
                self.env._(
                    "The file lacks %(tables)s: without them what is loaded would be incomplete. Nothing was loaded.",
                    tables=", ".join(f"{table}.txt" for table in missing),
                )
            )

    def _get_error_text(self, error):
        template = ERRORS.get(error.code)
        return self.env._(template) % error.params if template else str(error)

    def _prepare_register(self, edition):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "name": kinds.get(edition.kind, edition.kind),
            "kind": edition.kind,
            "edition": edition.date,
            "loaded_on": fields.Datetime.now(),
            "loaded_by_id": self.env.uid,
            "source": ", ".join(sorted(source.name for source in edition.sources)),
        }

    def _write_report(self, edition, counts):
        """Keep what came of the load, the refused lines with codes: their words depend on who reads them."""
        self.ensure_one()
        self.write(
            {
                **counts,
                "refused": edition.refused_count,
                "skipped": sum(edition.skipped.values()),
                "report": {
                    "skipped": dict(edition.skipped),
                    "missing": list(edition.missing),
                    "parts": list(edition.parts),
                    "sources": {source.name: source.size for source in edition.sources},
                },
            }
        )
        self.env["medical.register.refusal"].create(
            [
                {
                    "register_id": self.id,
                    "file": refused.file,
                    "line": refused.line,
                    "reason_code": refused.reason_code,
                    "params": refused.params,
                }
                for refused in edition.refused
            ]
        )

    def _get_report(self, edition):
        self.ensure_one()
        refusal = self.env["medical.register.refusal"]
        return {
            "taken": self.taken,
            "changed": self.changed,
            "withdrawn": self.withdrawn,
            "refused": self.refused,
            "details": [
                {
                    "file": refused.file,
                    "line": refused.line,
                    "reason": refusal._get_reason_text(refused.reason_code, refused.params),
                    "reason_code": refused.reason_code,
                }
                for refused in edition.refused
            ],
            "edition": fields.Date.to_string(self.edition) if self.edition else False,
            "skipped": dict(edition.skipped),
            "missing": list(edition.missing),
            "register_id": self.id,
        }
