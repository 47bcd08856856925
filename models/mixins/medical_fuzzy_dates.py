from odoo import api, fields, models
from odoo.addons.medical_practice.lib import fuzzy_dates
from odoo.exceptions import ValidationError
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

#: Why a text is refused, by the reason of the library.
REFUSALS = {
    "impossible": _lt("%(typed)s: there is no such date. Write 2019, 03/2021, 2021-03-14, or say it in words."),
    "ambiguous": _lt("%(typed)s: which is the month? Write it as 2021-03-14, or with the month in letters."),
    "short_year": _lt("%(typed)s: write the year with four figures."),
    "no_year": _lt("%(typed)s: the year is missing."),
    "unreadable": _lt("%(typed)s: this cannot be read. Write 2019, 03/2021, 2021-03-14, or say it in words."),
    "too_long": _lt("%(typed)s…: this is too long for a date. Say the rest in the note."),
}


class MedicalFuzzyDates(models.AbstractModel):
    """Dates as precise as they are known: “2019”, “mars 2021”, “childhood”.

    A model names in ``_fuzzy_dates`` its text fields, and for each the stored date of the first day it can mean, for
    sorting, and the text people read; both are computed by ``_compute_fuzzy_dates``. The text is stored in its
    canonical form, see ``lib.fuzzy_dates``; what is typed is read in the order of day and month of the user's language.
    """

    _name = "medical.fuzzy.dates"
    _description = "Dates as Precise as They Are Known"

    #: ``{field: (date field, displayed field)}``
    _fuzzy_dates = {}

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._normalise_fuzzy_dates(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._normalise_fuzzy_dates(vals))

    @api.depends(lambda self: [*self._fuzzy_dates, "patient_id.birthdate"])
    def _compute_fuzzy_dates(self):
        for fact in self:
            for name, (date_name, _display_name) in fact._fuzzy_dates.items():
                fuzzy = fact._read_fuzzy_date(name)
                fact[date_name] = fuzzy.first if fuzzy else False

    @api.depends(lambda self: [*self._fuzzy_dates])
    @api.depends_context("lang")
    def _compute_fuzzy_displays(self):
        for fact in self:
            for name, (_date_name, display_name) in fact._fuzzy_dates.items():
                fact[display_name] = fuzzy_dates.describe(fact[name] or "", self.env.lang or "en_US")

    def _onchange_fuzzy_dates(self):
        """Put what was typed into its canonical form at once; what cannot be a date is told. For an ``onchange``."""
        try:
            self.update({name: self._parse_fuzzy_date(self[name]) for name in self._fuzzy_dates})
        except ValidationError as error:
            return {"warning": {"title": self.env._("Date"), "message": str(error), "type": "notification"}}
        return None

    @api.model
    def _normalise_fuzzy_dates(self, vals):
        """Return the values with the canonical texts of what was typed.

        :raises ValidationError: for what looks like a date and is none.
        """
        typed = {name: vals[name] for name in self._fuzzy_dates if isinstance(vals.get(name), str)}
        return {**vals, **{name: self._parse_fuzzy_date(text) for name, text in typed.items()}}

    @api.model
    def _parse_fuzzy_date(self, typed):
        """Return the canonical text of what was typed, or False.

        :raises ValidationError: for what looks like a date and is none, with the reason.
        """
        try:
            fuzzy = fuzzy_dates.parse(typed or "", order=self._get_date_order())
        except fuzzy_dates.FuzzyDateError as error:
            raise ValidationError(self.env._(REFUSALS[error.reason]) % {"typed": error.typed}) from error
        return fuzzy.text if fuzzy else False

    @api.model
    def _get_date_order(self):
        """Return how the user writes a day in figures; French never puts the month first."""
        lang = self.env.lang or "en_US"
        style = self.env["res.lang"]._get_data(code=lang).date_format or ""
        if style.startswith("%m"):
            return "mdy"
        return "dmy" if style.startswith("%d") or lang.startswith("fr") else "ymd"

    def _read_fuzzy_date(self, name):
        """Return the ``FuzzyDate`` of a field, or None; an age in words is counted from the birth of the patient."""
        self.ensure_one()
        try:
            return fuzzy_dates.parse(self[name] or "", birthdate=self.patient_id.birthdate or None)
        except fuzzy_dates.FuzzyDateError:
            return None

    def _check_fuzzy_date_past(self, name):
        """Refuse a date that is still to come, or that no part of lies after birth.

        :raises ValidationError: naming the date.
        """
        self.ensure_one()
        fuzzy, birthdate = self._read_fuzzy_date(name), self.patient_id.birthdate
        shown = fuzzy_dates.describe(self[name] or "", self.env.lang or "en_US")
        if fuzzy and fuzzy.first and fuzzy.first > fields.Date.context_today(self):
            raise ValidationError(self.env._("%(date)s is still to come.", date=shown))
        if fuzzy and fuzzy.last and birthdate and fuzzy.last < birthdate:
            raise ValidationError(self.env._("%(date)s: the patient was not born yet.", date=shown))
