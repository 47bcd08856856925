import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

const LIMIT = 12;
const MIN_LETTERS = 2;

/**
 * The item of a prescription line: one cell to search the drug register or to write freely.
 *
 * Fragments in any order propose drugs ("amox 500 cap"); picking one links the line to the register, so that its unit
 * and route are filled in and its name is written in the patient's language. A text that is left as typed is the item
 * itself, linked to no drug.
 */
export class MedicalDrugNameField extends Component {
    static template = "medical_practice.MedicalDrugNameField";
    static components = { AutoComplete };
    static props = {
        ...standardFieldProps,
        placeholder: { type: String, optional: true },
    };

    setup() {
        this.orm = useService("orm");
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get isDrug() {
        return (this.props.record.data.kind || "drug") === "drug";
    }

    get isLinked() {
        return Boolean(this.props.record.data.drug_id);
    }

    get sources() {
        return [
            {
                placeholder: _t("Searching the register…"),
                options: (text) => this.searchDrugs(text),
                optionSlot: "option",
            },
        ];
    }

    async searchDrugs(text) {
        if (!this.isDrug || text.length < MIN_LETTERS) {
            return [];
        }
        const drugs = await this.orm.call("medical.drug", "search_for_prescription", [text], {
            limit: LIMIT,
            context: this.props.record.context,
        });
        const options = drugs.map((drug) => ({
            label: drug.display_name,
            data: drug,
            onSelect: () => this.pickDrug(drug),
        }));
        options.push({
            label: text,
            data: { freeText: true, display_name: text },
            cssClass: "o_medical_free_text",
            onSelect: () => this.writeText(text),
        });
        return options;
    }

    async pickDrug(drug) {
        await this.props.record.update({
            drug_id: { id: drug.id, display_name: drug.display_name },
        });
    }

    async writeText(text) {
        const name = text.trim();
        if (name !== this.value) {
            await this.props.record.update({ drug_id: false, [this.props.name]: name || false });
        }
    }

    onChange({ inputValue }) {
        this.writeText(inputValue);
    }
}

export const medicalDrugNameField = {
    component: MedicalDrugNameField,
    displayName: _t("Drug or free text"),
    supportedTypes: ["char"],
    fieldDependencies: [{ name: "drug_id", type: "many2one", relation: "medical.drug" }],
    extractProps: ({ placeholder }) => ({ placeholder }),
};

registry.category("fields").add("medical_drug_name", medicalDrugNameField);
