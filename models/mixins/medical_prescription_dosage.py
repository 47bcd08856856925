import math
from fractions import Fraction

from odoo import api, fields, models
from odoo.addons.medical_practice.lib import course, dosage, treatments
from odoo.tools import LazyTranslate

DURATION_UNITS = [("day", "Days"), ("week", "Weeks"), ("month", "Months")]
SIDES = [("right", "Right"), ("left", "Left"), ("both", "Both sides")]

_lt = LazyTranslate(__name__)

#: Units and routes as they are offered; a key of the library without a label here shows the library's own.
UNIT_LABELS = {
    "tablet": _lt("tablet"),
    "capsule": _lt("capsule"),
    "ml": _lt("mL"),
    "drop": _lt("drop"),
    "puff": _lt("puff"),
    "spray": _lt("spray"),
    "application": _lt("application"),
    "patch": _lt("patch"),
    "suppository": _lt("suppository"),
    "ovule": _lt("ovule"),
    "sachet": _lt("sachet"),
    "ampoule": _lt("ampoule"),
    "vial": _lt("vial"),
    "unit": _lt("unit (IU)"),
    "injection": _lt("injection"),
    "mg": _lt("mg"),
    "g": _lt("g"),
    "mcg": _lt("mcg"),
    "lozenge": _lt("lozenge"),
    "gum": _lt("gum"),
    "film": _lt("film"),
    "dose": _lt("dose"),
}
#: What a quantity is counted in besides the units of a dose.
PACKAGE_LABELS = {
    "tube": _lt("tube"),
    "bottle": _lt("bottle"),
    "inhaler": _lt("inhaler"),
    "pen": _lt("pen"),
    "box": _lt("box"),
    "session": _lt("session"),
    "item": _lt("item"),
}
ROUTE_LABELS = {
    "oral": _lt("Oral"),
    "sublingual": _lt("Sublingual"),
    "buccal": _lt("Buccal"),
    "topical": _lt("Topical"),
    "transdermal": _lt("Transdermal"),
    "ophthalmic": _lt("Ophthalmic"),
    "otic": _lt("Otic"),
    "nasal": _lt("Nasal"),
    "inhalation": _lt("Inhalation"),
    "rectal": _lt("Rectal"),
    "vaginal": _lt("Vaginal"),
    "subcutaneous": _lt("Subcutaneous"),
    "intramuscular": _lt("Intramuscular"),
    "intravenous": _lt("Intravenous"),
    "intradermal": _lt("Intradermal"),
    "dental": _lt("Dental"),
    "other": _lt("Other"),
}


class MedicalPrescriptionDosage(models.AbstractModel):
    """One item with its structured dosage: shared by the lines of prescriptions and of their templates.

    Nothing here depends on what may change later in a register or a list (the name of a drug, of a frequency), only
    on which drug and which frequency were chosen: a signed line stays as it was.
    """

    _name = "medical.prescription.dosage"
    _description = "Prescribed Item"

    # === What === #
    sequence = fields.Integer(default=10)
    drug_id = fields.Many2one("medical.drug", index="btree_not_null", ondelete="restrict")
    name = fields.Char(
        "Item",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        help="The item as it is printed.",
    )
    narcotic_class = fields.Selection(related="drug_id.narcotic_class")

    # === How much, how often === #
    dose = fields.Float(digits=(16, 3), help="Amount taken each time, in the unit beside it.")
    dose_unit = fields.Selection(
        selection="_selection_dose_unit",
        string="Unit",
        compute="_compute_dose_unit",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
    )
    frequency_id = fields.Many2one("medical.dosage.frequency", ondelete="restrict")
    as_needed = fields.Boolean()
    max_per_day = fields.Float(
        "Maximum in 24 Hours", digits=(16, 3), help="The most that may be taken in 24 hours, in the unit of the dose."
    )
    route = fields.Selection(
        selection="_selection_route",
        compute="_compute_route",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
    )
    side = fields.Selection(SIDES, help="For eyes, ears and nostrils.")
    duration = fields.Float(digits=(16, 2))
    duration_unit = fields.Selection(DURATION_UNITS, default="day", required=True)
    quantity = fields.Float(
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        digits=(16, 2),
        help="What is dispensed in all, computed from dose, frequency and duration.",
    )
    quantity_generated = fields.Float(compute="_compute_quantity", store=True, precompute=True, copy=True)
    quantity_unit = fields.Selection(
        selection="_selection_quantity_unit",
        string="Counted In",
        compute="_compute_quantity_unit",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
    )

    # === Mentions === #
    indication = fields.Char(help="What it is for, as the pharmacist and the patient read it.")
    no_substitution = fields.Boolean(help="Never ticked beforehand: a decision of each line.")
    no_substitution_reason = fields.Char()
    long_term = fields.Boolean("Long-term")

    _dose_positive = models.Constraint("CHECK (dose >= 0)", "A dose is not negative.")
    _duration_positive = models.Constraint("CHECK (duration >= 0)", "A duration is not negative.")
    _quantity_positive = models.Constraint("CHECK (quantity >= 0)", "A quantity is not negative.")
    _max_positive = models.Constraint("CHECK (max_per_day >= 0)", "A maximum is not negative.")

    @api.model
    def _selection_dose_unit(self):
        return self._get_unit_labels(dosage.DOSE_UNITS.values())

    @api.model
    def _selection_quantity_unit(self):
        units = self._get_unit_labels(unit for unit in dosage.DOSE_UNITS.values() if unit.measurable)
        return units + [(key, self.env._(label)) for key, label in PACKAGE_LABELS.items()]

    @api.model
    def _selection_route(self):
        return [
            (key, self.env._(ROUTE_LABELS[key]) if key in ROUTE_LABELS else label)
            for key, label in dosage.ROUTES.items()
        ]

    @api.model
    def _get_unit_labels(self, units):
        """Return ``(key, label)`` of units of the library, in the language of the user."""
        return [
            (unit.key, self.env._(UNIT_LABELS[unit.key]) if unit.key in UNIT_LABELS else unit.label) for unit in units
        ]

    # === Computed from the drug === #

    def _get_item_lang(self):
        """Return the language in which the item is written."""
        self.ensure_one()
        return self.env.lang or "en_US"

    @api.depends("drug_id")
    def _compute_name(self):
        for item in self:
            if item.drug_id:
                item.name = item._get_drug_label()
            else:
                item.name = item.name

    def _get_drug_label(self):
        """Return the drug as it is printed: brand, strength and form in the language of the item."""
        self.ensure_one()
        return self.drug_id.with_context(lang=self._get_item_lang()).display_name or False

    @api.depends("drug_id")
    def _compute_dose_unit(self):
        for item in self:
            unit = item.drug_id.dose_unit
            item.dose_unit = unit if unit in dosage.DOSE_UNITS else item.dose_unit

    @api.depends("drug_id")
    def _compute_route(self):
        for item in self:
            route = item.drug_id.route_code
            item.route = route if route in dosage.ROUTES else item.route

    # === Computed from the dosage === #

    @api.depends(lambda self: self._get_quantity_depends())
    def _compute_quantity(self):
        """Compute what the course takes; a quantity typed by hand stays where nothing can be computed."""
        for item in self:
            computed = item._get_computed_quantity()
            if computed or item.quantity == item.quantity_generated:
                item.quantity = computed
            else:
                item.quantity = item.quantity
            item.quantity_generated = computed

    @api.model
    def _get_quantity_depends(self):
        """Return the names of the fields the quantity is computed from."""
        return [
            "drug_id",
            "dose",
            "dose_max",
            "dose_unit",
            "frequency_id",
            "weekdays",
            "steps",
            "duration",
            "duration_unit",
            "as_needed",
            "max_per_day",
        ]

    def _get_computed_quantity(self):
        """Return what the whole course takes: in pieces of the drug where doses in mass come to such, else in units.

        0 where it cannot be computed. Whole pieces only, one decimal of what is measured, always upwards.
        """
        self.ensure_one()
        if self._is_simple_course() and not self._is_counted_in_pieces():
            return self._get_simple_quantity()
        unit = dosage.DOSE_UNITS.get(self.dose_unit)
        amount = self._get_course_total() if not unit or unit.measurable else None
        if not amount:
            return 0.0
        if self._is_counted_in_pieces():
            mass = course.MILLIGRAMS[self.dose_unit]
            return float(math.ceil(amount * Fraction(mass) / Fraction(self._get_piece_mass())))
        return math.ceil(amount) if unit and unit.countable else math.ceil(amount * 10) / 10

    def _get_simple_quantity(self):
        """Return the quantity of one dose at one interval, in dose units."""
        self.ensure_one()
        if self.frequency_id.single_dose:
            frequency, duration, unit = dosage.Frequency(1), 1, "day"
        else:
            frequency, duration, unit = self.frequency_id._get_frequency(), self.duration, self.duration_unit
        computed = dosage.quantity(
            self.dose_max or self.dose,
            frequency,
            duration,
            unit,
            unit=self.dose_unit or None,
            as_needed=self.as_needed,
            max_per_day=self.max_per_day or None,
        )
        return float(computed or 0)

    @api.depends("drug_id", "dose", "dose_max", "dose_unit", "steps")
    def _compute_quantity_unit(self):
        for item in self:
            unit = dosage.DOSE_UNITS.get(item.dose_unit)
            if item._is_counted_in_pieces():
                item.quantity_unit = item.drug_id.dose_unit
            elif unit and unit.measurable:
                item.quantity_unit = unit.key
            elif unit:
                item.quantity_unit = "g"
            else:
                item.quantity_unit = item.quantity_unit

    # === Copying from one model of item to another === #

    @api.model
    def _get_dosage_fields(self):
        """Return the names of the fields an item gives to another: favourite to line, line to favourite."""
        return [
            "sequence",
            "drug_id",
            "name",
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
            "quantity",
            "quantity_unit",
            "indication",
            "no_substitution",
            "no_substitution_reason",
            "long_term",
        ]

    def _prepare_item_vals(self):
        """Return the values of an equal item; the name of a drug is left out, to be written in its new language."""
        self.ensure_one()
        values = {name: self._fields[name].convert_to_write(self[name], self) for name in self._get_dosage_fields()}
        if self.drug_id and self.name == self._get_drug_label():
            values.pop("name")
        return values

    # === The same medication === #

    @api.model
    def _get_dosage_identity_fields(self):
        """Return the names of the fields in which two equal dosages are equal."""
        return [
            "dose",
            "dose_max",
            "dose_unit",
            "frequency_id",
            "weekdays",
            "as_needed",
            "max_per_day",
            "side",
            "steps",
        ]

    def _prepare_medication(self, key):
        """Return the item as ``lib.treatments`` compares it.

        :param key: what stands for it in the comparison.
        """
        self.ensure_one()
        substances = self.drug_id.substance_ids.substance_id
        return treatments.Medication(
            key,
            drug=self.drug_id.id or None,
            substances=frozenset(substance.key or substance.id for substance in substances),
            route=self.route or "",
            name=self.name or "",
            dosage=tuple(
                # Empty is empty, whatever the field says for it.
                str(self._fields[name].convert_to_write(self[name], self) or "")
                for name in self._get_dosage_identity_fields()
            ),
        )
