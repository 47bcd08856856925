import { onMounted, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { DayControl } from "./day_control";
import { DaySheetSearchModel } from "./day_sheet_search_model";

/** Milliseconds between two looks at what the colleagues did. */
const REFRESH = 60000;

/** Give a controller the day it shows, and keep it fresh while somebody looks at it. */
const withDay = (Controller) =>
    class extends Controller {
        static components = { ...Controller.components, DayControl };

        setup() {
            super.setup();
            onMounted(() => {
                this.refreshInterval = browser.setInterval(() => this.refresh(), REFRESH);
            });
            onWillUnmount(() => browser.clearInterval(this.refreshInterval));
        }

        get dayControlProps() {
            const { searchModel } = this.env;
            return { day: searchModel.day, onChange: (day) => searchModel.setDay(day) };
        }

        get isBusy() {
            return document.hidden || this.model.root.editedRecord || this.model.root.selection?.length;
        }

        async refresh() {
            if (!this.isBusy) {
                await this.model.load();
            }
        }
    };

export class DaySheetListController extends withDay(ListController) {
    static template = "medical_practice.DaySheetListView";
}

export class DaySheetKanbanController extends withDay(KanbanController) {
    static template = "medical_practice.DaySheetKanbanView";
}

registry.category("views").add("medical_day_sheet_list", {
    ...listView,
    Controller: DaySheetListController,
    SearchModel: DaySheetSearchModel,
});

registry.category("views").add("medical_day_sheet_kanban", {
    ...kanbanView,
    Controller: DaySheetKanbanController,
    SearchModel: DaySheetSearchModel,
});
