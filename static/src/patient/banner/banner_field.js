import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { imageUrl } from "@web/core/utils/urls";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, useState } from "@odoo/owl";

/**
 * Who this is, and what must never be overlooked: above the chart and above each of its documents.
 *
 * What it shows comes with the record (`medical.patient._get_banner`), by the rights of the user: the reception sees
 * the person, not the clinical facts. An empty list of allergies says nothing; it asks to be asked.
 */
export class BannerField extends Component {
    static template = "medical_practice.Banner";
    static props = {
        ...standardFieldProps,
        isChart: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ busy: false });
    }

    get banner() {
        return this.props.record.data[this.props.name] || false;
    }

    get photo() {
        return imageUrl("medical.patient", this.banner.id, "avatar_128", { unique: this.banner.changed });
    }

    get allergyTitle() {
        return this.banner.allergies.length > 1 ? _t("Allergies") : _t("Allergy");
    }

    get noAllergyText() {
        const { on, by } = this.banner.no_known_allergy;
        return by
            ? _t("asked %(date)s by %(person)s", { date: this.day(on), person: by })
            : _t("asked %(date)s", { date: this.day(on) });
    }

    get pregnancyText() {
        const { expected } = this.banner.pregnancy;
        return expected ? _t("Pregnant, due %(date)s", { date: this.date(expected) }) : _t("Pregnant");
    }

    /** A date of the server ("2026-03-02") as the user writes it. */
    date(text) {
        return formatDate(deserializeDate(text));
    }

    /** The day of a moment of the server, where the user is. */
    day(text) {
        return formatDate(deserializeDateTime(text));
    }

    moment(text) {
        const format = { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
        const moment = deserializeDateTime(text);
        const year = moment.year === luxon.DateTime.now().year ? undefined : "numeric";
        return moment.toLocaleString({ ...format, year });
    }

    allergyHint(allergy) {
        const hints = [allergy.name];
        if (allergy.reaction) {
            hints.push(allergy.reaction);
        }
        if (allergy.criticality === "high") {
            hints.push(_t("high risk"));
        }
        return hints.join(" · ");
    }

    /** The answer of the patient, in one click; what was typed elsewhere in the form is saved first, as by a button. */
    async stateNoAllergy() {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            if (await this.props.record.save()) {
                await this.orm.call("medical.patient", "action_state", [[this.banner.id], "no_known_allergy"]);
                await this.props.record.load();
            }
        } finally {
            this.state.busy = false;
        }
    }

    openChart() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "medical.patient",
            res_id: this.banner.id,
            views: [[false, "form"]],
        });
    }
}

export const bannerField = {
    component: BannerField,
    displayName: _t("Banner of the patient"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ isChart: Boolean(options.chart) }),
};

registry.category("fields").add("medical_banner", bannerField);
