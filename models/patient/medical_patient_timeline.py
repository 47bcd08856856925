import re
from datetime import datetime, timezone
from html import unescape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .chart_part import ChartPart, union

#: The most entries of one page.
MAX_PAGE = 200
#: Letters of a note that the timeline shows; more of the stored text is read, because tags count.
EXCERPT, EXCERPT_READ = 220, 1200
#: The kinds of a timeline, in the order of its filter.
TIMELINE_KINDS = (
    "consultation",
    "prescription",
    "measurement",
    "condition",
    "allergy",
    "treatment",
    "document",
    "immunization",
    "appointment",
)


class MedicalPatient(models.Model):
    """Everything of a chart in time, newest first, page by page."""

    _name = "medical.patient"
    _inherit = "medical.patient"

    def get_chart_timeline(
        self,
        kinds=None,
        text=None,
        date_from=None,
        date_to=None,
        practitioner_id=None,
        errors=False,
        after=None,
        limit=40,
    ):
        """Return a page of the timeline: ``{"entries": [...], "next": mark of the next page or False}``.

        One query a page, whatever the length of the chart: each kind gives at most a page of its newest rows, and the
        next page starts where this one ended (by moment, kind and id), not at a number of rows to skip.

        :param kinds: only these (``TIMELINE_KINDS``); nothing: all.
        :param str text: only entries that hold these words.
        :param date_from: first day, as ``2026-03-02``.
        :param date_to: last day.
        :param int practitioner_id: only what this practitioner did or recorded.
        :param bool errors: also what was entered in error.
        :param after: the mark a previous page gave.
        :raises AccessError: for the reception, and for charts of other practices.
        :raises UserError: for a mark or a day that is none.
        """
        self.ensure_one()
        self._check_chart_access()
        limit = min(max(int(limit), 1), MAX_PAGE)
        wanted = [kind for kind in TIMELINE_KINDS if not kinds or kind in kinds]
        filters = {
            "text": str(text or "").strip()[:200],
            "period": self._get_timeline_period(date_from, date_to),
            "practitioner_id": int(practitioner_id or 0),
            "errors": bool(errors),
        }
        selects = [select for kind in wanted for select in self._get_timeline_selects(kind, filters)]
        rows = self._fetch_timeline(selects, self._get_timeline_mark(after), limit + 1) if selects else []
        entries = [self._prepare_timeline_entry(*row) for row in rows[:limit]]
        self._name_measurements(entries)
        more = [rows[limit - 1][2].isoformat(), rows[limit - 1][0], rows[limit - 1][1]] if len(rows) > limit else False
        return {"entries": entries, "next": more}

    # === Arguments === #

    @api.model
    def _get_timeline_mark(self, after):
        """Return ``(moment, kind, id)`` of the entry after which a page starts, or None."""
        if not after:
            return None
        try:
            moment, kind, record_id = after
            return datetime.fromisoformat(moment), str(kind), int(record_id)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("This is no place in a timeline.")) from error

    @api.model
    def _get_timeline_period(self, date_from, date_to):
        try:
            return fields.Date.to_date(date_from or None), fields.Date.to_date(date_to or None)
        except ValueError as error:
            raise UserError(self.env._("This is no day: write it as 2026-03-02.")) from error

    # === One query === #

    def _fetch_timeline(self, selects, mark, limit):
        """Return the rows ``(kind, id, moment, model, data)`` of a page, newest first."""
        after = SQL("(moment, kind, id) < (%s, %s, %s)", *mark) if mark else SQL("TRUE")
        pages = [
            SQL(
                "SELECT * FROM (%s) part WHERE %s ORDER BY moment DESC, kind DESC, id DESC LIMIT %s",
                select,
                after,
                limit,
            )
            for select in selects
        ]
        return self.env.execute_query(
            SQL("SELECT * FROM (%s) AS entries ORDER BY moment DESC, kind DESC, id DESC LIMIT %s", union(pages), limit)
        )

    def _get_timeline_selects(self, kind, filters):
        """Return the selects of a kind; conditions and treatments have two: when they began, when they ended."""
        return getattr(self, f"_get_timeline_{kind}")(filters)

    def _select_timeline(self, kind, model, filters, moment, text, domain=Domain.TRUE, /, **data):
        """Return the select of one kind.

        :param str moment: the field of its place in time.
        :param text: the fields that the words are looked for in.
        """
        domain &= Domain("patient_id", "=", self.id) & Domain(moment, "!=", False)
        first, last = filters["period"]
        precise = self.env[model]._fields[moment].type == "datetime"
        if first:
            domain &= Domain(moment, ">=", self._get_timeline_day_start(first) if precise else first)
        if last:
            domain &= (
                Domain(moment, "<", self._get_timeline_day_start(fields.Date.add(last, days=1)))
                if precise
                else Domain(moment, "<=", last)
            )
        if filters["practitioner_id"]:
            domain &= Domain("practitioner_id", "=", filters["practitioner_id"])
        for word in filters["text"].split():
            domain &= Domain.OR(Domain(field, "ilike", word) for field in text)
        if "entered_in_error" in self.env[model]._fields:
            data["error"] = "entered_in_error"
            if not filters["errors"]:
                domain &= Domain("entered_in_error", "=", False)
        part = ChartPart(self.env[model], kind, domain)
        when = part.column(moment)
        # A day without hour stands at noon; the screen shows no hour for it.
        when = SQL("%s", when) if precise else SQL("(%s + interval '12 hours')", when)
        data = {**data, "practitioner": "practitioner_id.name", "precise": SQL("%s", precise)}
        return part.select(data, SQL("%s AS moment", when), SQL("%s::text AS model", model))

    @api.model
    def _get_timeline_day_start(self, day):
        """Return the moment, in UTC, at which a day begins where the user is."""
        local = self.env.tz.localize(datetime.combine(day, datetime.min.time()))
        return local.astimezone(timezone.utc).replace(tzinfo=None)

    def _get_timeline_consultation(self, filters):
        notes = ("subjective", "objective", "assessment", "plan")
        table = self.env["medical.consultation"]._table
        excerpt = SQL(
            "LEFT(COALESCE(NULLIF(%s, ''), NULLIF(%s, ''), %s), %s)",
            *(SQL.identifier(table, name) for name in ("assessment", "plan", "subjective")),
            EXCERPT_READ,
        )
        select = self._select_timeline(
            "consultation",
            "medical.consultation",
            filters,
            "date_start",
            ("reason", *notes),
            title="reason",
            type="type_id.name",
            state="state",
            note=excerpt,
        )
        return [select]

    def _get_timeline_prescription(self, filters):
        lines = SQL(
            "(SELECT string_agg(line.name, ', ' ORDER BY line.sequence, line.id) FROM medical_prescription_line line"
            " WHERE line.prescription_id = %s)",
            SQL.identifier("medical_prescription", "id"),
        )
        return [
            self._select_timeline(
                "prescription",
                "medical.prescription",
                filters,
                "date",
                ("line_ids.name", "name", "note"),
                title=lines,
                number="name",
                state="state",
                kind="kind",
            )
        ]

    def _get_timeline_measurement(self, filters):
        """One entry a day: what was measured then."""
        rows = self._select_timeline(
            "measurement",
            "medical.measurement",
            filters,
            "date",
            ("type_id.name",),
            type="type_id",
            value="value",
            converted="entered_as",
        )
        day = SQL("date_trunc('day', moment AT TIME ZONE 'UTC' AT TIME ZONE %s)", self.env.tz.zone)
        values = SQL(
            "jsonb_agg(jsonb_build_array(data->'type', data->'value', data->'converted', data->'error') "
            "ORDER BY moment, id)"
        )
        grouped = SQL(
            "SELECT 'measurement'::text AS kind, MAX(id) AS id, MAX(moment) AS moment, "
            "'medical.measurement'::text AS model, "
            "jsonb_build_object('values', %s, 'practitioner', MAX(data->>'practitioner'), 'precise', TRUE) AS data "
            "FROM (%s) AS measured GROUP BY %s",
            values,
            rows,
            day,
        )
        return [grouped]

    def _get_timeline_condition(self, filters):
        shared = {"title": "name", "code": "code_id.code", "category": "category", "status": "clinical_status"}
        return [
            self._select_timeline(
                "condition",
                "medical.condition",
                filters,
                moment,
                ("name", "code_id.code", "note"),
                event=SQL("%s::text", event),
                when=when,
                **shared,
            )
            for moment, when, event in (
                ("onset_date", "onset", "onset"),
                ("resolved_date", "resolved", "resolved"),
            )
        ]

    def _get_timeline_allergy(self, filters):
        return [
            self._select_timeline(
                "allergy",
                "medical.allergy",
                filters,
                "date",
                ("name", "reaction"),
                title="name",
                reaction="reaction",
                status="status",
                criticality="criticality",
            )
        ]

    def _get_timeline_treatment(self, filters):
        shared = {"title": "name", "sig": "sig", "reason": "stop_reason", "status": "recorded_status"}
        started = self._select_timeline(
            "treatment",
            "medical.treatment",
            filters,
            "date_start",
            ("name", "sig"),
            event=SQL("'started'::text"),
            **shared,
        )
        ended = self._select_timeline(
            "treatment",
            "medical.treatment",
            filters,
            "date_end",
            ("name", "sig", "stop_reason"),
            Domain("status", "!=", "active"),
            event=SQL("'ended'::text"),
            **shared,
        )
        return [started, ended]

    def _get_timeline_document(self, filters):
        return [
            self._select_timeline(
                "document",
                "medical.document",
                filters,
                "date",
                ("name", "body"),
                title="name",
                kind="kind",
                direction="direction",
                review="review_state",
                abnormal="abnormal",
                state="state",
            )
        ]

    def _get_timeline_immunization(self, filters):
        return [
            self._select_timeline(
                "immunization",
                "medical.immunization",
                filters,
                "given_on",
                ("vaccine_id.name", "lot"),
                title="vaccine_id.name",
                status="status",
                dose="dose_number",
                lot="lot",
            )
        ]

    def _get_timeline_appointment(self, filters):
        return [
            self._select_timeline(
                "appointment",
                "calendar.event",
                filters,
                "start",
                ("appointment_type_id.name",),
                title="appointment_type_id.name",
                state="appointment_state",
            )
        ]

    # === Writing what was read === #

    def _prepare_timeline_entry(self, kind, record_id, moment, model, data):
        """Return an entry as the screen shows it: kind, record, moment, title, detail, excerpt, badge."""
        entry = {
            "kind": kind,
            "model": model,
            "id": record_id,
            "moment": fields.Datetime.to_string(moment),
            "precise": data["precise"],
            "practitioner": data["practitioner"] or "",
            "error": bool(data.get("error")),
            "title": data.get("title") or "",
            "detail": "",
            "excerpt": "",
            "badge": "",
            "level": "",
        }
        getattr(self, f"_complete_timeline_{kind}")(entry, data)
        return entry

    def _complete_timeline_consultation(self, entry, data):
        entry["title"] = data["title"] or data["type"] or self.env._("Consultation")
        entry["detail"] = data["type"] if data["title"] and data["type"] else ""
        entry["excerpt"] = self._get_excerpt(data["note"])
        self._mark_state(entry, data)

    def _complete_timeline_prescription(self, entry, data):
        entry["title"] = data["title"] or data["number"] or self.env._("Prescription")
        entry["detail"] = data["number"] or ""
        self._mark_state(entry, data)

    @api.model
    def _mark_state(self, entry, data):
        if data["state"] != "signed":
            entry["badge"] = self._get_label(entry["model"], "state", data["state"])
            entry["level"] = "warning" if data["state"] == "draft" else "muted"

    def _complete_timeline_measurement(self, entry, data):
        entry["values"] = data["values"]

    def _complete_timeline_condition(self, entry, data):
        entry["detail"] = " · ".join(
            filter(
                None,
                [
                    data["category"] != "problem" and self._get_label(entry["model"], "category", data["category"]),
                    data["when"] and self._describe_fuzzy_date(data["when"]),
                    data["code"],
                ],
            )
        )
        if data["event"] == "resolved":
            entry["badge"], entry["level"] = self.env._("Resolved"), "success"
        elif data["status"] == "suspected":
            entry["badge"] = self._get_label(entry["model"], "clinical_status", "suspected")
            entry["level"] = "warning"

    def _complete_timeline_allergy(self, entry, data):
        entry["detail"] = data["reaction"] or ""
        if data["criticality"] == "high":
            entry["badge"], entry["level"] = self.env._("High risk"), "danger"
        if data["status"] != "active":
            entry["badge"], entry["level"] = self._get_label(entry["model"], "status", data["status"]), "muted"

    def _complete_timeline_treatment(self, entry, data):
        ended = data["event"] == "ended"
        # A course whose last day is past is over, though nobody wrote so.
        status = "completed" if data["status"] == "active" else data["status"]
        entry["detail"] = (data["reason"] if ended else data["sig"]) or ""
        entry["badge"] = self._get_label(entry["model"], "status", status) if ended else self.env._("Started")
        entry["level"] = "muted" if ended else "success"

    def _complete_timeline_document(self, entry, data):
        entry["detail"] = self._get_label(entry["model"], "kind", data["kind"])
        if data["review"] == "to_review":
            entry["badge"] = self._get_label(entry["model"], "review_state", "to_review")
            entry["level"] = "danger" if data["abnormal"] else "warning"
        elif data["direction"] == "outgoing":
            self._mark_state(entry, data)

    def _complete_timeline_immunization(self, entry, data):
        entry["detail"] = " · ".join(
            filter(
                None,
                [
                    data["dose"] and self.env._("dose %(number)s", number=data["dose"]),
                    data["lot"] and self.env._("lot %(number)s", number=data["lot"]),
                ],
            )
        )
        if data["status"] != "completed":
            entry["badge"] = self._get_label(entry["model"], "status", data["status"])
            entry["level"] = "warning" if data["status"] == "refused" else "muted"

    def _complete_timeline_appointment(self, entry, data):
        entry["title"] = data["title"] or self.env._("Appointment")
        entry["badge"] = self._get_label(entry["model"], "appointment_state", data["state"])
        entry["level"] = {"no_show": "danger", "cancelled": "muted", "done": "success"}.get(data["state"], "info")

    @api.model
    def _get_excerpt(self, note):
        """Return the beginning of a note as plain words; a tag that the cut broke goes with the rest."""
        text = " ".join(unescape(re.sub(r"<[^>]*>?", " ", note or "")).split())
        return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rsplit(' ', 1)[0]}…"

    def _name_measurements(self, entries):
        """Write the values of the days measured, with the names and units of their types, read at once."""
        days = [entry for entry in entries if entry["kind"] == "measurement"]
        kinds = self.env["medical.measurement.type"].browse({row[0] for entry in days for row in entry["values"]})
        by_id = {kind.id: kind for kind in kinds}
        for entry in days:
            values, errors = {}, []
            for type_id, value, converted, error in entry.pop("values"):
                kind = by_id[type_id]
                text = kind._format_rounded(value) if converted else kind._format(value)
                values[kind.code] = (kind, text, None)
                errors.append(error is True)
            entry["error"] = all(errors)
            entry["title"] = self.env._("Measurements")
            entry["detail"] = " · ".join(f"{name} {text}" for name, text, __ in self._pair_measurements(values))
