import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { click, setInputFiles } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, defineModels, fields, makeServerError, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class MedicalDocument extends models.Model {
    _name = "medical.document";

    name = fields.Char();

    _records = [];
}

defineMailModels();
defineModels([MedicalDocument]);

const arch = `<list js_class="medical_inbox_list"><field name="name"/></list>`;

test("each file is sent by itself, and one that is refused does not hold back the others", async () => {
    onRpc("medical.document", "action_upload", ({ args }) => {
        const [name, content, values] = args;
        expect.step([name, atob(content), values]);
        if (name === "bad.html") {
            throw makeServerError({ message: "This kind of file is not taken" });
        }
        return 7;
    });
    await mountView({ type: "list", resModel: "medical.document", arch });
    await click(".o_medical_inbox_input", { visible: false });
    await setInputFiles([
        new File(["one"], "one.txt", { type: "text/plain" }),
        new File(["<b>"], "bad.html", { type: "text/html" }),
        new File(["two"], "two.txt", { type: "text/plain" }),
    ]);
    await expect.waitForSteps([
        ["one.txt", "one", {}],
        ["bad.html", "<b>", {}],
        ["two.txt", "two", {}],
    ]);
    await animationFrame();
    expect(".o_notification:contains('bad.html')").toHaveCount(1);
    expect(".o_medical_inbox_upload").toBeEnabled();
});
