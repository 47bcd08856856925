import { serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { askRecurrenceUpdatePolicy } from "@calendar/views/ask_recurrence_update_policy_hook";

/** Where the browser keeps what the user hid in the side panel. */
const STORAGE_KEY = "medical_practice.agenda.hidden";
/** States that are hidden until the user asks for them. */
const HIDDEN_AT_FIRST = { appointment_state: ["cancelled"] };
/** Colours of the states, the same as those the server gives to appointments. */
const STATE_COLORS = { booked: 4, confirmed: 7, arrived: 3, in_progress: 10, done: 0, no_show: 1, cancelled: 0 };

/** The agenda of a practice: appointments, and beside them whom and what can be booked, hours and absences. */
export class AgendaModel extends CalendarModel {
    static services = [...CalendarModel.services, "dialog"];

    setup(params, services) {
        super.setup(...arguments);
        this.dialog = services.dialog;
        this.data.setup = { practitioners: [], rooms: [] };
        this.hidden = JSON.parse(browser.localStorage.getItem(STORAGE_KEY) || "{}");
    }

    /** Practitioners that are ticked in the side panel. */
    get activePractitioners() {
        const section = this.data.filterSections.practitioner_id;
        const shown = new Set((section?.filters || []).filter((f) => f.active).map((f) => f.value));
        return this.data.setup.practitioners.filter((practitioner) => shown.has(practitioner.id));
    }

    /** @override */
    async loadRecords(data) {
        const [records, setup] = await Promise.all([super.loadRecords(data), this.fetchSetup(data)]);
        data.setup = setup;
        return records;
    }

    fetchSetup(data) {
        return this.orm.call(this.meta.resModel, "get_agenda_setup", [
            serializeDateTime(data.range.start),
            serializeDateTime(data.range.end),
        ]);
    }

    /** @override */
    normalizeRecord(rawRecord) {
        const record = super.normalizeRecord(rawRecord);
        record.isStriked = ["cancelled", "no_show"].includes(rawRecord.appointment_state);
        return record;
    }

    /**
     * Everybody and every room has its box to tick, also on a day without appointments.
     *
     * @override
     */
    async loadDynamicFilterSection(data, fieldName, filtersInfo) {
        const section = await super.loadDynamicFilterSection(...arguments);
        const choices = this.getFilterChoices(data, fieldName);
        if (choices) {
            section.filters = choices.map((choice) => this.makeChoiceFilter(fieldName, choice));
        }
        return section;
    }

    getFilterChoices(data, fieldName) {
        const { practitioners, rooms } = data.setup;
        switch (fieldName) {
            case "practitioner_id":
                return practitioners;
            case "room_id":
                return rooms.length ? [...rooms, { id: false, name: _t("No room"), color: 0 }] : [];
            case "appointment_state":
                return this.meta.fields.appointment_state.selection.map(([id, name]) => ({
                    id,
                    name,
                    color: STATE_COLORS[id],
                }));
        }
        return null;
    }

    makeChoiceFilter(fieldName, { id, name, color }) {
        const hidden = this.hidden[fieldName] || HIDDEN_AT_FIRST[fieldName] || [];
        return {
            type: "dynamic",
            recordId: null,
            value: id,
            label: name,
            active: !hidden.includes(id),
            canRemove: false,
            colorIndex: color || null,
            hasAvatar: false,
        };
    }

    /** @override */
    async updateFilters(fieldName, filters, active) {
        const section = this.data.filterSections[fieldName];
        for (const filter of filters) {
            filter.active = active;
        }
        this.hidden[fieldName] = section.filters.filter((f) => !f.active).map((f) => f.value);
        browser.localStorage.setItem(STORAGE_KEY, JSON.stringify(this.hidden));
        return super.updateFilters(...arguments);
    }

    /**
     * A click gives the start only: the type says how long it takes. In the month, a day starts at nine.
     *
     * @override
     */
    buildRawRecord(partialRecord, options = {}) {
        const isNew = !partialRecord.id;
        const record = { ...partialRecord };
        if (isNew && (record.isAllDay || this.meta.scale === "month")) {
            record.isAllDay = false;
            record.start = record.start.set({ hour: 9, minute: 0 });
            record.end = undefined;
        }
        const rawRecord = super.buildRawRecord(record, options);
        if (isNew && !record.end) {
            delete rawRecord[this.meta.fieldMapping.date_stop];
        }
        delete rawRecord.name;
        if (record.practitionerId) {
            rawRecord.practitioner_id = record.practitionerId;
        }
        if (record.recurrenceUpdate) {
            rawRecord.recurrence_update = record.recurrenceUpdate;
        }
        return rawRecord;
    }

    /** @override */
    makeContextDefaults(rawRecord) {
        const context = super.makeContextDefaults(rawRecord);
        context.default_allday = false;
        const practitionerId = rawRecord.practitioner_id || this.onlyActive("practitioner_id");
        if (practitionerId) {
            context.default_practitioner_id = practitionerId;
        }
        const roomId = this.onlyActive("room_id");
        if (roomId) {
            context.default_room_id = roomId;
        }
        return context;
    }

    /** The one value that is ticked in a section of the side panel, if it is the only one. */
    onlyActive(fieldName) {
        const active = (this.data.filterSections[fieldName]?.filters || []).filter((f) => f.active);
        return active.length === 1 ? active[0].value : false;
    }

    /**
     * Ask which appointments of a series move; what is refused goes back to where it was.
     *
     * @override
     */
    async updateRecord(record, options = {}) {
        const changes = { ...record };
        if (this.records[record.id].rawRecord.recurrency) {
            changes.recurrenceUpdate = await askRecurrenceUpdatePolicy(this.dialog);
            if (!changes.recurrenceUpdate) {
                return this.notify();
            }
        }
        try {
            await super.updateRecord(changes, options);
        } catch (error) {
            this.notify();
            throw error;
        }
    }
}
