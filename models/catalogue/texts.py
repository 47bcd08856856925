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
            language_code = language.replace("-", "_")
            self._codes[language] = self._loader._get_language_codes(language_code) if language_code else []
        return self._codes[language]

    def jsonb(self, texts):
        """Return the jsonb of a translated field, None where there is no text."""
        base = texts.get("en") or texts.get("en_US") or next(filter(None, texts.values()), None)
        if not base:
            return None
        values = {"en_US": base}
        for language, text in texts.items():
            if text and text != base:
                values.update(dict.fromkeys(self.codes(language), text))
        return Words.jsonb(values)
