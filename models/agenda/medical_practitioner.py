import pytz

from odoo import fields, models


class MedicalPractitioner(models.Model):
    _inherit = "medical.practitioner"

    appointment_ids = fields.One2many(
        "calendar.event", "practitioner_id", "Appointments", groups="medical_practice.group_reception"
    )

    def _get_opening_intervals(self, start, stop):
        """Return ``{practitioner id: [[start, stop], ...]}``: working hours between two UTC datetimes, as UTC strings.

        Absences are not taken off: the agenda shows them by themselves. Without working hours: always open.
        """
        # Hours are no secret in the practice; the resource behind them is read past the ERP's own rules.
        start, stop = pytz.utc.localize(start), pytz.utc.localize(stop)
        result = {}
        for calendar, practitioners in self.sudo().grouped("resource_calendar_id").items():
            resources = practitioners.resource_id
            batch = calendar._attendance_intervals_batch(start, stop, resources) if calendar else {}
            for practitioner in practitioners:
                intervals = batch.get(practitioner.resource_id.id, [(start, stop, None)])
                result[practitioner.id] = [
                    [
                        fields.Datetime.to_string(bound.astimezone(pytz.utc).replace(tzinfo=None))
                        for bound in interval[:2]
                    ]
                    for interval in intervals
                ]
        return result

    def _is_within_hours(self, start, stop):
        """Tell whether the working hours cover the time between two UTC datetimes."""
        self.ensure_one()
        bounds = fields.Datetime.to_string(start), fields.Datetime.to_string(stop)
        intervals = self._get_opening_intervals(start, stop)[self.id]
        return any(interval[0] <= bounds[0] and interval[1] >= bounds[1] for interval in intervals)

    def _get_absences(self, start, stop):
        """Return their absences and those of the whole practice that touch the time between two UTC datetimes."""
        return self.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "in", [*self.resource_id.ids, False]),
                ("company_id", "in", [*self.company_id.ids, False]),
                ("date_from", "<", stop),
                ("date_to", ">", start),
            ]
        )
