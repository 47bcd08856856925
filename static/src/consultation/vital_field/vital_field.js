import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { FloatField, floatField } from "@web/views/fields/float/float_field";

const { DateTime } = luxon;
const MAX_DIGITS = 3;

/**
 * One vital sign: label, value, unit, and below it the last value known before. Empty means "not measured"; the ORM
 * keeps it as zero. Unit and last value come with the record (`vitals_info`, one key a field).
 */
export class VitalField extends FloatField {
    static template = "medical_practice.VitalField";

    get info() {
        return this.props.record.data.vitals_info?.[this.props.name] || { unit: "", last: false };
    }

    get label() {
        return this.props.record.fields[this.props.name].string;
    }

    get help() {
        return this.props.record.fields[this.props.name].help || "";
    }

    get isShown() {
        return !this.props.readonly || Boolean(this.value) || this.props.name === "bmi";
    }

    get formattedValue() {
        return this.value ? this.format(this.value) : "";
    }

    /** As many decimals as were typed (a newborn's weight has three); the body mass index has one. */
    format(value) {
        const typed = Number(value.toFixed(MAX_DIGITS)).toString().split(".")[1]?.length || 0;
        return formatFloat(value, { digits: [16, this.props.name === "bmi" ? 1 : typed] });
    }

    get last() {
        const { last } = this.info;
        if (!last || this.props.readonly) {
            return "";
        }
        const date = deserializeDate(last.date);
        const year = date.year === DateTime.now().year ? undefined : "numeric";
        return `${this.format(last.value)} · ${date.toLocaleString({ day: "numeric", month: "short", year })}`;
    }

    parse(value) {
        return value.trim() ? super.parse(value) : 0;
    }
}

export const vitalField = {
    ...floatField,
    component: VitalField,
    displayName: _t("Vital sign"),
};

registry.category("fields").add("medical_vital", vitalField);
