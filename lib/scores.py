"""Values computed from others, and scores of questionnaires: each with its formula and where it was published.

A formula is only used for whom it was made: outside of that it gives None, never a number that looks right.

>>> egfr_ckd_epi_2021(80, 50, female=True)
77.0
>>> phq9([1] * 9)
Score(total=9, severity='mild')
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

#: g/mol; 1 mg/dL of creatinine is 88.4 µmol/L.
CREATININE_MOLAR_MASS = 113.12
_UMOL_PER_MG_DL = 88.4


# === Derived values === #


def egfr_ckd_epi_2021(creatinine_umol: float, age: float, *, female: bool) -> float | None:
    """Return the estimated glomerular filtration rate in mL/min/1.73 m², None for who is under 18.

    142 x min(Scr/k, 1)^a x max(Scr/k, 1)^-1.200 x 0.9938^age (x 1.012 for women), Scr in mg/dL; k = 0.7 for women and
    0.9 for men, a = -0.241 and -0.302.

    Source: L.A. Inker, N.D. Eneanya, J. Coresh et al., "New creatinine- and cystatin C-based equations to estimate GFR
    without race", New England Journal of Medicine 385 (2021), 1737-1749.

    >>> egfr_ckd_epi_2021(88.4, 40, female=False), egfr_ckd_epi_2021(88.4, 10, female=False)
    (98.0, None)
    """
    if creatinine_umol <= 0 or age < 18:
        return None
    kappa, alpha = (0.7, -0.241) if female else (0.9, -0.302)
    ratio = creatinine_umol / _UMOL_PER_MG_DL / kappa
    rate = 142 * min(ratio, 1) ** alpha * max(ratio, 1) ** -1.2 * 0.9938**age
    # Whole numbers, as the National Kidney Foundation reports it.
    return float(math.floor(rate * (1.012 if female else 1) + 0.5))


def cockcroft_gault(creatinine_umol: float, age: float, weight_kg: float, *, female: bool) -> float | None:
    """Return the estimated creatinine clearance in mL/min, for dosing of drugs; None under 18.

    (140 - age) x weight / (72 x Scr in mg/dL), x 0.85 for women.

    Source: D.W. Cockcroft, M.H. Gault, "Prediction of creatinine clearance from serum creatinine", Nephron 16 (1976),
    31-41.

    >>> cockcroft_gault(88.4, 40, 72, female=False), cockcroft_gault(88.4, 40, 72, female=True)
    (100.0, 85.0)
    """
    if creatinine_umol <= 0 or weight_kg <= 0 or not 18 <= age < 140:
        return None
    clearance = (140 - age) * weight_kg / (72 * creatinine_umol / _UMOL_PER_MG_DL)
    return float(math.floor(clearance * (0.85 if female else 1) + 0.5))


def body_surface(weight_kg: float, height_cm: float) -> float | None:
    """Return the body surface area in m²: the root of height (cm) x weight (kg) / 3600.

    Source: R.D. Mosteller, "Simplified calculation of body-surface area", New England Journal of Medicine 317 (1987),
    1098.

    >>> body_surface(70, 180), body_surface(0, 180)
    (1.87, None)
    """
    if weight_kg <= 0 or height_cm <= 0:
        return None
    return round(math.sqrt(weight_kg * height_cm / 3600), 2)


def pack_years(cigarettes_per_day: float, years: float) -> float | None:
    """Return the pack-years: packs of 20 cigarettes a day, times the years smoked.

    Source: US National Cancer Institute, Dictionary of Cancer Terms, "pack year".

    >>> pack_years(10, 30), pack_years(0, 0), pack_years(-1, 3)
    (15.0, 0.0, None)
    """
    if cigarettes_per_day < 0 or years < 0:
        return None
    return round(cigarettes_per_day / 20 * years, 1)


# === Questionnaires === #


@dataclass(frozen=True)
class Score:
    """What came of a questionnaire: the total, and the name of the band it falls into."""

    total: int
    severity: str


@dataclass(frozen=True)
class Questionnaire:
    """``items``: the highest answer of each question, counted from zero; ``bands``: lowest total of each severity."""

    items: tuple[int, ...]
    bands: Mapping[int, str]

    def score(self, answers: Sequence[int]) -> Score:
        """Return the total of the answers; raises ValueError for answers that are missing or none of the question."""
        if len(answers) != len(self.items):
            raise ValueError("Every question has its answer.")
        for answer, highest in zip(answers, self.items, strict=True):
            if isinstance(answer, bool) or not isinstance(answer, int) or not 0 <= answer <= highest:
                raise ValueError("This is no answer of the question.")
        total = sum(answers)
        return Score(total, self.severity(total))

    def severity(self, total: int) -> str:
        """Return the name of the band a total falls into."""
        return next(name for lowest, name in sorted(self.bands.items(), reverse=True) if total >= lowest)


#: K. Kroenke, R.L. Spitzer, J.B.W. Williams, "The PHQ-9: validity of a brief depression severity measure", Journal of
#: General Internal Medicine 16 (2001), 606-613. No permission is required to reproduce or use it.
PHQ9 = Questionnaire(
    (3,) * 9,
    MappingProxyType({0: "minimal", 5: "mild", 10: "moderate", 15: "moderately_severe", 20: "severe"}),
)

#: R.L. Spitzer, K. Kroenke, J.B.W. Williams, B. Löwe, "A brief measure for assessing generalized anxiety disorder: the
#: GAD-7", Archives of Internal Medicine 166 (2006), 1092-1097. No permission is required to reproduce or use it.
GAD7 = Questionnaire(
    (3,) * 7,
    MappingProxyType({0: "minimal", 5: "mild", 10: "moderate", 15: "severe"}),
)

#: G.Y.H. Lip, R. Nieuwlaat, R. Pisters, D.A. Lane, H.J.G.M. Crijns, "Refining clinical risk stratification for
#: predicting stroke and thromboembolism in atrial fibrillation", Chest 137 (2010), 263-272. Order of the answers: heart
#: failure, hypertension, diabetes, stroke or embolism (counts two), vascular disease. Age and sex come from the chart.
CHA2DS2_VASC_WEIGHTS = (1, 1, 1, 2, 1)


def phq9(answers: Sequence[int]) -> Score:
    """Return the score of the nine questions on depression, each answered 0 to 3."""
    return PHQ9.score(answers)


def gad7(answers: Sequence[int]) -> Score:
    """Return the score of the seven questions on anxiety, each answered 0 to 3.

    >>> gad7([2, 2, 2, 1, 1, 1, 1])
    Score(total=10, severity='moderate')
    """
    return GAD7.score(answers)


def cha2ds2_vasc(answers: Sequence[int], age: float, *, female: bool) -> int:
    """Return the risk of stroke in atrial fibrillation, 0 to 9, from five answers of 0 or 1, age and sex.

    Raises ValueError as :meth:`Questionnaire.score`.

    >>> cha2ds2_vasc([0, 1, 1, 0, 0], 76, female=True), cha2ds2_vasc([1, 1, 1, 1, 1], 80, female=True)
    (5, 9)
    """
    Questionnaire((1,) * 5, {0: ""}).score(answers)
    points = sum(weight * answer for weight, answer in zip(CHA2DS2_VASC_WEIGHTS, answers, strict=True))
    return points + (2 if age >= 75 else 1 if age >= 65 else 0) + int(female)
