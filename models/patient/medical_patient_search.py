from markupsafe import Markup

from odoo import api, fields, models
from odoo.addons.medical_practice.lib import text
from odoo.fields import Domain
from odoo.tools import SQL, format_date

#: Fewer digits than this are no part of a telephone number worth searching for.
MIN_PHONE_DIGITS = 4
#: Longer queries are no names; the rest is cut off.
MAX_QUERY_LENGTH = 200
#: Records compared in full with somebody being registered.
MAX_CANDIDATES = 50
#: Letters at the beginning of each name that two writings of it share.
BEGINNING_LENGTH = 3


class MedicalPatient(models.Model):
    """Finding a patient again, and finding out that he is registered already.

    ``search_key`` holds everything by which a patient is asked for, in the folded writing of ``lib.text``: a trigram
    index answers for any fragment of it, whatever the accents, the order or the spaces.
    """

    _name = "medical.patient"
    _inherit = "medical.patient"

    search_key = fields.Char(compute="_compute_search_key", store=True)
    duplicate_ids = fields.Many2many(
        "medical.patient",
        compute="_compute_duplicate_ids",
        context={"active_test": False},
        string="Likely Duplicates",
        help="Patients who look like the one being registered.",
    )

    duplicate_summary = fields.Html(compute="_compute_duplicate_summary")

    _search_key_idx = models.Index("USING gin (search_key gin_trgm_ops)")

    # === Search === #

    @api.depends("first_name", "last_name", "identifier", "health_number", "birthdate", "partner_id.phone")
    def _compute_search_key(self):
        for patient in self:
            patient.search_key = " ".join(filter(None, patient._get_search_key_parts()))

    def _get_search_key_parts(self):
        """Return the folded texts by which the patient is found; other addons add theirs."""
        self.ensure_one()
        birthdate = self.birthdate
        names = text.fold(self._format_name(self.first_name, self.last_name))
        identifier = text.fold(self.identifier)
        return [
            names,
            # “Jean-Noël” is asked for as “jeannoel”, “L'Écuyer” as “lecuyer”.
            text.fold(self.first_name).replace(" ", ""),
            text.fold(self.last_name).replace(" ", ""),
            identifier,
            identifier.replace(" ", ""),
            text.fold(self.health_number).replace(" ", ""),
            text.phone_digits(self.phone),
            birthdate and f"{birthdate:%Y %m %d} {birthdate:%d %m %Y}",
        ]

    @api.model
    def _search_display_name(self, operator, value):
        """Search names in any order and without accents, chart and health number, phone and birthdate."""
        if operator in ("ilike", "like") and isinstance(value, str):
            return self._get_search_domain(value)
        if operator == "in":
            names = [item for item in value if isinstance(item, str)]
            return Domain("name", "in", names) | Domain("identifier", "in", names)
        return NotImplemented

    @api.model
    def _get_search_domain(self, query):
        """Return the domain of the patients somebody means who typed ``query``: every reading of it, joined by OR."""
        query = query[:MAX_QUERY_LENGTH].strip()
        if not query:
            return Domain.TRUE
        words = text.fold(query).split()
        if not words:
            return Domain.FALSE
        domains = [Domain.AND([Domain("search_key", "like", word) for word in words])]
        if any(char.isdigit() for char in query):
            # A number is one word, however it is grouped: “TREM 8555 1234”, “P-00012”.
            domains.append(Domain("search_key", "like", "".join(words)))
        if birthdate := text.looks_like_date(query):
            domains.append(Domain("birthdate", "=", birthdate))
        digits = text.phone_digits(query)
        if len(digits) >= MIN_PHONE_DIGITS and not any(char.isalpha() for char in query):
            domains.append(Domain("search_key", "like", digits))
        return Domain.OR(domains)

    # === Duplicates === #

    @api.depends("first_name", "last_name", "birthdate", "sex", "health_number", "phone", "company_id")
    def _compute_duplicate_ids(self):
        changed = self.filtered(lambda patient: patient._is_identity_changed())
        (self - changed).duplicate_ids = False
        for patient, duplicates in changed._find_duplicates().items():
            patient.duplicate_ids = duplicates

    def _is_identity_changed(self):
        """Tell whether the identity is being entered or changed: a chart at rest is not compared again."""
        saved = self._origin
        names = ("first_name", "last_name", "birthdate", "health_number")
        return not saved or any(self[name] != saved[name] for name in names)

    def _find_duplicates(self):
        """Return ``{patient: likely duplicates, best first}`` among the patients the user may see.

        One query finds the candidates of all (same health number or birthdate, or names that begin alike), then
        :func:`~odoo.addons.medical_practice.lib.text.duplicate_score` decides.
        """
        ids_by_position = self._search_duplicate_candidates()
        ids = {candidate_id for ids in ids_by_position.values() for candidate_id in ids}
        # Archived charts are charts too. The search keeps the charts the user may see.
        candidates = self.env["medical.patient"].with_context(active_test=False).search([("id", "in", list(ids))])
        people = {candidate.id: candidate._as_person() for candidate in candidates}
        found = {}
        for position, patient in enumerate(self):
            person = patient._as_person()
            scores = {
                candidate_id: text.duplicate_score(person, people[candidate_id])
                for candidate_id in ids_by_position.get(position, ())
                if candidate_id in people
            }
            likely = [candidate_id for candidate_id, score in scores.items() if score >= text.DUPLICATE_LIKELY]
            found[patient] = candidates.browse(sorted(likely, key=scores.get, reverse=True))
        return found

    def _as_person(self):
        """Return what is compared when somebody may be registered already."""
        self.ensure_one()
        return text.Person(
            self.first_name or "",
            self.last_name or "",
            self.birthdate or None,
            self.sex if self.sex in ("female", "male") else "",
            self.health_number or "",
            self.phone or "",
        )

    def _search_duplicate_candidates(self):
        """Return ``{position in self: ids}`` of the patients worth comparing, the most similar first."""
        wanted = [row for position, patient in enumerate(self) if (row := patient._get_duplicate_row(position))]
        if not wanted:
            return {}
        self.env["medical.patient"].flush_model(["search_key", "birthdate", "health_number", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT wanted.position, found.id
                  FROM (VALUES %s) AS wanted
                       (position, own_id, company_id, names, beginnings, number, birthdate, turned)
                 CROSS JOIN LATERAL (
                       SELECT id, health_number = wanted.number AS same_number,
                              word_similarity(wanted.names, search_key) AS likeness
                         FROM medical_patient
                        WHERE company_id = wanted.company_id AND id != wanted.own_id
                          AND (health_number = wanted.number OR birthdate IN (wanted.birthdate, wanted.turned)
                               OR search_key LIKE ALL (wanted.beginnings))
                        ORDER BY same_number DESC NULLS LAST, likeness DESC, id
                        LIMIT %s) AS found
                """,
                SQL(", ").join(wanted),
                MAX_CANDIDATES,
            )
        )
        found = {}
        for position, candidate_id in rows:
            found.setdefault(position, []).append(candidate_id)
        return found

    def _get_duplicate_row(self, position):
        """Return the row of a person being looked for, or None when too little is known of him."""
        self.ensure_one()
        person = self._as_person()
        names = text.fold(self._format_name(person.first_name, person.last_name))[:MAX_QUERY_LENGTH]
        number = text.fold(person.health_number).replace(" ", "").upper()
        if not number and not (person.first_name and person.last_name):
            return None
        birthdate = person.birthdate
        # Day and month exchanged: a habit of another country.
        turned = birthdate and birthdate.day <= 12 and birthdate.replace(month=birthdate.day, day=birthdate.month)
        company = self.company_id or self.env.company
        # Without the birthdate only names that are nearly the same make a likely duplicate: they begin alike.
        beginnings = [f"%{word[:BEGINNING_LENGTH]}%" for word in names.split()] or [names]
        return SQL(
            "(%s, %s, %s, %s, %s::text[], %s, %s::date, %s::date)",
            position,
            self._origin.id or 0,
            company.id,
            names,
            beginnings,
            number or None,
            birthdate,
            turned or None,
        )

    @api.depends("duplicate_ids")
    def _compute_duplicate_summary(self):
        for patient in self:
            links = [duplicate._get_duplicate_link() for duplicate in patient.duplicate_ids]
            patient.duplicate_summary = Markup("<ul class='mb-0'>%s</ul>") % Markup("").join(links) if links else False

    def _get_duplicate_link(self):
        """Return a line that tells who a likely duplicate is, with a link that leaves the registration open."""
        self.ensure_one()
        facts = [self.birthdate and format_date(self.env, self.birthdate), self.health_number_display, self.phone]
        return Markup("<li><a href='/odoo/patients/%s' target='_blank'>%s</a> %s</li>") % (
            self._origin.id,
            f"{self.name} ({self.identifier})",
            " · ".join(filter(None, facts)),
        )
