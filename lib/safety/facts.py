"""What the safety check knows and what it says: plain, frozen, typed.

Facts are made by whoever has the data (the models, a test, another program), findings are made by the engine. Texts
that people read are never made here: a finding names its sentence by a ``code`` and brings the ``params`` for it.

>>> ibuprofen = DrugFacts("line:1", "Advil", (SubstanceFact("ibuprofen", "Ibuprofen"),), atc=("M01AE01",))
>>> ibuprofen.substance_keys, ibuprofen.is_identified
(('ibuprofen',), True)
>>> worst(["precaution", "contraindicated", "avoid"])
'contraindicated'
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

Severity = Literal["contraindicated", "avoid", "precaution", "take_into_account", "information"]
Kind = Literal[
    "allergy",
    "interaction",
    "duplicate",
    "condition",
    "pregnancy",
    "breastfeeding",
    "age",
    "sex",
    "dose",
    "narcotic",
    "not_checked",
]
Answer = Literal["unknown", "yes", "no"]
"""What is known of a question that was perhaps never asked."""

SEVERITIES: tuple[Severity, ...] = ("contraindicated", "avoid", "precaution", "take_into_account", "information")
"""The grades, the gravest first: the four of the ANSM, and what is only worth knowing."""

KINDS: tuple[Kind, ...] = (
    "allergy",
    "interaction",
    "condition",
    "pregnancy",
    "breastfeeding",
    "age",
    "sex",
    "dose",
    "narcotic",
    "duplicate",
    "not_checked",
)
"""The kinds of findings in the order they are shown within one grade."""


def worst(severities: Iterable[Severity]) -> Severity | None:
    """Return the gravest of some grades, None of none."""
    return min(severities, key=SEVERITIES.index, default=None)


@dataclass(frozen=True, slots=True)
class SubstanceFact:
    """An active ingredient in a drug.

    ``key`` is the normal form under which registers of all countries meet ("paracetamol" for acetaminophen), '' where
    it is not known. ``amount`` ``unit`` is what one ``per`` (a unit of dose: tablet, ml, puff) holds, where it is
    known; masses are in mg; an empty ``per`` is one unit of dose, whichever it is.
    """

    key: str
    name: str
    code: str = ""
    atc: tuple[str, ...] = ()
    amount: Decimal | None = None
    unit: str = ""
    per: str = ""


@dataclass(frozen=True)
class DrugFacts:
    """A drug that is prescribed (``line:…``) or taken (``treatment:…``), and how.

    ``ref`` names it towards whoever asked; it is unique in a check. A line typed freely has no substances. ``dose`` is
    what is taken at once, in ``dose_unit``; ``per_day`` the number of times a day; ``max_per_day`` the most in 24
    hours, in ``dose_unit``; ``days`` the length of the course; ``texts`` what was written by hand. None: not known.
    """

    ref: str
    name: str
    substances: tuple[SubstanceFact, ...] = ()
    atc: tuple[str, ...] = ()
    narcotic_class: str = ""
    generic_group: str = ""
    from_register: bool = True
    dose: Decimal | None = None
    dose_unit: str = ""
    per_day: Decimal | None = None
    max_per_day: Decimal | None = None
    as_needed: bool = False
    single_dose: bool = False
    days: Decimal | None = None
    quantity: Decimal | None = None
    quantity_unit: str = ""
    route: str = ""
    long_term: bool = False
    texts: tuple[str, ...] = ()
    record_id: int | None = None

    @cached_property
    def substance_keys(self) -> tuple[str, ...]:
        """The keys of the substances, each once, sorted."""
        return tuple(sorted({substance.key for substance in self.substances if substance.key}))

    @cached_property
    def atc_codes(self) -> tuple[str, ...]:
        """The ATC codes of the drug and of its substances, each once, sorted."""
        codes = {*self.atc, *(code for substance in self.substances for code in substance.atc)}
        return tuple(sorted(code for code in codes if code))

    @property
    def is_identified(self) -> bool:
        """Whether anything is known of what is in it."""
        return bool(self.substance_keys or self.atc_codes)

    @property
    def is_line(self) -> bool:
        """Whether it is being prescribed, and not a treatment already under way."""
        return not self.ref.startswith("treatment:")


@dataclass(frozen=True, slots=True)
class AllergyFact:
    """An allergy or intolerance in force: to a substance (``key``, ``atc``), or in words (``name``)."""

    ref: str
    name: str
    key: str = ""
    atc: tuple[str, ...] = ()
    category: str = "drug"
    type: Literal["allergy", "intolerance"] = "allergy"
    criticality: Literal["low", "high", "unknown"] = "unknown"
    status: str = "active"
    reaction: str = ""


@dataclass(frozen=True, slots=True)
class InteractionFact:
    """What a source says about two drugs of the check, named by their refs.

    ``a_term`` and ``b_term`` are what the source speaks of: a substance, a family, a class. The order of the two means
    nothing.
    """

    a: str
    b: str
    severity: Severity
    a_term: str = ""
    b_term: str = ""
    mechanism: str = ""
    advice: str = ""
    source: str = ""
    edition: str = ""
    record_id: int | None = None


@dataclass(frozen=True, slots=True)
class EditionFact:
    """An edition of interactions that is loaded: its source, its name and its date where it has one."""

    source: str
    edition: str = ""
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class ConditionFact:
    """A condition of the patient that is in force: coded, or in words."""

    name: str
    code: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What the chart says of the patient; what was never asked is unknown, never a "no".

    ``age_days`` counts from birth, None without birthdate. ``allergies_status`` and ``treatments_status`` say whether
    the question was answered: ``some`` are listed, ``none`` by a statement of the patient, ``unknown`` was never asked.
    """

    age_days: int | None = None
    age_years: int | None = None
    sex: str = ""
    weight_kg: Decimal | None = None
    pregnant: Answer = "unknown"
    pregnant_asked_on: date | None = None
    breastfeeding: Answer = "unknown"
    conditions: tuple[ConditionFact, ...] = ()
    allergies: tuple[AllergyFact, ...] = ()
    allergies_status: Literal["unknown", "none", "some"] = "unknown"
    treatments_status: Literal["unknown", "none", "some"] = "unknown"


@dataclass(frozen=True, slots=True)
class CrossGroup:
    """Drugs that are one to an allergic patient: members by substance key or by beginning of an ATC code.

    ``severity`` is what an allergy to one member makes of another one: what is only possible, such as penicillins and
    cephalosporins, stays below contraindicated. ``names`` are words by which an allergy typed freely means the group
    as a whole ("NSAID").
    """

    ref: str
    name: str
    keys: tuple[str, ...] = ()
    atc_prefixes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    severity: Severity = "precaution"
    advice: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A rule of the practice or of a register about a substance or a class.

    The drug is meant when one of its substances has a key of ``keys``, or one of its ATC codes begins with one of
    ``atc_prefixes``. What triggers it depends on ``kind``:

    - ``condition``: a condition with a code that begins with one of ``condition_codes``, or whose name holds one of
      ``condition_names``;
    - ``pregnancy``, ``breastfeeding``: the answer is yes;
    - ``age``: younger than ``age_below`` years or at least ``age_from`` years old (both given: either);
    - ``sex``: the patient is of ``sex``;
    - ``dose``: more than ``max_daily`` in 24 hours or ``max_total`` in the course, in ``unit``, of the substance;
      ``per_kg`` makes them amounts for each kilogram; for patients of ``age_from`` (and below ``age_below``) years.
    """

    ref: str
    kind: Kind
    severity: Severity
    keys: tuple[str, ...] = ()
    atc_prefixes: tuple[str, ...] = ()
    condition_codes: tuple[str, ...] = ()
    condition_names: tuple[str, ...] = ()
    sex: str = ""
    age_from: Decimal | None = None
    age_below: Decimal | None = None
    max_daily: Decimal | None = None
    max_total: Decimal | None = None
    unit: str = "mg"
    per_kg: bool = False
    routes: tuple[str, ...] = ()
    message: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the practice decided: the day, the country's rules, who is asked about a pregnancy."""

    today: date
    country: str = ""
    pregnancy_age_from: int = 12
    pregnancy_age_to: int = 55
    pregnancy_answer_days: int = 120
    stale_after_days: int = 365
    narcotic_max_days: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Everything one check looks at."""

    settings: Settings
    patient: PatientFacts = PatientFacts()
    lines: tuple[DrugFacts, ...] = ()
    treatments: tuple[DrugFacts, ...] = ()
    interactions: tuple[InteractionFact, ...] = ()
    editions: tuple[EditionFact, ...] = ()
    rules: tuple[RuleFacts, ...] = ()
    cross_groups: tuple[CrossGroup, ...] = ()

    @property
    def drugs(self) -> tuple[DrugFacts, ...]:
        """The lines, then the treatments."""
        return (*self.lines, *self.treatments)


@dataclass(frozen=True)
class Finding:
    """Something the prescriber should see.

    ``code`` names the sentence and ``params`` fill it. ``refs`` names the drugs it is about, the line to show it at
    first; none: it is about the whole prescription. ``basis`` is what it rests on, without refs: two findings that rest
    on the same facts have the same fingerprint, whatever line or prescription they stand on. ``rests_on_source`` is
    False where the source carries an edition that may change while it says the same.
    """

    kind: Kind
    severity: Severity
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    refs: tuple[str, ...] = ()
    source: str = ""
    basis: tuple[str, ...] = ()
    rests_on_source: bool = True

    @cached_property
    def fingerprint(self) -> str:
        """A digest of what the finding says and rests on; it changes when a fact behind it changes."""
        source = self.source if self.rests_on_source else ""
        content = json.dumps([self.kind, self.severity, self.code, source, list(self.basis)], ensure_ascii=True)
        return hashlib.sha256(content.encode()).hexdigest()[:32]
