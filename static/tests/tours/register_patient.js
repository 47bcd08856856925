import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/**
 * The reception registers somebody: sees that he may be registered already, opens him from the warning's point of
 * view (a link), completes the registration of another person, and finds that person again by phone.
 */
registry.category("web_tour.tours").add("medical_practice_register_patient", {
    url: "/odoo/patients",
    steps: () => [
        {
            content: "Start a registration",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "No clinical page and no button of the practitioner stands here",
            trigger: "body:not(:has(button[name='action_new_consultation'])):not(:has(a[name='consultations']))",
        },
        {
            trigger: ".o_field_widget[name='first_name'] input",
            run: "edit Marie",
        },
        {
            trigger: ".o_field_widget[name='last_name'] input",
            run: "edit Tremblai",
        },
        {
            trigger: ".o_field_widget[name='birthdate'] button, .o_field_widget[name='birthdate'] input",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='birthdate'] input",
            run: "edit 05/12/1985 && press Tab",
        },
        {
            content: "The person registered under a slightly different name is shown",
            trigger: "[name='duplicates'] a:contains('Marie Tremblay')",
        },
        {
            content: "It is somebody else",
            trigger: ".o_field_widget[name='first_name'] input",
            run: "edit Héloïse && press Tab",
        },
        {
            trigger: ".o_form_view:not(:has([name='duplicates'] a))",
        },
        {
            trigger: ".o_field_widget[name='last_name'] input",
            run: "edit D'Astous && press Tab",
        },
        {
            content: "A number that cannot be: the sentence appears while typing",
            trigger: ".o_field_widget[name='health_number'] input",
            run: "edit dash 8599 1234 && press Tab",
        },
        {
            trigger: ".o_field_widget[name='health_number_warning']:contains('are no date')",
        },
        {
            trigger: ".o_field_widget[name='health_number'] input",
            run: "edit dash85551234 && press Tab",
        },
        {
            content: "The number is written as on the card, and the card said the sex",
            trigger: ".o_field_widget[name='sex'] input[data-value='female']:checked",
        },
        {
            trigger: ".o_field_widget[name='phone'] input",
            run: "edit 514 555-0177",
        },
        {
            trigger: ".o_field_widget[name='city'] input",
            run: "edit Montréal",
        },
        ...stepUtils.saveForm(),
        {
            content: "The banner tells who it is",
            trigger: ".o_medical_banner h1:contains(\"Héloïse D'Astous\")",
        },
        {
            trigger: ".o_medical_banner:contains('DASH 8555 1234')",
        },
        {
            trigger: ".breadcrumb-item a, .o_back_button",
            run: "click",
        },
        {
            content: "Find the person again by another writing of the phone",
            trigger: ".o_searchview_input",
            run: "edit (514) 555.0177",
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:first, .o_searchview_autocomplete li:first",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:only-child .o_data_cell:contains(\"D'Astous\")",
            run: "click",
        },
        {
            trigger: ".o_medical_banner h1:contains(\"Héloïse D'Astous\")",
        },
    ],
});
