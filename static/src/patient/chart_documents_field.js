import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/**
 * Documents of a chart (consultations, prescriptions, appointments): a click on one opens it as a page of its own,
 * with its own buttons, rather than in a dialog over the chart.
 */
export class ChartDocumentsField extends X2ManyField {
    setup() {
        super.setup();
        this.action = useService("action");
        this.orm = useService("orm");
    }

    async openRecord(record) {
        if (!record.resId) {
            return super.openRecord(record);
        }
        if (!(await this.props.record.save())) {
            return;
        }
        const action = await this.orm.call(record.resModel, "get_formview_action", [[record.resId]]);
        return this.action.doAction(action);
    }
}

export const chartDocumentsField = {
    ...x2ManyField,
    component: ChartDocumentsField,
};

registry.category("fields").add("medical_chart_documents", chartDocumentsField);
