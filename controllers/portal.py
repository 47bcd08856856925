from odoo import fields, http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import content_disposition, request

PRESCRIPTION_REPORT = "medical_practice.action_report_prescription"


class MedicalPortal(CustomerPortal):
    """What a patient finds in the portal: his own appointments, his signed prescriptions as PDF, who opened his record.

    Everything is read with the patient's own rights: the record rules decide, not these pages.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        for counter, model, domain in (
            ("medical_appointment_count", "calendar.event", self._get_appointment_domain()),
            ("medical_prescription_count", "medical.prescription", self._get_prescription_domain()),
            ("medical_access_count", "medical.access.log", []),
        ):
            if counter in counters:
                documents = request.env[model]
                values[counter] = documents.search_count(domain) if documents.has_access("read") else 0
        return values

    def _get_appointment_domain(self):
        # The rules let a portal user read other events he is invited to: only his visits are listed here.
        appointments = request.env["calendar.event"]._get_portal_appointment_ids()
        return Domain("id", "in", appointments)

    def _get_prescription_domain(self):
        return Domain("state", "=", "signed")

    @http.route("/my/appointments", type="http", auth="user", website=True)
    def portal_my_appointments(self, **kw):
        domain = self._get_appointment_domain() & Domain("stop", ">=", fields.Datetime.now())
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "medical_appointments",
            "default_url": "/my/appointments",
            "appointments": request.env["calendar.event"].search(domain, order="start"),
        }
        return self._no_store(request.render("medical_practice.portal_my_appointments", values))

    @http.route(["/my/prescriptions", "/my/prescriptions/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_prescriptions(self, page=1, **kw):
        prescriptions = request.env["medical.prescription"]
        domain = self._get_prescription_domain()
        pager = portal_pager(
            url="/my/prescriptions",
            total=prescriptions.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        shown = prescriptions.search(domain, limit=self._items_per_page, offset=pager["offset"])
        shown._note_access("read")
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "medical_prescriptions",
            "default_url": "/my/prescriptions",
            "pager": pager,
            "prescriptions": shown,
        }
        return self._no_store(request.render("medical_practice.portal_my_prescriptions", values))

    @http.route("/my/prescriptions/<int:prescription_id>/pdf", type="http", auth="user", website=True)
    def portal_prescription_pdf(self, prescription_id, **kw):
        try:
            # The check is made with the patient's own rights; only then the paper is printed as the system.
            prescription = self._document_check_access("medical.prescription", prescription_id)
        except (AccessError, MissingError):
            raise request.not_found() from None
        return self._no_store(self._show_report(prescription, "pdf", PRESCRIPTION_REPORT, download=True))

    @http.route(["/my/record-accesses", "/my/record-accesses/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_accesses(self, page=1, **kw):
        accesses = request.env["medical.access.log"]
        pager = portal_pager(
            url="/my/record-accesses", total=accesses.search_count([]), page=page, step=self._items_per_page
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "medical_accesses",
            "default_url": "/my/record-accesses",
            "pager": pager,
            "accesses": accesses.search([], limit=self._items_per_page, offset=pager["offset"]),
        }
        return self._no_store(request.render("medical_practice.portal_my_accesses", values))

    def _get_http_headers(self, model, report_type, report, download):
        if model._name != "medical.prescription":
            return super()._get_http_headers(model, report_type, report, download)
        name = content_disposition(f"{model._get_report_file_name()}.pdf")
        return {"Content-Type": "application/pdf", "Content-Length": len(report), "Content-Disposition": name}

    def _no_store(self, response):
        """Keep health information out of the caches between the practice and the patient, and out of indexes."""
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response
