import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Outside these hours an access is unusual, in the officer's time zone.
FIRST_HOUR, LAST_HOUR = 6, 22
#: Days around an access in which an appointment explains it.
APPOINTMENT_DAYS = 14
#: Patients whose records one person opens on an ordinary day, at most.
MANY_PATIENTS = 60

SIGNS = ("is_same_name", "is_night", "is_without_appointment", "is_many")


class MedicalAccessLog(models.Model):
    """What is unusual about an access: a sign to look closer, never a proof of anything."""

    _name = "medical.access.log"
    _inherit = "medical.access.log"

    is_same_name = fields.Boolean("Own family name", compute="_compute_signs", search="_search_is_same_name")
    is_night = fields.Boolean("At night", compute="_compute_signs", search="_search_is_night")
    is_without_appointment = fields.Boolean(
        "No appointment nearby", compute="_compute_signs", search="_search_is_without_appointment"
    )
    is_many = fields.Boolean("Many records that day", compute="_compute_signs", search="_search_is_many")
    signs = fields.Char("Unusual", compute="_compute_signs")

    @api.depends("user_id", "patient_id", "date")
    @api.depends_context("lang", "tz")
    def _compute_signs(self):
        found = {sign: self.search([("id", "in", self.ids), (sign, "=", True)]) for sign in SIGNS}
        labels = {sign: self._fields[sign]._description_string(self.env) for sign in SIGNS}
        for row in self:
            for sign in SIGNS:
                row[sign] = row in found[sign]
            row.signs = ", ".join(labels[sign] for sign in SIGNS if row[sign])

    def _search_sign(self, operator, value, condition):
        """Return the domain of rows for which an SQL condition on the alias holds."""
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return Domain.custom(to_sql=lambda _model, alias, _query: condition(SQL.identifier(alias)))

    def _search_is_same_name(self, operator, value):
        return self._search_sign(operator, value, self._get_same_name_condition)

    @api.model
    def _get_same_name_condition(self, row):
        return SQL(
            """EXISTS (SELECT FROM medical_patient p
                         JOIN res_users u ON u.id = %(row)s.user_id
                         JOIN res_partner c ON c.id = u.partner_id
                        WHERE p.id = %(row)s.patient_id
                          AND ' ' || lower(unaccent(c.name)) LIKE '%% ' || lower(unaccent(p.last_name)))""",
            row=row,
        )

    def _search_is_night(self, operator, value):
        return self._search_sign(operator, value, self._get_night_condition)

    @api.model
    def _get_night_condition(self, row):
        tz = self.env.tz.zone if self.env.tz in pytz.all_timezones else str(self.env.tz)
        hour = SQL("EXTRACT(HOUR FROM %s.date AT TIME ZONE 'UTC' AT TIME ZONE %s)", row, tz)
        return SQL("(%s < %s OR %s >= %s) AND %s.role <> 'system'", hour, FIRST_HOUR, hour, LAST_HOUR, row)

    def _search_is_without_appointment(self, operator, value):
        return self._search_sign(operator, value, self._get_without_appointment_condition)

    @api.model
    def _get_without_appointment_condition(self, row):
        return SQL(
            """%(row)s.patient_id IS NOT NULL AND %(row)s.context = 'care' AND NOT EXISTS (
                   SELECT FROM calendar_event e
                    WHERE e.patient_id = %(row)s.patient_id
                      AND e.start BETWEEN %(row)s.date - make_interval(days => %(days)s)
                                      AND %(row)s.date + make_interval(days => %(days)s))""",
            row=row,
            days=APPOINTMENT_DAYS,
        )

    def _search_is_many(self, operator, value):
        return self._search_sign(operator, value, self._get_many_condition)

    @api.model
    def _get_many_condition(self, row):
        return SQL(
            """%(row)s.role <> 'system' AND (
                   SELECT count(DISTINCT day.patient_id) FROM medical_access_log day
                    WHERE day.user_id = %(row)s.user_id
                      AND day.date >= date_trunc('day', %(row)s.date)
                      AND day.date < date_trunc('day', %(row)s.date) + interval '1 day') > %(many)s""",
            row=row,
            many=MANY_PATIENTS,
        )
