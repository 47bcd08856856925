from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.addons.medical_practice.lib import ages
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

SEXES = [("female", "Female"), ("male", "Male"), ("other", "Other"), ("unknown", "Unknown")]
BLOOD_GROUPS = [(group, group) for group in ("O-", "O+", "A-", "A+", "B-", "B+", "AB-", "AB+")]

#: Nobody has lived longer; an older birthdate is a slip of the keyboard.
MAX_AGE_YEARS = 130
#: No name is longer; what is was pasted by mistake, and the index of the search has its limits.
MAX_NAME_LENGTH = 120
AGE_OPERATORS = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}


class MedicalPatient(models.Model):
    """A patient of the practice.

    The contact behind it (``partner_id``) keeps name, address, phone and e-mail; what is clinical stays here, because
    every employee of an ERP can read contacts. The contact of a patient is hidden from whoever is neither in the
    practice nor in billing (see ``res.partner.is_patient``).

    First and last name are those of the chart; the contact's name is made of them (``_format_name``), and a contact
    renamed elsewhere brings its new name back here. A chart stays with the contact it was opened on.
    """

    _name = "medical.patient"
    _description = "Patient"
    _inherit = ["mail.thread", "mail.activity.mixin", "medical.audited.mixin"]
    _inherits = {"res.partner": "partner_id"}
    _order = "last_name, first_name, id"
    _check_company_auto = True

    # === Identity === #
    partner_id = fields.Many2one(
        "res.partner", required=True, ondelete="restrict", index=True, string="Contact of the Patient"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, string="Practice"
    )
    active = fields.Boolean(default=True)
    identifier = fields.Char("Chart Number", readonly=True, copy=False, index=True)
    first_name = fields.Char(required=True)
    last_name = fields.Char(required=True)
    birthdate = fields.Date(index=True)
    age = fields.Integer(compute="_compute_age", search="_search_age", help="Age in completed years.")
    age_display = fields.Char("Age (text)", compute="_compute_age")
    is_birthday = fields.Boolean("Birthday Today", compute="_compute_is_birthday", search="_search_is_birthday")
    sex = fields.Selection(SEXES, default="unknown", required=True, help="Administrative sex, as on the health card.")
    gender_identity = fields.Char(help="In the patient's own words, when it differs from the administrative sex.")
    deceased_on = fields.Date()

    # === People around === #
    practitioner_id = fields.Many2one(
        "medical.practitioner", "Usual Practitioner", index="btree_not_null", check_company=True
    )
    care_team_ids = fields.Many2many("medical.practitioner", check_company=True)
    relation_ids = fields.One2many("medical.patient.relation", "patient_id", "Relations")

    # === Chart (hidden from the reception) === #
    alert = fields.Char(
        groups="medical_practice.group_assistant", help="Short text always in view when the chart is open."
    )
    blood_group = fields.Selection(BLOOD_GROUPS, groups="medical_practice.group_assistant")
    consultation_ids = fields.One2many(
        "medical.consultation", "patient_id", groups="medical_practice.group_assistant", string="Consultations"
    )
    prescription_ids = fields.One2many("medical.prescription", "patient_id", string="Prescriptions")
    measurement_ids = fields.One2many(
        "medical.measurement", "patient_id", groups="medical_practice.group_assistant", string="Measurements"
    )

    # === Agenda and billing === #
    appointment_ids = fields.One2many("calendar.event", "patient_id", string="Appointments")
    act_ids = fields.One2many("medical.act", "patient_id", string="Acts")
    coverage_ids = fields.One2many("medical.coverage", "patient_id", string="Coverages")

    _partner_uniq = models.UniqueIndex("(partner_id)", "This contact is a patient already.")
    _identifier_uniq = models.UniqueIndex("(identifier, company_id)", "This chart number is taken.")

    # === Defaults === #

    @api.model
    def default_get(self, fields):
        """Leave what an existing contact says to the contact, when a patient is made of it."""
        defaults = super().default_get(fields)
        if defaults.get("partner_id"):
            defaults = {name: value for name, value in defaults.items() if not self._fields[name].inherited}
            contact = self.env["res.partner"].browse(defaults["partner_id"])
            first_name, last_name = self._split_name(contact.name)
            defaults.setdefault("first_name", first_name)
            defaults.setdefault("last_name", last_name)
        else:
            defaults.update(self._get_default_address(fields, defaults))
        return defaults

    @api.model
    def _get_default_address(self, fields, defaults):
        """Return the country and the province of the practice: most patients live there."""
        address = {"country_id": self.env.company.country_id.id, "state_id": self.env.company.state_id.id}
        return {name: value for name, value in address.items() if value and name in fields and name not in defaults}

    # === Computes === #

    @api.depends("birthdate", "deceased_on")
    @api.depends_context("lang", "tz")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for patient in self:
            on = min(patient.deceased_on or today, today)
            if not patient.birthdate or patient.birthdate > on:
                patient.age, patient.age_display = 0, False
                continue
            patient.age = ages.age_years(patient.birthdate, on)
            patient.age_display = self._format_age(*ages.display_age(patient.birthdate, on))

    @api.model
    def _format_age(self, count, unit):
        """Return an age as people say it: “3 days”, “5 months”, “7 years”."""
        if unit == "day":
            return self.env._("1 day") if count == 1 else self.env._("%(count)s days", count=count)
        if unit == "month":
            return self.env._("1 month") if count == 1 else self.env._("%(count)s months", count=count)
        return self.env._("1 year") if count == 1 else self.env._("%(count)s years", count=count)

    def _search_age(self, operator, value):
        """Search on completed years, those at death for the deceased; ``age = False`` finds unknown birthdates."""
        if operator == "in":
            years = tuple(int(item) for item in value if item is not False and item is not None)
            unknown = Domain("birthdate", "=", False) if len(years) < len(value) else Domain.FALSE
            return unknown | (self._get_age_domain(SQL("IN"), years) if years else Domain.FALSE)
        if operator in AGE_OPERATORS and isinstance(value, (int, float)):
            return self._get_age_domain(AGE_OPERATORS[operator], value)
        return NotImplemented

    @api.model
    def _get_age_domain(self, operator, value):
        today = fields.Date.context_today(self)

        def to_sql(model, alias, query):
            birthdate = model._field_to_sql(alias, "birthdate", query)
            deceased_on = model._field_to_sql(alias, "deceased_on", query)
            # age() counts completed years as lib.ages does, 29 February included; LEAST ignores NULL.
            age = SQL("age(LEAST(%s, %s::date), %s)", deceased_on, today, birthdate)
            return SQL("EXTRACT(YEAR FROM %s) %s %s", age, operator, value)

        return Domain.custom(to_sql=to_sql)

    @api.depends("birthdate", "deceased_on")
    def _compute_is_birthday(self):
        today = fields.Date.context_today(self)
        for patient in self:
            birthdate = patient.birthdate
            same_day = birthdate and (birthdate.month, birthdate.day) == (today.month, today.day)
            patient.is_birthday = bool(same_day and not patient.deceased_on)

    def _search_is_birthday(self, operator, value):
        if operator != "in" or True not in value or False in value:
            return NotImplemented
        today = fields.Date.context_today(self)
        return (
            Domain("birthdate.month_number", "=", today.month)
            & Domain("birthdate.day_of_month", "=", today.day)
            & Domain("deceased_on", "=", False)
        )

    @api.depends("partner_id.name", "birthdate", "identifier")
    @api.depends_context("formatted_display_name", "lang")
    def _compute_display_name(self):
        """The name; in lists to choose from, with what tells two patients of one name apart."""
        detailed = self.env.context.get("formatted_display_name")
        for patient in self:
            name = patient.name or patient._format_name(patient.first_name, patient.last_name)
            details = [patient.birthdate and fields.Date.to_string(patient.birthdate), patient.identifier]
            details = " · ".join(filter(None, details))
            patient.display_name = f"{name} \t --{details}--" if detailed and details else name

    # === Names === #

    @api.model
    def _format_name(self, first_name, last_name):
        """Return the name of the contact made of the two names of the chart."""
        return " ".join(filter(None, [first_name, last_name]))

    @api.model
    def _split_name(self, name, first_name=None, last_name=None):
        """Guess ``(first name, last name)`` from a whole name.

        A comma says it (“Tremblay, Marie”); a known first or last name that still stands at its end keeps its extent
        (“Marie Côté Roy” for a known Marie); otherwise the last word is the last name.
        """
        name = " ".join((name or "").split())
        last, comma, first = name.partition(",")
        if comma and first.strip() and last.strip():
            return first.strip(), last.strip()
        if first_name and name.startswith(f"{first_name} "):
            return first_name, name.removeprefix(first_name).strip()
        if last_name and name.endswith(f" {last_name}"):
            return name.removesuffix(last_name).strip(), last_name
        first, _space, last = name.rpartition(" ")
        return first, last

    def _follow_contact_name(self):
        """Take over the name of a contact that was renamed elsewhere.

        :raises UserError: when first and last name cannot be told from the new name.
        """
        for patient in self:
            if patient.partner_id.name == patient._format_name(patient.first_name, patient.last_name):
                continue
            first_name, last_name = self._split_name(patient.partner_id.name, patient.first_name, patient.last_name)
            if not first_name or not last_name:
                raise UserError(
                    self.env._(
                        "“%(name)s” is no complete name: give both the first and the last name.",
                        name=patient.partner_id.name or "",
                    )
                )
            patient.write({"first_name": first_name, "last_name": last_name})

    @api.model
    def _prepare_name_vals(self, vals, contact_name=None, patient=None):
        """Return ``vals`` with tidy first and last names, guessed from a whole name where only that is given."""
        vals = dict(vals)
        whole = vals.pop("name", None) or contact_name
        if whole and not vals.get("first_name") and not vals.get("last_name"):
            known = (patient.first_name, patient.last_name) if patient else ()
            vals["first_name"], vals["last_name"] = self._split_name(whole, *known)
        for name in {"first_name", "last_name"} & vals.keys():
            vals[name] = self._tidy_name(vals[name])
        return vals

    @api.model
    def _tidy_name(self, name):
        """Return a name without needless spaces.

        :raises ValidationError: if nothing is left, or if it is no name but a pasted text.
        """
        name = " ".join(str(name or "").split())
        if not name:
            raise ValidationError(self.env._("A patient has a first name and a last name."))
        if len(name) > MAX_NAME_LENGTH:
            raise ValidationError(self.env._("A name has at most %(maximum)s characters.", maximum=MAX_NAME_LENGTH))
        return name

    # === Dates === #

    @api.constrains("birthdate", "deceased_on")
    def _check_dates(self):
        # One day of grace: a newborn of this evening is born “tomorrow” for a server that counts in UTC.
        today = fields.Date.context_today(self) + relativedelta(days=1 if not self.env.user.tz else 0)
        oldest = today - relativedelta(years=MAX_AGE_YEARS)
        for patient in self:
            name = patient.display_name
            if patient.birthdate and patient.birthdate > today:
                raise ValidationError(self.env._("%(name)s cannot be born in the future.", name=name))
            if patient.birthdate and patient.birthdate < oldest:
                raise ValidationError(
                    self.env._(
                        "%(name)s would be over %(years)s years old: check the birthdate.",
                        name=name,
                        years=MAX_AGE_YEARS,
                    )
                )
            if patient.deceased_on and patient.deceased_on > today:
                raise ValidationError(self.env._("%(name)s cannot have died in the future.", name=name))
            if patient.deceased_on and patient.birthdate and patient.deceased_on < patient.birthdate:
                raise ValidationError(self.env._("%(name)s cannot have died before being born.", name=name))

    # === Create, write === #

    @api.model_create_multi
    def create(self, vals_list):
        contacts = self.env["res.partner"].browse({vals["partner_id"] for vals in vals_list if vals.get("partner_id")})
        self._check_contacts_free(contacts)
        vals_list = [self._prepare_registration_vals(vals) for vals in vals_list]
        patients = super().create(self._create_contacts(vals_list))
        patients._sync_contacts()
        return patients

    @api.model
    def _check_contacts_free(self, contacts):
        """Refuse contacts that cannot become patients.

        :raises UserError: naming the contact and the reason.
        """
        contacts.check_access("read")
        # Also archived charts, and charts of practices the user does not see: a contact has one chart.
        taken = self.sudo().with_context(active_test=False).search([("partner_id", "in", contacts.ids)], limit=1)
        if taken:
            raise UserError(self.env._("%(name)s is a patient already.", name=taken.partner_id.name))
        if company := contacts.filtered("is_company")[:1]:
            raise UserError(self.env._("%(name)s is a company: a patient is a person.", name=company.name))

    @api.model
    def _prepare_registration_vals(self, vals):
        """Return the complete values of a new patient: names, chart number, health number."""
        contact = self.env["res.partner"].browse(vals.get("partner_id") or [])
        vals = self._prepare_name_vals(vals, contact_name=contact.name)
        company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
        vals["company_id"] = company.id
        if not vals.get("identifier"):
            vals["identifier"] = self._get_next_identifier(company)
        if contact:
            # What the registration leaves empty does not wipe out what the contact says already.
            vals = {name: value for name, value in vals.items() if value or not self._fields[name].inherited}
        return self._prepare_health_number_vals(vals)

    @api.model
    def _create_contacts(self, vals_list):
        """Create the missing contacts, within the practice of each patient; return values that point to them."""
        missing = [vals for vals in vals_list if not vals.get("partner_id")]
        contacts = iter(self.env["res.partner"].create([self._prepare_contact_vals(vals) for vals in missing]))
        return [
            vals if vals.get("partner_id") else {**self._without_contact_vals(vals), "partner_id": next(contacts).id}
            for vals in vals_list
        ]

    @api.model
    def _without_contact_vals(self, vals):
        return {name: value for name, value in vals.items() if not self._fields[name].inherited}

    @api.model
    def _prepare_contact_vals(self, vals):
        """Return the values of the contact of a new patient."""
        return {
            **{name: value for name, value in vals.items() if self._fields[name].inherited},
            "name": self._format_name(vals.get("first_name"), vals.get("last_name")),
            "company_id": vals["company_id"],
        }

    @api.model
    def _get_next_identifier(self, company):
        """Return the next chart number of a practice; each practice counts on its own."""
        # Numbering is the practice's own, whoever registers the patient.
        sequences = self.env["ir.sequence"].sudo()
        sequence = sequences.search([("code", "=", self._name), ("company_id", "=", company.id)], limit=1)
        if not sequence:
            template = self.env.ref("medical_practice.ir_sequence_patient").sudo()
            sequence = template.copy({"company_id": company.id, "code": self._name, "number_next": 1})
        return sequence.next_by_id()

    def write(self, vals):
        if "partner_id" in vals and any(patient.partner_id.id != vals["partner_id"] for patient in self):
            raise UserError(self.env._("A chart stays with its contact: it cannot be moved to another one."))
        vals_by_patient = {patient: patient._prepare_write_vals(vals) for patient in self}
        if len(vals_by_patient) > 1 and {"name", "health_number", "health_number_type"} & vals.keys():
            for patient, patient_vals in vals_by_patient.items():
                super(MedicalPatient, patient).write(patient_vals)
        else:
            super().write(next(iter(vals_by_patient.values()), vals))
        if {"name", "first_name", "last_name", "company_id"} & vals.keys():
            self._sync_contacts()
        return True

    def _prepare_write_vals(self, vals):
        self.ensure_one()
        if vals.get("name"):
            vals = self._prepare_name_vals(vals, patient=self)
        return self._prepare_health_number_vals(self._prepare_name_vals(vals), patient=self)

    def _sync_contacts(self):
        """Give each contact the name and the practice of its patient.

        A colleague who is also a patient stays visible to everybody as a colleague: his contact keeps its company.
        """
        for patient in self:
            contact = patient.partner_id
            vals = {
                "name": self._format_name(patient.first_name, patient.last_name),
                "company_id": patient.company_id.id,
            }
            if not contact.partner_share:
                del vals["company_id"]
            vals = {
                name: value
                for name, value in vals.items()
                if contact._fields[name].convert_to_write(contact[name], contact) != value
            }
            if vals:
                contact.write(vals)

    @api.model
    def name_create(self, name):
        """Register a patient from a whole name, as typed into a selection."""
        first_name, last_name = self._split_name(name)
        if not first_name or not last_name:
            raise UserError(
                self.env._("“%(name)s” is no complete name: give both the first and the last name.", name=name)
            )
        patient = self.create({"first_name": first_name, "last_name": last_name})
        return patient.id, patient.display_name

    def copy_data(self, default=None):
        raise UserError(self.env._("A chart cannot be duplicated: register the other person as a new patient."))
