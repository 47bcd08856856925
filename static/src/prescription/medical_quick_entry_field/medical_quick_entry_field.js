import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

const MIN_LETTERS = 2;

/**
 * One line to type a drug and its dosage in ("amox 500 cap 1 co tid x 10j"): Enter adds the line, the box is empty
 * again for the next one. Each choice shows the dosage in full, and what of the text was not understood.
 *
 * The server reads the text and makes the line, in an onchange: a prescription that is not saved yet works too.
 */
export class MedicalQuickEntryField extends Component {
    static template = "medical_practice.MedicalQuickEntryField";
    static components = { AutoComplete };
    static props = {
        ...standardFieldProps,
        placeholder: { type: String, optional: true },
    };

    setup() {
        this.orm = useService("orm");
    }

    get sources() {
        return [
            {
                placeholder: _t("Reading…"),
                options: (text) => this.readEntry(text),
                optionSlot: "option",
            },
        ];
    }

    async readEntry(text) {
        if (text.length < MIN_LETTERS) {
            return [];
        }
        const kind = this.props.record.data.kind || "drug";
        const read = await this.orm.call("medical.prescription", "read_quick_entry", [text, kind], {
            context: this.props.record.context,
        });
        const choices = [...read.drugs, { ...read.free, label: read.item, freeText: true }];
        return choices.map((choice) => ({
            label: choice.label,
            data: choice,
            cssClass: choice.freeText ? "o_medical_free_text" : "",
            onSelect: () => this.addLine(text, choice),
        }));
    }

    async addLine(text, choice) {
        await this.props.record.update({
            quick_drug_id: choice.id ? { id: choice.id, display_name: choice.label } : false,
            quick_free: Boolean(choice.freeText),
            [this.props.name]: text,
        });
    }
}

export const medicalQuickEntryField = {
    component: MedicalQuickEntryField,
    displayName: _t("Drug and dosage in one line"),
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "kind", type: "selection" },
        { name: "quick_drug_id", type: "many2one", relation: "medical.drug" },
        { name: "quick_free", type: "boolean" },
    ],
    extractProps: ({ placeholder }) => ({ placeholder }),
};

registry.category("fields").add("medical_quick_entry", medicalQuickEntryField);
