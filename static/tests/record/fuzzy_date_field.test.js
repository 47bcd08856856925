import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { describeFuzzyDate } from "@medical_practice/record/fuzzy_date_field/fuzzy_date_field";

class Problem extends models.Model {
    _name = "problem";

    onset = fields.Char({
        onChange(record) {
            // The server reads what was typed.
            record.onset = record.onset === "mars 2021" ? "2021-03" : record.onset;
        },
    });

    _records = [
        { id: 1, onset: "2021-03-14" },
        { id: 2, onset: "childhood" },
    ];
}

defineMailModels();
defineModels([Problem]);

const arch = (readonly) =>
    `<form><field name="onset" widget="medical_fuzzy_date" readonly="${readonly}"/></form>`;

test("a canonical text is shown as the user writes it, words as they are", () => {
    expect(describeFuzzyDate("2021-03-14")).toBe("March 14, 2021");
    expect(describeFuzzyDate("2021-03")).toBe("March 2021");
    for (const text of ["2021", "childhood", "2021-13", "2021-3", ""]) {
        expect(describeFuzzyDate(text)).toBe(text);
    }
    expect(describeFuzzyDate(false)).toBe("");
});

test("in a form, read and written", async () => {
    await mountView({ type: "form", resModel: "problem", resId: 1, arch: arch(1) });
    expect(".o_field_widget[name=onset]").toHaveText("March 14, 2021");
});

test("what is typed goes to the server as it is, and comes back in full", async () => {
    onRpc("problem", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountView({ type: "form", resModel: "problem", resId: 2, arch: arch(0) });
    expect(".o_field_widget[name=onset] input").toHaveValue("childhood");
    await contains(".o_field_widget[name=onset] input").edit("mars 2021");
    expect(".o_field_widget[name=onset] input").toHaveValue("March 2021");
    await contains(".o_form_button_save").click();
    expect.verifySteps([{ onset: "2021-03" }]);
});
