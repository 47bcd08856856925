import { expect, test } from "@odoo/hoot";
import { animationFrame, press, queryAllTexts, runAllTimers } from "@odoo/hoot-dom";
import { contains, defineModels, fields, models, mountView, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

const BANNER = {
    id: 1,
    name: "Marie Tremblay",
    birthdate: "1985-05-12",
    age: "40 years",
    sex: "Female",
    identifier: "P000001",
    clinical: true,
    alert: false,
    allergies: [],
    allergy_status: "not_asked",
    no_known_allergy: false,
    pregnancy: false,
    breastfeeding: false,
};
const ITEM = { model: "medical.condition", id: 7, title: "Asthma", detail: "", date: false, badge: "", level: "" };
const KEYS = [
    "problems",
    "history",
    "allergies",
    "treatments",
    "measurements",
    "preventions",
    "immunizations",
    "documents",
    "appointments",
    "consultations",
    "prescriptions",
];

class Patient extends models.Model {
    _name = "medical.patient";

    name = fields.Char();
    banner = fields.Json();
    chart_figures = fields.Json();

    _records = [{ id: 1, name: "Marie", banner: BANNER, chart_figures: { consultations: 12 } }];
}

defineMailModels();
defineModels([Patient]);

const overview = (values = {}) => ({
    ...Object.fromEntries(KEYS.map((key) => [key, { items: [], total: 0 }])),
    ...values,
});

const mountForm = (content) =>
    mountView({
        resModel: "medical.patient",
        type: "form",
        resId: 1,
        arch: `<form js_class="medical_chart_form"><field name="chart_figures" invisible="1"/>${content}</form>`,
    });

/** Mount the banner with what the server gives each time the record is read. */
const mountBanner = (getBanner) => {
    onRpc("medical.patient", "web_read", () => [{ id: 1, banner: getBanner(), chart_figures: {} }]);
    return mountForm(`<field name="banner" widget="medical_banner" readonly="1"/>`);
};

test("Allergies never asked are a call; one click says there are none", async () => {
    let banner = BANNER;
    onRpc("medical.patient", "action_state", ({ args }) => {
        expect.step(args);
        const answer = { on: "2026-03-02 15:00:00", by: "Dr X" };
        banner = { ...BANNER, allergy_status: "none", no_known_allergy: answer };
        return true;
    });
    await mountBanner(() => banner);
    expect(".o_medical_banner_name").toHaveText("Marie Tremblay");
    expect(".o_medical_allergy_not_asked .badge").toHaveText("Allergies never asked");
    await contains("button[name=no_known_allergy]").click();
    expect.verifySteps([[[1], "no_known_allergy"]]);
    expect(".o_medical_no_allergy").toHaveText(/No known allergy, asked .*2026.* by Dr X/);
});

test("Allergies are named, the dangerous ones in full red", async () => {
    const allergies = [
        { id: 1, name: "Penicillin", criticality: "high", reaction: "anaphylaxis", type: "allergy" },
        { id: 2, name: "Latex", criticality: "low", reaction: null, type: "allergy" },
    ];
    await mountBanner(() => ({ ...BANNER, allergy_status: "allergic", allergies }));
    expect(".o_medical_banner_clinical .text-bg-danger").toHaveText("Penicillin · anaphylaxis");
    expect(".o_medical_allergy").toHaveText("Latex");
    expect("button[name=no_known_allergy]").toHaveCount(0);
});

test("Who may not read charts sees the person only", async () => {
    await mountBanner(() => ({ id: 1, name: "Marie Tremblay", clinical: false }));
    expect(".o_medical_banner_name").toHaveText("Marie Tremblay");
    expect(".o_medical_banner_clinical").toHaveCount(0);
});

test("Tabs say how much stands behind them", async () => {
    await mountForm(
        `<sheet><notebook><page name="consultations" string="Visits"><div/></page><page name="relations" string="People"><div/></page></notebook></sheet>`
    );
    expect(".o_notebook .nav-link[name=consultations] .badge").toHaveText("12");
    expect(".o_notebook .nav-link[name=relations] .badge").toHaveCount(0);
});

test("A problem typed and Enter is in the chart; the line waits for the next", async () => {
    const problems = { items: [], total: 0 };
    onRpc("medical.patient", "get_chart_overview", () => overview({ problems }));
    onRpc("medical.code", "name_search", () => []);
    onRpc("medical.patient", "add_chart_fact", ({ args }) => {
        expect.step(args);
        problems.items = [ITEM];
        return 7;
    });
    await mountForm(`<widget name="medical_chart_overview"/>`);
    expect(".o_medical_box[data-box=problems]").toHaveText(/Nothing recorded/);
    await contains(".o_medical_box[data-box=problems] .o_medical_box_add").click();
    expect(".o_medical_quick_add input").toBeFocused();
    await contains(".o_medical_quick_add input").edit("Asthma", { confirm: false });
    await press("Enter");
    await animationFrame();
    expect.verifySteps([[[1], "problem", "Asthma", false]]);
    expect(queryAllTexts(".o_medical_box[data-box=problems] .o_medical_box_item")).toEqual(["Asthma"]);
    expect(".o_medical_quick_add input").toHaveValue("");
});

test("An empty list of treatments asks; the answer is recorded in one click", async () => {
    onRpc("medical.patient", "get_chart_overview", () => overview());
    onRpc("medical.patient", "action_state", ({ args }) => {
        expect.step(args);
        return true;
    });
    await mountForm(`<widget name="medical_chart_overview"/>`);
    await contains(".o_medical_box[data-box=treatments] .o_medical_box_deny").click();
    expect.verifySteps([[[1], "no_long_term_treatment"]]);
});

test("The arrows go from line to line", async () => {
    const items = [ITEM, { ...ITEM, id: 8, title: "Gout" }];
    onRpc("medical.patient", "get_chart_overview", () => overview({ problems: { items, total: 5 } }));
    await mountForm(`<widget name="medical_chart_overview"/>`);
    await contains(".o_medical_box_item:eq(0)").focus();
    await press("ArrowDown");
    expect(".o_medical_box_item:eq(1)").toBeFocused();
    expect(".o_medical_box[data-box=problems]").toHaveText(/3 more/);
});

const entry = (id, moment, kind = "consultation") => ({
    kind,
    model: "medical.consultation",
    id,
    moment,
    precise: true,
    practitioner: "Dr X",
    error: false,
    title: `Visit ${id}`,
    detail: "",
    excerpt: "",
    badge: "",
    level: "",
});

test("The timeline stands by month, filters on the server and reads on", async () => {
    // The end of the list comes into view when the test says so.
    let reachEnd = () => {};
    patchWithCleanup(window, {
        IntersectionObserver: class {
            constructor(callback) {
                reachEnd = () => callback([{ isIntersecting: true }]);
            }
            observe() {}
            disconnect() {}
        },
    });
    onRpc("medical.practitioner", "name_search", () => [
        [1, "Dr X"],
        [2, "Dr Y"],
    ]);
    onRpc("medical.patient", "get_chart_timeline", ({ kwargs }) => {
        expect.step([kwargs.kinds, kwargs.text, kwargs.practitioner_id, Boolean(kwargs.after)]);
        return kwargs.after
            ? { entries: [entry(3, "2025-12-24 10:00:00")], next: false }
            : { entries: [entry(1, "2026-02-10 10:00:00"), entry(2, "2026-01-09 10:00:00")], next: ["x", "y", 2] };
    });
    await mountForm(`<widget name="medical_chart_timeline"/>`);
    await runAllTimers();
    expect(".o_medical_entry").toHaveCount(2);
    reachEnd();
    await animationFrame();
    await animationFrame();
    expect(queryAllTexts(".o_medical_month .h3")).toEqual(["2026", "2025"]);
    expect(".o_medical_entry").toHaveCount(3);
    await contains("button[data-kind=allergy]").click();
    await contains("select[name=timeline_practitioner]").select("2");
    await contains("input[name=timeline_text]").edit("knee", { confirm: false });
    await runAllTimers();
    await animationFrame();
    expect.verifySteps([
        [[], "", false, false],
        [[], "", false, true],
        [["allergy"], "", false, false],
        [["allergy"], "", 2, false],
        [["allergy"], "knee", 2, false],
    ]);
});
