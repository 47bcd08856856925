import { registry } from "@web/core/registry";

/** Billing, without any practice role: acts of a visit -> draft invoice -> confirmed -> paid. */
registry.category("web_tour.tours").add("medical_practice_invoice", {
    url: "/odoo/acts-to-invoice",
    steps: () => [
        {
            content: "The act of the visit is there, with the name of the patient",
            trigger: ".o_list_view .o_data_row:contains('Tremblay') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Invoice the selection",
            trigger: ".o_control_panel button[name='action_invoice'], .o_list_view button[name='action_invoice']",
            run: "click",
        },
        {
            content: "The draft invoice names the patient",
            trigger: ".o_form_view .o_field_widget[name='medical_patient_id']:contains('Tremblay')",
        },
        {
            content: "Its line says nothing of the visit",
            trigger: ".o_field_widget[name='invoice_line_ids'] .o_data_row:contains('Professional services')",
        },
        {
            trigger: "button[name='action_post']:enabled",
            run: "click",
        },
        {
            content: "It is posted: register the payment",
            trigger: ".o_form_view button[name='action_register_payment'].oe_highlight, .o_form_view button[name='action_register_payment']",
            run: "click",
        },
        {
            trigger: ".modal button[name='action_create_payments']",
            run: "click",
        },
        {
            content: "Paid",
            trigger: ".o_form_view .ribbon:contains('Paid'), .o_form_view .o_field_widget[name='payment_state']:contains('Paid'), .o_form_view button[name='open_payments']",
        },
    ],
});
