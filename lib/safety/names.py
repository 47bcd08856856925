"""Comparing names that people typed with names of substances and drugs, whatever the language and the ending.

>>> mentions("Allergie à la pénicilline (éruption)", "Penicillin"), mentions("Amoxicillin 500 mg", "amoxicilline")
(True, True)
>>> mentions("Morphine", "Apomorphine"), mentions("", "aspirin"), mentions("aspirin", "")
(False, False, False)
"""

from functools import lru_cache

from ..registers.substances import substance_key
from ..text import fold

#: Longest text that is compared: nobody names an allergy in more.
_MAX_TEXT = 1000
#: A term shorter than this names nothing by itself ("B1", "co").
_SHORTEST = 3
#: Words up to this length keep their ending: too little would be left.
_KEEPS_ENDING = 5


@lru_cache(maxsize=20_000)
def stems(text: str) -> tuple[str, ...]:
    """Return the words of a text without what French and English do differently at their end.

    >>> stems("Céphalosporines"), stems("ibuprofène"), stems("Ibuprofen")
    (('cephalosporin',), ('ibuprofen',), ('ibuprofen',))
    """
    return tuple(_stem(word) for word in fold(text[:_MAX_TEXT]).split())


def _stem(word: str) -> str:
    if len(word) > _KEEPS_ENDING:
        word = word.removesuffix("s") if not word.endswith("ss") else word
        word = word.removesuffix("e")
    return word


def mentions(text: str, term: str) -> bool:
    """Tell whether the text names the term: all words of the term, next to each other, as whole words."""
    words, wanted = stems(text or ""), stems(term or "")
    if not wanted or max(map(len, wanted)) < _SHORTEST:
        return False
    size = len(wanted)
    return any(words[start : start + size] == wanted for start in range(len(words) - size + 1))


#: A name of a substance has no more words than this, and nobody types more words about an allergy than that.
_MAX_NAME_WORDS, _MAX_WORDS = 3, 30


@lru_cache(maxsize=20_000)
def text_keys(text: str) -> frozenset[str]:
    """Return the keys of the substances a text may name: each of its words, and its words two and three together.

    >>> "amoxicilin" in text_keys("Amoxicilline (éruption)"), substance_key("ASA") in text_keys("allergic to aspirine")
    (True, True)
    """
    words = fold(text[:_MAX_TEXT]).split()[:_MAX_WORDS]
    names = (
        " ".join(words[start : start + size])
        for size in range(1, _MAX_NAME_WORDS + 1)
        for start in range(len(words) - size + 1)
    )
    keys = {substance_key(name) for name in names if len(name) >= _SHORTEST and not name.isdigit()}
    return frozenset({*keys, substance_key(text[:_MAX_TEXT])} - {""})


#: Words of a drug's name that say nothing about what is in it: a brand is known by its other words.
_COMMON = frozenset(
    stems(
        """
        acid acide acido sodium potassium calcium magnesium zinc iron fer hydrochloride chlorhydrate sulfate
        sulphate phosphate citrate acetate maleate tartrate extra strength forte junior adult adulte children
        enfant enfants plus with avec compound tablet tablets comprime comprimes capsule capsules gelule
        solution cream creme sirop syrup suspension injection spray drops gouttes teva sandoz mylan biogaran
        arrow sante natural vitamin vitamine allergy allergie allergies allergique
        """
    )
)


def telling_word(name: str) -> str:
    """Return the word by which people know a drug: the first of its name that says something.

    >>> telling_word("Apo-Amoxi 500 mg"), telling_word("Extra Strength Tylenol 500 mg")
    ('amoxi', 'tylenol')
    """
    words = stems(name or "")
    return next((word for word in words if len(word) >= _KEEPS_ENDING and word.isalpha() and word not in _COMMON), "")
