import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class VisitType extends models.Model {
    _name = "visit.type";

    name = fields.Char();

    _records = [
        { id: 1, name: "General" },
        { id: 2, name: "Dental" },
    ];
}

class Visit extends models.Model {
    _name = "visit";

    type_id = fields.Many2one({ relation: "visit.type" });
    objective = fields.Html({ string: "Objective" });

    _records = [
        { id: 1, type_id: 1, objective: "<p>Walks in.</p>" },
        { id: 2, type_id: 1, objective: "<p><br></p>" },
    ];
}

class TextMacro extends models.Model {
    _name = "medical.text.macro";

    name = fields.Char();
    shortcut = fields.Char();
    section = fields.Char();
    body = fields.Html();
    consultation_type_id = fields.Many2one({ relation: "visit.type" });

    _records = [
        { id: 1, name: "Normal lungs", shortcut: "lungs", section: "objective", body: "<p>Clear.</p>" },
        { id: 2, name: "Everywhere", section: false, body: "<p>{{ 7 * 7 }}</p>" },
        { id: 3, name: "Plan only", section: "plan", body: "<p>x</p>" },
        { id: 4, name: "Dental only", section: "objective", body: "<p>x</p>", consultation_type_id: 2 },
    ];
}

defineMailModels();
defineModels([VisitType, Visit, TextMacro]);

const arch = (readonly = 0) => `
    <form>
        <field name="type_id"/>
        <field name="objective" widget="medical_note" readonly="${readonly}"/>
    </form>`;

test("a section offers its own macros, and inserts the chosen one as it is", async () => {
    onRpc("visit", "web_save", ({ args }) => {
        // What the editor adds to its own blocks is its business; the text is as it was written.
        expect.step(new DOMParser().parseFromString(args[1].objective, "text/html").body.textContent);
    });
    await mountView({ type: "form", resModel: "visit", resId: 1, arch: arch() });
    expect(".o_medical_section_title").toHaveText("Objective");
    await contains(".o_medical_macros").click();
    expect(".o-dropdown-item").toHaveCount(2);
    await contains(".o-dropdown-item:contains(Everywhere)").click();
    expect(".note-editable").toHaveText(/Walks in\.\s*\{\{ 7 \* 7 \}\}/);
    await contains(".o_form_button_save").click();
    expect.verifySteps(["Walks in.{{ 7 * 7 }}"]);
});

test("an empty section is not shown once signed", async () => {
    await mountView({ type: "form", resModel: "visit", resId: 2, arch: arch(1) });
    expect(".o_medical_section").toHaveCount(0);
});

test("a filled section is shown once signed, without macros", async () => {
    await mountView({ type: "form", resModel: "visit", resId: 1, arch: arch(1) });
    expect(".o_medical_section").toHaveText(/Walks in\./);
    expect(".o_medical_macros").toHaveCount(0);
});
