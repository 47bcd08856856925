import { registry } from "@web/core/registry";

/** A receptionist books in the agenda, then confirms and welcomes on the day sheet. */
registry.category("web_tour.tours").add("medical_practice_day_sheet", {
    url: "/odoo/agenda",
    steps: () => [
        {
            content: "the agenda shows the practitioners side by side; click at eleven in the dentist's column",
            trigger: ".o_medical_agenda_column:contains(Chantal Dentaire) .fc-timegrid-slot-lane[data-time='11:00:00']",
            run: ({ anchor }) => {
                const column = anchor.closest(".o_medical_agenda_column").querySelector(".fc-timegrid-col:not(.fc-timegrid-axis)");
                const { left, width } = column.getBoundingClientRect();
                const { top } = anchor.getBoundingClientRect();
                const at = { bubbles: true, clientX: left + width / 2, clientY: top + 3, button: 0 };
                const target = document.elementFromPoint(at.clientX, at.clientY);
                for (const type of ["mousedown", "mouseup", "click"]) {
                    target.dispatchEvent(new MouseEvent(type, at));
                }
            },
        },
        {
            content: "the practitioner is that of the column",
            trigger: ".modal .o_field_widget[name=practitioner_id] input:value(Chantal Dentaire)",
        },
        {
            trigger: ".modal .o_field_widget[name=patient_id] input",
            run: "edit L'Écuyer",
        },
        {
            trigger: ".ui-autocomplete .dropdown-item:contains(Jean-Noël)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=appointment_type_id] input",
            run: "edit Long visit (test)",
        },
        {
            trigger: ".ui-autocomplete .dropdown-item:contains(Long visit)",
            run: "click",
        },
        {
            content: "the type gives the length",
            trigger: ".modal .o_field_widget[name=duration] input:value(00:45)",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "it stands in the column of the dentist",
            trigger: "body:not(:has(.modal)) .o_medical_agenda_column:contains(Chantal Dentaire) .o_medical_event_booked:contains(Jean-Noël)",
        },
        {
            trigger: "button[data-menu-xmlid='medical_practice.medical_practice_menu_day']",
            run: "click",
        },
        {
            trigger: ".dropdown-item[data-menu-xmlid='medical_practice.medical_practice_menu_day_sheet']",
            run: "click",
        },
        {
            content: "confirm the new one",
            trigger: ".o_medical_day_sheet .o_data_row:contains(Jean-Noël) button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".o_medical_day_sheet .o_data_row:contains(Jean-Noël) .badge:contains(Confirmed)",
        },
        {
            content: "the other one is here",
            trigger: ".o_medical_day_sheet .o_data_row:contains(Tremblay) button[name=action_arrive]",
            run: "click",
        },
        {
            content: "his waiting time runs",
            trigger: ".o_medical_day_sheet .o_data_row:contains(Tremblay) .o_medical_waiting_time:contains(0 min)",
        },
        {
            content: "the reception starts no consultation",
            trigger: ".o_medical_day_sheet .o_data_row:contains(Tremblay):not(:has(button[name=action_start_consultation]))",
        },
        {
            content: "tomorrow is another day",
            trigger: ".o_medical_day_next",
            run: "click",
        },
        {
            trigger: ".o_medical_day_today:enabled",
            run: "click",
        },
        {
            trigger: ".o_medical_day_sheet .o_data_row:contains(Tremblay)",
        },
    ],
});
