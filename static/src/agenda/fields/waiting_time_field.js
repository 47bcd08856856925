import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

/** Milliseconds between two looks at the clock. */
const TICK = 15000;
/** Minutes after which waiting is shown as long, then as too long. */
const LONG = 15;
const TOO_LONG = 30;

/** How long the patient has waited since he arrived: runs while he waits, stays once the visit has started. */
export class WaitingTimeField extends Component {
    static template = "medical_practice.WaitingTimeField";
    static props = { ...standardFieldProps };

    setup() {
        this.clock = useState({ now: DateTime.now() });
        onMounted(() => {
            this.interval = browser.setInterval(() => (this.clock.now = DateTime.now()), TICK);
        });
        onWillUnmount(() => browser.clearInterval(this.interval));
    }

    get isWaiting() {
        return this.props.record.data.appointment_state === "arrived";
    }

    /** Whole minutes waited, or null when nobody waits and nobody has waited. */
    get minutes() {
        const { data } = this.props.record;
        const arrived = data[this.props.name];
        const until = this.isWaiting ? this.clock.now : data.started_on;
        if (!arrived || !until) {
            return null;
        }
        return Math.max(Math.floor(until.diff(arrived, "minutes").minutes), 0);
    }

    get label() {
        const minutes = this.minutes;
        if (minutes < 60) {
            return _t("%s min", minutes);
        }
        return _t("%(hours)s h %(minutes)s", {
            hours: Math.floor(minutes / 60),
            minutes: String(minutes % 60).padStart(2, "0"),
        });
    }

    get className() {
        if (!this.isWaiting) {
            return "text-muted";
        }
        const level = this.minutes >= TOO_LONG ? "danger" : this.minutes >= LONG ? "warning" : "info";
        return `badge rounded-pill text-bg-${level}`;
    }
}

registry.category("fields").add("medical_waiting_time", {
    component: WaitingTimeField,
    supportedTypes: ["datetime"],
    fieldDependencies: [
        { name: "appointment_state", type: "selection" },
        { name: "started_on", type: "datetime" },
    ],
});
