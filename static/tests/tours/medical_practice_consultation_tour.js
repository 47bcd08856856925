import { registry } from "@web/core/registry";

const section = (name) => `.o_medical_section[data-section=${name}]`;
const editable = (name) => `${section(name)} .note-editable`;

/** A practitioner lives a visit: from the list, note with macros, vital signs, signature, addendum. */
registry.category("web_tour.tours").add("medical_practice_consultation", {
    steps: () => [
        {
            content: "The draft was prepared from the appointment: its reason is already there",
            trigger: ".o_medical_head .o_field_widget[name=reason] input:value(Sore throat)",
        },
        { trigger: ".o_medical_banner_alert:contains(Penicillin)" },
        { content: "The last known weight is shown, not filled in", trigger: ".o_field_widget[name=weight]:contains(68.3 ·)" },
        { trigger: ".o_field_widget[name=weight] input", run: "edit 70.5" },
        { trigger: ".o_field_widget[name=height] input", run: "edit 168" },
        { trigger: ".o_field_widget[name=bp_systolic] input", run: "edit 121" },
        { trigger: ".o_field_widget[name=bp_diastolic] input", run: "edit 79" },
        { content: "The body mass index follows", trigger: ".o_field_widget[name=bmi]:contains(25.0)" },
        { trigger: editable("subjective"), run: "editor Fever until yesterday" },
        { content: "A macro from the list", trigger: `${section("objective")} .o_medical_macros`, run: "click" },
        { trigger: ".o-dropdown-item:contains(Normal lungs)", run: "click" },
        { trigger: `${editable("objective")}:contains(Clear, no crackles)` },
        {
            content: "Another section offers other macros",
            trigger: `${section("plan")}:not(:has(.o_medical_macros))`,
        },
        { content: "The previous visit stands beside the note", trigger: ".o_medical_previous .o_kanban_record:contains(Earlier cough)" },
        { trigger: ".o_medical_previous_note summary", run: "click" },
        { trigger: ".o_medical_previous_note[open]:contains(Viral bronchitis)" },
        { content: "Typed, then signed at once", trigger: editable("plan"), run: "editor Rest and fluids" },
        { trigger: "button[name=action_sign]", run: "click" },
        { trigger: ".o_medical_signature:visible" },
        { trigger: `${section("plan")}:contains(Rest and fluids)` },
        { content: "Frozen", trigger: ".o_medical_consultation:not(:has(.note-editable))" },
        { trigger: "button[name=action_add_addendum]", run: "click" },
        { trigger: ".modal .note-editable", run: "editor Throat culture negative" },
        { trigger: ".modal button[name=action_sign]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_medical_addenda:contains(Throat culture negative)" },
    ],
});
