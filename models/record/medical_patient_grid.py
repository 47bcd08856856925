from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...lib import ages

#: Days shown beside the entry, and how far back they are looked for.
GRID_DAYS = 5
GRID_ROWS = 400
PRESSURES = ("bp_systolic", "bp_diastolic")
#: Rows of small children: under so many years.
CHILD_ROWS = {"length": 2, "head_circumference": 5}
MAX_TYPED = 60


class MedicalPatient(models.Model):
    """The compact grid of measurements: one row a type, the last days to read, one column to type into."""

    _name = "medical.patient"
    _inherit = "medical.patient"

    # === What the screen asks for === #

    def get_measurement_grid(self, consultation_id=False):
        """Return the grid of the patient, in the language and the units of the user.

        :param int consultation_id: the visit that is typed into; without one, facts of today
        :return: dict with ``system``, ``editable``, ``entry_label``, ``days`` (``key``, ``label``), ``rows`` (``id``,
            ``code``, ``name``, ``unit``, ``category``, ``entry``, ``cells`` by day, ``last``), ``others`` (types
            without a row), ``derived``; a cell is a dict with ``id``, ``text``, ``flag``, ``tip``
        :raise AccessError: for who may not read the chart
        """
        self.ensure_one()
        self.check_access("read")
        self.env["medical.measurement"].check_access("read")
        # This leaves the server without ``read``, which would have logged it.
        self._note_access("read", detail="measurements")
        visit = self._get_grid_visit(consultation_id)
        measurements = self.env["medical.measurement"]
        known = measurements.search(
            [("patient_id", "=", self.id), ("entered_in_error", "=", False)],
            order="date desc, id desc",
            limit=GRID_ROWS,
        )
        entries = self._get_grid_entries(visit)
        past = known - entries
        days = sorted({row._get_day() for row in past}, reverse=True)[:GRID_DAYS]
        kinds = self.env["medical.measurement.type"].search([("formula", "in", (False, ""))])
        return {
            "system": self.env.user.medical_unit_system,
            "editable": self._is_grid_editable(visit),
            "entry_label": self.env._("This visit") if visit else self.env._("Today"),
            "days": [{"key": fields.Date.to_string(day), "label": format_date(self.env, day)} for day in days],
            **self._prepare_grid_rows(kinds, entries, past, days, visit),
            "derived": self._get_derived_measurements(),
        }

    def save_measurement(self, type_id, text, consultation_id=False):
        """Keep what was typed into a cell of the grid, or say why not; an empty text takes the value away.

        :param int type_id: the type of measurement
        :param str text: what was typed, such as ``70``, ``150 lb``, ``5'11"`` or, as a blood pressure, ``120/80``
        :param int consultation_id: the visit it belongs to; without one, a fact of now
        :return: ``{"error": sentence}``, or ``{"error": False, "grid": ...}`` (see :meth:`get_measurement_grid`)
        :raise AccessError: for who may not write in the chart
        """
        self.ensure_one()
        self.check_access("read")
        visit = self._get_grid_visit(consultation_id)
        kind = self.env["medical.measurement.type"].browse(type_id if isinstance(type_id, int) else 0).exists()
        try:
            with self.env.cr.savepoint():
                self._save_typed(kind, text, visit)
                self.env.flush_all()
        except AccessError:
            raise
        except (UserError, ValidationError) as error:
            return {"error": str(error)}
        return {"error": False, "grid": self.get_measurement_grid(consultation_id)}

    # === Rows === #

    def _get_grid_visit(self, consultation_id):
        """Return the visit that is typed into, having seen that it is one of this patient that the user may read."""
        if not consultation_id or not isinstance(consultation_id, int):
            return self.env["medical.consultation"]
        visit = self.env["medical.consultation"].browse(consultation_id)
        visit.check_access("read")
        if visit.patient_id != self:
            raise UserError(self.env._("This visit is another patient's."))
        return visit

    def _is_grid_editable(self, visit):
        may = self.env["medical.measurement"].has_access("create")
        return bool(may and (not visit or (visit.state == "draft" and visit.has_access("write"))))

    def _get_grid_entries(self, visit):
        """Return what the entry column holds: the values of the visit, or what the user recorded today outside one."""
        domain = Domain("patient_id", "=", self.id) & Domain("entered_in_error", "=", False)
        if visit:
            domain &= Domain("consultation_id", "=", visit.id)
        else:
            domain &= Domain("consultation_id", "=", False) & Domain("create_uid", "=", self.env.uid)
            domain &= Domain("date", ">=", self._get_day_start())
        return self.env["medical.measurement"].search(domain, order="date desc, id desc")

    @api.model
    def _get_day_start(self):
        """Return the moment, in UTC, at which the user's day began."""
        here = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        return fields.Datetime.now() - (here - midnight)

    def _prepare_grid_rows(self, kinds, entries, past, days, visit):
        """Return the ``rows`` of the grid, and the ``others``: types without one."""
        last = self.env["medical.measurement"]._get_last_values(self, kinds.mapped("code"), visit)
        by_kind = past.grouped("type_id")
        entry_of = {}
        for row in entries:
            entry_of.setdefault(row.type_id.id, row)
        (past | entries | self.env["medical.measurement"].union(*last.values())).mapped("flag")  # in one batch
        wanted = {code for code, years in CHILD_ROWS.items() if self._is_younger_than(years)}
        rows, others = [], []
        for kind in kinds:
            known = last.get((self.id, kind.code))
            if not (kind.in_grid or kind.code in wanted or known or kind.id in entry_of):
                others.append({"id": kind.id, "name": kind.name})
                continue
            row = self._prepare_grid_row(kind, entry_of.get(kind.id), by_kind.get(kind, past.browse()), days)
            # What is older than the days shown is not forgotten.
            older = known and known.id not in [cell["id"] for cell in row["cells"].values()] and not row["cells"]
            rows.append({**row, "last": self._prepare_grid_cell(known, with_day=True) if older else False})
        return {"rows": rows, "others": others}

    def _is_younger_than(self, years):
        today = fields.Date.context_today(self)
        return bool(self.birthdate) and ages.age_years(self.birthdate, max(today, self.birthdate)) < years

    def _prepare_grid_row(self, kind, entry, known, days):
        by_day = {}
        for row in known:  # the newest first: of two on one day it is the one that is shown
            by_day.setdefault(row._get_day(), row)
        imperial = self.env.user.medical_unit_system == "imperial"
        plain = kind._get_plain_unit("imperial") if imperial else ""
        return {
            "id": kind.id,
            "code": kind.code,
            "name": kind.name,
            "unit": kind._get_sign(plain) if plain else kind.unit_display or "",
            "category": kind.category,
            "entry": self._prepare_grid_cell(entry) if entry else False,
            "cells": {
                fields.Date.to_string(day): self._prepare_grid_cell(by_day[day]) for day in days if day in by_day
            },
        }

    def _prepare_grid_cell(self, row, with_day=False):
        """Return a value as it is shown in the user's units, and what is told on hover: the other units, the rest."""
        kind = row.type_id
        metric, imperial = row._get_text(), kind._format_imperial(row.value)
        first, second = (imperial, metric) if self._shows_imperial() and imperial else (metric, imperial)
        flags = dict(row._fields["flag"]._description_selection(self.env))
        tip = [first if not second else f"{first} = {second}"]
        if row.entered_as:
            tip.append(self.env._("Typed as %(text)s", text=row.entered_as))
        if row.range_text:
            tip.append(self.env._("Usual: %(range)s", range=row.range_text))
        if row.flag:
            tip.append(flags[row.flag])
        tip.append(" · ".join(filter(None, [row._get_day_text(), row.practitioner_id.display_name])))
        cell = {"id": row.id, "text": self._without_unit(first, kind), "flag": row.flag or "", "tip": "\n".join(tip)}
        return {**cell, "day": row._get_day_text()} if with_day else cell

    def _shows_imperial(self):
        return self.env.user.medical_unit_system == "imperial"

    @api.model
    def _without_unit(self, text, kind):
        """Return the number alone: the unit stands once at the head of the row."""
        for sign in (kind.unit_display, "lb", "in", "°F"):
            if sign and text.endswith(f" {sign}") and text.count(" ") == sign.count(" ") + 1:
                return text.removesuffix(f" {sign}")
        return text

    # === Entry === #

    def _save_typed(self, kind, text, visit):
        """Keep what was typed of a type; see :meth:`save_measurement`."""
        text = text if isinstance(text, str) else ""
        if not kind or kind.formula:
            raise UserError(self.env._("This is computed, or no measurement at all: it is not typed in."))
        if len(text) > MAX_TYPED:
            raise UserError(self.env._("%(name)s: this is too long for a value.", name=kind.name))
        if not self._is_grid_editable(visit):
            raise UserError(self.env._("This visit is signed and stays as it is."))
        for one, part in self._split_pressures(kind, text):
            self._save_value(one, part, visit)
        self._check_pressures(visit)

    def _split_pressures(self, kind, text):
        """Return the types and texts of what was typed: a blood pressure of 120/80 makes two."""
        if kind.code not in PRESSURES or text.count("/") != 1:
            return [(kind, text)]
        texts = text.split("/")
        if not all(map(str.strip, texts)):
            raise UserError(self.env._("%(name)s: type both pressures, such as 120/80.", name=kind.name))
        kinds = self.env["medical.measurement.type"]._get_by_code(PRESSURES)
        return list(zip([kinds[code] for code in PRESSURES], texts, strict=True))

    def _save_value(self, kind, text, visit):
        row = self._get_grid_entries(visit).filtered(lambda row: row.type_id == kind)[:1]
        if not text.strip():
            return self._clear_value(row, visit)
        value, entered_as = kind._read_typed(text, self.env.user.medical_unit_system)
        vals = {"value": value, "entered_as": entered_as}
        if not row:
            self.env["medical.measurement"].create({**self._prepare_grid_vals(kind, visit), **vals})
        elif row.value != value or (row.entered_as or False) != entered_as:
            row.write(vals)
        return True

    def _save_score(self, code, total, answers, visit):
        """Keep the total of a questionnaire with its answers, in a visit or as a fact of now.

        :raises UserError: where the visit is signed, or another patient's.
        """
        self.ensure_one()
        visit = self._get_grid_visit(visit.id)
        if not self._is_grid_editable(visit):
            raise UserError(self.env._("This visit is signed and stays as it is."))
        kind = self.env["medical.measurement.type"]._get_by_code([code]).get(code)
        if not kind:
            raise UserError(
                self.env._("There is no measurement type %(code)s: ask the manager to create it.", code=code)
            )
        vals = {"value": total, "answers": answers}
        row = self._get_grid_entries(visit).filtered(lambda row: row.type_id == kind)[:1]
        if row and visit:
            row.write(vals)
        else:
            row = row.create({**self._prepare_grid_vals(kind, visit), **vals})
        return row

    def _clear_value(self, row, visit):
        if row and not visit:
            raise UserError(
                self.env._("What stands in a chart is not deleted. Correct the value, or mark it as entered in error.")
            )
        row.unlink()
        return True

    def _prepare_grid_vals(self, kind, visit):
        """Return the values of a new fact of the grid."""
        practitioner = visit.practitioner_id or self.env["medical.practitioner"]._get_current()
        vals = {"patient_id": self.id, "type_id": kind.id, "practitioner_id": practitioner.id}
        return {**vals, "consultation_id": visit.id, "date": visit.date_start} if visit else vals

    def _check_pressures(self, visit):
        """Refuse a diastolic pressure that is not below the systolic one."""
        values = {}
        for row in self._get_grid_entries(visit):
            values.setdefault(row.type_id.code, row.value)
        systolic, diastolic = (values.get(code) for code in PRESSURES)
        if systolic and diastolic and diastolic >= systolic:
            raise ValidationError(
                self.env._("Blood pressure: the diastolic value lies below the systolic one. Are they swapped?")
            )
