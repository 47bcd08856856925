import { Component, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const POLL_EVERY = 500;

/**
 * The button that loads the uploaded register. While the server works, it asks how far it is: the load is one
 * transaction, its progress the only thing visible outside of it.
 */
export class RegisterLoad extends Component {
    static template = "medical_practice.RegisterLoad";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ loading: false, progress: 0 });
        onWillUnmount(() => clearInterval(this.timer));
    }

    async load() {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        this.state.progress = 0;
        this.state.loading = true;
        this.timer = setInterval(() => this.poll(), POLL_EVERY);
        try {
            const action = await this.orm.call(record.resModel, "action_load", [[record.resId]]);
            this.state.progress = 100;
            await this.action.doAction(action);
        } finally {
            clearInterval(this.timer);
            this.state.loading = false;
        }
    }

    async poll() {
        const { record } = this.props;
        const [values] = await this.orm.silent.read(record.resModel, [record.resId], ["progress"]);
        if (values && this.state.loading) {
            this.state.progress = Math.max(this.state.progress, values.progress);
        }
    }
}

registry.category("view_widgets").add("medical_register_load", { component: RegisterLoad });
