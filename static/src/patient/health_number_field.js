import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";
import { useInputField } from "@web/views/fields/input_field_hook";
import { useRef } from "@odoo/owl";

const compact = (text) => (text || "").replace(/[^\p{L}\p{N}]/gu, "").toUpperCase();

/**
 * The health number as it stands on the card: stored without spaces, written with those of its kind.
 */
export class HealthNumberField extends CharField {
    setup() {
        this.input = useRef("input");
        useInputField({
            getValue: () => this.formattedValue,
            parse: (value) => this.parse(value),
        });
    }

    get formattedValue() {
        const { health_number_display: display, [this.props.name]: value } = this.props.record.data;
        return compact(display) === compact(value) ? display || "" : value || "";
    }
}

export const healthNumberField = {
    ...charField,
    component: HealthNumberField,
    fieldDependencies: [{ name: "health_number_display", type: "char" }],
};

registry.category("fields").add("medical_health_number", healthNumberField);
