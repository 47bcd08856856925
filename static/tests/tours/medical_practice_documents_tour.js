import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** A practitioner writes a letter from the chart: picks a template, reads it filled in, signs. */
registry.category("web_tour.tours").add("medical_practice_letter", {
    steps: () => [
        {
            content: "Write a letter from the chart",
            trigger: ".o_form_view button[name='action_new_document']",
            run: "click",
        },
        {
            content: "Pick a template",
            trigger: ".o_field_widget[name='template_id'] input",
            run: "edit Tour template",
        },
        {
            trigger: ".o-autocomplete--dropdown-menu a:contains('Tour template')",
            run: "click",
        },
        {
            content: "The letter speaks of the patient",
            trigger: ".o_field_widget[name='body'] .odoo-editor-editable:contains('About Marie Tremblay, born')",
        },
        ...stepUtils.saveForm(),
        {
            content: "Sign",
            trigger: ".o_form_view button[name='action_sign']:enabled",
            run: "click",
        },
        {
            content: "It is signed, its text is read only, and it can be printed",
            trigger: ".o_form_view .o_statusbar_status button[data-value='signed'][aria-checked='true']",
        },
        {
            trigger: ".o_form_view button[name='action_print']",
        },
        {
            trigger: ".o_field_widget[name='body'] .o_readonly",
        },
    ],
});

/** A result comes in: it is uploaded, matched by a person, read beside its data, acknowledged. */
registry.category("web_tour.tours").add("medical_practice_inbox", {
    steps: () => [
        {
            content: "Upload a file",
            trigger: ".o_medical_inbox_upload:enabled",
            run() {
                const input = document.querySelector(".o_medical_inbox_input");
                const transfer = new DataTransfer();
                const texts = { "Tremblay Marie labo.txt": "Ferritin 9 ug/L", "virus.html": "<script>x</script>" };
                for (const [name, text] of Object.entries(texts)) {
                    transfer.items.add(new File([text], name, { type: "text/plain" }));
                }
                input.files = transfer.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "What may not lie in a chart is refused by name",
            trigger: ".o_notification:contains('virus.html')",
        },
        {
            content: "Open the document that came in",
            trigger: ".o_data_row:contains('Tremblay Marie labo.txt') .o_data_cell[name='name']",
            run: "click",
        },
        {
            content: "Its text is read in place",
            trigger: ".o_form_view .o_medical_document_text:contains('Ferritin 9 ug/L')",
        },
        {
            content: "The name of the file proposes a patient, a person confirms",
            trigger: ".o_field_widget[name='candidate_ids'] .o_data_row:contains('Marie Tremblay') button[name='action_match_document']",
            run: "click",
        },
        {
            content: "It is in the chart, to be reviewed",
            trigger: ".o_form_view .o_statusbar_status button[data-value='to_review'][aria-checked='true']",
        },
        {
            content: "Acknowledge",
            trigger: ".o_form_view button[name='action_acknowledge']",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_statusbar_status button[data-value='reviewed'][aria-checked='true']",
        },
    ],
});
