import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onWillStart, onWillUpdateProps, useRef, useState } from "@odoo/owl";

import { ChartBox } from "./chart_box";
import { BOXES } from "./chart_facts";

/**
 * The cover sheet of the chart: a box for each kind of fact, what needs an eye first. Each box is added to in place and
 * opens what it shows. All boxes come in one call, by the rights of the user (`medical.patient.get_chart_overview`).
 *
 * Keyboard: Tab from box to box, the arrows from line to line, the hotkeys of the boxes to add.
 */
export class ChartOverview extends Component {
    static template = "medical_practice.ChartOverview";
    static components = { ChartBox };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.root = useRef("root");
        this.columns = BOXES;
        this.state = useState({ boxes: false, adding: false });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.patientId) {
                this.state.adding = false;
                return this.load(record.resId);
            }
        });
    }

    async load(patientId = this.props.record.resId) {
        this.patientId = patientId;
        this.state.boxes = patientId && (await this.orm.call("medical.patient", "get_chart_overview", [[patientId]]));
    }

    /** Read the chart again, banner and badges included, unless something is being typed in the form. */
    async reload() {
        const { record } = this.props;
        await Promise.all([this.load(), record.isDirty().then((dirty) => dirty || record.load())]);
    }

    isShown(box) {
        const content = this.state.boxes[box.key];
        return Boolean(content) && (!box.quiet || content.items.length || box.quick || box.form);
    }

    // Opening

    async open(box, item) {
        const model = item.model || box.model;
        if (box.grid) {
            return this.openMeasurements();
        }
        if (box.page) {
            return this.openPage(model, item.id);
        }
        if (box.key === "preventions") {
            // What is due is no record yet: the dialog asks what was decided.
            return this.openDialog(model, false, { default_rule_id: item.id });
        }
        return this.openDialog(model, item.id);
    }

    async openPage(model, resId) {
        if (await this.props.record.save()) {
            const action = await this.orm.call(model, "get_formview_action", [[resId]]);
            return this.action.doAction(action);
        }
    }

    openDialog(resModel, resId, context = {}) {
        const form = resModel === "calendar.event" ? "medical_practice.calendar_event_view_form_appointment" : "";
        return this.dialog.add(
            FormViewDialog,
            {
                resModel,
                resId,
                context: {
                    default_patient_id: this.props.record.resId,
                    ...(form ? { form_view_ref: form } : {}),
                    ...context,
                },
            },
            { onClose: () => this.reload() }
        );
    }

    /** The grid, the graphs and the growth curves of the patient, over the chart. */
    openMeasurements() {
        return this.openDialog("medical.patient", this.props.record.resId, {
            form_view_ref: "medical_practice.medical_patient_view_form_measurements",
        });
    }

    /** The whole list behind a box, those entered in error included. */
    openAll(box) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: box.title.toString(),
            res_model: box.model,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [["patient_id", "=", this.props.record.resId]],
            context: { default_patient_id: this.props.record.resId },
        });
    }

    // Adding

    async add(box) {
        if (box.quick) {
            this.state.adding = this.state.adding === box.key ? false : box.key;
        } else if (box.action) {
            await this.callPatient(box.action);
        } else if (box.grid) {
            this.openMeasurements();
        } else if (box.page) {
            await this.createPage(box);
        } else {
            this.openDialog(box.model, false);
        }
    }

    async callPatient(method) {
        if (await this.props.record.save()) {
            const action = await this.orm.call("medical.patient", method, [[this.props.record.resId]]);
            await this.action.doAction(action, { onClose: () => this.reload() });
        }
    }

    async createPage(box) {
        if (await this.props.record.save()) {
            await this.action.doAction({
                type: "ir.actions.act_window",
                res_model: box.model,
                views: [[false, "form"]],
                context: { default_patient_id: this.props.record.resId },
            });
        }
    }

    async quickAdd(kind, name, reference) {
        await this.orm.call("medical.patient", "add_chart_fact", [[this.props.record.resId], kind, name, reference]);
        await this.reload();
    }

    async denyByPatient(kind) {
        await this.orm.call("medical.patient", "action_state", [[this.props.record.resId], kind]);
        await this.reload();
    }

    // Keyboard

    onKeydown(ev) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (!step || !ev.target.classList.contains("o_medical_box_item")) {
            return;
        }
        const items = [...this.root.el.querySelectorAll(".o_medical_box_item")];
        const next = items[items.indexOf(ev.target) + step];
        if (next) {
            ev.preventDefault();
            next.focus();
        }
    }
}

registry.category("view_widgets").add("medical_chart_overview", { component: ChartOverview });
