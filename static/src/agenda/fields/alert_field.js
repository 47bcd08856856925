import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The alert of a chart, in few pixels: a sign and its text, in full under the pointer. */
export class AlertField extends Component {
    static template = "medical_practice.AlertField";
    static props = { ...standardFieldProps };

    get text() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("medical_alert", {
    component: AlertField,
    supportedTypes: ["char"],
});
