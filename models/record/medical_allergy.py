from odoo import api, fields, models

ALLERGY_STATUSES = [("active", "Active"), ("resolved", "Resolved"), ("refuted", "Refuted")]


class MedicalAllergy(models.Model):
    """An allergy or intolerance of a patient, to a substance of a register or in words (FHIR ``AllergyIntolerance``).

    That a patient has none is a statement (``medical.chart.statement``), never an empty list; an active allergy ends
    that statement. *Refuted*: it was looked into and is not true; *entered in error*: it should never have been
    written.
    """

    _name = "medical.allergy"
    _description = "Allergy"
    _inherit = ["medical.fuzzy.dates", "medical.chart.life"]
    _order = "status, criticality, name, id"
    _rec_names_search = ("name", "substance_id.name")
    _fuzzy_dates = {"onset": ("onset_date", "onset_display")}

    substance_id = fields.Many2one("medical.substance", index="btree_not_null", ondelete="restrict")
    name = fields.Char(
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        help="What the patient reacts to: a substance of the register, or words.",
    )
    category = fields.Selection(
        [("drug", "Drug"), ("food", "Food"), ("environment", "Environment")], default="drug", required=True
    )
    type = fields.Selection([("allergy", "Allergy"), ("intolerance", "Intolerance")], default="allergy", required=True)
    criticality = fields.Selection(
        [("low", "Low"), ("high", "High"), ("unknown", "Unknown")],
        default="unknown",
        help="What the next exposure may do: high where it may threaten life.",
    )
    reaction = fields.Char(help="What happened: hives, anaphylaxis, nausea...")
    status = fields.Selection(ALLERGY_STATUSES, default="active", required=True)
    onset = fields.Char(help="As precise as it is known: 2019, 03/2021, 2021-03-14, childhood.")
    onset_date = fields.Date("Onset (Sorting)", compute="_compute_fuzzy_dates", store=True)
    onset_display = fields.Char("Onset (Text)", compute="_compute_fuzzy_displays")

    _name_given = models.Constraint("CHECK (name ~ '\\S')", "Say what the patient reacts to.")
    _active_idx = models.Index("(patient_id) WHERE status = 'active' AND entered_in_error IS NOT TRUE")

    @api.depends("substance_id")
    def _compute_name(self):
        """Write the name of the substance, in the user's language; words typed by hand stay."""
        for allergy in self:
            allergy.name = allergy.substance_id.display_name or allergy.name

    @api.onchange("onset")
    def _onchange_onset(self):
        return self._onchange_fuzzy_dates()

    @api.constrains("onset")
    def _check_onset(self):
        for allergy in self:
            allergy._check_fuzzy_date_past("onset")

    # === Create, write === #

    @api.model_create_multi
    def create(self, vals_list):
        allergies = super().create(vals_list)
        allergies._end_contrary_statements()
        return allergies

    def write(self, vals):
        result = super().write(vals)
        if {"status", "patient_id"} & vals.keys():
            self._end_contrary_statements()
        return result

    def _end_contrary_statements(self):
        """An active allergy ends “no known allergy”."""
        patients = self.filtered(lambda allergy: allergy.status == "active").patient_id
        self.env["medical.chart.statement"]._find_in_force(patients.ids, "allergy")._end()

    def _get_life_fields(self):
        return super()._get_life_fields() | {"status", "criticality"}

    @api.model
    def _find_active(self, patients):
        """Return the active allergies and intolerances of patients."""
        return self.search(
            [("patient_id", "in", patients.ids), ("status", "=", "active"), ("entered_in_error", "=", False)]
        )

    # === Actions === #

    def action_resolve(self):
        """The patient no longer reacts: tolerated since, or desensitised."""
        self.status = "resolved"
        return True

    def action_refute(self):
        """It was looked into and is not true."""
        self.status = "refuted"
        return True

    def action_reactivate(self):
        """It is true after all."""
        self.status = "active"
        return True
