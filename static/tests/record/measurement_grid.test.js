import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Patient extends models.Model {
    _name = "medical.patient";

    name = fields.Char();

    _records = [{ id: 1, name: "Paul" }];
}

defineMailModels();
defineModels([Patient]);

const cell = (id, text, flag = "", tip = text) => ({ id, text, flag, tip });

const grid = (entries = {}) => ({
    system: "metric",
    editable: true,
    entry_label: "Today",
    days: [{ key: "2026-02-20", label: "02/20/2026" }],
    rows: [
        {
            id: 10, code: "weight", name: "Body weight", unit: "kg", category: "body", entry: entries.weight || false,
            cells: { "2026-02-20": cell(1, "71", "", "71 kg = 156.5 lb") }, last: false,
        },
        {
            id: 20, code: "pulse", name: "Heart rate", unit: "/min", category: "vital", entry: entries.pulse || false,
            cells: { "2026-02-20": cell(2, "131", "critical_high") }, last: false,
        },
    ],
    others: [{ id: 30, name: "Glucose" }],
    derived: [
        {
            code: "bmi", name: "BMI", value: 24.6, text: "24.6 kg/m²", flag: "", range: "18.5 – 24.9 kg/m²",
            date: "2026-02-20", inputs: ["Body weight 71 kg"], formula: "kg / m²",
        },
    ],
});

const arch = `<form><field name="name"/><widget name="medical_measurement_grid"/></form>`;
const mount = () => mountView({ type: "form", resModel: "medical.patient", resId: 1, arch });

test("the last days, their flags and what is computed", async () => {
    onRpc("medical.patient", "get_measurement_grid", () => grid());
    await mount();
    expect(queryAllTexts(".o_medical_grid_table tbody th")).toEqual(["Body weight", "Heart rate"]);
    expect("tr[data-code=weight] td[title]").toHaveAttribute("title", "71 kg = 156.5 lb");
    expect("tr[data-code=pulse] td[data-flag=critical_high]").toHaveText("131");
    expect(".o_medical_grid_computed").toHaveText("BMI 24.6 kg/m²");
    expect(".o_medical_grid_computed").toHaveAttribute("title", "Body weight 71 kg\nkg / m²\n18.5 – 24.9 kg/m²");
});

test("Enter keeps what was typed, in the unit it was typed in, and goes down", async () => {
    onRpc("medical.patient", "get_measurement_grid", () => grid());
    onRpc("medical.patient", "save_measurement", ({ args, kwargs }) => {
        expect.step([...args, kwargs.consultation_id]);
        return { error: false, grid: grid({ weight: cell(5, "68") }) };
    });
    await mount();
    await contains("tr[data-code=weight] input").fill("150 lb", { confirm: false });
    await press("Enter");
    await animationFrame();
    expect.verifySteps([[[1], 10, "150 lb", false]]);
    expect("tr[data-code=pulse] input").toBeFocused();
    expect("tr[data-code=weight] input").toHaveValue("68");
});

test("what cannot be right stays as it was typed, with a sentence", async () => {
    onRpc("medical.patient", "get_measurement_grid", () => grid());
    onRpc("medical.patient", "save_measurement", ({ args }) =>
        args[2] === "700" ? { error: "Body weight: 700 kg cannot be right." } : { error: false, grid: grid({ weight: cell(5, "70") }) }
    );
    await mount();
    await contains("tr[data-code=weight] input").edit("700");
    expect("tr[data-code=weight] input").toHaveValue("700");
    expect("tr[data-code=weight] .o_medical_grid_error").toHaveText("Body weight: 700 kg cannot be right.");
    await contains("tr[data-code=weight] input").edit("70");
    expect(".o_medical_grid_error").toHaveCount(0);
    expect("tr[data-code=weight] input").toHaveValue("70");
});

test("a row that is asked for", async () => {
    onRpc("medical.patient", "get_measurement_grid", () => grid());
    await mount();
    await contains(".o_medical_grid_add").select("30");
    await animationFrame();
    expect(queryAllTexts(".o_medical_grid_table tbody th")).toEqual(["Body weight", "Heart rate", "Glucose"]);
    expect(".o_medical_grid_add").toHaveCount(0);
});

test("a visit that is signed is only read", async () => {
    onRpc("medical.patient", "get_measurement_grid", () => ({
        ...grid({ weight: cell(5, "70") }),
        editable: false,
    }));
    await mount();
    expect(".o_medical_grid_input").toHaveCount(0);
    expect("tr[data-code=weight] .o_medical_grid_entry").toHaveText("70");
    expect(".o_medical_grid_score").toHaveCount(0);
});
