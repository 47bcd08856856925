import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, onWillStart } from "@odoo/owl";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const dayNames = () => ({
    mon: _t("Mon"),
    tue: _t("Tue"),
    wed: _t("Wed"),
    thu: _t("Thu"),
    fri: _t("Fri"),
    sat: _t("Sat"),
    sun: _t("Sun"),
});

/** The other doses of a dosage that changes: which go with the first, which follow it, for how long. */
export class MedicalStepsField extends Component {
    static template = "medical_practice.MedicalStepsField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.frequencies = [];
        this.days = DAYS;
        onWillStart(async () => {
            this.frequencies = await this.orm.searchRead("medical.dosage.frequency", [], ["display_name"]);
        });
    }

    get steps() {
        return this.props.record.data[this.props.name] || [];
    }

    get unit() {
        const field = this.props.record.fields.dose_unit;
        const unit = (field?.selection || []).find(([key]) => key === this.props.record.data.dose_unit);
        return unit ? unit[1] : "";
    }

    get dayNames() {
        return dayNames();
    }

    frequencyName(id) {
        return this.frequencies.find((frequency) => frequency.id === id)?.display_name || "";
    }

    isOn(step, day) {
        return (step.weekdays || "").split(",").includes(day);
    }

    async save(steps) {
        await this.props.record.update({ [this.props.name]: steps.length ? steps : false });
    }

    async add() {
        const last = this.steps.at(-1);
        await this.save([
            ...this.steps,
            {
                relation: "then",
                dose: last?.dose || this.props.record.data.dose || 1,
                dose_max: 0,
                duration: last?.duration || this.props.record.data.duration || 0,
                frequency_id: false,
                weekdays: "",
                other_days: false,
                duration_unit: last?.duration_unit || this.props.record.data.duration_unit || "day",
            },
        ]);
    }

    async change(index, values) {
        await this.save(this.steps.map((step, place) => (place === index ? { ...step, ...values } : step)));
    }

    async changeNumber(index, name, text) {
        const value = Number(text.replace(",", "."));
        if (Number.isFinite(value) && value >= 0 && (value || name !== "dose")) {
            await this.change(index, { [name]: value });
        } else {
            this.render();
        }
    }

    async changeFrequency(index, id) {
        await this.change(index, { frequency_id: Number(id) || false });
    }

    async toggleDay(index, day) {
        const step = this.steps[index];
        const weekdays = DAYS.filter((one) => (one === day ? !this.isOn(step, one) : this.isOn(step, one)));
        await this.change(index, { weekdays: weekdays.join(","), other_days: false });
    }

    async remove(index) {
        await this.save(this.steps.filter((_step, place) => place !== index));
    }
}

registry.category("fields").add("medical_steps", {
    component: MedicalStepsField,
    displayName: _t("Doses that follow"),
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "dose", type: "float" },
        { name: "dose_unit", type: "selection" },
        { name: "duration", type: "float" },
        { name: "duration_unit", type: "selection" },
    ],
});

/** Days of the week as seven small buttons, kept as "mon,wed,fri". */
export class MedicalWeekdaysField extends Component {
    static template = "medical_practice.MedicalWeekdaysField";
    static props = { ...standardFieldProps };

    setup() {
        this.days = DAYS;
    }

    get dayNames() {
        return dayNames();
    }

    isOn(day) {
        return (this.props.record.data[this.props.name] || "").split(",").includes(day);
    }

    async toggle(day) {
        const days = DAYS.filter((one) => (one === day ? !this.isOn(one) : this.isOn(one)));
        await this.props.record.update({ [this.props.name]: days.join(",") || false });
    }
}

registry.category("fields").add("medical_weekdays", {
    component: MedicalWeekdaysField,
    displayName: _t("Days of the week"),
    supportedTypes: ["char"],
});
