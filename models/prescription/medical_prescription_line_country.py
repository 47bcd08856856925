"""What a country wants on the paper of a prescription, and before it is signed."""

from odoo import fields, models
from odoo.addons.medical_practice.lib import letters

#: France, CSP R. 5125-54 and L. 5125-23: the only motives that exclude substitution.
NO_SUBSTITUTION_CODES = [
    ("MTE", "MTE: narrow therapeutic margin"),
    ("EFG", "EFG: child under 6 and no suitable generic form"),
    ("CIF", "CIF: contraindication to an excipient"),
]
URGENCIES = [("routine", "Routine"), ("soon", "Within days"), ("urgent", "Urgent"), ("stat", "Immediately")]


class MedicalPrescriptionDosage(models.AbstractModel):
    """What some countries want of a line, and what an examination says."""

    _inherit = "medical.prescription.dosage"

    no_substitution_code = fields.Selection(
        NO_SUBSTITUTION_CODES, help="France: the motive that stands on the paper (CSP, R. 5125-54)."
    )
    ald = fields.Boolean(
        "Long-term Illness (ALD)", help="France: printed in the upper zone of the paper, covered at 100 %."
    )
    fill_quantity = fields.Float("Part-fill", digits=(16, 2), help="Quantity of each fill; the total stays the same.")
    fill_interval = fields.Integer("Days between Fills", help="The least number of days from one fill to the next.")
    urgency = fields.Selection(URGENCIES)
    fasting = fields.Boolean(help="The patient comes without having eaten.")

    _fills_positive = models.Constraint(
        "CHECK (coalesce(fill_quantity, 0) >= 0 AND coalesce(fill_interval, 0) >= 0)", "A fill is not negative."
    )

    def _get_dosage_fields(self):
        return [
            *super()._get_dosage_fields(),
            "no_substitution_code",
            "ald",
            "fill_quantity",
            "fill_interval",
            "urgency",
            "fasting",
        ]


class MedicalPrescriptionLine(models.Model):
    """Checks of a line that depend on the country of the practice."""

    _inherit = "medical.prescription.line"

    layout = fields.Selection(related="prescription_id.layout")

    def _get_layout(self):
        """Return the layout of the practice's paper."""
        self.ensure_one()
        # How the practice prints is a setting of it, whoever writes.
        company = self.company_id or self.prescription_id.company_id or self.env.company
        return company.sudo().medical_prescription_layout

    def _get_missing_drug(self):
        return super()._get_missing_drug() + self._get_missing_substitution() + self._get_missing_fills()

    def _get_missing_substitution(self):
        """France: a motive of the list for each line that may not be substituted, never a mention alone (RXF-08)."""
        if self._get_layout() == "fr" and self.no_substitution and not self.no_substitution_code:
            return [self.env._("say why it may not be substituted: MTE, EFG or CIF.")]
        return []

    def _get_missing_fills(self):
        """Canada: part-fills state quantity and interval (Narcotic Control Regulations, s. 31 and 37; RXQ-10)."""
        _ = self.env._
        missing = []
        if bool(self.fill_quantity) != bool(self.fill_interval):
            missing.append(_("part-fills need a quantity for each fill and the days between fills."))
        if self.fill_quantity and self.quantity and self.fill_quantity > self.quantity:
            missing.append(_("a part-fill is no more than the total quantity."))
        return missing

    def _get_missing_narcotic(self):
        missing = super()._get_missing_narcotic()
        narcotic = self._get_layout() == "fr" and self.narcotic_class == "narcotic"
        if narcotic and not self._get_total_days():
            missing.append(self.env._("a narcotic needs the duration of its treatment."))
        return missing

    # === Paper === #

    def _prepare_paper_line(self, number):
        paper = super()._prepare_paper_line(number)
        writer = self._get_paper_writer()
        urgencies = dict(self._fields["urgency"]._description_selection(self.env))
        return {
            **paper,
            "inn": self._get_inn() if self.kind == "drug" else "",
            "no_substitution_code": self.no_substitution_code or "" if self.no_substitution else "",
            "ald": self.ald,
            "fills": self._get_fills(writer),
            "letters": self._get_letters(paper),
            "urgency": urgencies.get(self.urgency, "") if self.kind == "examination" else "",
            "fasting": bool(self.fasting and self.kind == "examination"),
            "side": self._get_side() if self.kind != "drug" else "",
        }

    def _get_side(self):
        return dict(self._fields["side"]._description_selection(self.env)).get(self.side, "")

    def _get_inn(self):
        """Return the drug by its substances: names joined by "+", strength, form (France: L. 5121-1-2, RXF-04)."""
        drug = self.drug_id
        if not drug or not self._is_from_register():
            return ""
        names = " + ".join(filter(None, (link.substance_id.name for link in drug.substance_ids)))
        return " ".join(filter(None, [names, drug.strength, drug.form])) if names else ""

    def _get_fills(self, writer):
        if not self.fill_quantity or not self.fill_interval:
            return ""
        amount = writer._get_amount(self.fill_quantity, self.quantity_unit or "item")
        return self.env._("%(amount)s at a time, every %(days)s days", amount=amount, days=self.fill_interval)

    def _get_letters(self, paper):
        """Return what stands in full letters on the paper of a narcotic, '' where the country asks for none.

        France: strength, dose, times and duration (R. 5132-29); elsewhere, at the choice of the practice, the quantity.
        """
        if self.kind != "drug" or not self.narcotic_class:
            return ""
        if self._get_layout() == "fr":
            texts = [self.drug_id.strength or "", paper["sig"], paper["quantity"]]
            return " – ".join(filter(None, (letters.in_letters(text, self.env.lang) for text in texts)))
        # How the practice prints is a setting of it, whoever writes.
        if self.company_id.sudo().medical_prescription_letters:
            return letters.in_letters(paper["quantity"], self.env.lang)
        return ""


class MedicalPrescription(models.Model):
    """The layout of the country on the paper."""

    _inherit = "medical.prescription"

    layout = fields.Selection(related="company_id.medical_prescription_layout", string="Layout of the Paper")

    def _get_missing_before_signing(self):
        return super()._get_missing_before_signing() + self._get_missing_secured()

    def _get_missing_secured(self):
        """France: narcotics go on the secured form (R. 5132-5); other drugs are prescribed apart."""
        narcotics = [bool(line.narcotic_class == "narcotic") for line in self.line_ids]
        if self.layout == "fr" and any(narcotics) and not all(narcotics):
            return [
                self.env._("Prescribe narcotics on a prescription of their own: it is printed on the secured form.")
            ]
        return []

    def _prepare_paper_content(self):
        # How the practice prints is a setting of it, whoever writes.
        layout = self.company_id.sudo().medical_prescription_layout
        narcotic = any(line.narcotic_class == "narcotic" for line in self.line_ids)
        return {
            **super()._prepare_paper_content(),
            "layout": layout,
            "secured": bool(layout == "fr" and self.kind == "drug" and narcotic),
        }

    def _prepare_paper_practitioner(self):
        practitioner = self.practitioner_id
        return {
            **super()._prepare_paper_practitioner(),
            "rpps": practitioner.rpps_number or "",
            "adeli": practitioner.adeli_number or "",
        }
