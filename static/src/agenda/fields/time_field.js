import { Component } from "@odoo/owl";
import { is24HourFormat } from "@web/core/l10n/time";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The time of a datetime without its day: on a day sheet, the day stands above. */
export class TimeField extends Component {
    static template = "medical_practice.TimeField";
    static props = { ...standardFieldProps };

    get time() {
        const value = this.props.record.data[this.props.name];
        return value ? value.toFormat(is24HourFormat() ? "HH:mm" : "h:mm a") : "";
    }

    get isLate() {
        return this.props.record.data.is_late;
    }

    get isOverbooked() {
        return this.props.record.data.overbooked;
    }
}

registry.category("fields").add("medical_time", {
    component: TimeField,
    supportedTypes: ["datetime"],
});
