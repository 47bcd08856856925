import { registry } from "@web/core/registry";

const box = (key) => `.o_medical_box[data-box=${key}]`;

/** A practitioner opens a chart, says that there is no known allergy, adds a problem in place, looks back in time. */
registry.category("web_tour.tours").add("medical_practice_chart", {
    steps: () => [
        { content: "Who this is", trigger: ".o_medical_banner_name:contains(Marie Tremblay)" },
        { content: "Nobody asked yet, and the banner says so", trigger: ".o_medical_allergy_not_asked" },
        { trigger: "button[name=no_known_allergy]", run: "click" },
        { trigger: ".o_medical_banner .o_medical_no_allergy:contains(by Alice Médecin)" },
        { content: "Add a problem without leaving", trigger: `${box("problems")} .o_medical_box_add`, run: "click" },
        { trigger: `${box("problems")} .o_medical_quick_add input`, run: "edit Gout" },
        { trigger: `${box("problems")} .o_medical_quick_add input`, run: "press Enter" },
        { trigger: `${box("problems")} .o_medical_box_item:contains(Gout)` },
        { content: "Open it and come back", trigger: `${box("problems")} .o_medical_box_item:contains(Gout)`, run: "click" },
        { trigger: ".modal .o_form_view" },
        { trigger: ".modal .btn-close", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { content: "Everything in time", trigger: ".o_notebook .nav-link[name=timeline]", run: "click" },
        { trigger: ".o_medical_entry[data-kind=consultation]:contains(Sore throat)" },
        { trigger: ".o_medical_entry[data-kind=measurement]" },
        { content: "Only the visits", trigger: "button[data-kind=consultation]", run: "click" },
        { trigger: ".o_medical_timeline:not(:has(.o_medical_entry[data-kind=measurement]))" },
        { content: "Only those about a knee", trigger: "input[name=timeline_text]", run: "edit knee" },
        { trigger: ".o_medical_timeline:not(:has(.o_medical_entry:contains(Sore throat))):has(.o_medical_entry:contains(Knee))" },
        { content: "The visits behind their tab", trigger: ".o_notebook .nav-link[name=consultations]:contains(2)", run: "click" },
        { trigger: ".o_medical_chart_list .o_data_cell:contains(Knee pain)", run: "click" },
        { content: "The same banner on the visit", trigger: ".o_medical_consultation .o_medical_banner_name:contains(Marie Tremblay)" },
        { trigger: ".o_medical_consultation .o_medical_no_allergy" },
    ],
});
