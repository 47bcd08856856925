import { Domain } from "@web/core/domain";
import { serializeDateTime } from "@web/core/l10n/dates";
import { SearchModel } from "@web/search/search_model";

const { DateTime } = luxon;

/**
 * The search of a day sheet: whatever is filtered, one day is shown, from midnight to midnight where the user is.
 * The day is kept when the user comes back from a chart, and left out of what he saves as a favourite.
 */
export class DaySheetSearchModel extends SearchModel {
    setup() {
        super.setup(...arguments);
        this.day = DateTime.local().toISODate();
    }

    async load(config) {
        this.day = config.state?.day || config.context?.day_sheet_date || this.day;
        return super.load(config);
    }

    exportState() {
        return { ...super.exportState(), day: this.day };
    }

    setDay(day) {
        this.day = day;
        this._notify();
    }

    get dayDomain() {
        const start = DateTime.fromISO(this.day).startOf("day");
        return [
            ["start", ">=", serializeDateTime(start)],
            ["start", "<", serializeDateTime(start.plus({ days: 1 }))],
        ];
    }

    /** @override */
    _getDomain(params = {}) {
        if (params.withGlobal === false) {
            return super._getDomain(params);
        }
        const domain = Domain.and([super._getDomain({ ...params, raw: true }), this.dayDomain]);
        return params.raw ? domain : domain.toList(this.domainEvalContext);
    }
}
