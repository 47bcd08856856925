import { deserializeDate, deserializeDateTime } from "@web/core/l10n/dates";

import { Component } from "@odoo/owl";

import { ChartQuickAdd } from "./chart_quick_add";

const { DateTime } = luxon;

/** One box of the cover sheet: what it is about, what there is, what to add. */
export class ChartBox extends Component {
    static template = "medical_practice.ChartBox";
    static components = { ChartQuickAdd };
    static props = {
        box: Object,
        content: Object,
        adding: Boolean,
        onOpen: Function,
        onAdd: Function,
        onQuickAdd: Function,
        onCloseAdd: Function,
        onState: Function,
        onMore: Function,
    };

    get items() {
        return this.props.content.items;
    }

    get more() {
        return Math.max((this.props.content.total || 0) - this.items.length, 0);
    }

    get canAdd() {
        const { quick, form, action } = this.props.box;
        return Boolean(quick || form || action);
    }

    get addTitle() {
        return this.props.box.title.toString();
    }

    /** “12 Mar”, with the year where it is not this one; the hour of what is to come today or later. */
    day(text) {
        const precise = text.length > 10;
        const moment = precise ? deserializeDateTime(text) : deserializeDate(text);
        const year = moment.year === DateTime.now().year ? undefined : "numeric";
        const hour = precise && moment > DateTime.now() ? { hour: "numeric", minute: "2-digit" } : {};
        return moment.toLocaleString({ day: "numeric", month: "short", year, ...hour });
    }

    badgeClass(item) {
        return item.level ? `text-bg-${item.level}` : "text-bg-light border";
    }
}
