import { expect, test } from "@odoo/hoot";
import { contains, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Patient extends models.Model {
    _name = "medical.patient";

    health_number = fields.Char();
    health_number_display = fields.Char();

    _records = [{ id: 1, health_number: "TREM85551234", health_number_display: "TREM 8555 1234" }];
}

defineMailModels();
defineModels([Patient]);

test("The number is written as on the card, and as typed while it is being changed.", async () => {
    await mountView({
        resModel: "medical.patient",
        type: "form",
        resId: 1,
        arch: `<form><field name="health_number" widget="medical_health_number"/></form>`,
    });
    expect(".o_field_widget[name=health_number] input").toHaveValue("TREM 8555 1234");
    await contains(".o_field_widget[name=health_number] input").edit("gagn90010112");
    expect(".o_field_widget[name=health_number] input").toHaveValue("gagn90010112");
});

test("In a readonly view too.", async () => {
    await mountView({
        resModel: "medical.patient",
        type: "form",
        resId: 1,
        arch: `<form edit="0"><field name="health_number" widget="medical_health_number" readonly="1"/></form>`,
    });
    expect(".o_field_widget[name=health_number]").toHaveText("TREM 8555 1234");
});
