import { Component, onWillStart, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { MEASURED, patientIdOf } from "../plot/plot";

const UNWRITTEN = "medical.consultation";

/**
 * The compact grid of measurements: `<widget name="medical_measurement_grid"/>` in a form of `medical.patient` (what is
 * typed becomes facts of today) or of `medical.consultation` (it belongs to the visit). Rows are types, columns the last
 * days, and one column to type into: Enter and the arrows go down and up, Tab on. A unit typed with the number is
 * understood ("150 lb", "5'11\"", "120/80"). What cannot be right stays as it was typed, with a sentence beside it.
 *
 * Everything typed is read by the server; a form with unsaved changes is saved before, as a button would.
 */
export class MeasurementGrid extends Component {
    static template = "medical_practice.MeasurementGrid";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        // typed: { type id: text }, errors: { type id: sentence }, added: types asked for
        this.state = useState({ grid: null, typed: {}, errors: {}, added: [] });
        this.queue = Promise.resolve();
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps(async ({ record }) => {
            if (this.keyOf(record) !== this.key) {
                this.state.typed = {};
                this.state.errors = {};
                await this.load(record);
            }
        });
        useBus(this.env.bus, MEASURED, ({ detail }) => {
            if (detail.patientId === patientIdOf(this.props.record) && detail.source !== this) {
                this.load(this.props.record);
            }
        });
    }

    keyOf(record) {
        return [patientIdOf(record), this.visitIdOf(record), record.data.state].join();
    }

    visitIdOf(record) {
        return record.resModel === UNWRITTEN ? record.resId || false : false;
    }

    async load(record) {
        this.key = this.keyOf(record);
        const patientId = patientIdOf(record);
        const saved = record.resModel !== UNWRITTEN || record.resId;
        this.state.grid =
            patientId && saved
                ? await this.orm.call("medical.patient", "get_measurement_grid", [[patientId]], {
                      consultation_id: this.visitIdOf(record),
                  })
                : null;
    }

    get rows() {
        const { grid, added } = this.state;
        const known = new Set(grid.rows.map((row) => row.id));
        const asked = grid.others
            .filter((other) => added.includes(other.id) && !known.has(other.id))
            .map((other) => ({ ...other, code: "", unit: "", entry: false, cells: {}, last: false }));
        return [...grid.rows, ...asked];
    }

    get others() {
        return this.state.grid.others.filter((other) => !this.state.added.includes(other.id));
    }

    get editable() {
        return this.state.grid.editable && !this.props.readonly;
    }

    textOf(row) {
        return this.state.typed[row.id] ?? (row.entry ? row.entry.text : "");
    }

    /** What a computed value was made of, how, and what is usual. */
    tipOf(derived) {
        return [...derived.inputs, derived.formula, derived.range].filter(Boolean).join("\n");
    }

    add(ev) {
        const id = Number(ev.target.value);
        ev.target.value = "";
        if (id) {
            this.state.added.push(id);
            setTimeout(() => this.inputs.find((input) => Number(input.dataset.type) === id)?.focus());
        }
    }

    // --- entry ---

    onInput(row, ev) {
        this.state.typed[row.id] = ev.target.value;
    }

    /** Values are sent one after the other, in the order in which they were typed. */
    onChange(row, ev) {
        const text = ev.target.value;
        this.queue = this.queue.then(() => this.save(row, text)).catch((error) => {
            this.queue = Promise.resolve();
            throw error;
        });
        return this.queue;
    }

    async save(row, text) {
        const { record } = this.props;
        const root = record.model.root;
        if ((await root.isDirty()) && !(await root.save())) {
            return;
        }
        const patientId = patientIdOf(record);
        const result = await this.orm.call("medical.patient", "save_measurement", [[patientId], row.id, text], {
            consultation_id: this.visitIdOf(record),
        });
        if (result.error) {
            this.state.errors[row.id] = result.error;
            return;
        }
        delete this.state.errors[row.id];
        if (this.state.typed[row.id] === text) {
            delete this.state.typed[row.id];
        }
        this.state.grid = result.grid;
        this.env.bus.trigger(MEASURED, { patientId, source: this });
        if (record.resModel === UNWRITTEN) {
            await root.load();
        }
    }

    get inputs() {
        return [...this.root.el.querySelectorAll("input.o_medical_grid_input")];
    }

    onKeydown(row, ev) {
        const moves = { Enter: 1, ArrowDown: 1, ArrowUp: -1 };
        if (ev.key in moves) {
            ev.preventDefault();
            ev.stopPropagation();
            const { inputs } = this;
            const next = inputs[inputs.indexOf(ev.target) + moves[ev.key]];
            if (next) {
                next.focus();
                next.select();
            } else {
                ev.target.blur();
            }
        } else if (ev.key === "Escape" && row.id in this.state.typed) {
            ev.stopPropagation();
            delete this.state.typed[row.id];
            delete this.state.errors[row.id];
            ev.target.value = this.textOf(row);
        }
    }

    // --- units, scores ---

    async setSystem(system) {
        await this.orm.write("res.users", [user.userId], { medical_unit_system: system });
        await this.load(this.props.record);
        this.env.bus.trigger(MEASURED, { patientId: patientIdOf(this.props.record), source: this });
    }

    async openScore() {
        const { record } = this.props;
        const root = record.model.root;
        if ((await root.isDirty()) && !(await root.save())) {
            return;
        }
        const patientId = patientIdOf(record);
        await this.action.doAction("medical_practice.medical_score_entry_action", {
            additionalContext: {
                default_patient_id: patientId,
                default_consultation_id: this.visitIdOf(record),
            },
            onClose: async () => {
                await this.load(this.props.record);
                this.env.bus.trigger(MEASURED, { patientId, source: this });
            },
        });
    }
}

registry.category("view_widgets").add("medical_measurement_grid", { component: MeasurementGrid });
