from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from .safety_terms import split_codes, split_substances

#: The grades of the ANSM, and what is only worth knowing; the order is that of ``lib.safety.facts.SEVERITIES``.
ALERT_SEVERITIES = [
    ("contraindicated", "Contraindicated"),
    ("avoid", "Avoid"),
    ("precaution", "Precaution"),
    ("take_into_account", "Take into account"),
    ("information", "Information"),
]


class MedicalSafetyConfig(models.AbstractModel):
    """A row of the practice's own knowledge of drugs: which ones it means, how grave it is, who says so.

    Rows shipped with the addon are examples with public sources (``is_example``): they apply from the first day, and
    say so until somebody of the practice validates them.
    """

    _name = "medical.safety.config"
    _description = "Safety Configuration"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", "Practice", index=True, help="Empty: all practices.")

    # === Which drugs === #
    substances = fields.Char(help="Names of substances, separated by commas, in any language: warfarin, méthotrexate.")
    atc_prefixes = fields.Char("ATC Classes", help="Beginnings of ATC codes, separated by commas: M01A, N02BA.")

    # === What is said === #
    severity = fields.Selection(ALERT_SEVERITIES, required=True, default="precaution")
    message = fields.Text("Advice", translate=True, help="Shown with the alert: what to do about it.")
    source = fields.Char(help="Where this comes from: monograph, guideline, and its year.")

    # === Validated === #
    is_example = fields.Boolean("Example", readonly=True, copy=False, help="Shipped as an example with its source.")
    validated_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    validated_on = fields.Datetime(readonly=True, copy=False)

    @api.constrains("name", "substances", "atc_prefixes")
    def _check_target(self):
        for row in self:
            if not split_substances(row.substances) and not split_codes(row.atc_prefixes):
                raise ValidationError(
                    self.env._("%(name)s: say which drugs are meant, by substance or by ATC class.", name=row.name)
                )
            if any(not code.isalnum() or len(code) > 7 for code in split_codes(row.atc_prefixes)):
                raise ValidationError(
                    self.env._("%(name)s: an ATC code has up to 7 letters and digits, such as J01CA04.", name=row.name)
                )

    def action_validate(self):
        """Say that the practice has read the row and takes it as its own."""
        self.check_access("write")
        self.write({"is_example": False, "validated_by_id": self.env.uid, "validated_on": fields.Datetime.now()})
        return True

    # === Facts === #

    @api.model
    @ormcache("company_id", "lang")
    def _get_facts(self, company_id, lang):
        """Return the active rows of a practice as the engine knows them; kept until one of them changes."""
        # Everybody of a practice is checked by the same rows, whoever asked first.
        rows = self.sudo().with_context(lang=lang, active_test=True)
        return tuple(row._prepare_fact() for row in rows.search(Domain("company_id", "in", [False, company_id])))

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env.registry.clear_cache()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _prepare_fact(self):
        """Return the row as the engine knows it."""
        raise NotImplementedError

    def _get_source(self):
        """Return the source as it is shown with an alert."""
        self.ensure_one()
        if not self.is_example:
            return self.source or self.env._("Rule of the practice")
        return self.env._("%(origin)s (example, not yet validated by the practice)", origin=self.source or self.name)
