import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { contains, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

const finding = (values) => ({
    kind: "interaction",
    severity: "avoid",
    message: "A interacts with B.",
    detail: "",
    source: "",
    refs: [],
    interrupting: false,
    reviewed: false,
    reason: "",
    ...values,
});

class Line extends models.Model {
    _name = "line";

    name = fields.Char();

    _records = [
        { id: 7, name: "Novamoxin" },
        { id: 8, name: "Motrin" },
    ];
}

class Prescription extends models.Model {
    _name = "prescription";

    safety = fields.Json();
    line_ids = fields.One2many({ relation: "line" });

    _records = [
        {
            id: 1,
            line_ids: [7, 8],
            safety: {
                pending: 1,
                items: [
                    finding({
                        kind: "allergy",
                        severity: "contraindicated",
                        message: "Allergic <b>to</b> amoxicillin.",
                        detail: "Reaction: hives",
                        source: "Chart",
                        refs: ["line:7"],
                        interrupting: true,
                    }),
                    finding({ refs: ["line:7"], reason: "Agreed" }),
                    finding({ kind: "not_checked", severity: "precaution", message: "Allergies: never asked." }),
                    finding({ kind: "not_checked", severity: "take_into_account", message: "Typed freely." }),
                    finding({ kind: "duplicate", severity: "information", message: "Goes on.", refs: ["line:8"] }),
                    finding({ severity: "information", message: "Seen before.", refs: ["line:8"], reviewed: true }),
                ],
            },
        },
        { id: 2, line_ids: [], safety: false },
        {
            id: 3,
            line_ids: [],
            safety: {
                pending: 1,
                items: [
                    finding({
                        kind: "not_checked",
                        severity: "contraindicated",
                        message: "The check could not be done.",
                        interrupting: true,
                    }),
                ],
            },
        },
    ];
}

defineMailModels();
defineModels([Prescription, Line]);

const arch = `
    <form>
        <field name="safety" widget="medical_safety_panel"/>
        <field name="line_ids">
            <list editable="bottom"><widget name="medical_safety_mark"/><field name="name"/></list>
        </field>
    </form>`;
const mount = (resId) => mountView({ type: "form", resModel: "prescription", resId, arch });

test("what matters is written out, the gravest first, and what is unchecked is said in one line", async () => {
    await mount(1);
    expect(".o_medical_finding").toHaveCount(3);
    expect(".o_medical_finding:first").toHaveClass("o_medical_finding_danger");
    expect(".o_medical_finding:first").toHaveText(/Contraindicated\s+Allergic <b>to<\/b> amoxicillin\./);
    expect(".o_medical_finding_reason").toHaveText("Agreed");
    expect(".o_medical_finding:last").toHaveClass("o_medical_finding_warning");
    expect(".o_medical_finding:last").toHaveText(/Not checked\s+Allergies: never asked\./);
    expect(".o_medical_unchecked").toHaveText(/Not checked\s+Typed freely\./);
});

test("the reaction and the source wait behind a button", async () => {
    await mount(1);
    expect(".o_medical_finding_detail").toHaveCount(0);
    await contains(".o_medical_finding:first button").click();
    expect(".o_medical_finding_detail").toHaveText("Reaction: hives\nChart");
    await contains(".o_medical_finding:first button").click();
    expect(".o_medical_finding_detail").toHaveCount(0);
});

test("what was reviewed or is for information stays folded", async () => {
    await mount(1);
    expect(".o_medical_quiet").toHaveText("2 more, reviewed before or for information");
    await contains(".o_medical_quiet button").click();
    expect(".o_medical_quiet li").toHaveCount(2);
    expect(".o_medical_quiet li:last").toHaveText("Seen before.");
});

test("each line carries the mark of its gravest finding, in words too", async () => {
    await mount(1);
    expect(".o_data_row:first .o_medical_mark").toHaveClass("o_medical_mark_danger");
    expect(".o_data_row:first .o_medical_mark").toHaveAttribute("aria-label", /Contraindicated: Allergic/);
    expect(".o_data_row:last .o_medical_mark").toHaveClass("o_medical_mark_muted");
});

test("nothing is shown where nothing was found", async () => {
    await mount(2);
    expect(".o_medical_safety").toHaveText("");
    expect(".o_medical_mark").toHaveCount(0);
});

test("a check that could not be done is as loud as what is contraindicated", async () => {
    await mount(3);
    expect(".o_medical_finding_danger").toHaveCount(1);
    expect(".o_medical_unchecked").toHaveCount(0);
});
