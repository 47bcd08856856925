import { deserializeDateTime, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onWillStart, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";

const { DateTime } = luxon;
const PAGE = 40;

export const KINDS = [
    { key: "consultation", label: _t("Consultations"), icon: "fa-stethoscope", page: true },
    { key: "prescription", label: _t("Prescriptions"), icon: "fa-list-alt", page: true },
    { key: "measurement", label: _t("Measurements"), icon: "fa-line-chart" },
    { key: "condition", label: _t("Problems and History"), icon: "fa-heartbeat" },
    { key: "allergy", label: _t("Allergies"), icon: "fa-exclamation-circle" },
    { key: "treatment", label: _t("Treatments"), icon: "fa-medkit" },
    { key: "document", label: _t("Documents"), icon: "fa-file-text-o", page: true },
    { key: "immunization", label: _t("Immunizations"), icon: "fa-eyedropper" },
    { key: "appointment", label: _t("Appointments"), icon: "fa-calendar" },
];

export const PERIODS = [
    { key: "all", label: _t("All the time") },
    { key: "month", label: _t("Last month"), span: { months: 1 } },
    { key: "quarter", label: _t("Last 3 months"), span: { months: 3 } },
    { key: "year", label: _t("Last year"), span: { years: 1 } },
    { key: "five", label: _t("Last 5 years"), span: { years: 5 } },
    { key: "custom", label: _t("From … to …") },
];

/**
 * Everything of a chart in time, newest first, by year and month; the next page is read when the last line comes into
 * view. What is filtered is filtered by the server, over the whole chart.
 */
export class ChartTimeline extends Component {
    static template = "medical_practice.ChartTimeline";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.keepLast = new KeepLast();
        this.kinds = KINDS;
        this.periods = PERIODS;
        this.root = useRef("root");
        this.bottom = useRef("bottom");
        this.state = useState({
            entries: [],
            next: false,
            loading: false,
            practitioners: [],
            kinds: [],
            text: "",
            period: "all",
            from: "",
            to: "",
            practitioner: 0,
            errors: false,
        });
        this.searchText = useDebounced(() => this.restart(), 300);
        onWillStart(async () => {
            this.patientId = this.props.record.resId;
            await Promise.all([this.restart(), this.loadPractitioners()]);
        });
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.patientId) {
                this.patientId = record.resId;
                return this.restart();
            }
        });
        useEffect(
            (bottom) => {
                if (!bottom) {
                    return;
                }
                const observer = new IntersectionObserver((seen) => seen.some((e) => e.isIntersecting) && this.more());
                observer.observe(bottom);
                return () => observer.disconnect();
            },
            () => [this.bottom.el, this.state.entries.length]
        );
    }

    async loadPractitioners() {
        this.state.practitioners = await this.orm.call("medical.practitioner", "name_search", [], { limit: 50 });
    }

    // Reading

    get filters() {
        const { kinds, text, practitioner, errors } = this.state;
        const [date_from, date_to] = this.bounds;
        return { kinds: [...kinds], text, date_from, date_to, practitioner_id: practitioner || false, errors };
    }

    get bounds() {
        const { period, from, to } = this.state;
        if (period === "custom") {
            return [from || false, to || false];
        }
        const { span } = PERIODS.find(({ key }) => key === period);
        return [span ? serializeDate(DateTime.now().minus(span)) : false, false];
    }

    read(after = false) {
        return this.keepLast.add(
            this.orm.call("medical.patient", "get_chart_timeline", [[this.patientId]], {
                ...this.filters,
                after,
                limit: PAGE,
            })
        );
    }

    async restart() {
        if (!this.patientId) {
            return;
        }
        this.state.loading = true;
        const { entries, next } = await this.read();
        Object.assign(this.state, { entries, next, loading: false });
    }

    async more() {
        if (this.state.loading || !this.state.next) {
            return;
        }
        this.state.loading = true;
        const { entries, next } = await this.read(this.state.next);
        this.state.entries.push(...entries);
        Object.assign(this.state, { next, loading: false });
    }

    // Filtering

    toggleKind(kind) {
        const { kinds } = this.state;
        this.state.kinds = kinds.includes(kind) ? kinds.filter((other) => other !== kind) : [...kinds, kind];
        return this.restart();
    }

    setFilter(name, value) {
        this.state[name] = value;
        return this.restart();
    }

    onText(ev) {
        this.state.text = ev.target.value;
        this.searchText();
    }

    onPractitioner(ev) {
        return this.setFilter("practitioner", Number(ev.target.value));
    }

    get isFiltered() {
        const { kinds, text, period, practitioner } = this.state;
        return Boolean(kinds.length || text || period !== "all" || practitioner);
    }

    clear() {
        Object.assign(this.state, { kinds: [], text: "", period: "all", from: "", to: "", practitioner: 0 });
        return this.restart();
    }

    // Showing

    /** The entries by month: `[{ key, year, month, entries }]`; the year stands at its first month only. */
    get months() {
        const months = [];
        for (const entry of this.state.entries) {
            const moment = deserializeDateTime(entry.moment);
            const key = moment.toFormat("yyyy-MM");
            if (months.at(-1)?.key !== key) {
                const year = moment.toFormat("yyyy");
                months.push({
                    key,
                    year: months.at(-1)?.key.startsWith(year) ? "" : year,
                    month: moment.toLocaleString({ month: "long" }),
                    entries: [],
                });
            }
            months.at(-1).entries.push(entry);
        }
        return months;
    }

    day(entry) {
        return deserializeDateTime(entry.moment).toLocaleString({ weekday: "short", day: "numeric" });
    }

    hour(entry) {
        const clock = ["consultation", "appointment"].includes(entry.kind);
        return entry.precise && clock ? deserializeDateTime(entry.moment).toLocaleString(DateTime.TIME_SIMPLE) : "";
    }

    icon(entry) {
        return KINDS.find(({ key }) => key === entry.kind).icon;
    }

    kindLabel(entry) {
        return KINDS.find(({ key }) => key === entry.kind).label.toString();
    }

    badgeClass(entry) {
        return !entry.level || entry.level === "muted" ? "text-bg-light border" : `text-bg-${entry.level}`;
    }

    async open(entry) {
        if (KINDS.find(({ key }) => key === entry.kind).page) {
            if (await this.props.record.save()) {
                const action = await this.orm.call(entry.model, "get_formview_action", [[entry.id]]);
                await this.action.doAction(action);
            }
            return;
        }
        if (entry.kind === "measurement") {
            return this.openDay(entry);
        }
        const form = entry.kind === "appointment" && "medical_practice.calendar_event_view_form_appointment";
        this.dialog.add(
            FormViewDialog,
            { resModel: entry.model, resId: entry.id, context: form ? { form_view_ref: form } : {} },
            { onClose: () => this.restart() }
        );
    }

    /** The values of a day, in the list of measurements. */
    openDay(entry) {
        const day = deserializeDateTime(entry.moment).startOf("day");
        const utc = (moment) => moment.toUTC().toFormat("yyyy-MM-dd HH:mm:ss");
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: day.toLocaleString(DateTime.DATE_MED),
            res_model: "medical.measurement",
            views: [[false, "list"]],
            domain: [
                ["patient_id", "=", this.patientId],
                ["date", ">=", utc(day)],
                ["date", "<", utc(day.plus({ days: 1 }))],
            ],
        });
    }

    onKeydown(ev) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (!step || !ev.target.classList.contains("o_medical_entry")) {
            return;
        }
        const entries = [...this.root.el.querySelectorAll(".o_medical_entry")];
        const next = entries[entries.indexOf(ev.target) + step];
        if (next) {
            ev.preventDefault();
            next.focus();
        }
    }
}

registry.category("view_widgets").add("medical_chart_timeline", { component: ChartTimeline });
