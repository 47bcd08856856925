import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { hover, press, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { linePath, niceTicks, scale, timeTicks } from "@medical_practice/record/plot/plot";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Patient extends models.Model {
    _name = "medical.patient";

    name = fields.Char();

    _records = [{ id: 1, name: "Léa" }];
}

defineMailModels();
defineModels([Patient]);

const mount = (name) =>
    mountView({ type: "form", resModel: "medical.patient", resId: 1, arch: `<form><field name="name"/><widget name="${name}"/></form>` });

describe("plot", () => {
    test("round numbers for an axis", () => {
        expect(niceTicks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
        expect(niceTicks(-0.3, 0.3, 3)).toEqual([-0.2, 0, 0.2]);
        expect(niceTicks(7, 7)).toEqual([7]);
    });

    test("places and paths", () => {
        const place = scale([0, 10], [100, 0]);
        expect([place(0), place(5), place(10)]).toEqual([100, 50, 0]);
        expect(linePath([[0, 0]], place, place)).toBe("");
        expect(linePath([[0, 0], [10, 5]], place, place)).toBe("M100.0 100.0L0.0 50.0");
    });

    test("ticks of time are few, whatever the span", () => {
        const day = 86400000;
        for (const days of [1, 10, 100, 1000, 10000, 30000]) {
            const ticks = timeTicks(0, days * day);
            expect(ticks.length).toBeLessThan(12);
        }
        expect(timeTicks(0, 3650 * day).length).toBeGreaterThan(1);
    });
});

const point = (x, y, z) => ({
    x, y, z, date: "2026-01-01", day_text: "Jan 1, 2026", age_text: `${x} days`, x_text: "", value_text: `${y} kg`,
    z_text: String(z), percentile_text: "55.0",
});
const line = (z, label) => ({ z, label, points: [[0, 3 + z], [365, 9 + z]] });
const chart = (values = {}) => ({
    missing: [], indicators: [{ code: "weight_age", name: "Weight" }, { code: "head_age", name: "Head" }],
    indicator: "weight_age", spans: [{ code: "0-2", name: "0 – 2" }, { code: "0-5", name: "0 – 5" }], span: "0-2",
    title: "Weight", sex: "Girls", x_label: "Age", y_label: "kg", x_range: [0, 365], y_range: [0, 12],
    x_ticks: [{ x: 0, label: "0" }, { x: 365, label: "12" }],
    percentiles: [line(-1.88, "3"), line(0, "50"), line(1.88, "97")], z_scores: [line(-2, "−2"), line(0, "0"), line(2, "+2")],
    points: [point(30, 4, 0.1), point(200, 8, -0.2)], elsewhere: 0, source: "tables", ...values,
});

describe("growth chart", () => {
    test("curves, points and what a point says", async () => {
        onRpc("medical.patient", "get_growth_chart", () => chart());
        await mount("medical_growth_chart");
        expect(".o_medical_growth_curve").toHaveCount(3);
        expect(".o_medical_growth_point").toHaveCount(2);
        await hover(queryOne(".o_medical_growth_point:eq(1)"));
        await animationFrame();
        expect(".o_medical_plot_bubble").toHaveText("8 kg\n200 days · Jan 1, 2026\nz -0.2 · percentile 55.0");
    });

    test("the arrows walk along the points", async () => {
        onRpc("medical.patient", "get_growth_chart", () => chart());
        await mount("medical_growth_chart");
        queryOne(".o_medical_growth [tabindex='0']").focus();
        await press("ArrowRight");
        await animationFrame();
        expect(".o_medical_plot_bubble .fw-bold").toHaveText("4 kg");
        await press("ArrowRight");
        await press("ArrowRight");
        await animationFrame();
        expect(".o_medical_plot_bubble .fw-bold").toHaveText("8 kg");
        await press("Escape");
        await animationFrame();
        expect(".o_medical_plot_bubble").toHaveCount(0);
    });

    test("z-scores, spans and indicators", async () => {
        onRpc("medical.patient", "get_growth_chart", ({ kwargs }) => {
            expect.step([kwargs.indicator, kwargs.span]);
            return chart({ indicator: kwargs.indicator || "weight_age", span: kwargs.span || "0-2" });
        });
        await mount("medical_growth_chart");
        await contains(".o_medical_growth_z").click();
        expect(".o_medical_growth_curve:eq(0) text").toHaveText("−2");
        await contains("[data-span='0-5']").click();
        await contains(".o_medical_growth_indicator").select("head_age");
        expect.verifySteps([[undefined, undefined], ["weight_age", "0-5"], ["head_age", null]]);
    });

    test("what is missing is said", async () => {
        onRpc("medical.patient", "get_growth_chart", () => ({ missing: ["Load the WHO tables."] }));
        await mount("medical_growth_chart");
        expect(".o_medical_growth_missing").toHaveText("There is no growth chart yet.\nLoad the WHO tables.");
        expect("svg.o_medical_plot").toHaveCount(0);
    });
});

describe("measurement graph", () => {
    const moment = 1760000000000;
    const graph = {
        options: [{ code: "bp", name: "Blood pressure" }, { code: "weight", name: "Weight" }],
        code: "bp", title: "Blood pressure", unit: "mmHg",
        series: [
            {
                code: "bp_systolic", name: "Systolic", band: { low: null, high: 139, text: "≤ 139", source: "ISH" },
                points: [
                    { t: moment, y: 150, text: "150 mmHg", day: "day 1", flag: "high" },
                    { t: moment + 86400000 * 90, y: 130, text: "130 mmHg", day: "day 2", flag: "" },
                ],
            },
            { code: "bp_diastolic", name: "Diastolic", band: false, points: [{ t: moment, y: 90, text: "90 mmHg", day: "day 1", flag: "" }] },
        ],
        treatments: [{ name: "Ramipril", start: moment + 86400000 * 10, end: false, text: "since day 1" }],
    };

    test("series, limits, flags and treatments", async () => {
        onRpc("medical.patient", "get_measurement_graph", () => graph);
        await mount("medical_measurement_graph");
        expect(".o_medical_graph_series").toHaveCount(2);
        expect(".o_medical_graph_point.o_flagged").toHaveCount(1);
        expect(".o_medical_graph_limit").toHaveCount(1);
        expect(".o_medical_graph_bar text").toHaveText("Ramipril");
        expect(".o_medical_graph_legend").toHaveCount(2);
        queryOne(".o_medical_graph [tabindex='0']").focus();
        await press("ArrowRight");
        await animationFrame();
        expect(".o_medical_plot_bubble").toHaveText("150 mmHg\nSystolic\nday 1");
    });

    test("another measurement is asked for", async () => {
        onRpc("medical.patient", "get_measurement_graph", ({ kwargs }) => {
            expect.step(kwargs.code);
            return graph;
        });
        await mount("medical_measurement_graph");
        await contains(".o_medical_graph_type").select("weight");
        expect.verifySteps([null, "weight"]);
    });

    test("nothing measured yet", async () => {
        onRpc("medical.patient", "get_measurement_graph", () => ({ options: [], code: false, series: [], treatments: [] }));
        await mount("medical_measurement_graph");
        expect(".o_medical_graph_empty").toHaveCount(1);
    });
});
