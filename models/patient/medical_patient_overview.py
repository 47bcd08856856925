from odoo import api, fields, models
from odoo.addons.medical_practice.lib import fuzzy_dates
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .chart_part import ChartPart, union

CLINICAL = "medical_practice.group_assistant"

#: The most rows a box shows; the rest is one click away.
BOX_ROWS = {
    "problems": 12,
    "history": 10,
    "allergies": 10,
    "treatments": 15,
    "immunizations": 4,
    "documents": 6,
    "appointments": 3,
    "consultations": 5,
    "prescriptions": 3,
}
#: Measured together, read together: one row, “120/80”.
PAIRED = {"bp_systolic": "bp_diastolic"}


class MedicalPatient(models.Model):
    """The cover sheet of the chart: what is known of a patient, at one glance.

    Context keys: ``chart_all_rows`` (the boxes hold all their rows, for paper).
    """

    _name = "medical.patient"
    _inherit = "medical.patient"

    # === Reading === #

    def get_chart_overview(self):
        """Return the boxes of the cover sheet: ``{box: {"items": [...], "total": int}}``.

        An item has ``model``, ``id``, ``title``, ``detail``, ``date`` and a badge with its level. Lists of facts cost
        one query together; boxes of other rooms (preventions) their own. It is an access to the record, and logged.

        :raises AccessError: for the reception, and for charts of other practices.
        """
        self.ensure_one()
        self._check_chart_access()
        rows = {}
        for kind, record_id, total, data in self.env.execute_query(union(self._get_overview_selects())):
            rows.setdefault(kind, []).append((record_id, total, data))
        boxes = {
            box: {"items": [item for row in rows.get(box, []) if (item := prepare(row[0], row[2]))]}
            for box, prepare in self._get_overview_writers().items()
        }
        for box, content in boxes.items():
            content["total"] = rows[box][0][1] if box in rows else 0
        boxes["measurements"] = {"items": self._prepare_last_measurements(rows.get("measurements", []))}
        boxes["treatments"]["statement"] = self._prepare_statement(rows.get("no_long_term_treatment"))
        boxes["allergies"]["statement"] = self._prepare_statement(rows.get("no_known_allergy"))
        boxes["preventions"] = {"items": self._get_overview_preventions()}
        return boxes

    def _check_chart_access(self):
        """Refuse those who may not read this chart.

        :raises AccessError: for who has no right to charts at all, or not to this one.
        """
        if not self.env.user.has_group(CLINICAL):
            raise AccessError(self.env._("Only those who treat patients read charts."))
        self.check_access("read")
        self._note_access("read", detail="chart")

    def _get_overview_selects(self):
        """Return one select a box: kind, id, how many there are in all, data."""
        about = Domain("patient_id", "=", self.id)
        valid = about & Domain("entered_in_error", "=", False)
        now = fields.Datetime.now()
        parts = [
            self._select_conditions(valid),
            self._select_history(valid),
            self._select_allergies(valid),
            self._select_treatments(valid),
            self._select_measurements(valid),
            self._select_documents(valid),
            self._select_immunizations(valid),
            self._select_consultations(about & Domain("state", "!=", "cancelled")),
            self._select_prescriptions(about & Domain("state", "!=", "cancelled")),
            self._select_statements(valid),
        ]
        coming = about & Domain("start", ">=", now) & Domain("appointment_state", "not in", ("cancelled", "no_show"))
        return [*parts, self._select_appointments(coming)]

    def _select_box(self, kind, model, domain, order, /, **data):
        limit = None if self.env.context.get("chart_all_rows") else BOX_ROWS.get(kind)
        part = ChartPart(self.env[model], kind, domain, order=order, limit=limit)
        return part.select(data, SQL("COUNT(*) OVER () AS total"))

    def _select_conditions(self, domain):
        current = domain & Domain("category", "=", "problem") & Domain("clinical_status", "!=", "resolved")
        return self._select_box(
            "problems",
            "medical.condition",
            current,
            "clinical_status, onset_date desc nulls last, id desc",
            name="name",
            code="code_id.code",
            status="clinical_status",
            onset="onset",
        )

    def _select_history(self, domain):
        past = domain & (Domain("category", "!=", "problem") | Domain("clinical_status", "=", "resolved"))
        return self._select_box(
            "history",
            "medical.condition",
            past,
            "onset_date desc nulls last, id desc",
            name="name",
            code="code_id.code",
            category="category",
            status="clinical_status",
            onset="onset",
            resolved="resolved",
        )

    def _select_allergies(self, domain):
        return self._select_box(
            "allergies",
            "medical.allergy",
            domain & Domain("status", "=", "active"),
            "criticality, name, id",
            name="name",
            criticality="criticality",
            reaction="reaction",
            type="type",
            category="category",
        )

    def _select_treatments(self, domain):
        return self._select_box(
            "treatments",
            "medical.treatment",
            domain & Domain("status", "=", "active"),
            "long_term desc nulls last, date_start desc nulls last, id desc",
            name="name",
            sig="sig",
            long_term="long_term",
            origin="origin",
            start="date_start",
            end="date_end",
        )

    def _select_measurements(self, domain):
        """The last value of each type; the index of the last values carries it."""
        part = ChartPart(self.env["medical.measurement"], "measurements", domain)
        kind, moment = part.column("type_id"), part.column("date")
        ident = SQL.identifier(part.alias, "id")
        part.query.order = SQL("%s, %s DESC, %s DESC", kind, moment, ident)
        data = {"date": "date"}
        pairs = [SQL("%s::text, %s", key, part.column(path)) for key, path in data.items()]
        return part.query.select(
            SQL("DISTINCT ON (%s) %s::text AS kind", kind, part.kind),
            SQL("%s AS id", ident),
            SQL("0::bigint AS total"),
            SQL("jsonb_build_object(%s) AS data", SQL(", ").join(pairs)),
        )

    def _select_documents(self, domain):
        """Received papers that wait for an eye come first, abnormal ones before the rest."""
        return self._select_box(
            "documents",
            "medical.document",
            domain & Domain("state", "!=", "cancelled"),
            "review_state desc nulls last, abnormal desc, date desc, id desc",
            name="name",
            kind="kind",
            review="review_state",
            abnormal="abnormal",
            state="state",
            direction="direction",
            date="date",
        )

    def _select_immunizations(self, domain):
        return self._select_box(
            "immunizations",
            "medical.immunization",
            domain,
            "given_on desc, id desc",
            name="vaccine_id.name",
            status="status",
            dose="dose_number",
            date="given_on",
            next="next_due_on",
        )

    def _select_appointments(self, domain):
        return self._select_box(
            "appointments",
            "calendar.event",
            domain,
            "start, id",
            name="appointment_type_id.name",
            practitioner="practitioner_id.name",
            state="appointment_state",
            date="start",
        )

    def _select_consultations(self, domain):
        return self._select_box(
            "consultations",
            "medical.consultation",
            domain,
            "date_start desc, id desc",
            name="reason",
            type="type_id.name",
            practitioner="practitioner_id.name",
            state="state",
            date="date_start",
        )

    def _select_prescriptions(self, domain):
        lines = SQL(
            "(SELECT string_agg(line.name, ', ' ORDER BY line.sequence, line.id) FROM medical_prescription_line line"
            " WHERE line.prescription_id = %s)",
            SQL.identifier("medical_prescription", "id"),
        )
        return self._select_box(
            "prescriptions",
            "medical.prescription",
            domain,
            "date desc, id desc",
            name=lines,
            number="name",
            practitioner="practitioner_id.name",
            state="state",
            date="date",
        )

    def _select_statements(self, domain):
        """What was asked and denied; the kind of the statement is the kind of the row."""
        kinds = ("no_known_allergy", "no_long_term_treatment")
        in_force = self._get_in_force_domain(fields.Date.context_today(self))
        part = ChartPart(
            self.env["medical.chart.statement"], "statement", domain & Domain("kind", "in", kinds) & in_force
        )
        return part.query.select(
            SQL("%s::text", part.column("kind")),
            SQL("%s", SQL.identifier(part.alias, "id")),
            SQL("0::bigint"),
            SQL(
                "jsonb_build_object('date', %s, 'author', COALESCE(%s, %s))",
                part.column("date"),
                part.column("practitioner_id.name"),
                part.column("create_uid.partner_id.name"),
            ),
        )

    # === Writing what was read === #

    def _get_overview_writers(self):
        """Return ``{box: method that makes an item of a row}``."""
        return {
            "problems": self._prepare_problem,
            "history": self._prepare_history,
            "allergies": self._prepare_allergy,
            "treatments": self._prepare_treatment,
            "documents": self._prepare_document,
            "immunizations": self._prepare_immunization,
            "appointments": self._prepare_appointment,
            "consultations": self._prepare_consultation,
            "prescriptions": self._prepare_prescription,
        }

    @api.model
    def _prepare_item(self, model, record_id, title, *details, date=False, badge="", level=""):
        """Return an item of a box; empty details are left out."""
        return {
            "model": model,
            "id": record_id,
            "title": title or "",
            "detail": " · ".join(filter(None, details)),
            "date": self._to_client_datetime(date) if date and len(date) > 10 else date,
            "badge": badge,
            "level": level,
        }

    @api.model
    def _get_label(self, model, field, value):
        """Return the label of a selection, in the language of the user."""
        return dict(self.env[model]._fields[field]._description_selection(self.env)).get(value, "") if value else ""

    @api.model
    def _describe_fuzzy_date(self, text):
        """Return a date as precise as it is known, as people of the user's language write it."""
        return fuzzy_dates.describe(text or "", self.env.lang or "en_US")

    def _prepare_problem(self, record_id, row):
        suspected = row["status"] == "suspected"
        return self._prepare_item(
            "medical.condition",
            record_id,
            row["name"],
            row["onset"] and self.env._("since %(onset)s", onset=self._describe_fuzzy_date(row["onset"])),
            row["code"],
            badge=self._get_label("medical.condition", "clinical_status", "suspected") if suspected else "",
            level="warning" if suspected else "",
        )

    def _prepare_history(self, record_id, row):
        period = " – ".join(self._describe_fuzzy_date(text) for text in (row["onset"], row["resolved"]) if text)
        category = row["category"]
        if category in ("problem", "medical_history"):
            label = self._get_label("medical.condition", "clinical_status", "resolved")
            label = label if row["status"] == "resolved" else ""
        else:
            label = self._get_label("medical.condition", "category", category)
        return self._prepare_item("medical.condition", record_id, row["name"], label, period, row["code"])

    def _prepare_allergy(self, record_id, row):
        high = row["criticality"] == "high"
        kind = row["type"] if row["type"] == "intolerance" else False
        category = row["category"] if row["category"] != "drug" else False
        return self._prepare_item(
            "medical.allergy",
            record_id,
            row["name"],
            row["reaction"],
            self._get_label("medical.allergy", "type", kind),
            self._get_label("medical.allergy", "category", category),
            badge=self.env._("High risk") if high else "",
            level="danger" if high else "",
        )

    def _prepare_treatment(self, record_id, row):
        reported = row["origin"] == "reported"
        return self._prepare_item(
            "medical.treatment",
            record_id,
            row["name"],
            row["sig"],
            reported and self._get_label("medical.treatment", "origin", "reported"),
            date=row["start"],
            badge=self.env._("Long-term") if row["long_term"] else "",
        )

    def _prepare_document(self, record_id, row):
        to_review = row["review"] == "to_review"
        abnormal = to_review and row["abnormal"]
        badge = self._get_label("medical.document", "review_state", "to_review") if to_review else ""
        if row["state"] == "draft" and row["direction"] == "outgoing":
            badge = self._get_label("medical.document", "state", "draft")
        return self._prepare_item(
            "medical.document",
            record_id,
            row["name"],
            self._get_label("medical.document", "kind", row["kind"]),
            abnormal and self.env._("abnormal"),
            date=row["date"],
            badge=badge,
            level="danger" if abnormal else "warning" if badge else "",
        )

    def _prepare_immunization(self, record_id, row):
        refused = row["status"] == "refused"
        return self._prepare_item(
            "medical.immunization",
            record_id,
            row["name"],
            row["dose"] and self.env._("dose %(number)s", number=row["dose"]),
            row["status"] == "reported" and self._get_label("medical.immunization", "status", "reported"),
            date=row["date"],
            badge=self._get_label("medical.immunization", "status", "refused") if refused else "",
            level="warning" if refused else "",
        )

    def _prepare_appointment(self, record_id, row):
        confirmed = row["state"] == "confirmed"
        return self._prepare_item(
            "calendar.event",
            record_id,
            row["name"] or self.env._("Appointment"),
            row["practitioner"],
            date=row["date"],
            badge=self._get_label("calendar.event", "appointment_state", "confirmed") if confirmed else "",
            level="success" if confirmed else "",
        )

    def _prepare_consultation(self, record_id, row):
        draft = row["state"] == "draft"
        return self._prepare_item(
            "medical.consultation",
            record_id,
            row["name"] or row["type"] or self.env._("Consultation"),
            row["name"] and row["type"],
            row["practitioner"],
            date=row["date"],
            badge=self._get_label("medical.consultation", "state", "draft") if draft else "",
            level="warning" if draft else "",
        )

    def _prepare_prescription(self, record_id, row):
        draft = row["state"] == "draft"
        return self._prepare_item(
            "medical.prescription",
            record_id,
            row["name"] or row["number"],
            row["practitioner"],
            date=row["date"],
            badge=self._get_label("medical.prescription", "state", "draft") if draft else "",
            level="warning" if draft else "",
        )

    @api.model
    def _prepare_statement(self, rows):
        """Return when and by whom something was asked and denied, the newest answer, or False."""
        if not rows:
            return False
        newest = max((data for __, __, data in rows), key=lambda data: data["date"])
        return {"on": self._to_client_datetime(newest["date"]), "by": newest["author"]}

    # === Measurements === #

    def _prepare_last_measurements(self, rows):
        """Return the last value of each type as people write it, flagged; pairs (blood pressure) in one row."""
        dates = {record_id: data["date"] for record_id, __, data in rows}
        values = {
            row.type_id.code: (row.type_id, row._get_text(), (row, dates[row.id]))
            for row in self.env["medical.measurement"].browse(dates)
            if row.type_id.active
        }
        return [
            self._prepare_measurement(name, text, mark, values) for name, text, mark in self._pair_measurements(values)
        ]

    def _prepare_measurement(self, name, text, mark, values):
        row, date = mark
        second = values.get(PAIRED.get(row.type_id.code))
        flags = [row.flag, second[2][0].flag if second and second[2][1] == date else False]
        # The worse of the two: critical ones sort first.
        flag = min(filter(None, flags), key=lambda flag: not flag.startswith("critical"), default="")
        level = "danger" if flag.startswith("critical") else "warning" if flag else ""
        label = self._get_label("medical.measurement", "flag", flag)
        return {
            **self._prepare_item("medical.measurement", row.id, name, label, date=date, level=level),
            "value": text,
        }

    @api.model
    def _pair_measurements(self, values):
        """Return ``[(name, value with unit, mark)]`` in the order of the types.

        :param dict values: ``{code: (type, value with unit, mark)}``; what belongs together has equal dates in its
            mark.
        """
        written, paired = [], self._get_paired_codes(values)
        for code, (kind, text, mark) in sorted(values.items(), key=lambda item: (item[1][0].sequence, item[1][0].id)):
            if PAIRED.get(code) in paired:
                first = text.removesuffix(f" {kind.unit_display or ''}")
                written.append((self.env._("Blood pressure"), f"{first}/{values[PAIRED[code]][1]}", mark))
            elif code not in paired:
                written.append((kind.name, text, mark))
        return written

    @api.model
    def _get_paired_codes(self, values):
        """Return the codes that are written beside their partner, so not by themselves."""
        return {
            second
            for first, second in PAIRED.items()
            if first in values
            and second in values
            and self._get_mark_date(values[first][2]) == self._get_mark_date(values[second][2])
        }

    @api.model
    def _get_mark_date(self, mark):
        return mark[1] if mark else None

    def _get_overview_preventions(self):
        """Return the items of what is due by age and sex."""
        return []

    # === Adding in place === #

    def add_chart_fact(self, kind, name, reference=False):
        """Add a fact to the chart from its cover sheet: typed words, or an entry of a catalogue.

        :param str kind: ``problem``, ``history``, ``allergy`` or ``treatment``.
        :param str name: what was typed; a catalogue entry brings its own label.
        :param int reference: id of a code, a substance or a drug.
        :return: id of the new fact.
        :raises UserError: without words.
        """
        self.ensure_one()
        models_by_kind = {
            "problem": ("medical.condition", "code_id", {"category": "problem"}),
            "history": ("medical.condition", "code_id", {"category": "medical_history"}),
            "allergy": ("medical.allergy", "substance_id", {}),
            "treatment": ("medical.treatment", "drug_id", {}),
        }
        if kind not in models_by_kind:
            raise UserError(self.env._("This is not added from here."))
        model, link, vals = models_by_kind[kind]
        name = " ".join(str(name or "").split())
        if not name:
            raise UserError(self.env._("Write what it is first."))
        vals = {**vals, "patient_id": self.id, "name": name}
        if reference:
            vals[link] = int(reference)
        return self.env[model].create(vals).id
