from odoo import api, fields, models
from odoo.addons.medical_practice.lib import dosage, prescribing

#: The longest texts that are printed; a sentence longer than this is no instruction any more.
MAX_NAME, MAX_SIG, MAX_SHORT_TEXT = 300, 2000, 300


class MedicalPrescriptionLine(models.Model):
    """A numbered item of a prescription, with its dosage and the sentence the patient reads."""

    _name = "medical.prescription.line"
    _description = "Prescription Line"
    _inherit = ["medical.signature.part", "medical.prescription.dosage", "medical.audited.mixin"]
    _signature_parent = "prescription_id"
    _order = "prescription_id, sequence, id"

    prescription_id = fields.Many2one("medical.prescription", required=True, index=True, ondelete="cascade")
    patient_id = fields.Many2one(related="prescription_id.patient_id", store=True, index=True)
    company_id = fields.Many2one(related="prescription_id.company_id", store=True, index=True)
    kind = fields.Selection(related="prescription_id.kind")
    sig = fields.Text(
        "Instructions",
        compute="_compute_sig",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        help="The sentence for the patient, in the patient's language. Once edited it is kept as it is.",
    )
    sig_generated = fields.Text(compute="_compute_sig", store=True, precompute=True, copy=True)
    shorthand = fields.Char(
        copy=False,
        help="Type the dosage as you write it: “1 co bid x 10j”. What is not understood stays here, and must be taken "
        "away or written in the instructions before signing.",
    )

    # === Computed === #

    def _get_item_lang(self):
        return self.prescription_id._get_paper_lang()

    @api.depends("prescription_id.patient_id")
    def _compute_name(self):
        super()._compute_name()

    @api.depends(
        "prescription_id.patient_id",
        "drug_id",
        "dose",
        "dose_max",
        "dose_unit",
        "frequency_id",
        "weekdays",
        "as_needed",
        "max_per_day",
        "route",
        "side",
        "duration",
        "duration_unit",
        "steps",
        "then_stop",
    )
    def _compute_sig(self):
        """Write the sentence; one that was edited by hand is kept."""
        for line in self:
            sentence = line._get_sentence()
            edited = line.sig and line.sig != line.sig_generated
            line.sig = line.sig if edited else sentence
            line.sig_generated = sentence

    def _get_sentence(self):
        """Return the sentence of the dosage in the language of the patient."""
        self.ensure_one()
        return self._get_sentence_writer()._get_sentence(self)

    def _get_sentence_writer(self):
        return self.env["medical.prescription.sentence"].with_context(lang=self._get_item_lang())

    # === Shorthand === #

    @api.onchange("shorthand")
    def _onchange_shorthand(self):
        """Fill the dosage from what was typed; what was not understood stays in the field."""
        if not (self.shorthand or "").strip():
            return None
        values, rest, cautions = self.env["medical.prescription.shorthand"]._read(self.shorthand, self.drug_id)
        self.update({**values, "shorthand": ", ".join(rest) or False})
        return self._get_caution_warning(rest, cautions)

    @api.model
    def _get_caution_warning(self, rest, cautions):
        """Return what an onchange says of the way a dosage was written, None where there is nothing to say."""
        messages = list(cautions)
        if rest:
            texts = ", ".join(f"“{text}”" for text in rest)
            messages.insert(0, self.env._("Not understood: %(texts)s. It stays beside the line.", texts=texts))
        if not messages:
            return None
        return {
            "warning": {
                "title": self.env._("Check the dosage"),
                "message": "\n".join(messages),
                "type": "notification",
            }
        }

    # === Actions === #

    def action_reset_sig(self):
        """Put the sentence of the dosage back in place of an edited one."""
        for line in self:
            line.sig = line._get_sentence()
        return True

    def action_open_details(self):
        """Open the line with everything it can say, in a dialog."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name or self.env._("Line"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_save_as_favourite(self):
        """Open a new favourite made of the lines."""
        return self.env["medical.prescription.template"]._action_new_from_lines(self)

    # === Before signing === #

    def _get_label(self, number):
        self.ensure_one()
        name = (self.name or "").strip()
        if not name:
            return self.env._("Line %(number)s", number=number)
        return self.env._("Line %(number)s (%(name)s)", number=number, name=name[:60])

    def _get_missing(self, number):
        """Return sentences naming what the line lacks to be signed (regulation: RXQ-03, -04, -10, -11)."""
        self.ensure_one()
        missing = self._get_missing_drug() if self.kind == "drug" else self._get_missing_other()
        missing += self._get_refused_texts() + self._get_missing_shorthand()
        label = self._get_label(number)
        return [self.env._("%(line)s: %(missing)s", line=label, missing=sentence) for sentence in missing]

    def _get_missing_shorthand(self):
        """What was typed and not understood does not disappear: it is written out or taken away."""
        text = (self.shorthand or "").strip()
        if not text:
            return []
        return [
            self.env._("“%(text)s” was not understood: write it in the instructions or take it away.", text=text[:80])
        ]

    def _get_missing_other(self):
        """Return what an item that is no drug lacks: its name says what is to be done."""
        return [] if (self.name or "").strip() else [self.env._("say what is prescribed.")]

    def _get_missing_drug(self):
        _ = self.env._
        facts = [
            ((self.name or "").strip(), _("name the drug.")),
            (self._states_form(), _("the form is missing, such as tablet, syrup or cream.")),
            (self._states_strength(), _("the strength is missing, such as 500 mg.")),
            (self.dose or (self.sig or "").strip(), _("the dose is missing.")),
            (self.route, _("the route is missing.")),
            (self._states_frequency(), _("say how often it is taken.")),
            (self.duration or self.quantity, _("give a duration or a quantity.")),
        ]
        missing = [sentence for fact, sentence in facts if not fact]
        if (self.name or "").strip() and not (self.sig or "").strip():
            missing.append(_("the instructions for the patient are missing."))
        return missing + self._get_missing_narcotic() + self._get_missing_dental()

    def _get_missing_narcotic(self):
        """Narcotics: a total quantity, and no refill (Narcotic Control Regulations, s. 31 and 37)."""
        if not self.narcotic_class:
            return []
        missing = []
        if not self.quantity:
            missing.append(self.env._("a narcotic or controlled drug needs its total quantity."))
        if any(map(prescribing.mentions_refill, self._get_printed_texts().values())):
            missing.append(self.env._("a narcotic or controlled drug cannot be refilled: take the refill away."))
        return missing

    def _get_missing_dental(self):
        """A dentist prescribes for dental purposes only (D-3, s. 27): the purpose is written."""
        dental = self.prescription_id.practitioner_id.licence_type_id.prescribing == "dental"
        if dental and not (self.indication or "").strip():
            return [self.env._("give the indication: this licence prescribes for dental purposes only.")]
        return []

    def _is_from_register(self):
        """Tell whether the printed name is that of the drug chosen, so that the register vouches for it."""
        return bool(self.drug_id) and self.name == self._get_drug_label()

    def _states_form(self):
        if self._is_from_register() and self.drug_id.form:
            return True
        return prescribing.states_form(self.name) or prescribing.states_form(self.sig)

    def _states_strength(self):
        if self._is_from_register() and self.drug_id.strength:
            return True
        return prescribing.states_strength(self.name)

    def _states_frequency(self):
        """Tell whether the line says how often, in its field or in a sentence written by hand."""
        return self.frequency_id or ((self.sig or "").strip() and self.sig != self.sig_generated)

    def _get_printed_texts(self):
        """Return the free texts of the line that are printed, by field."""
        return {name: self[name] for name in ("name", "sig", "indication", "no_substitution_reason")}

    def _get_refused_texts(self):
        _ = self.env._
        refused = []
        for name, text in self._get_printed_texts().items():
            if dosage.is_vague(text):
                refused.append(_("“%(text)s” is not a dosage: write it out.", text=text[:80]))
            limit = {"name": MAX_NAME, "sig": MAX_SIG}.get(name, MAX_SHORT_TEXT)
            if text and len(text) > limit:
                label = self._fields[name]._description_string(self.env)
                refused.append(_("%(field)s is too long (%(limit)s characters).", field=label, limit=limit))
        return refused

    # === Paper === #

    def _prepare_paper_line(self, number):
        """Return the line as it is printed: plain texts in the language of the context.

        What was written by hand stays in the language it was written in.
        """
        self.ensure_one()
        writer = self._get_paper_writer()
        from_register = self._is_from_register()
        generated = self.sig == self.sig_generated
        return {
            "number": number,
            "name": (self.drug_id.display_name if from_register else self.name or "").strip(),
            "sig": (writer._get_sentence(self) if generated else self.sig or "").strip(),
            "quantity": writer._get_amount(self.quantity, self.quantity_unit or "item"),
            "indication": (self.indication or "").strip(),
            "no_substitution": self.no_substitution,
            "no_substitution_reason": (self.no_substitution_reason or "").strip() if self.no_substitution else "",
            "long_term": self.long_term,
            "single_fill": bool(self.kind == "drug" and self.narcotic_class),
        }

    def _get_paper_writer(self):
        """Return the writer of sentences in the language of the paper, that of the context."""
        return self.env["medical.prescription.sentence"]

    # === Favourites === #

    def _prepare_template_line_vals(self):
        """Return the values of the favourite's item; instructions go along only where they were written by hand."""
        self.ensure_one()
        values = self._prepare_item_vals()
        if self.sig and self.sig != self.sig_generated:
            values["sig"] = self.sig
        return values
