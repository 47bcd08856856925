import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { CalendarController } from "@web/views/calendar/calendar_controller";
import { calendarView } from "@web/views/calendar/calendar_view";
import { AgendaModel } from "./agenda_model";
import { AgendaRenderer } from "./agenda_renderer";

export class AgendaController extends CalendarController {
    get editRecordDefaultDisplayText() {
        return _t("New Appointment");
    }

    /** @override */
    getQuickCreateFormViewProps(record) {
        return {
            ...super.getQuickCreateFormViewProps(record),
            title: _t("New Appointment"),
            size: "md",
            onRecordSaved: () => this.model.load(),
        };
    }
}

registry.category("views").add("medical_agenda", {
    ...calendarView,
    Controller: AgendaController,
    Model: AgendaModel,
    Renderer: AgendaRenderer,
});
