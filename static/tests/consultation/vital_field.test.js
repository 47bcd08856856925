import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Visit extends models.Model {
    _name = "visit";

    weight = fields.Float({ digits: [16, 3] });
    pulse = fields.Float({ digits: [16, 3] });
    vitals_info = fields.Json();

    _records = [
        {
            id: 1,
            weight: 0,
            pulse: 72,
            vitals_info: {
                weight: { unit: "kg", last: { value: 68.25, date: "2018-03-14" } },
                pulse: { unit: "/min", last: false },
            },
        },
    ];
}

defineMailModels();
defineModels([Visit]);

const arch = (readonly) => `
    <form>
        <field name="vitals_info" invisible="1"/>
        <field name="weight" widget="medical_vital" readonly="${readonly}"/>
        <field name="pulse" widget="medical_vital" readonly="${readonly}"/>
    </form>`;

test("what was not measured is empty, with its unit and the last known value below", async () => {
    await mountView({ type: "form", resModel: "visit", resId: 1, arch: arch(0) });
    expect(".o_field_widget[name=weight] input").toHaveValue("");
    expect(".o_field_widget[name=weight] .o_medical_vital_unit").toHaveText("kg");
    expect(".o_field_widget[name=weight] .o_medical_vital_last").toHaveText("68.25 · Mar 14, 2018");
    expect(".o_field_widget[name=pulse] input").toHaveValue("72");
    expect(".o_field_widget[name=pulse] .o_medical_vital_last").toHaveText("");
});

test("a value is written as it was typed, and an emptied one as zero", async () => {
    onRpc("visit", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountView({ type: "form", resModel: "visit", resId: 1, arch: arch(0) });
    await contains(".o_field_widget[name=weight] input").edit("3.456");
    await contains(".o_field_widget[name=pulse] input").edit("");
    expect(".o_field_widget[name=weight] input").toHaveValue("3.456");
    expect(".o_field_widget[name=pulse] input").toHaveValue("");
    await contains(".o_form_button_save").click();
    expect.verifySteps([{ weight: 3.456, pulse: 0 }]);
});

test("once signed, only what was measured is shown", async () => {
    await mountView({ type: "form", resModel: "visit", resId: 1, arch: arch(1) });
    expect(".o_field_widget[name=weight] .o_medical_vital").toHaveCount(0);
    expect(".o_field_widget[name=pulse] .o_medical_vital_value").toHaveText("72\n/min");
});
