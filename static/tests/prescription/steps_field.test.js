import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Frequency extends models.Model {
    _name = "medical.dosage.frequency";

    name = fields.Char();
    _records = [{ id: 3, name: "at bedtime" }];
}

class Line extends models.Model {
    _name = "line";

    dose = fields.Float();
    dose_unit = fields.Selection({ selection: [["tablet", "tablet"]] });
    duration = fields.Float();
    duration_unit = fields.Selection({ selection: [["day", "Days"]] });
    weekdays = fields.Char();
    steps = fields.Json();

    _records = [{ id: 1, dose: 40, dose_unit: "tablet", duration: 5, duration_unit: "day", steps: false }];
}

defineMailModels();
defineModels([Frequency, Line]);

const arch = `
    <form>
        <field name="weekdays" widget="medical_weekdays"/>
        <field name="steps" widget="medical_steps"/>
    </form>`;

test("a dose that follows begins like the one before, and is saved with all it says", async () => {
    onRpc("line", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountView({ type: "form", resModel: "line", resId: 1, arch });
    await contains(".o_medical_step_add").click();
    await contains(".o_medical_step input[name=dose]").edit("30");
    await contains(".o_medical_step select[name=frequency]").select("3");
    await contains(".o_form_button_save").click();
    expect.verifySteps([
        {
            steps: [
                {
                    relation: "then",
                    dose: 30,
                    dose_max: 0,
                    duration: 5,
                    frequency_id: 3,
                    weekdays: "",
                    other_days: false,
                    duration_unit: "day",
                },
            ],
        },
    ]);
});

test("a dose that is no number is not taken; the last step taken away leaves none", async () => {
    onRpc("line", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountView({ type: "form", resModel: "line", resId: 1, arch });
    await contains(".o_medical_step_add").click();
    await contains(".o_medical_step input[name=dose]").edit("abc");
    expect(".o_medical_step input[name=dose]").toHaveValue("40");
    await contains(".o_medical_step .fa-trash-o").click();
    expect(".o_medical_step").toHaveCount(0);
    await contains(".o_field_widget[name=weekdays] button:contains(Fri)").click();
    await contains(".o_field_widget[name=weekdays] button:contains(Mon)").click();
    await contains(".o_form_button_save").click();
    expect.verifySteps([{ weekdays: "mon,fri", steps: false }]);
});
