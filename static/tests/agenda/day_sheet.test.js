import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Appointment extends models.Model {
    _name = "appointment";

    name = fields.Char();
    start = fields.Datetime();
    arrived_on = fields.Datetime();
    started_on = fields.Datetime();
    is_late = fields.Boolean();
    overbooked = fields.Boolean();
    appointment_state = fields.Selection({
        selection: [
            ["booked", "Booked"],
            ["arrived", "Arrived"],
            ["in_progress", "In Progress"],
        ],
    });

    _records = [
        { id: 1, name: "Booked", start: "2035-04-02 09:00:00", appointment_state: "booked", is_late: true },
        { id: 2, name: "Waiting", start: "2035-04-02 09:30:00", appointment_state: "arrived", arrived_on: "2035-04-02 09:50:00" },
        {
            id: 3,
            name: "Inside",
            start: "2035-04-02 08:30:00",
            appointment_state: "in_progress",
            arrived_on: "2035-04-02 08:00:00",
            started_on: "2035-04-02 09:05:00",
        },
        { id: 4, name: "Tomorrow", start: "2035-04-03 09:00:00", appointment_state: "booked" },
    ];
}

defineMailModels();
defineModels([Appointment]);

const ARCH = `
    <list js_class="medical_day_sheet_list">
        <field name="start" widget="medical_time"/>
        <field name="name"/>
        <field name="appointment_state"/>
        <field name="arrived_on" widget="medical_waiting_time"/>
        <field name="started_on" column_invisible="1"/>
        <field name="is_late" column_invisible="1"/>
        <field name="overbooked" column_invisible="1"/>
    </list>`;

const mountDaySheet = () =>
    mountView({ resModel: "appointment", type: "list", arch: ARCH, searchViewArch: "<search/>" });

test("a day sheet shows one day, and the day one asks for", async () => {
    mockDate("2035-04-02 10:00:00", 0);
    await mountDaySheet();
    expect(queryAllTexts("td[name=name]")).toEqual(["Booked", "Waiting", "Inside"]);
    expect(".o_medical_day_today").not.toBeEnabled();

    await click(".o_medical_day_next");
    await animationFrame();
    expect(queryAllTexts("td[name=name]")).toEqual(["Tomorrow"]);
    expect(queryFirst(".o_medical_day_input").value).toBe("2035-04-03");

    await click(".o_medical_day_today");
    await animationFrame();
    expect(queryAllTexts("td[name=name]")).toEqual(["Booked", "Waiting", "Inside"]);
});

test("waiting runs while one waits, and stays once one is inside", async () => {
    mockDate("2035-04-02 10:00:00", 0);
    await mountDaySheet();
    expect(queryAllTexts("td[name=arrived_on]")).toEqual(["", "10 min", "1 h 05"]);
    expect(".o_data_row:eq(1) .o_medical_waiting_time").toHaveClass("text-bg-info");

    await advanceTime(6 * 60 * 1000);
    await animationFrame();
    expect(queryAllTexts("td[name=arrived_on]")).toEqual(["", "16 min", "1 h 05"]);
    expect(".o_data_row:eq(1) .o_medical_waiting_time").toHaveClass("text-bg-warning");
});

test("the time alone is shown, and that somebody is late", async () => {
    mockDate("2035-04-02 10:00:00", 0);
    await mountDaySheet();
    expect(queryAllTexts("td[name=start]")[0]).toMatch(/^0?9:00/);
    expect(queryFirst("td[name=start] .fa-clock-o")).not.toBe(null);
    expect("td[name=start] .fa-clock-o").toHaveCount(1);
});

test("the day sheet looks every minute at what the colleagues did", async () => {
    mockDate("2035-04-02 10:00:00", 0);
    onRpc("web_search_read", () => {
        expect.step("web_search_read");
    });
    await mountDaySheet();
    expect.verifySteps(["web_search_read"]);
    await advanceTime(61000);
    expect.verifySteps(["web_search_read"]);
});
