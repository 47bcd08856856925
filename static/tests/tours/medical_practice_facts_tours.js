import { registry } from "@web/core/registry";

/** "No known allergy" in one click, then an allergy that contradicts it. */
registry.category("web_tour.tours").add("medical_practice_allergy", {
    steps: () => [
        {
            content: "Open a new allergy of the patient",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Say what it is",
            trigger: ".o_form_view .o_field_widget[name='name'] input",
            run: "edit Latex",
        },
        {
            content: "What happened",
            trigger: ".o_form_view .o_field_widget[name='reaction'] input",
            run: "edit hives",
        },
        {
            content: "Since when, as precisely as it is known",
            trigger: ".o_form_view .o_field_widget[name='onset'] input",
            run: "edit mars 2021",
        },
        {
            content: "Leave the field",
            trigger: ".o_form_view .o_field_widget[name='reaction'] input",
            run: "click",
        },
        {
            content: "The date is shown in the language of the user",
            trigger: ".o_form_view .o_field_widget[name='onset'] input:value(March 2021)",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_form_saved, .o_form_view:not(.o_form_dirty) button[name='action_refute']",
        },
    ],
});

/** A treatment made by a signature is stopped with its reason. */
registry.category("web_tour.tours").add("medical_practice_treatment_stop", {
    steps: () => [
        {
            content: "Stop the treatment",
            trigger: ".o_form_view button[name='action_open_stop']",
            run: "click",
        },
        {
            content: "Why",
            trigger: ".modal .o_field_widget[name='reason_code'] input[data-value='adverse_effect']",
            run: "click",
        },
        {
            content: "What happened",
            trigger: ".modal .o_field_widget[name='reaction'] input",
            run: "edit rash",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "It is stopped",
            trigger: ".o_form_view .o_statusbar_status button[data-value='stopped'][aria-checked='true']",
        },
        {
            content: "And the history says so",
            trigger: ".o_form_view .o_field_widget[name='change_ids'] .o_data_row",
        },
    ],
});

/** All long-term treatments on one draft, from the list. */
registry.category("web_tour.tours").add("medical_practice_treatment_renew", {
    steps: () => [
        {
            content: "Choose all",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Prescribe again",
            trigger: ".o_control_panel button[name='action_renew']",
            run: "click",
        },
        {
            content: "A draft with both",
            trigger:
                ".o_medical_prescription_form .o_field_widget[name='line_ids'] .o_data_row:nth-child(2) [name='treatment_action']:contains('Renews')",
        },
        {
            content: "Sign",
            trigger: ".o_medical_prescription_form button[name='action_sign']:enabled",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_statusbar_status button[data-value='signed'][aria-checked='true']",
        },
    ],
});
