import { Component } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { is24HourFormat } from "@web/core/l10n/time";
import { renderToString } from "@web/core/utils/render";
import { CalendarCommonRenderer } from "@web/views/calendar/calendar_common/calendar_common_renderer";
import { CalendarRenderer } from "@web/views/calendar/calendar_renderer";
import { AgendaPopover } from "./agenda_popover";

/** Hours the agenda shows at least; earlier or later ones come in when somebody works or is booked then. */
const FIRST_HOUR = 8;
const LAST_HOUR = 18;
/** Practitioners that fit side by side. */
const MAX_COLUMNS = 6;
/** Appointments that may still be moved. */
const MOVABLE = ["booked", "confirmed"];

const clock = (hour) => `${String(hour).padStart(2, "0")}:00:00`;

/** Days and weeks of the agenda: appointments in the colour of their state, over hours and absences. */
export class AgendaCommonRenderer extends CalendarCommonRenderer {
    static components = { ...CalendarCommonRenderer.components, Popover: AgendaPopover };
    static eventTemplate = "medical_practice.AgendaRenderer.event";
    static props = {
        ...CalendarCommonRenderer.props,
        /** The practitioner whose column this is. */
        practitioner: { type: Object, optional: true },
    };

    setup() {
        super.setup();
        this.timeFormat = is24HourFormat() ? "HH:mm" : "h:mm a";
    }

    get practitioners() {
        return this.props.practitioner ? [this.props.practitioner] : this.props.model.activePractitioners;
    }

    get options() {
        const options = super.options;
        if (this.props.model.scale === "month") {
            return options;
        }
        const [first, last] = this.shownHours;
        return {
            ...options,
            allDaySlot: false,
            slotDuration: "00:15:00",
            snapDuration: "00:05:00",
            slotLabelInterval: "01:00:00",
            slotMinTime: clock(first),
            slotMaxTime: clock(last),
            height: this.props.practitioner ? "auto" : options.height,
            stickyHeaderDates: true,
        };
    }

    /** First and last hour to show, of the whole view, so that columns stand level. */
    get shownHours() {
        const { model } = this.props;
        let [first, last] = [FIRST_HOUR, LAST_HOUR];
        const extend = (start, end) => {
            first = Math.min(first, start.hour);
            last = Math.max(last, end.hasSame(start, "day") ? end.hour + (end.minute ? 1 : 0) : 24);
        };
        for (const record of Object.values(model.data.records)) {
            extend(record.start, record.end);
        }
        for (const practitioner of model.data.setup.practitioners) {
            for (const [start, stop] of practitioner.hours) {
                const [from, to] = [deserializeDateTime(start), deserializeDateTime(stop)];
                if (to.diff(from, "hours").hours < 24) {
                    extend(from, to);
                }
            }
        }
        return [first, last];
    }

    /** @override */
    mapRecordsToEvents() {
        return [...super.mapRecordsToEvents(), ...this.backgroundEvents];
    }

    get backgroundEvents() {
        const practitioners = this.practitioners;
        if (this.props.model.scale === "month" || !practitioners.length) {
            return [];
        }
        const local = (utc) => deserializeDateTime(utc).toISO();
        const events = [];
        for (const { name, hours, absences } of practitioners) {
            for (const [start, stop] of hours) {
                events.push({
                    groupId: "hours",
                    display: "inverse-background",
                    classNames: ["o_medical_closed"],
                    start: local(start),
                    end: local(stop),
                });
            }
            for (const absence of absences) {
                events.push({
                    display: "background",
                    classNames: ["o_medical_absence"],
                    title: practitioners.length > 1 ? `${name}: ${absence.name}` : absence.name,
                    start: local(absence.start),
                    end: local(absence.stop),
                });
            }
        }
        return events;
    }

    /** @override */
    convertRecordToEvent(record) {
        return {
            ...super.convertRecordToEvent(record),
            editable: MOVABLE.includes(record.rawRecord.appointment_state),
        };
    }

    /** @override */
    eventClassNames({ event }) {
        if (event.display.endsWith("background")) {
            return [];
        }
        const classNames = super.eventClassNames(...arguments);
        const record = this.props.model.records[event.id];
        if (record) {
            classNames.push(`o_medical_event_${record.rawRecord.appointment_state}`);
        }
        return classNames;
    }

    /** @override */
    onEventClick(info) {
        if (this.props.model.records[info.event.id]) {
            super.onEventClick(info);
        }
    }

    /** @override */
    getHeaderHtml(info) {
        const { practitioner } = this.props;
        if (!practitioner) {
            return super.getHeaderHtml(info);
        }
        return { html: renderToString("medical_practice.AgendaRenderer.columnHeader", { practitioner }) };
    }
}

/** A day of several practitioners, side by side. */
export class AgendaDayRenderer extends Component {
    static template = "medical_practice.AgendaDayRenderer";
    static components = { AgendaCommonRenderer };
    static props = CalendarCommonRenderer.props;

    get columns() {
        const practitioners = this.props.model.activePractitioners;
        return this.env.isSmall || practitioners.length > MAX_COLUMNS || practitioners.length < 2 ? [] : practitioners;
    }

    getColumnProps(practitioner) {
        return {
            ...this.props,
            practitioner,
            model: this.makeColumnModel(practitioner),
            createRecord: (record) => this.props.createRecord({ ...record, practitionerId: practitioner.id }),
        };
    }

    /** The model as one column sees it: its own appointments; all the rest is that of the agenda. */
    makeColumnModel(practitioner) {
        return new Proxy(this.props.model, {
            get(model, name) {
                if (name === "records") {
                    return Object.fromEntries(
                        Object.entries(model.records).filter(
                            ([, record]) => record.rawRecord.practitioner_id[0] === practitioner.id
                        )
                    );
                }
                const value = Reflect.get(model, name, model);
                return typeof value === "function" && name !== "constructor" ? value.bind(model) : value;
            },
        });
    }
}

export class AgendaRenderer extends CalendarRenderer {
    static components = {
        ...CalendarRenderer.components,
        day: AgendaDayRenderer,
        week: AgendaCommonRenderer,
        month: AgendaCommonRenderer,
    };

    /** Other hours or other columns are another calendar. @override */
    get calendarKey() {
        return `${super.calendarKey}_${this.props.model.scale === "day" ? this.props.model.activePractitioners.length > 1 : ""}`;
    }
}
