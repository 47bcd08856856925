import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** An allergy is seen beside the line before anything is saved; signing asks why, and keeps the answer. */
registry.category("web_tour.tours").add("medical_practice_safety", {
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
            trigger: ".o_selected_row .o_data_cell[name='name'] input",
            run: "edit novam 500",
        },
        {
            trigger: ".o_medical_drug_menu a:contains('Novamoxin')",
            run: "click",
        },
        {
            content: "The allergy stands beside the line that was never saved",
            trigger: ".o_selected_row .o_medical_mark_danger",
        },
        {
            content: "What was not checked is said",
            trigger: ".o_medical_safety .o_medical_unchecked:contains('no list of interactions')",
        },
        {
            trigger: ".o_selected_row .o_data_cell[name='dose'] input",
            run: "edit 1",
        },
        {
            trigger: ".o_selected_row .o_data_cell[name='frequency_id'] input",
            run: "edit tid",
        },
        {
            trigger: ".o-autocomplete--dropdown-menu a:contains('3 times a day')",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_data_cell[name='duration'] input",
            run: "edit 10",
        },
        {
            trigger: ".o_selected_row .o_data_cell[name='quantity'] input",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_data_cell[name='quantity'] input:value(30)",
        },
        ...stepUtils.saveForm(),
        {
            content: "The sentence stands above the lines, the reaction behind “more”",
            trigger: ".o_medical_safety .o_medical_finding_danger:contains('Novamoxin') button",
            run: "click",
        },
        {
            trigger: ".o_medical_safety .o_medical_finding_detail:contains('hives')",
        },
        {
            content: "Sign",
            trigger: ".o_form_view button[name='action_sign']:enabled",
            run: "click",
        },
        {
            content: "It asks why",
            trigger: ".modal .o_medical_override .o_field_widget[name='reason'] input",
            run: "edit Desensitised in 2024",
        },
        {
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "It is signed, with the reason in view",
            trigger: ".o_form_view .o_statusbar_status button[data-value='signed'][aria-checked='true']",
        },
        {
            trigger: ".o_medical_safety .o_medical_finding_reason:contains('Desensitised in 2024')",
        },
    ],
});
