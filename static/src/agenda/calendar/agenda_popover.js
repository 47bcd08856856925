import { onWillStart } from "@odoo/owl";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { CalendarCommonPopover } from "@web/views/calendar/calendar_common/calendar_common_popover";

/** What one sees and does about an appointment without leaving the agenda. */
export class AgendaPopover extends CalendarCommonPopover {
    static subTemplates = {
        ...CalendarCommonPopover.subTemplates,
        footer: "medical_practice.AgendaPopover.footer",
    };

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.action = useService("action");
        onWillStart(async () => {
            this.mayConsult = await user.hasGroup("medical_practice.group_assistant");
        });
    }

    get state() {
        return this.props.record.rawRecord.appointment_state;
    }

    isState(...states) {
        return states.includes(this.state);
    }

    async move(method) {
        await this.orm.call(this.props.model.resModel, method, [[this.props.record.id]]);
        this.props.close();
        await this.props.model.load();
    }

    async open(method) {
        const action = await this.orm.call(this.props.model.resModel, method, [[this.props.record.id]]);
        this.props.close();
        await this.action.doAction(action);
    }
}
