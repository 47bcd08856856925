"""What the text of a prescribed item says by itself: its strength, its form, a refill that the law does not allow.

>>> states_strength("Amoxicilline 500 mg"), states_form("Amoxicilline 500 mg, capsules")
(True, True)
>>> mentions_refill("Renouveler 3 fois"), mentions_refill("1 comprimé 3 fois par jour")
(True, False)
"""

import re

from .text import fold

_NUMBER = r"\d+(?:[.,\s]\d+)?"
_STRENGTH = re.compile(
    rf"{_NUMBER}\s*(?:%|(?:mg|mcg|µg|μg|ug|g|ml|l|ui|iu|units?|unites?|unités?|meq|mmol|mol|kg|million)\b)",
    re.IGNORECASE,
)

# Forms as people write them in French and English, folded; the stem of a word is enough.
_FORMS = re.compile(
    r"\b(?:tab(?:s|let|lets)?|caplets?|co|comp|comprimes?|caps?|capsules?|gelules?|cachets?|dragees?"
    r"|suppositor(?:y|ies)|suppo(?:s|sitoires?)?|ovules?|lozenges?|pastilles?|gommes?|gum|patch(?:es)?|timbres?"
    r"|films?|drops?|gouttes?|collyres?|sprays?|vaporisateurs?|vaporisations?|inhalers?|aerosol(?:s)?|aerosols-doseurs?"
    r"|inhalateurs?|pompes?|nebul\w*|cream|creme|ointment|onguent|pommade|lotion|gels?|gelee|jelly|pate|paste|foam"
    r"|mousse|shampo\w+|solution|sol|suspension|susp|sirop|syrup|elixir|emulsion|liquide?|teinture|tincture|poudre"
    r"|powder|granules?|sachets?|ampoules?|vials?|fioles?|injectable|injection|stylos?|pens?|cartouches?|cartridges?"
    r"|lavement|enema|rince bouche|mouthwash|gargarisme|anneau|ring|sterilet|implant)\b"
)

_REFILL = re.compile(
    r"\b(?:refills?|repeats?|rep(?:eter)? x|renouvel\w*|renewals?|renewable|ren \d|rx x|r \d+ fois|non renouvelable)\b"
)
_NO_REFILL = re.compile(
    r"\b(?:no|without|zero|0|sans|aucun|pas de|ne pas|non|nr)\b(?: \w+)? (?:refills?|repeats?|renouvel\w*|renewals?)"
    r"|\bnon renouvelable\b|\bdo not (?:refill|repeat|renew)\b"
)

_MAX_TEXT = 5000


def states_strength(text: object) -> bool:
    """Tell whether a text names a strength: a number with a unit of mass, volume, activity or a percentage.

    >>> states_strength("Hydrocortisone 1 %"), states_strength("Insuline 100 unités/mL"), states_strength("Tylenol")
    (True, True, False)
    """
    return bool(_STRENGTH.search(str(text)[:_MAX_TEXT])) if text else False


def states_form(text: object) -> bool:
    """Tell whether a text names a pharmaceutical form, in French or in English.

    >>> states_form("Crème à l'hydrocortisone 1 %"), states_form("Ibuprofen 400 mg")
    (True, False)
    """
    return bool(_FORMS.search(fold(str(text)[:_MAX_TEXT]))) if text else False


def mentions_refill(text: object) -> bool:
    """Tell whether a text allows a refill; "no refill" and the like allow none.

    >>> mentions_refill("Refill PRN"), mentions_refill("No refills"), mentions_refill("Non renouvelable")
    (True, False, False)
    """
    folded = fold(str(text)[:_MAX_TEXT]) if text else ""
    return bool(_REFILL.search(_NO_REFILL.sub(" ", folded)))
