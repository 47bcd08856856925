from odoo import api, fields, models
from odoo.addons.medical_practice.lib import identifiers
from odoo.exceptions import ValidationError


class MedicalPatient(models.Model):
    """The health number: checked by the rules of its kind, stored in one writing, shown as on the card.

    An impossible number is refused; a number that disagrees with the person is shown as a warning, because real cards
    do (married names, changed sex), see :mod:`~odoo.addons.medical_practice.lib.identifiers`.
    """

    _name = "medical.patient"
    _inherit = "medical.patient"

    health_number = fields.Char(
        copy=False, index=True, help="Number of the health card; spaces and dashes do not count."
    )
    health_number_type = fields.Selection(
        selection="_selection_health_number_type", string="Kind of Health Number", default="ramq"
    )
    health_number_display = fields.Char("Health Number (as on the card)", compute="_compute_health_number_display")
    health_number_warning = fields.Char(compute="_compute_health_number_warning")

    _health_number_uniq = models.UniqueIndex(
        "(health_number, health_number_type, company_id) "
        "WHERE health_number IS NOT NULL AND health_number_type != 'other'",
        "Another patient of the practice has this health number already.",
    )

    @api.model
    def _selection_health_number_type(self):
        return [(kind, self.env._(label)) for kind, label in identifiers.KINDS.items()]

    @api.depends("health_number", "health_number_type")
    def _compute_health_number_display(self):
        for patient in self:
            number = patient.health_number
            patient.health_number_display = number and patient._check_health_number(number).display

    @api.depends("health_number", "health_number_type", "first_name", "last_name", "birthdate", "sex")
    def _compute_health_number_warning(self):
        for patient in self:
            issues = ()
            if patient.health_number:
                check = patient._check_health_number(patient.health_number)
                issues = check.errors[:1] or check.warnings
            patient.health_number_warning = (
                " ".join(self._describe_health_number_issue(issue) for issue in issues) or False
            )

    @api.onchange("health_number", "health_number_type")
    def _onchange_health_number(self):
        """Fill in birthdate and sex that the card already says, and write the number as on the card."""
        if not self.health_number:
            return
        check = self._check_health_number(self.health_number)
        if check.ok:
            self.health_number = check.display
            self.birthdate = self.birthdate or check.birthdate
            if check.sex and self.sex in (False, "unknown"):
                self.sex = check.sex

    def _check_health_number(self, number, kind=None):
        """Return the :class:`~..lib.identifiers.Check` of a number borne by this patient."""
        return identifiers.check(
            kind or self.health_number_type or "other",
            number,
            last_name=self.last_name or "",
            first_name=self.first_name or "",
            birthdate=self.birthdate or None,
            sex=self.sex or None,
        )

    @api.model
    def _prepare_health_number_vals(self, vals, patient=None):
        """Return ``vals`` with the number in its stored writing.

        :raises ValidationError: if no such number is ever issued, or another patient of the practice has it.
        """
        if not {"health_number", "health_number_type"} & vals.keys():
            return vals
        patient = patient or self.browse()
        number = vals.get("health_number", patient.health_number)
        kind = vals.get("health_number_type", patient.health_number_type or "ramq") or "other"
        if not number or not str(number).strip():
            return {**vals, "health_number": False}
        check = patient._check_health_number(number, kind)
        if check.errors:
            raise ValidationError(self._describe_health_number_issue(check.errors[0]))
        company_id = vals.get("company_id") or patient.company_id.id or self.env.company.id
        self._check_health_number_free(check, kind, company_id, patient)
        return {**vals, "health_number": check.value, "health_number_type": kind}

    @api.model
    def _check_health_number_free(self, check, kind, company_id, patient):
        if kind == "other":
            return
        domain = [
            ("company_id", "=", company_id),
            ("health_number_type", "=", kind),
            ("health_number", "=", check.value),
            ("id", "not in", patient.ids),
        ]
        # Archived charts count, and charts hidden from the user too: a person has one chart in a practice.
        other = self.sudo().with_context(active_test=False).search(domain, limit=1)
        if other:
            raise ValidationError(
                self.env._(
                    "%(number)s is the health number of %(name)s (chart %(chart)s) already.",
                    number=check.display,
                    name=other.name,
                    chart=other.identifier,
                )
            )

    @api.model
    def _describe_health_number_issue(self, issue):
        """Return the sentence, in the user's language, that says what is wrong with a number and what to do."""
        _ = self.env._
        sexes = dict(self._fields["sex"]._description_selection(self.env))
        params = {name: sexes.get(value, value) for name, value in issue.params.items()}
        sentences = {
            "empty": lambda: _("Enter the health number."),
            "unknown_kind": lambda: _("Choose the kind of the health number."),
            "length": lambda: _("This health number has too few or too many characters."),
            "format": lambda: _("This health number has characters that its kind does not allow."),
            "component": lambda: _("A part of this health number does not exist: check it against the card."),
            "checksum": lambda: _("The check digit of this health number is wrong: check it against the card."),
            "ramq_format": lambda: _("A RAMQ number has four letters and eight digits, such as TREM 8555 1234."),
            "ramq_date": lambda: _(
                "The digits %(found)s of this RAMQ number are no date (year, month with 50 added for women, day).",
                found=params.get("found"),
            ),
            "name_mismatch": lambda: _(
                "The number starts with %(found)s, where the name would give %(expected)s.",
                found=params.get("found"),
                expected=params.get("expected"),
            ),
            "birthdate_mismatch": lambda: _(
                "The number says %(found)s, the birthdate entered is %(expected)s.",
                found=params.get("found"),
                expected=params.get("expected"),
            ),
            "sex_mismatch": lambda: _(
                "The number says “%(found)s”, the sex entered is “%(expected)s”.",
                found=params.get("found"),
                expected=params.get("expected"),
            ),
            "unchecked": lambda: _("This kind of number could not be checked here."),
        }
        return sentences.get(issue.code, lambda: _("This health number is not valid."))()
