import re
from contextlib import contextmanager
from datetime import datetime, timedelta

from psycopg2.errors import ExclusionViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import format_date, format_time, is_html_empty

APPOINTMENT_STATES = [
    ("booked", "Booked"),
    ("confirmed", "Confirmed"),
    ("arrived", "Arrived"),
    ("in_progress", "In Progress"),
    ("done", "Done"),
    ("no_show", "No-show"),
    ("cancelled", "Cancelled"),
]

PRACTICE = "medical_practice.group_reception"

#: States of an appointment that took place or was missed: it is neither deleted nor dragged along by a series.
HAPPENED = ("arrived", "in_progress", "done", "no_show")

#: Set by the appointment itself, so that it says nothing outside the practice; nobody else writes them.
NEUTRAL_FIELDS = {"name", "user_id", "partner_ids", "attendee_ids", "privacy", "alarm_ids", "allday", "start_date"} | {
    "stop_date",
    "activity_ids",
    "res_id",
    "res_model",
    "res_model_id",
}

#: Free text of a calendar event, which synchronisation and invitations carry away: empty on an appointment.
OUTWARD_TEXTS = ("description", "notes", "location", "videocall_location")

#: What makes an appointment take time from somebody or a place from somebody else.
SLOT_FIELDS = {
    "active",
    "appointment_state",
    "appointment_type_id",
    "duration",
    "overbooked",
    "practitioner_id",
    "recurrence_update",
    "recurrency",
    "room_id",
    "start",
    "stop",
}

#: The context in which Odoo's calendar does its work for an appointment: no mail, no alarm, no chatter, no contacts.
SILENCE = {
    "dont_notify": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "skip_contact_description": True,
    "tracking_disable": True,
}

#: Appointments that hold their time; the others free it.
_HOLDS_ITS_TIME = (
    "patient_id IS NOT NULL AND active AND overbooked IS NOT TRUE AND appointment_state NOT IN ('cancelled', 'no_show')"
)

_RANGE = re.compile(r'=\((\d+), \["?([^",]+)"?,"?([^")]+)"?\)\)')


class CalendarEvent(models.Model):
    """An event of the agenda; with a patient it is an *appointment*.

    An appointment is seen by the practice only and says nothing outside: its stored name is neutral, the patient is
    no attendee, its description stays empty, and nobody is written to. Its ``display_name`` names the patient, to
    people of the practice alone. What holds it is here; how the day moves it on is in ``calendar_event_flow``.
    """

    _inherit = "calendar.event"

    # === Appointment === #
    # Copied by ``copy_data``, for appointments alone: whoever duplicates a meeting may not even read them.
    patient_id = fields.Many2one(
        "medical.patient", copy=False, index="btree_not_null", ondelete="restrict", groups=PRACTICE
    )
    practitioner_id = fields.Many2one(
        "medical.practitioner", copy=False, index="btree_not_null", ondelete="restrict", groups=PRACTICE
    )
    # Not for the practice alone as its neighbours: Odoo's own invitations of meetings ask every event for this name.
    # The record rules hide appointments, so that an outsider only ever reads it empty.
    appointment_type_id = fields.Many2one(
        "medical.appointment.type", copy=False, ondelete="restrict", groups="base.group_user"
    )
    room_id = fields.Many2one("medical.room", copy=False, index="btree_not_null", ondelete="restrict", groups=PRACTICE)
    appointment_company_id = fields.Many2one(
        related="patient_id.company_id", store=True, index="btree_not_null", groups=PRACTICE, string="Practice"
    )
    appointment_state = fields.Selection(
        APPOINTMENT_STATES, copy=False, index="btree_not_null", groups=PRACTICE, string="Status", group_expand=True
    )
    overbooked = fields.Boolean(
        "Overbook",
        copy=False,
        groups=PRACTICE,
        help="Book on purpose over another appointment of the practitioner or the room.",
    )
    appointment_note = fields.Char(
        "Note", copy=False, groups=PRACTICE, help="For the practice only, such as “calls from the parking lot”."
    )
    booking_warning = fields.Text(compute="_compute_booking_warning", groups=PRACTICE)

    # === What it leads to === #
    consultation_id = fields.Many2one(
        "medical.consultation", copy=False, index="btree_not_null", ondelete="set null", groups=PRACTICE
    )

    _appointment_complete = models.Constraint(
        "CHECK (patient_id IS NULL OR"
        " (practitioner_id IS NOT NULL AND appointment_state IS NOT NULL AND stop > start))",
        "An appointment has a practitioner, a status, and ends after it starts.",
    )
    _practitioner_free = models.Constraint(
        f"EXCLUDE USING gist (practitioner_id WITH =, tsrange(start, stop) WITH &&) WHERE ({_HOLDS_ITS_TIME})",
        lambda env, diagnostics: env["calendar.event"]._get_double_booking_message(diagnostics),
    )
    _room_free = models.Constraint(
        f"EXCLUDE USING gist (room_id WITH =, tsrange(start, stop) WITH &&) WHERE ({_HOLDS_ITS_TIME})",
        lambda env, diagnostics: env["calendar.event"]._get_double_booking_message(diagnostics),
    )

    # === Defaults and names === #

    @api.model
    def default_get(self, fields):
        """Complete a new appointment with practitioner, type and length (context key ``default_appointment_state``)."""
        values = super().default_get(fields)
        context = self.env.context
        if context.get("default_appointment_state") and self.env.user.has_group(PRACTICE):
            # The calendar's own end, an hour from now, gives way to the length of the type.
            given = {
                name: value
                for name, value in values.items()
                if name not in ("stop", "duration") or context.get(f"default_{name}")
            }
            completed = self._complete_appointment_slot({**self._get_appointment_context_defaults(), **given})
            values.update({name: value for name, value in completed.items() if name in fields})
        return values

    @api.depends("patient_id.name", "appointment_type_id.name")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        """Name the patient and the type, to the people of the practice only."""
        appointments = self.browse()
        if self.env.user.has_group(PRACTICE):
            appointments = self.filtered("patient_id")
        super(CalendarEvent, self - appointments)._compute_display_name()
        for event in appointments:
            event.display_name = " · ".join(filter(None, [event.patient_id.name, event.appointment_type_id.name]))

    def _search_display_name(self, operator, value):
        domain = Domain(super()._search_display_name(operator, value))
        if not self.env.user.has_group(PRACTICE):
            return domain
        by_patient = Domain("patient_id.display_name", operator, value)
        return domain & by_patient if operator in Domain.NEGATIVE_OPERATORS else domain | by_patient

    def get_formview_id(self, access_uid=None):
        """Open an appointment in the form of the practice, wherever it is opened from."""
        if len(self) == 1 and self._get_appointments() and self.env.user.has_group(PRACTICE):
            return self.env.ref("medical_practice.calendar_event_view_form_appointment").id
        return super().get_formview_id(access_uid=access_uid)

    # === Warnings === #

    @api.depends("start", "stop", "practitioner_id", "room_id", "patient_id", "overbooked", "appointment_state")
    def _compute_booking_warning(self):
        self.booking_warning = False
        for event in self:
            if event.patient_id and event.start and event.stop and event.appointment_state in ("booked", "confirmed"):
                event.booking_warning = "\n".join(event._get_booking_warnings()) or False

    def _get_booking_warnings(self):
        """Return sentences about what is unusual with the time of the appointment; none of them forbids it."""
        self.ensure_one()
        return [*self._get_overlap_warnings(), *self._get_hours_warnings()]

    def _get_overlap_warnings(self):
        others = self.search(
            Domain("id", "!=", self._origin.id)
            & Domain("start", "<", self.stop)
            & Domain("stop", ">", self.start)
            & Domain("appointment_state", "not in", ["cancelled", "no_show"])
            & (
                Domain("patient_id", "=", self.patient_id.id)
                | Domain("practitioner_id", "=", self.practitioner_id.id)
                | (Domain("room_id", "!=", False) & Domain("room_id", "=", self.room_id.id))
            )
            & Domain("patient_id", "!=", False)
        )
        warnings = []
        for other in others:
            values = {"time": other._format_slot(other.start, other.stop), "practitioner": other.practitioner_id.name}
            if other.patient_id == self.patient_id:
                warnings.append(
                    self.env._("The patient has another appointment %(time)s with %(practitioner)s.", **values)
                )
            if other.practitioner_id == self.practitioner_id:
                warnings.append(self.env._("%(practitioner)s has another appointment %(time)s.", **values))
            elif other.room_id and other.room_id == self.room_id:
                warnings.append(self.env._("%(room)s is taken %(time)s.", room=other.room_id.name, **values))
        return warnings

    def _get_hours_warnings(self):
        practitioner = self.practitioner_id
        if not practitioner.resource_id:
            return []
        absences = practitioner._get_absences(self.start, self.stop)
        if absences:
            reason = absences[0].name or self.env._("no reason given")
            return [self.env._("%(name)s is absent (%(reason)s).", name=practitioner.name, reason=reason)]
        if not practitioner._is_within_hours(self.start, self.stop):
            return [self.env._("Outside the hours of %(name)s.", name=practitioner.name)]
        return []

    # === Constraints === #

    @api.constrains("patient_id", "practitioner_id", "room_id", "appointment_type_id")
    def _check_appointment_parties(self):
        # Whoever may write the appointment: that its parties belong together is read past the record rules.
        for event in self._get_appointments():
            company = event.patient_id.company_id
            if event.practitioner_id.company_id - company or event.room_id.company_id - company:
                raise ValidationError(
                    self.env._(
                        "Practitioner and room belong to the practice of the patient, %(name)s.", name=company.name
                    )
                )
            kind = event.appointment_type_id
            if kind.practitioner_ids and event.practitioner_id not in kind.practitioner_ids:
                raise ValidationError(
                    self.env._(
                        "%(practitioner)s does not offer “%(type)s”. Choose another type, or one of: %(others)s.",
                        practitioner=event.practitioner_id.name,
                        type=kind.name,
                        others=", ".join(kind.practitioner_ids.mapped("name")),
                    )
                )

    @api.model
    def _check_booking_role(self, vals_list):
        """Refuse the types that the user's role does not book; code that acts as the practice itself is free.

        :raises ValidationError: naming who books the type.
        """
        # No ``api.constrains``: those run as superuser, and the question is who books.
        kinds = self.env["medical.appointment.type"].browse({vals.get("appointment_type_id") for vals in vals_list})
        for kind in kinds.filtered("id") if not self.env.su else ():
            if not kind._may_be_booked_by(self.env.user):
                raise ValidationError(
                    self.env._(
                        "“%(type)s” is booked by: %(role)s. Ask one of them, or choose another type.",
                        type=kind.name,
                        role=kind._get_booking_role_label(),
                    )
                )

    @contextmanager
    def _booking_guard(self):
        """Turn the refusal of the database, which no parallel request can beat, into a sentence.

        :raises ValidationError: if the practitioner or the room is taken.
        """
        try:
            with self.env.cr.savepoint():
                yield
        except ExclusionViolation as error:
            raise ValidationError(self._get_double_booking_message(error.diag)) from error

    @api.model
    def _get_double_booking_message(self, diagnostics):
        """Return who or what is taken when, from PostgreSQL's account of the two rows that collide."""
        ranges = _RANGE.findall((diagnostics and diagnostics.message_detail) or "")
        room = bool(diagnostics and diagnostics.constraint_name and "room" in diagnostics.constraint_name)
        if len(ranges) != 2:
            return self.env._("This time is taken. Choose another one, or tick “Overbook” to book it on purpose.")
        ident, start, stop = ranges[1]
        record = self.env["medical.room" if room else "medical.practitioner"].browse(int(ident))
        values = {
            # The refused person may lack the right to read the row; its name is that of a colleague or of a room.
            "name": record.sudo().name,
            "time": self._format_slot(datetime.fromisoformat(start), datetime.fromisoformat(stop)),
        }
        if room:
            return self.env._(
                "%(name)s is taken %(time)s. Choose another time or room, or tick “Overbook” to book it on purpose.",
                **values,
            )
        return self.env._(
            "%(name)s already has an appointment %(time)s. "
            "Choose another time, or tick “Overbook” to book it on purpose.",
            **values,
        )

    @api.model
    def _format_slot(self, start, stop):
        """Return “on 11/23/2026, from 9:00 AM to 9:20 AM” in the user's language and time zone."""
        tz = self.env.context.get("tz") or self.env.user.tz
        return self.env._(
            "on %(day)s, from %(start)s to %(stop)s",
            day=format_date(self.env, fields.Datetime.context_timestamp(self.with_context(tz=tz), start).date()),
            start=format_time(self.env, start, tz=tz, time_format="short"),
            stop=format_time(self.env, stop, tz=tz, time_format="short"),
        )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        defaults = self._get_appointment_context_defaults()
        booked, others = [], []
        for vals in vals_list:
            (booked if vals.get("patient_id", defaults.get("patient_id")) else others).append(vals)
        if not booked:
            return super().create(vals_list)
        events = super().create(others) if others else self.browse()
        # The rows that free a time are written before those that take it.
        self.env.flush_all()
        # The context is replaced, not completed: no default of the screen behind may reach the appointment.
        silent = self.with_context(self._get_silent_context())  # pylint: disable=context-overridden
        with self._booking_guard():
            appointments = super(CalendarEvent, silent).create(
                silent._prepare_appointments_vals([{**defaults, **vals} for vals in booked])
            )
        made = {True: iter(appointments.with_env(self.env)), False: iter(events)}
        in_order = (next(made[bool(vals.get("patient_id", defaults.get("patient_id")))]) for vals in vals_list)
        return self.browse().concat(*in_order)

    def write(self, vals):
        appointments = self._get_appointments()
        if not appointments:
            self._check_stays_meeting(vals)
            return super().write(vals)
        # Their own right on them again: only the question "is it an appointment?" was asked past the rules.
        appointments = self.browse(appointments.ids)
        others = self - appointments
        if others:
            others.write(dict(vals))
        return appointments._write_appointments(dict(vals))

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        appointments = self.browse(self._get_appointments().ids)
        for event, vals in zip(self, vals_list, strict=True):
            if event in appointments:
                vals.update({**event._prepare_copied_appointment_vals(), **(default or {})})
        return vals_list

    def _prepare_copied_appointment_vals(self):
        """Return what a copy, or the next one of a series, has of the appointment; its state begins anew."""
        self.ensure_one()
        return {
            "patient_id": self.patient_id.id,
            "practitioner_id": self.practitioner_id.id,
            "appointment_type_id": self.appointment_type_id.id,
            "room_id": self.room_id.id,
            "overbooked": self.overbooked,
            "appointment_note": self.appointment_note,
        }

    def _write_appointments(self, vals):
        self.check_access("write")
        self._check_series(vals)
        vals = self._prepare_appointment_write_vals(vals)
        silent = self.with_context(**SILENCE)
        if not vals.keys() & SLOT_FIELDS:
            return super(CalendarEvent, silent).write(vals)
        with self._booking_guard():
            return super(CalendarEvent, silent).write(vals)

    def _check_series(self, vals):
        """Refuse to move a series whose appointments took place: Odoo would put new ones in their stead.

        :raises UserError: telling to change the following ones only.
        """
        scope = vals.get("recurrence_update")
        moved = vals.keys() & (self._get_time_fields() | self._get_recurrent_fields() | {"recurrency", "duration"})
        if scope not in ("all_events", "future_events") or not moved:
            return
        events = self.recurrence_id.calendar_event_ids
        if scope == "future_events":
            events = events.filtered(lambda event: event.start >= self[:1].start)
        if any(event.appointment_state in HAPPENED for event in events):
            raise UserError(
                self.env._("Some appointments of this series took place. Choose “This and following events” instead.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_happened(self):
        for event in self._get_appointments():
            if event.consultation_id or event.appointment_state in HAPPENED:
                raise UserError(
                    self.env._("This appointment took place or was missed: it stays in the agenda. Cancel it instead.")
                )

    def _get_appointments(self):
        """Return those of the events that are appointments, in superuser mode.

        Every employee writes meetings of his own: whether one is an appointment is a fact he need not be able to read.
        """
        return self.sudo().filtered("patient_id")

    def _check_stays_meeting(self, vals):
        if vals.get("patient_id"):
            raise UserError(self.env._("A meeting does not become an appointment: book a new appointment instead."))

    # === Preparing values === #

    @api.model
    def _get_silent_context(self):
        """Return the context in which appointments are created: nothing is sent, nothing is taken from the screen."""
        context = {key: value for key, value in self.env.context.items() if not key.startswith(("default_", "active_"))}
        return {**context, **SILENCE}

    @api.model
    def _get_appointment_context_defaults(self):
        names = (
            *("patient_id", "practitioner_id", "appointment_type_id", "room_id", "start", "stop", "duration"),
            *("overbooked", "appointment_note"),
        )
        context = self.env.context
        return {name: context[f"default_{name}"] for name in names if context.get(f"default_{name}")}

    @api.model
    def _prepare_appointments_vals(self, vals_list):
        """Return the values to create appointments with: complete, and silent about the patient."""
        self._check_field_access(self._fields["patient_id"], "write")
        patients = self.env["medical.patient"].browse({vals["patient_id"] for vals in vals_list})
        patients.mapped("company_id")
        prepared = [self._prepare_appointment_vals(vals) for vals in vals_list]
        self._check_booking_role(prepared)
        return prepared

    @api.model
    def _prepare_appointment_vals(self, vals):
        """Complete the values of one appointment and make them neutral."""
        self._check_no_outward_text(vals)
        company = self.env["medical.patient"].browse(vals["patient_id"]).company_id
        vals = {name: value for name, value in vals.items() if name not in NEUTRAL_FIELDS}
        vals = self._complete_appointment_slot(vals)
        practitioner = self.env["medical.practitioner"].browse(vals.get("practitioner_id"))
        return {
            **vals,
            **self._prepare_neutral_vals(company),
            **self._prepare_practitioner_vals(practitioner),
            "appointment_state": vals.get("appointment_state") or "booked",
        }

    @api.model
    def _complete_appointment_slot(self, vals):
        """Add practitioner, type and end: the practitioner's own, the current one's, the patient's usual one's."""
        vals = dict(vals)
        practitioner = self.env["medical.practitioner"].browse(vals.get("practitioner_id") or False)
        if not practitioner:
            practitioner = self.env["medical.practitioner"]._get_current()
        if not practitioner and vals.get("patient_id"):
            practitioner = self.env["medical.patient"].browse(vals["patient_id"]).practitioner_id
        vals["practitioner_id"] = practitioner.id
        kind = self.env["medical.appointment.type"].browse(vals.get("appointment_type_id") or False)
        kind = kind or practitioner.default_appointment_type_id
        vals["appointment_type_id"] = kind.id
        start = fields.Datetime.to_datetime(vals.get("start")) or self._default_start()
        stop = fields.Datetime.to_datetime(vals.get("stop"))
        hours = vals.get("duration") or kind.duration or 0.5
        stop = stop or start + timedelta(minutes=round(hours * 60))
        vals.update(start=start, stop=stop, duration=round((stop - start).total_seconds() / 3600, 4))
        return vals

    @api.model
    def _prepare_neutral_vals(self, company):
        """Return what an appointment shows to whoever is not of the practice, and to machines: a time, no more."""
        return {
            "name": self._get_neutral_name(company),
            "allday": False,
            "privacy": "confidential",
            "alarm_ids": [Command.clear()],
            "activity_ids": [],
            "res_id": False,
            "res_model_id": False,
            **dict.fromkeys(OUTWARD_TEXTS, False),
        }

    @api.model
    def _get_neutral_name(self, company):
        """Return the name that is stored, in the language of the practice."""
        # The language of the practice is no secret, whoever books.
        lang = company.sudo().partner_id.lang or self.env.lang
        return self.with_context(lang=lang).env._("Appointment")

    @api.model
    def _prepare_practitioner_vals(self, practitioner):
        """Return who the calendar shows the appointment to: the practitioner, and never the patient."""
        return {
            "partner_ids": [Command.set(practitioner.partner_id.ids)],
            "user_id": practitioner.user_id.id,
        }

    def _prepare_appointment_write_vals(self, vals):
        """Keep what may change on appointments, and follow it where the calendar needs it."""
        self._check_no_outward_text(vals)
        if "patient_id" in vals and not vals["patient_id"]:
            raise UserError(self.env._("An appointment keeps its patient: cancel it instead."))
        vals = {name: value for name, value in vals.items() if name not in NEUTRAL_FIELDS}
        if vals.get("practitioner_id"):
            practitioner = self.env["medical.practitioner"].browse(vals["practitioner_id"])
            vals.update(self._prepare_practitioner_vals(practitioner))
        if vals.get("appointment_type_id") and not vals.keys() & {"stop", "duration"}:
            vals["duration"] = self.env["medical.appointment.type"].browse(vals["appointment_type_id"]).duration
        if vals.get("appointment_type_id"):
            self._check_booking_role([vals])
        if "appointment_state" in vals:
            vals.update(self._prepare_state_vals(vals["appointment_state"]))
        return vals

    @api.model
    def _check_no_outward_text(self, vals):
        if any(not is_html_empty(vals.get(name)) for name in OUTWARD_TEXTS):
            raise UserError(
                self.env._(
                    "An appointment carries no description, place or link: they leave with invitations and "
                    "synchronised calendars. Write in its note, which stays in the practice."
                )
            )

    @api.onchange("appointment_type_id")
    def _onchange_appointment_type_id(self):
        if self.appointment_type_id and self.start:
            self.duration = self.appointment_type_id.duration
            self.stop = self.start + timedelta(minutes=round(self.duration * 60))

    @api.onchange("practitioner_id")
    def _onchange_practitioner_id(self):
        default = self.practitioner_id.default_appointment_type_id
        if default and not self.appointment_type_id:
            self.appointment_type_id = default

    # === Silence === #

    def _skip_send_mail_status_update(self):
        return bool(self._get_appointments()) or super()._skip_send_mail_status_update()

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """Nobody is notified of anything on an appointment, whatever is posted on it."""
        if self._get_appointments():
            return []
        return super()._notify_thread(message, msg_vals=msg_vals, **kwargs)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Ask who may write an appointment before its messages are read.

        Odoo's calendar reads each event first, which fails on those the user must not know of.
        """
        appointments = self.browse(self._get_appointments().ids)
        operations = super(CalendarEvent, self - appointments)._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        return {**operations, **dict.fromkeys(appointments, "write")}

    def _track_prepare(self, fields_iter):
        """An appointment leaves no trace in the discussion tables, which are no part of the record."""
        return super(CalendarEvent, self - self.browse(self._get_appointments().ids))._track_prepare(fields_iter)

    def _setup_alarms(self):
        return super(CalendarEvent, self - self.browse(self._get_appointments().ids))._setup_alarms()

    def action_sendmail(self):
        if self._get_appointments():
            raise UserError(self.env._("Nobody is written to about an appointment."))
        return super().action_sendmail()

    def action_open_composer(self):
        if self._get_appointments():
            raise UserError(self.env._("Nobody is written to about an appointment."))
        return super().action_open_composer()

    def _create_videocall_channel(self):
        if self._get_appointments():
            raise AccessError(self.env._("An appointment has no video call."))
        return super()._create_videocall_channel()

    # === Agenda === #

    @api.model
    def get_agenda_setup(self, start, stop):
        """Return what the agenda shows between two UTC datetimes: practitioners, their hours and absences, rooms.

        :raises AccessError: outside the practice.
        """
        self.env["medical.practitioner"].check_access("read")
        start, stop = fields.Datetime.to_datetime(start), fields.Datetime.to_datetime(stop)
        practitioners = self.env["medical.practitioner"].search(
            [("company_id", "in", [*self.env.companies.ids, False])]
        )
        hours = practitioners._get_opening_intervals(start, stop)
        absences = practitioners._get_absences(start, stop)
        return {
            "practitioners": [
                {
                    "id": practitioner.id,
                    "name": practitioner.name,
                    "color": practitioner.color,
                    "hours": hours[practitioner.id],
                    "absences": [
                        {
                            "start": fields.Datetime.to_string(absence.date_from),
                            "stop": fields.Datetime.to_string(absence.date_to),
                            "name": absence.name or self.env._("Absent"),
                        }
                        for absence in absences
                        if absence.resource_id in (practitioner.resource_id, absence.resource_id.browse())
                    ],
                }
                for practitioner in practitioners
            ],
            # Every room of the practice is a filter of the agenda: there are a handful.
            "rooms": self.env["medical.room"].search_read([], ["name", "color"]),  # pylint: disable=no-search-all
        }
