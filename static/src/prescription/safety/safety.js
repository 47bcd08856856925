import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";

/** How each grade looks: quiet below, loud above, never by colour alone. */
export const GRADES = {
    contraindicated: { icon: "fa-ban", tone: "danger", label: _t("Contraindicated") },
    avoid: { icon: "fa-exclamation-triangle", tone: "warning", label: _t("Avoid") },
    precaution: { icon: "fa-exclamation-circle", tone: "warning", label: _t("Precaution") },
    take_into_account: { icon: "fa-info-circle", tone: "info", label: _t("Take into account") },
    information: { icon: "fa-info", tone: "muted", label: _t("Information") },
};
const UNCHECKED = { icon: "fa-question-circle", tone: "unchecked", label: _t("Not checked") };
/** Grades at which what was not checked matters for what is being prescribed. */
const MATTERS = ["contraindicated", "avoid", "precaution"];

/** Whether something was not checked, and its check would hardly change what is prescribed. */
function isMinorUnchecked(item) {
    return item.kind === "not_checked" && !MATTERS.includes(item.severity);
}

/** The look of a finding; what was not checked is a question, unless it stops the signature. */
export function gradeOf(item) {
    if (item.kind === "not_checked" && !item.interrupting) {
        return isMinorUnchecked(item) ? UNCHECKED : { ...UNCHECKED, tone: "warning" };
    }
    return GRADES[item.severity] || GRADES.information;
}

/** What the check says about a record of a line, the gravest first; what was reviewed before is left out. */
export function itemsOfLine(safety, record) {
    const ref = `line:${record.resId || record._virtualId}`;
    return ((safety && safety.items) || []).filter((item) => !item.reviewed && item.refs.includes(ref));
}

/**
 * The findings of the safety check above the lines of a prescription.
 *
 * What stops the signature and what matters is written out; what is only worth knowing and what was reviewed before
 * waits behind one line. Nothing here decides anything: the server checks again when it is signed.
 */
export class SafetyPanel extends Component {
    static template = "medical_practice.SafetyPanel";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ unfolded: false, open: {} });
    }

    get items() {
        const safety = this.props.record.data[this.props.name];
        return ((safety && safety.items) || []).map((item, index) => ({ ...item, index, grade: gradeOf(item) }));
    }

    get shown() {
        return this.items.filter((item) => !this.isQuiet(item));
    }

    get unchecked() {
        return this.items.filter((item) => item.kind === "not_checked" && this.isQuiet(item));
    }

    get quiet() {
        return this.items.filter((item) => item.kind !== "not_checked" && this.isQuiet(item));
    }

    get pending() {
        const safety = this.props.record.data[this.props.name];
        return (safety && safety.pending) || 0;
    }

    get quietLabel() {
        const count = this.quiet.length;
        return count === 1
            ? _t("1 more, reviewed before or for information")
            : _t("%s more, reviewed before or for information", count);
    }

    isQuiet(item) {
        if (item.interrupting) {
            return false;
        }
        return isMinorUnchecked(item) || item.reviewed || item.severity === "information";
    }

    toggle(item) {
        this.state.open[item.index] = !this.state.open[item.index];
    }
}

export const safetyPanel = {
    component: SafetyPanel,
    displayName: _t("Safety check"),
    supportedTypes: ["json"],
};

registry.category("fields").add("medical_safety_panel", safetyPanel);

/** The mark beside a line: the gravest finding about it, with its sentence. */
export class SafetyMark extends Component {
    static template = "medical_practice.SafetyMark";
    static props = { ...standardWidgetProps };

    get items() {
        const parent = this.props.record._parentRecord;
        return parent ? itemsOfLine(parent.data.safety, this.props.record) : [];
    }

    get grade() {
        return this.items.length ? gradeOf(this.items[0]) : null;
    }

    get tooltip() {
        return this.items.map((item) => `${gradeOf(item).label}: ${item.message}`).join("\n");
    }
}

registry.category("view_widgets").add("medical_safety_mark", { component: SafetyMark, listViewWidth: 24 });
