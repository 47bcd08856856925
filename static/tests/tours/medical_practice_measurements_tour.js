import { registry } from "@web/core/registry";

const input = (code) => `tr[data-code=${code}] .o_medical_grid_input`;

/** Measurements typed into the grid in any unit, seen over time, and a child's growth on its curve. */
registry.category("web_tour.tours").add("medical_practice_measurements", {
    steps: () => [
        { trigger: ".o_cp_action_menus .dropdown-toggle:has(.fa-cog)", run: "click" },
        { trigger: ".o-dropdown-item:contains(Measurements)", run: "click" },
        { content: "A weight in pounds, then Enter", trigger: input("weight"), run: "edit 26 lb 8 oz && press Enter" },
        { content: "It is kept in kilograms", trigger: "tr[data-code=weight] td[data-flag] input:value(12)" },
        { content: "A height that cannot be right", trigger: input("height"), run: "edit 0.88 && press Enter" },
        { content: "stays as it was typed", trigger: "tr[data-code=height]:has(.o_medical_grid_error) input:value(0.88)" },
        { trigger: input("height"), run: "edit 88 && press Enter" },
        { trigger: "tr[data-code=height]:not(:has(.o_medical_grid_error)) input:value(88)" },
        { content: "What follows from them", trigger: ".o_medical_grid_computed[data-code=bmi]" },
        { trigger: "a[name=graph]", run: "click" },
        { trigger: ".o_medical_graph_point" },
        { trigger: "a[name=growth]", run: "click" },
        { content: "The child on its curve", trigger: ".o_medical_growth_point" },
        { trigger: ".o_medical_growth_z", run: "click" },
        { trigger: ".o_medical_growth_curve text:contains(+2)" },
    ],
});
