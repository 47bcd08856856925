"""Shorthand on the screen: what was typed becomes the fields of a line, and says what it did not become."""

from odoo import api, models
from odoo.addons.medical_practice.lib import shorthand
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

#: Why a writing is dangerous. Source: ISMP, List of Error-Prone Abbreviations, Symbols and Dose Designations.
CAUTIONS = {
    "u": _lt("“%(text)s”: U is misread as 0 or 4. It is printed as “units”."),
    "iu": _lt("“%(text)s”: IU is misread as IV or 10. It is printed as “units”."),
    "ug": _lt("“%(text)s”: µg is misread as mg. It is printed as “mcg”."),
    "cc": _lt("“%(text)s”: cc is misread as U. It is printed as “mL”."),
    "qd": _lt("“%(text)s” is misread as QID. It was read as once a day."),
    "qod": _lt("“%(text)s” is misread as QD or QID. It was read as every 2 days."),
    "od": _lt("“%(text)s” means once a day or the right eye. Check how it was read."),
    "eye": _lt("“%(text)s”: codes of eyes and ears are misread for one another. Check the side."),
    "hs": _lt("“%(text)s” means at bedtime or half strength. It was read as at bedtime."),
    "sc": _lt("“%(text)s” is misread as SL. It was read as subcutaneous."),
    "biw": _lt("“%(text)s” is misread as so many times a day. It was read as times a week."),
    "trailing_zero": _lt("“%(text)s”: a zero after the point makes 1.0 read as 10. It is printed without."),
    "naked_decimal": _lt("“%(text)s”: a point without zero before it makes .5 read as 5. It is printed with the zero."),
    "thousands": _lt("“%(text)s” can be read as two numbers. Write it without a blank, comma or point."),
    "spoon": _lt("“%(text)s”: spoons differ. It was read as millilitres (5 or 15 a spoon)."),
    "refill": _lt("“%(text)s”: a refill is no part of a dosage. Give the duration of the treatment."),
}

#: Pieces that prescribers write for one another: the form of the drug says which it is.
_SOLID_PIECES = ("tablet", "capsule")
MAX_DRUGS = 8


class MedicalPrescriptionShorthand(models.AbstractModel):
    """Reads shorthand with the practice's own frequencies and makes it the values of a prescribed item.

    Another addon that adds words extends ``_get_terms`` or ``_prepare_values``.
    """

    _name = "medical.prescription.shorthand"
    _description = "Prescribing Shorthand"

    @api.model
    def _get_terms(self):
        """Return the words of the practice for a frequency, by id."""
        return self.env["medical.dosage.frequency"]._get_shorthand_map()[1]

    @api.model
    def _read(self, text, drug):
        """Return ``(values, rest, cautions)`` of a dosage typed as shorthand.

        :param drug: the ``medical.drug`` it is for, or an empty set.
        :return: values of a ``medical.prescription.dosage``, what was not understood, sentences of caution.
        """
        return self._convert(shorthand.parse(text, terms=self._get_terms(), route=drug.route_code or None), drug)

    @api.model
    def _convert(self, read, drug):
        """Return ``(values, rest, cautions)`` of shorthand that is read already."""
        rest = list(read.rest)
        values = self._prepare_values(read, drug)
        values |= self._prepare_course(read, rest)
        cautions = [
            self.env._(CAUTIONS[one.code]) % {"text": one.text} for one in read.cautions if one.code in CAUTIONS
        ]
        return values, rest, cautions

    @api.model
    def _prepare_values(self, read, drug):
        """Return the values that hold for the whole item; only what was said."""
        unit = read.unit
        if unit in _SOLID_PIECES and drug.dose_unit in _SOLID_PIECES:
            unit = drug.dose_unit
        values = {
            "dose_unit": unit,
            "route": read.route,
            "side": read.side,
            "as_needed": read.as_needed,
            "max_per_day": read.max_per_day and float(read.max_per_day),
            "quantity": read.quantity and float(read.quantity),
            "quantity_unit": read.quantity_unit,
            "indication": read.indication,
            "long_term": read.long_term,
        }
        return {name: value for name, value in values.items() if value}

    @api.model
    def _prepare_course(self, read, rest):
        """Return the values of the doses and their times; frequencies the practice lacks are added to ``rest``."""
        if not read.parts:
            return {}
        first, *others = read.parts
        values = {}
        if first.dose is not None:
            steps = [self._prepare_step(part, rest) for part in others]
            values |= {
                "dose": float(first.dose),
                "dose_max": float(first.dose_max or 0),
                "steps": steps or False,
                "then_stop": read.then_stop,
            }
        if first.timing:
            values |= {
                "frequency_id": self._get_frequency(first.timing, rest).id,
                "weekdays": ",".join(first.weekdays) or False,
            }
        if first.duration is not None:
            values |= {"duration": float(first.duration), "duration_unit": first.duration_unit}
        return values

    @api.model
    def _prepare_step(self, part, rest):
        return {
            "relation": part.relation,
            "dose": float(part.dose),
            "dose_max": float(part.dose_max or 0),
            "frequency_id": self._get_frequency(part.timing, rest).id if part.timing else False,
            "weekdays": ",".join(part.weekdays),
            "other_days": part.other_days,
            "duration": float(part.duration or 0),
            "duration_unit": part.duration_unit or "day",
        }

    @api.model
    def _get_frequency(self, timing, rest):
        frequency = self.env["medical.dosage.frequency"]._find_by_timing(timing)
        if not frequency and timing.text:
            rest.append(timing.text)
        return frequency

    # === A drug and its dosage in one line === #

    @api.model
    def _read_entry(self, text):
        """Return ``(item, read)``: the words of the item, and the shorthand of its dosage."""
        item, _dosage, read = shorthand.split_entry(text, terms=self._get_terms())
        return item, read

    @api.model
    def _find_drugs(self, item, read, limit=MAX_DRUGS):
        """Return the drugs an entry may mean, best first: those of the strength the dose says come first."""
        drugs = self.env["medical.drug"]
        if len(item.strip()) < 2:
            return drugs
        first = read.parts[0] if read.parts else None
        if first and first.dose and read.unit in ("mg", "g", "mcg"):
            drugs = drugs._search_best(f"{item} {first.dose.normalize():f}", limit=limit)
        if len(drugs) < limit:
            drugs |= drugs._search_best(item, limit=limit)
        return drugs[:limit]

    @api.model
    def _prepare_entry_vals(self, text, kind, drug=None):
        """Return ``(values, cautions)`` of the line an entry makes.

        :param drug: the drug chosen; None for the best match; an empty set for free text.
        """
        item, read = self._read_entry(text)
        if drug is None:
            drug = self._find_drugs(item, read, limit=1) if kind == "drug" else self.env["medical.drug"]
        values, rest, cautions = self._convert(read, drug)
        named = {"drug_id": drug.id} if drug else {"name": item}
        return {**named, **values, "shorthand": ", ".join(rest) or False}, cautions
