import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** A practitioner types a drug and its dosage in one line, reads it in full, signs. */
registry.category("web_tour.tours").add("medical_practice_quick_entry", {
    steps: () => [
        {
            content: "Start a prescription from the chart",
            trigger: ".o_form_view button[name='action_new_prescription']",
            run: "click",
        },
        {
            content: "Type the drug and its dosage",
            trigger: ".o_medical_quick_entry input",
            run: "edit novam 500 cap 1 co tid x 10j",
        },
        {
            content: "The dosage is shown in full",
            trigger: ".o_medical_quick_menu li:contains('Novamoxin'):contains('3 times a day for 10 days')",
        },
        {
            content: "Add the line with the keyboard",
            trigger: ".o_medical_quick_entry input",
            run: "press Enter",
        },
        {
            content: "The line stands there, in the language of the patient",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row:contains('Prendre 1 capsule par voie orale 3 fois par jour pendant 10 jours.')",
        },
        {
            content: "The box is empty for the next one",
            trigger: ".o_medical_quick_entry input:not(:value(novam))",
        },
        ...stepUtils.saveForm(),
        {
            content: "Sign",
            trigger: ".o_form_view button[name='action_sign']:enabled",
            run: "click",
        },
        {
            content: "It is signed and can be printed",
            trigger: ".o_form_view .o_statusbar_status button[data-value='signed'][aria-checked='true']",
        },
        {
            trigger: ".o_form_view button[name='action_print']",
        },
    ],
});
