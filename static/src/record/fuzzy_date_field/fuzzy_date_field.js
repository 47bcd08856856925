import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";
import { useInputField } from "@web/views/fields/input_field_hook";

import { useRef } from "@odoo/owl";

const { DateTime } = luxon;
const CANONICAL = /^\d{4}(-\d{2}){0,2}$/;
const FORMATS = {
    4: { year: "numeric" },
    7: { year: "numeric", month: "long" },
    10: { year: "numeric", month: "long", day: "numeric" },
};

/** Return a canonical text (2019, 2021-03, 2021-03-14) as the user writes it; words come back as they are. */
export function describeFuzzyDate(text) {
    const date = CANONICAL.test(text || "") ? DateTime.fromISO(text) : null;
    return date?.isValid && text.length > 4 ? date.toLocaleString(FORMATS[text.length]) : text || "";
}

/**
 * A date as precise as it is known. Anything may be typed: the server reads it, puts it into its canonical form and
 * says when it cannot be a date; here it is shown in the user's language.
 */
export class FuzzyDateField extends CharField {
    setup() {
        this.input = useRef("input");
        useInputField({
            getValue: () => this.formattedValue,
            parse: (typed) => typed.trim(),
        });
    }

    get formattedValue() {
        return describeFuzzyDate(this.props.record.data[this.props.name]);
    }

    onBlur() {}
}

export const fuzzyDateField = {
    ...charField,
    component: FuzzyDateField,
    displayName: _t("Date as precise as it is known"),
    supportedTypes: ["char"],
};

registry.category("fields").add("medical_fuzzy_date", fuzzyDateField);
