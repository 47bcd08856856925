from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date

from ...lib import growth

PRESSURES = ("bp_systolic", "bp_diastolic")
#: Points of one graph at most, the latest ones; and bars of treatments.
MAX_POINTS = 2000
MAX_BARS = 14


class MedicalPatient(models.Model):
    """Measurements over time, with the treatments of the time beneath."""

    _name = "medical.patient"
    _inherit = "medical.patient"

    def get_measurement_graph(self, code=None):
        """Return one graph of the patient, in the language and the units of the user.

        :param str code: code of a measurement type, or ``bp`` for both blood pressures; the first one where empty
        :return: dict with ``options`` (``code``, ``name``), ``code``, ``title``, ``unit``, ``series`` (``code``,
            ``name``, ``points``: ``t`` in milliseconds, ``y``, ``text``, ``day``, ``flag``; ``band``: ``low``,
            ``high``, ``text``, ``source``), ``treatments`` (``name``, ``start``, ``end`` or False, ``text``)
        :raise AccessError: for who may not read the chart
        """
        self.ensure_one()
        self.check_access("read")
        self.env["medical.measurement"].check_access("read")
        # This leaves the server without ``read``, which would have logged it.
        self._note_access("read", detail="measurements")
        options = self._get_graph_options()
        code = code if code in {option["code"] for option in options} else options[0]["code"] if options else False
        codes = PRESSURES if code == "bp" else (code,)
        rows = self._get_graph_rows(codes)
        kinds = self.env["medical.measurement.type"]._get_by_code(codes if code else ())
        option = next((option for option in options if option["code"] == code), {"name": ""})
        return {
            "options": options,
            "code": code,
            "title": option["name"],
            "unit": next((self._get_graph_unit(kind) for kind in kinds.values()), ""),
            "series": [self._prepare_graph_series(kinds[one], rows) for one in codes if one in kinds],
            "treatments": self._prepare_graph_treatments(rows) if rows else [],
        }

    def action_open_measurement_graph(self):
        """Open grid, graphs and growth of the patient over the chart."""
        self.ensure_one()
        view = self.env.ref("medical_practice.medical_patient_view_form_measurements")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Measurements · %(patient)s", patient=self.name),
            "res_model": "medical.patient",
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "current",
        }

    # === Rows === #

    def _get_graph_options(self):
        """Return what can be drawn: every type with a value, the two blood pressures as one."""
        counts = self.env["medical.measurement"]._read_group(
            [("patient_id", "=", self.id), ("entered_in_error", "=", False)], ["type_id"], ["__count"]
        )
        kinds = self.env["medical.measurement.type"].union(*(kind for kind, _count in counts))
        kinds = kinds.sorted(lambda kind: (kind.sequence, kind.name or "", kind.id))
        options = []
        if kinds.filtered(lambda kind: kind.code in PRESSURES):
            options.append({"code": "bp", "name": self.env._("Blood pressure")})
        return options + [{"code": kind.code, "name": kind.name} for kind in kinds if kind.code not in PRESSURES]

    def _get_graph_rows(self, codes):
        rows = self.env["medical.measurement"].search(
            [("patient_id", "=", self.id), ("type_id.code", "in", codes), ("entered_in_error", "=", False)],
            order="date desc, id desc",
            limit=MAX_POINTS,
        )
        return rows[::-1]

    def _get_graph_unit(self, kind):
        return kind._get_sign(kind._get_plain_unit(self.env.user.medical_unit_system)) or kind.unit_display or ""

    def _prepare_graph_series(self, kind, rows):
        mine = rows.filtered(lambda row: row.type_id == kind)
        return {
            "code": kind.code,
            "name": kind.name,
            "points": [self._prepare_graph_point(kind, row) for row in mine],
            "band": self._prepare_graph_band(kind, mine[-1:]),
        }

    def _prepare_graph_point(self, kind, row):
        imperial = kind._format_imperial(row.value) if self._shows_imperial() else ""
        return {
            "t": _milliseconds(row.date),
            "y": kind._to_plain(row.value, self.env.user.medical_unit_system),
            "text": imperial or row._get_text(),
            "day": row._get_day_text(),
            "flag": row.flag or "",
        }

    def _prepare_graph_band(self, kind, latest):
        """Return the reference range of today's age, as it is drawn behind the points."""
        ranges = self.env["medical.measurement.range"]._get_by_type(kind).get(kind.id)
        limits = ranges._pick(self.sex, latest._get_age_years()) if ranges and latest else None
        if not limits or not (limits.low or limits.high):
            return False
        system = self.env.user.medical_unit_system
        return {
            "low": kind._to_plain(limits.low, system) if limits.low else None,
            "high": kind._to_plain(limits.high, system) if limits.high else None,
            "text": limits._get_text(),
            "source": limits.source,
        }

    # === Treatments === #

    def _prepare_graph_treatments(self, rows):
        """Return the treatments of the time the points span, the longest running first."""
        first, last = rows[0].date.date(), max(rows[-1].date.date(), fields.Date.context_today(self))
        treatments = self.env["medical.treatment"].search(
            [
                ("patient_id", "=", self.id),
                ("entered_in_error", "=", False),
                ("date_start", "<=", last),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", first - timedelta(days=growth.DAYS_PER_MONTH)),
            ],
            order="date_start, id",
            limit=MAX_BARS,
        )
        return [self._prepare_graph_treatment(treatment) for treatment in treatments]

    def _prepare_graph_treatment(self, treatment):
        start, end = treatment.date_start, treatment.date_end
        days = [format_date(self.env, day) for day in (start, end) if day]
        return {
            "name": treatment.name or treatment.drug_id.display_name or "",
            "start": _milliseconds(start),
            "end": _milliseconds(end) if end else False,
            "text": " – ".join(days) if end else self.env._("since %(day)s", day=days[0]),
        }


def _milliseconds(moment):
    """Return a moment (UTC), or the beginning of a day, as browsers count."""
    moment = fields.Datetime.to_datetime(moment)
    return int((moment - fields.Datetime.to_datetime("1970-01-01")).total_seconds() * 1000)
