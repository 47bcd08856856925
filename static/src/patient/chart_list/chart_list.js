import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { View } from "@web/views/view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";

/**
 * A list of the chart, read only when its tab is opened: the record of the patient does not carry it.
 *
 * `<widget name="medical_chart_list" model="medical.consultation" view="module.list_view"/>`; a click opens the
 * document as a page of its own, or, with `dialog="1"`, over the chart. `create="1"` adds in a dialog.
 */
export class ChartList extends Component {
    static template = "medical_practice.ChartList";
    static components = { View };
    static props = {
        ...standardWidgetProps,
        model: String,
        view: { type: String, optional: true },
        field: { type: String, optional: true },
        dialog: { type: Boolean, optional: true },
        create: { type: Boolean, optional: true },
    };
    static defaultProps = { field: "patient_id" };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({ revision: 0 });
    }

    get key() {
        return `${this.props.record.resId}-${this.state.revision}`;
    }

    get context() {
        return {
            [`default_${this.props.field}`]: this.props.record.resId,
            ...(this.props.view ? { list_view_ref: this.props.view } : {}),
        };
    }

    get viewProps() {
        return {
            type: "list",
            resModel: this.props.model,
            domain: [[this.props.field, "=", this.props.record.resId]],
            context: this.context,
            searchViewId: false,
            display: { searchPanel: false },
            noBreadcrumbs: true,
            showButtons: this.props.create,
            allowSelectors: false,
            allowOpenAction: false,
            selectRecord: (resId) => this.open(resId),
            createRecord: () => this.open(false),
        };
    }

    async open(resId) {
        if (this.props.dialog || !resId) {
            return this.dialog.add(
                FormViewDialog,
                { resModel: this.props.model, resId, context: this.context },
                { onClose: () => this.reload() }
            );
        }
        if (await this.props.record.save()) {
            const action = await this.orm.call(this.props.model, "get_formview_action", [[resId]]);
            return this.action.doAction(action);
        }
    }

    async reload() {
        this.state.revision++;
        if (!(await this.props.record.isDirty())) {
            await this.props.record.load();
        }
    }
}

export const chartList = {
    component: ChartList,
    extractProps: ({ attrs }) => ({
        model: attrs.model,
        view: attrs.view,
        dialog: Boolean(Number(attrs.dialog || 0)),
        create: Boolean(Number(attrs.create || 0)),
    }),
};

registry.category("view_widgets").add("medical_chart_list", chartList);
