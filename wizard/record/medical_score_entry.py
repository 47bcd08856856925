from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ...lib import ages, scores

_lt = LazyTranslate(__name__)

#: Over the last two weeks, how often have you been bothered by...
FREQUENCIES = [
    ("0", "Not at all"),
    ("1", "Several days"),
    ("2", "More than half the days"),
    ("3", "Nearly every day"),
]
SEVERITIES = {
    "minimal": _lt("minimal"),
    "mild": _lt("mild"),
    "moderate": _lt("moderate"),
    "moderately_severe": _lt("moderately severe"),
    "severe": _lt("severe"),
}
QUESTIONS = {
    "phq9": tuple(f"phq_{number}" for number in range(1, 10)),
    "gad7": tuple(f"gad_{number}" for number in range(1, 8)),
    "cha2ds2_vasc": ("heart_failure", "hypertension", "diabetes", "stroke", "vascular"),
}


class MedicalScoreEntry(models.TransientModel):
    """A questionnaire that is filled in: the total becomes a measurement, which keeps the answers.

    The arithmetic and its sources are in ``lib.scores``. Whoever adds a score adds its questions here, a measurement
    type of the same code, and its rule to :meth:`_get_result`.

    Context keys: ``default_patient_id``, ``default_consultation_id``.
    """

    _name = "medical.score.entry"
    _description = "Score Entry"

    patient_id = fields.Many2one("medical.patient", required=True, readonly=True)
    consultation_id = fields.Many2one("medical.consultation", readonly=True)
    score = fields.Selection(
        [
            ("phq9", "PHQ-9 (depression)"),
            ("gad7", "GAD-7 (anxiety)"),
            ("cha2ds2_vasc", "CHA₂DS₂-VASc (stroke in atrial fibrillation)"),
        ],
        required=True,
        default="phq9",
    )
    result = fields.Char(compute="_compute_result")

    # === PHQ-9: Kroenke, Spitzer, Williams 2001 === #
    phq_1 = fields.Selection(FREQUENCIES, "Little interest or pleasure in doing things")
    phq_2 = fields.Selection(FREQUENCIES, "Feeling down, depressed, or hopeless")
    phq_3 = fields.Selection(FREQUENCIES, "Trouble falling or staying asleep, or sleeping too much")
    phq_4 = fields.Selection(FREQUENCIES, "Feeling tired or having little energy")
    phq_5 = fields.Selection(FREQUENCIES, "Poor appetite or overeating")
    phq_6 = fields.Selection(
        FREQUENCIES,
        "Feeling bad about yourself, or that you are a failure or have let yourself or your family down",
    )
    phq_7 = fields.Selection(
        FREQUENCIES,
        "Trouble concentrating on things, such as reading the newspaper or watching television",
    )
    phq_8 = fields.Selection(
        FREQUENCIES,
        "Moving or speaking so slowly that other people could have noticed, or the opposite: being "
        "so fidgety or restless that you have been moving around a lot more than usual",
    )
    phq_9 = fields.Selection(
        FREQUENCIES,
        "Thoughts that you would be better off dead, or of hurting yourself in some way",
    )

    # === GAD-7: Spitzer, Kroenke, Williams, Löwe 2006 === #
    gad_1 = fields.Selection(FREQUENCIES, "Feeling nervous, anxious, or on edge")
    gad_2 = fields.Selection(FREQUENCIES, "Not being able to stop or control worrying")
    gad_3 = fields.Selection(FREQUENCIES, "Worrying too much about different things")
    gad_4 = fields.Selection(FREQUENCIES, "Trouble relaxing")
    gad_5 = fields.Selection(FREQUENCIES, "Being so restless that it is hard to sit still")
    gad_6 = fields.Selection(FREQUENCIES, "Becoming easily annoyed or irritable")
    gad_7 = fields.Selection(FREQUENCIES, "Feeling afraid, as if something awful might happen")

    # === CHA2DS2-VASc: Lip, Nieuwlaat, Pisters, Lane, Crijns 2010; age and sex come from the chart === #
    heart_failure = fields.Boolean("Heart failure, or left ventricular dysfunction")
    hypertension = fields.Boolean()
    diabetes = fields.Boolean()
    stroke = fields.Boolean("Stroke, transient ischaemic attack or embolism before")
    vascular = fields.Boolean("Vascular disease: infarction, peripheral artery disease, aortic plaque")

    @api.depends(*(name for names in QUESTIONS.values() for name in names), "score", "patient_id")
    def _compute_result(self):
        for entry in self:
            answers = entry._get_answers()
            if None in answers:
                left = answers.count(None)
                entry.result = (
                    self.env._("%(count)s questions left", count=left) if left > 1 else self.env._("1 question left")
                )
            elif missing := entry._get_missing():
                entry.result = missing
            else:
                total, severity = entry._get_result(answers)
                entry.result = f"{total} ({self.env._(SEVERITIES[severity])})" if severity else str(total)

    def _get_answers(self):
        """Return the answers as numbers, None for a question without one."""
        self.ensure_one()
        names = QUESTIONS.get(self.score, ())
        # A box that is not ticked says no; a question without an answer says nothing.
        return [int(self[name]) if self[name] or self._fields[name].type == "boolean" else None for name in names]

    def _get_missing(self):
        """Return what the chart lacks for the score, as a sentence, or ''."""
        self.ensure_one()
        known = self.patient_id.birthdate and self.patient_id.sex in ("female", "male")
        if self.score == "cha2ds2_vasc" and not known:
            return self.env._("The birthdate and the sex of the patient are part of this score: enter them first.")
        return ""

    def _get_result(self, answers):
        """Return ``(total, name of the severity or '')``."""
        if self.score == "cha2ds2_vasc":
            patient = self.patient_id
            today = fields.Date.context_today(self)
            age = ages.age_years(patient.birthdate, max(today, patient.birthdate))
            return scores.cha2ds2_vasc(answers, age, female=patient.sex == "female"), ""
        score = {"phq9": scores.phq9, "gad7": scores.gad7}[self.score](answers)
        return score.total, score.severity

    def action_save(self):
        """Keep the total as a measurement, with its answers.

        :raises UserError: where an answer, or a fact of the chart the score rests on, is missing.
        """
        self.ensure_one()
        answers = self._get_answers()
        if None in answers:
            raise UserError(self.env._("Every question has an answer: %(left)s are left.", left=answers.count(None)))
        if missing := self._get_missing():
            raise UserError(missing)
        total, _severity = self._get_result(answers)
        self.patient_id._save_score(self.score, total, answers, self.consultation_id)
        return {"type": "ir.actions.act_window_close"}
