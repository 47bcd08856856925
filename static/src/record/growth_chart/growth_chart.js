import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { linePath, MEASURED, niceTicks, patientIdOf, PLOT, scale } from "../plot/plot";

/**
 * Growth curves of a child: `<widget name="medical_growth_chart"/>` in a form of `medical.patient`, or of a record with
 * `patient_id` (which then has to stand in the form). It asks the server for one chart at a time
 * (`medical.patient.get_growth_chart`), says what is missing where there can be none, and prints what it shows. Points
 * are told on hover and by the arrow keys.
 */
export class GrowthChart extends Component {
    static template = "medical_practice.GrowthChart";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.plot = PLOT;
        this.state = useState({ chart: null, lines: "percentiles", active: -1 });
        onWillStart(() => this.load(patientIdOf(this.props.record)));
        onWillUpdateProps(async (props) => {
            const patientId = patientIdOf(props.record);
            if (patientId !== this.patientId) {
                await this.load(patientId);
            }
        });
        useBus(this.env.bus, MEASURED, ({ detail }) => {
            if (detail.patientId === this.patientId) {
                this.load(this.patientId, this.selection);
            }
        });
    }

    get selection() {
        const { indicator, span } = this.state.chart || {};
        return { indicator: indicator || null, span: span || null };
    }

    async load(patientId, selection = {}) {
        this.patientId = patientId;
        this.state.active = -1;
        this.state.chart = patientId
            ? await this.orm.call("medical.patient", "get_growth_chart", [[patientId]], selection)
            : null;
    }

    select(values) {
        return this.load(this.patientId, { ...this.selection, ...values });
    }

    // --- drawing ---

    get sx() {
        return scale(this.state.chart.x_range, [PLOT.left, PLOT.width - PLOT.right]);
    }

    get sy() {
        return scale(this.state.chart.y_range, [PLOT.height - PLOT.bottom, PLOT.top]);
    }

    get curves() {
        const { sx, sy } = this;
        return this.state.chart[this.state.lines].map((line) => ({
            ...line,
            path: linePath(line.points, sx, sy),
            end: line.points.length ? sy(line.points.at(-1)[1]) : 0,
            endX: line.points.length ? sx(line.points.at(-1)[0]) : 0,
            kind: Math.abs(line.z) < 0.01 ? "median" : Math.abs(line.z) > 1.5 ? "outer" : "inner",
        }));
    }

    get xTicks() {
        const { x_ticks, x_range } = this.state.chart;
        const ticks = x_ticks.length
            ? x_ticks
            : niceTicks(...x_range, 8).map((x) => ({ x, label: String(x) }));
        return ticks.map(({ x, label }) => ({ label, place: this.sx(x) }));
    }

    get yTicks() {
        return niceTicks(...this.state.chart.y_range, 7).map((y) => ({ label: String(y), place: this.sy(y) }));
    }

    get points() {
        const { sx, sy } = this;
        return this.state.chart.points.map((point) => ({ ...point, cx: sx(point.x), cy: sy(point.y) }));
    }

    get pointsPath() {
        return linePath(this.state.chart.points.map(({ x, y }) => [x, y]), this.sx, this.sy);
    }

    get active() {
        return this.points[this.state.active];
    }

    /** Where the bubble of the active point stands, in percent of the drawing. */
    get bubbleStyle() {
        const { cx, cy } = this.active;
        const right = cx > PLOT.width * 0.7;
        const side = right ? `right: ${100 - (cx / PLOT.width) * 100 + 1}%` : `left: ${(cx / PLOT.width) * 100 + 1}%`;
        return `${side}; top: ${(cy / PLOT.height) * 100}%`;
    }

    onKeydown(ev) {
        const last = this.state.chart.points.length - 1;
        const moves = { ArrowRight: 1, ArrowLeft: -1 };
        if (ev.key in moves && last >= 0) {
            ev.preventDefault();
            const from = this.state.active < 0 && moves[ev.key] < 0 ? last + 1 : this.state.active;
            this.state.active = Math.min(Math.max(from + moves[ev.key], 0), last);
        } else if (ev.key === "Escape" && this.state.active >= 0) {
            ev.stopPropagation();
            this.state.active = -1;
        }
    }

    async print() {
        const { indicator, span } = this.selection;
        const kwargs = { indicator, span, lines: this.state.lines };
        await this.action.doAction(
            await this.orm.call("medical.patient", "action_print_growth", [[this.patientId]], kwargs)
        );
    }
}

registry.category("view_widgets").add("medical_growth_chart", { component: GrowthChart });
