from .medical_register_loader import Words


class Texts:
    """Texts by language (``{"fr": "Fièvre"}``), as a translated field stores them.

    The language ``''`` is that of a file which does not say it. What is there in English, or else in the language the
    file names first, is what everybody reads who has no text of his own.
    """

    def __init__(self, loader):
        self._loader = loader
        self._codes = {}

    def codes(self, language):
        """Return the language codes of the database that a language of a file stands for."""
        if language not in self._codes:
            found = self._loader._get_language_codes(language.replace("-", "_")) if language else []
            self._codes[language] = found
        return self._codes[language]

    def jsonb(self, texts, explicit=False):
        """Return the jsonb of a translated field, None where there is no text.

        With ``explicit`` each language keeps its text although everybody would read the same: another edition may
        change what everybody reads.
        """
        base = texts.get("en") or texts.get("en_US") or next(filter(None, texts.values()), None)
        if not base:
            return None
        values = {"en_US": base}
        for language, text in texts.items():
            if text and (text != base or explicit) and language != "en":
                values.update(dict.fromkeys(self.codes(language), text))
        return Words.jsonb(values)
