import { useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { useInboxUpload } from "./inbox_upload";

/** Give a controller a button that takes files, and take those that are dropped on it. */
const withUpload = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.fileInput = useRef("medicalFiles");
            this.inbox = useInboxUpload({
                targetRef: this.rootRef,
                onUploaded: () => this.model.load(),
            });
        }

        onClickUpload() {
            this.fileInput.el.click();
        }

        async onFilesChosen(ev) {
            const files = [...ev.target.files];
            ev.target.value = "";
            await this.inbox.upload(files);
        }
    };

export class InboxListController extends withUpload(ListController) {
    static template = "medical_practice.InboxListView";
}

export class InboxKanbanController extends withUpload(KanbanController) {
    static template = "medical_practice.InboxKanbanView";
}

registry.category("views").add("medical_inbox_list", { ...listView, Controller: InboxListController });
registry.category("views").add("medical_inbox_kanban", { ...kanbanView, Controller: InboxKanbanController });
