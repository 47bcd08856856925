"""The public page behind the code of a prescription."""

import re
import unicodedata
from datetime import date

from babel.dates import get_month_names

from odoo import http
from odoo.addons.medical_practice.lib.text import fold, looks_like_date
from odoo.http import request

#: Nothing of this page is kept by anybody, listed anywhere, shown in a frame or told to the next site.
HEADERS = {
    "Cache-Control": "no-store, private",
    "Pragma": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}
#: Languages in which people write the name of a month.
MONTH_LOCALES = ("fr", "en")
MAX_INPUT = 60


def read_birthdate(text):
    """Return the date somebody typed, in figures or with the name of the month, else None."""
    text = unicodedata.normalize("NFKC", text or "").strip()[:MAX_INPUT]
    if found := looks_like_date(text):
        return found
    words = re.sub(r"\b(\d+)(?:er|st|nd|rd|th)\b", r"\1", fold(text)).split()
    numbers = [word for word in words if word.isdecimal()]
    months = [month for word in words if not word.isdecimal() for month in _months_named(word)]
    if len(numbers) != 2 or len(set(months)) != 1:
        return None
    day, year = sorted(numbers, key=len)
    return looks_like_date(f"{year}-{months[0]:02d}-{day}") if len(year) == 4 else None


def _months_named(word):
    """Return the numbers of the months a word may name, whole or by three letters and more."""
    if len(word) < 3:
        return []
    return [
        number
        for locale in MONTH_LOCALES
        for number, name in get_month_names("wide", locale=locale).items()
        if fold(name).startswith(word)
    ]


class PrescriptionVerification(http.Controller):
    """Tells whoever holds a prescription whether it is authentic; its lines only to who knows the birthdate too."""

    @http.route(
        "/prescription/verify/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        # A visitor has no session and nothing is written in anybody's name: no cookie is asked for.
        csrf=False,
        save_session=False,
        sitemap=False,
        readonly=False,
    )
    def verify(self, token, birthdate=None, **_ignored):
        """Show the state of the prescription; with a birthdate (POST only) its lines."""
        self._set_language()
        prescription = request.env["medical.prescription"]._find_by_token(token)
        if not prescription:
            return self._render({"status": "unknown"}, status=404)
        values = self._prepare_values(prescription)
        if request.httprequest.method == "POST":
            values.update(self._try(prescription, birthdate))
        return self._render(values)

    def _set_language(self):
        """Speak the visitor's language where it is installed."""
        installed = [code for code, _name in request.env["res.lang"].get_installed()]
        for tag in request.httprequest.accept_languages.values():
            wanted = tag.replace("-", "_")
            for match in (wanted, wanted.split("_")[0]):
                for code in installed:
                    if code == match or code.split("_")[0] == match:
                        request.update_context(lang=code)
                        return
        if "en_US" in installed:
            request.update_context(lang="en_US")

    def _prepare_values(self, prescription):
        """Return what anybody who holds the paper may read."""
        report = request.env["report.medical_practice.report_prescription"]
        paper, lang = prescription._get_paper(), request.env.lang or "en_US"
        return {
            "status": prescription._get_verification_status(),
            "paper": paper,
            "title": prescription.with_context(lang=lang)._get_paper_title(),
            "item_count": len(paper["lines"]),
            "date": report._format_date(prescription.date, lang),
            "valid_until": report._format_date(prescription.valid_until, lang),
            "cancelled_on": report._format_date(prescription._get_cancelled_day(), lang),
        }

    def _try(self, prescription, birthdate):
        """Return the outcome of a birthdate, and the lines where it is right."""
        found = read_birthdate(birthdate)
        if not isinstance(found, date):
            return {"outcome": "unreadable"}
        outcome = prescription._try_birthdate(found)
        if outcome != "right":
            return {"outcome": outcome}
        return {"outcome": outcome, "lines": prescription._get_paper()["lines"]}

    def _get_page_title(self):
        return request.env._("Check a prescription")

    def _render(self, values, status=200):
        # Made by the system for a visitor without rights: the values above are all it shows.
        lang_code = (request.env.lang or "en_US").replace("_", "-")
        common = {"outcome": None, "lines": None, "lang_code": lang_code, "page_title": self._get_page_title()}
        page = (
            request.env["ir.qweb"]
            .sudo()
            ._render("medical_practice.prescription_verification_page", {**common, **values})
        )
        return request.make_response(
            page, headers=[("Content-Type", "text/html; charset=utf-8"), *HEADERS.items()], status=status
        )
