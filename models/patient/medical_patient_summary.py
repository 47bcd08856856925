from odoo import fields, models
from odoo.tools import format_date


class MedicalPatient(models.Model):
    """The summary of a chart on paper, in the patient's language: what the next one who treats the patient needs."""

    _name = "medical.patient"
    _inherit = "medical.patient"

    def action_print_summary(self):
        """Print the summary of the chart."""
        self._check_chart_access()
        return self.env.ref("medical_practice.medical_patient_summary_report").report_action(self, config=False)

    def _get_summary_file_name(self):
        """Return the name of the file: the chart number only, because file names travel."""
        self.ensure_one()
        return self.env._("summary %(number)s", number=self.identifier or self.id)

    def _get_summary_lang(self):
        self.ensure_one()
        return self.lang or self.env.lang or "en_US"

    def _get_summary_frame(self):
        """Return what stands on every page: see ``ir.actions.report._lay_frame``."""
        self.ensure_one()
        patient = self.with_context(lang=self._get_summary_lang())
        born = (
            patient.env._("born %(date)s", date=patient._format_summary_day(self.birthdate)) if self.birthdate else ""
        )
        chart = patient.env._("chart %(number)s", number=self.identifier) if self.identifier else ""
        # The name of the practice, whatever the user may read of companies.
        practice = patient.company_id.sudo().name
        return {
            "lang": patient.env.lang,
            "foot": " · ".join(filter(None, [patient.name, born, chart])),
            "head": " · ".join([practice, patient.env._("Summary of the Chart"), patient._get_summary_date()]),
            "stamp": "",
        }

    def _get_summary_date(self):
        return self._format_summary_day(fields.Date.context_today(self))

    def _format_summary_day(self, value):
        """Return a day, or the day of a moment where the user is, as people of the paper's language write it."""
        if not value:
            return ""
        if isinstance(value, str):
            if len(value) > 10:
                value = fields.Datetime.context_timestamp(self, fields.Datetime.to_datetime(value))
            else:
                value = fields.Date.to_date(value)
        return format_date(self.env, value, date_format="d MMM y")

    def _prepare_summary(self):
        """Return everything the paper says as plain texts, in the language of the patient.

        :raises AccessError: for those who may not read this chart.
        """
        self.ensure_one()
        patient = self.with_context(lang=self._get_summary_lang(), chart_all_rows=True)
        boxes, banner = patient.get_chart_overview(), patient._get_banner()[self.id]
        return {
            "lang": patient.env.lang,
            "date": patient._get_summary_date(),
            "practice": patient._prepare_summary_practice(),
            "practitioner": banner["practitioner"] or "",
            "name": banner["name"],
            "birthdate": patient._format_summary_day(self.birthdate),
            "age": banner["age"],
            "sex": banner["sex"],
            "deceased_on": patient._format_summary_day(self.deceased_on),
            "contact": patient._get_summary_contact(banner),
            "alert": banner["alert"],
            "sections": patient._prepare_summary_sections(boxes, banner),
        }

    def _prepare_summary_practice(self):
        # The paper shows what the practice stands for, whatever the person who prints may read of companies.
        company = self.company_id.sudo()
        address = company.partner_id._display_address(without_company=True)
        return {
            "name": company.name,
            "address": [line.strip() for line in address.splitlines() if line.strip()],
            "phone": company.phone or "",
            "email": company.email or "",
        }

    def _get_summary_contact(self, banner):
        chart = self.identifier and self.env._("chart %(number)s", number=self.identifier)
        card = banner["health_number"] and self.env._("health no. %(number)s", number=banner["health_number"])
        address = ", ".join(filter(None, [self.street, self.street2, self.city, self.zip]))
        return " · ".join(filter(None, [chart, card, banner["phone"], address]))

    def _prepare_summary_sections(self, boxes, banner):
        """Return the sections in the order of the paper; what was never asked says so."""
        _ = self.env._
        not_asked = _("Not asked.")
        sections = [
            (_("Allergies"), "allergies", self._get_denied_text(boxes["allergies"], _("No known allergy"), not_asked)),
            (_("Problems"), "problems", _("Nothing recorded.")),
            (
                _("Treatments"),
                "treatments",
                self._get_denied_text(boxes["treatments"], _("No long-term treatment"), not_asked),
            ),
            (_("History"), "history", _("Nothing recorded.")),
            (_("Immunizations"), "immunizations", _("Nothing recorded.")),
            (_("Last Measurements"), "measurements", _("Nothing recorded.")),
            (_("Preventions Due"), "preventions", ""),
            (_("Next Appointments"), "appointments", ""),
        ]
        prepared = [
            {"title": title, "rows": [self._prepare_summary_row(item) for item in boxes[box]["items"]], "empty": empty}
            for title, box, empty in sections
        ]
        prepared[1:1] = self._prepare_summary_status(banner)
        return [section for section in prepared if section["rows"] or section["empty"]]

    def _prepare_summary_status(self, banner):
        """Return the section about pregnancy and breastfeeding, for those whom it concerns."""
        rows = []
        for status, title in (("pregnancy", self.env._("Pregnant")), ("breastfeeding", self.env._("Breastfeeding"))):
            if stated := banner[status]:
                due = stated["expected"] and self.env._(
                    "due %(date)s", date=self._format_summary_day(stated["expected"])
                )
                rows.append(self._prepare_summary_row(self._prepare_item("", 0, title, due, date=stated["on"])))
        return [{"title": self.env._("Pregnancy and Breastfeeding"), "rows": rows, "empty": ""}] if rows else []

    def _prepare_summary_row(self, item):
        return {**item, "date": self._format_summary_day(item["date"])}

    def _get_denied_text(self, box, denied, not_asked):
        """Return what stands where a list is empty: what was denied, when and to whom, or that nobody asked."""
        if not box["statement"]:
            return not_asked
        day = self._format_summary_day(box["statement"]["on"])
        return f"{denied} ({', '.join(filter(None, [day, box['statement']['by']]))})"
