import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** The day a day sheet shows: one day back, one day on, any day, today. */
export class DayControl extends Component {
    static template = "medical_practice.DayControl";
    static props = {
        /** ISO date of the day shown. */
        day: String,
        /** Called with the ISO date of the day to show. */
        onChange: Function,
    };

    get date() {
        return DateTime.fromISO(this.props.day);
    }

    get isToday() {
        return this.date.hasSame(DateTime.local(), "day");
    }

    /** How one speaks of the day: "Today", "Tomorrow", "Yesterday", or the day of the week. */
    get label() {
        const days = this.date.startOf("day").diff(DateTime.local().startOf("day"), "days").days;
        const names = { "-1": _t("Yesterday"), 0: _t("Today"), 1: _t("Tomorrow") };
        return names[Math.round(days)] || this.date.weekdayLong;
    }

    move(days) {
        this.props.onChange(this.date.plus({ days }).toISODate());
    }

    goToday() {
        this.props.onChange(DateTime.local().toISODate());
    }

    onInput(ev) {
        // An emptied or half-typed date keeps the day shown.
        if (DateTime.fromISO(ev.target.value).isValid) {
            this.props.onChange(ev.target.value);
        }
    }
}
