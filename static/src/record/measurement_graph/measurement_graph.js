import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { linePath, MEASURED, niceTicks, patientIdOf, PLOT, scale, timeTicks } from "../plot/plot";

const BAR = 17;
const DAY = 86400000;

/**
 * Measurements over time: `<widget name="medical_measurement_graph"/>` in a form of `medical.patient`, or of a record
 * with `patient_id` (which then has to stand in the form). Both blood pressures are drawn together; the reference range
 * stands behind the points, the treatments of the time are bars beneath. Points are told on hover and by the arrow keys.
 */
export class MeasurementGraph extends Component {
    static template = "medical_practice.MeasurementGraph";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.plot = PLOT;
        this.state = useState({ graph: null, active: -1 });
        onWillStart(() => this.load(patientIdOf(this.props.record)));
        onWillUpdateProps(async (props) => {
            const patientId = patientIdOf(props.record);
            if (patientId !== this.patientId) {
                await this.load(patientId);
            }
        });
        useBus(this.env.bus, MEASURED, ({ detail }) => {
            if (detail.patientId === this.patientId) {
                this.load(this.patientId, this.state.graph?.code);
            }
        });
    }

    async load(patientId, code = null) {
        this.patientId = patientId;
        this.state.active = -1;
        this.state.graph = patientId
            ? await this.orm.call("medical.patient", "get_measurement_graph", [[patientId]], { code: code || null })
            : null;
    }

    // --- drawing ---

    get bars() {
        return this.state.graph.treatments;
    }

    get height() {
        return PLOT.height + (this.bars.length ? this.bars.length * BAR + 10 : 0);
    }

    get allPoints() {
        return this.state.graph.series.flatMap((series) => series.points);
    }

    get xRange() {
        const times = this.allPoints.map((point) => point.t);
        const low = Math.min(...times);
        const high = Math.max(...times, this.bars.length ? Date.now() : 0);
        const room = Math.max((high - low) * 0.03, DAY);
        return [low - room, high + room];
    }

    /** The points, and the limits of the range as far as they are near: a band far off would flatten the line. */
    get yRange() {
        const values = this.allPoints.map((point) => point.y);
        let low = Math.min(...values);
        let high = Math.max(...values);
        const span = high - low || Math.abs(high) * 0.2 || 1;
        for (const { band } of this.state.graph.series) {
            for (const limit of [band?.low, band?.high]) {
                if (typeof limit === "number" && limit > low - span && limit < high + span) {
                    low = Math.min(low, limit);
                    high = Math.max(high, limit);
                }
            }
        }
        const room = (high - low || span) * 0.1;
        return [low - room, high + room];
    }

    get sx() {
        return scale(this.xRange, [PLOT.left, PLOT.width - PLOT.right]);
    }

    get sy() {
        return scale(this.yRange, [PLOT.height - PLOT.bottom, PLOT.top]);
    }

    get xTicks() {
        const { sx } = this;
        return timeTicks(...this.xRange).map(({ value, label }) => ({ label, place: sx(value) }));
    }

    get yTicks() {
        const { sy } = this;
        return niceTicks(...this.yRange, 6).map((y) => ({ label: String(y), place: sy(y) }));
    }

    get series() {
        const { sx, sy } = this;
        const bottom = PLOT.height - PLOT.bottom;
        let index = 0;
        return this.state.graph.series.map((series, place) => {
            const { low, high } = series.band || {};
            const clamp = (y) => Math.min(Math.max(y, PLOT.top), bottom);
            const top = typeof high === "number" ? clamp(sy(high)) : PLOT.top;
            const floor = typeof low === "number" ? clamp(sy(low)) : bottom;
            return {
                ...series,
                place,
                path: linePath(series.points.map(({ t, y }) => [t, y]), sx, sy),
                // With several series each limit is a line: their bands would cover each other.
                band: series.band && this.state.graph.series.length === 1 ? { top, height: Math.max(floor - top, 0) } : false,
                limits: [low, high].filter((limit) => typeof limit === "number").map(sy)
                    .filter((y) => y > PLOT.top && y < bottom),
                points: series.points.map((point) => ({
                    ...point, index: index++, name: series.name, cx: sx(point.t), cy: sy(point.y),
                })),
            };
        });
    }

    get rangeText() {
        return this.state.graph.series
            .filter((series) => series.band)
            .map((series) => `${series.name} ${series.band.text} (${series.band.source})`)
            .join(" · ");
    }

    get drawnBars() {
        const { sx } = this;
        const [low, high] = this.xRange;
        return this.bars.map((bar, place) => {
            const from = sx(Math.max(bar.start, low));
            const to = sx(Math.min(bar.end ? bar.end + DAY : high, high));
            return { ...bar, x: from, width: Math.max(to - from, 3), y: PLOT.height + 4 + place * BAR };
        });
    }

    get active() {
        return this.series.flatMap((series) => series.points)[this.state.active];
    }

    get bubbleStyle() {
        const { cx, cy } = this.active;
        const left = (cx / PLOT.width) * 100;
        return `${left > 70 ? `right: ${101 - left}%` : `left: ${left + 1}%`}; top: ${(cy / this.height) * 100}%`;
    }

    onKeydown(ev) {
        const last = this.allPoints.length - 1;
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
}

registry.category("view_widgets").add("medical_measurement_graph", { component: MeasurementGraph });
