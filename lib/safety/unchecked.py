"""What could not be checked, and why: silence never means "all is well"."""

from collections.abc import Iterator

from .allergies import is_understood
from .base import make
from .facts import Case, Finding


def check_unidentified(case: Case) -> Iterator[Finding]:
    """Name the lines and treatments of which nothing is known but a name."""
    for drug in case.drugs:
        if drug.is_identified:
            continue
        code = "drug_without_substances" if drug.from_register else "free_text"
        yield make("not_checked", "take_into_account", code, (drug,), drug=drug.name, is_treatment=not drug.is_line)


def check_editions(case: Case) -> Iterator[Finding]:
    """Say when no interactions are loaded, or when an edition is too old to be relied on."""
    if not case.lines:
        return
    if not case.editions:
        yield make("not_checked", "take_into_account", "no_edition")
    for edition in case.editions:
        about = {"source": edition.source, "edition": edition.edition}
        if edition.published_on is None:
            yield make("not_checked", "information", "edition_undated", basis=tuple(about.values()), **_said(about))
            continue
        age = (case.settings.today - edition.published_on).days
        if age > case.settings.stale_after_days:
            basis = (*about.values(), edition.published_on)
            published = edition.published_on
            yield make("not_checked", "take_into_account", "edition_old", basis=basis, date=published, **_said(about))


def _said(about: dict[str, str]) -> dict[str, str]:
    return {"register": about["source"], "edition": about["edition"]}


def check_questions(case: Case) -> Iterator[Finding]:
    """Name the questions that were never asked, and the allergies nobody can compare."""
    if not case.lines:
        return
    patient = case.patient
    if patient.allergies_status == "unknown":
        yield make("not_checked", "precaution", "allergies_never_asked")
    if patient.treatments_status == "unknown":
        yield make("not_checked", "information", "treatments_never_asked")
    for allergy in patient.allergies:
        if allergy.status == "active" and allergy.category == "drug" and not is_understood(case, allergy):
            yield make("not_checked", "information", "allergy_in_words", basis=(allergy.name,), allergen=allergy.name)
