import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** A practitioner prescribes: searches the register, gives the dose, reads the sentence, signs. */
registry.category("web_tour.tours").add("medical_practice_prescription", {
    steps: () => [
        {
            content: "Start a prescription from the chart",
            trigger: ".o_form_view button[name='action_new_prescription']",
            run: "click",
        },
        {
            content: "Add a line",
            trigger: ".o_field_widget[name='line_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Type fragments of the drug",
            trigger: ".o_selected_row .o_data_cell[name='name'] input",
            run: "edit novam 500 cap",
        },
        {
            content: "Pick the drug",
            trigger: ".o_medical_drug_menu a:contains('Novamoxin')",
            run: "click",
        },
        {
            content: "Give the dose",
            trigger: ".o_selected_row .o_data_cell[name='dose'] input",
            run: "edit 1",
        },
        {
            content: "Type the abbreviation of the frequency",
            trigger: ".o_selected_row .o_data_cell[name='frequency_id'] input",
            run: "edit tid",
        },
        {
            content: "Pick the frequency",
            trigger:
                ".o-autocomplete--dropdown-menu a:contains('3 times a day'), " +
                ".o-autocomplete--dropdown-menu a:contains('3 fois par jour')",
            run: "click",
        },
        {
            content: "Give the duration",
            trigger: ".o_selected_row .o_data_cell[name='duration'] input",
            run: "edit 10",
        },
        {
            content: "Leave the field",
            trigger: ".o_selected_row .o_data_cell[name='quantity'] input",
            run: "click",
        },
        {
            content: "The sentence is in the language of the patient, the quantity computed",
            trigger:
                ".o_selected_row .o_data_cell[name='sig'] textarea:value(Prendre 1 capsule par voie orale 3 fois par jour pendant 10 jours)",
        },
        {
            trigger: ".o_selected_row .o_data_cell[name='quantity'] input:value(30)",
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
