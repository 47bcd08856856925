import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { press, runAllTimers } from "@odoo/hoot-dom";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Drug extends models.Model {
    _name = "medical.drug";

    name = fields.Char();
    _records = [{ id: 4, name: "Novamoxin" }];
}

class Prescription extends models.Model {
    _name = "medical.prescription";

    kind = fields.Selection({ selection: [["drug", "Drugs"]] });
    quick_entry = fields.Char({
        onChange: (record) => {
            expect.step([record.quick_entry, record.quick_drug_id, record.quick_free]);
            Object.assign(record, { quick_entry: false, quick_drug_id: false, quick_free: false });
        },
    });
    quick_drug_id = fields.Many2one({ relation: "medical.drug" });
    quick_free = fields.Boolean();

    _records = [{ id: 1, kind: "drug" }];
}

defineMailModels();
defineModels([Drug, Prescription]);

const arch = `<form><field name="quick_entry" widget="medical_quick_entry"/></form>`;
const choice = (values) => ({
    detail: "",
    marketed: true,
    narcotic: false,
    sentence: "Take 1 capsule by mouth 3 times a day.",
    rest: [],
    cautions: [],
    ...values,
});

function answer() {
    onRpc("medical.prescription", "read_quick_entry", () => ({
        item: "novam",
        drugs: [choice({ id: 4, label: "Novamoxin 500 mg" })],
        free: choice({ id: false, rest: ["gargle"] }),
    }));
}

test("what is typed is shown in full, Enter adds it, the box is ready for the next", async () => {
    answer();
    await mountView({ type: "form", resModel: "medical.prescription", resId: 1, arch });
    await contains(".o_medical_quick_entry input").edit("novam 1 co tid", { confirm: false });
    await runAllTimers();
    expect(".o_medical_quick_menu li").toHaveCount(2);
    expect(".o_medical_quick_menu li:first").toHaveText(/Novamoxin 500 mg\s+Take 1 capsule by mouth 3 times a day\./);
    expect(".o_medical_quick_menu li:last .text-danger").toHaveText("Not understood: “gargle”");
    await press("Enter");
    await runAllTimers();
    expect.verifySteps([["novam 1 co tid", 4, false]]);
    expect(".o_medical_quick_entry input").toHaveValue("");
    expect(".o_medical_quick_entry input").toBeFocused();
});

test("the last choice is free text, linked to no drug", async () => {
    answer();
    await mountView({ type: "form", resModel: "medical.prescription", resId: 1, arch });
    await contains(".o_medical_quick_entry input").edit("novam 1 co tid", { confirm: false });
    await runAllTimers();
    await contains(".o_medical_free_text a").click();
    expect.verifySteps([["novam 1 co tid", false, true]]);
});
