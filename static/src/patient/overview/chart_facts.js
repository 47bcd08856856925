import { _t } from "@web/core/l10n/translation";

/** What is added in place: where its words are looked up, and what a text that is in no catalogue is called. */
const LIMIT = 8;

const fromNames = (model, extra = {}) => async (orm, text) => {
    const found = await orm.call(model, "name_search", [], { name: text, limit: LIMIT, ...extra });
    return found.map(([id, label]) => ({ id, label }));
};

async function fromDrugs(orm, text) {
    const drugs = await orm.call("medical.drug", "search_for_prescription", [text], { limit: LIMIT });
    return drugs.map((drug) => ({ id: drug.id, label: drug.display_name }));
}

export const QUICK_FACTS = {
    problem: {
        search: fromNames("medical.code", { domain: [["selectable", "=", true]] }),
        placeholder: _t("Problem: code or words, then Enter"),
    },
    history: {
        search: fromNames("medical.code", { domain: [["selectable", "=", true]] }),
        placeholder: _t("History: code or words, then Enter"),
    },
    allergy: {
        search: fromNames("medical.substance"),
        placeholder: _t("Substance or words, then Enter"),
    },
    treatment: {
        search: fromDrugs,
        placeholder: _t("Drug or words, then Enter"),
    },
};

/**
 * The boxes of the cover sheet, by column.
 *
 * `quick`: what is added by typing; `form`: model added in a dialog; `action`: button of the patient that adds;
 * `page`: opens as a page rather than in a dialog.
 */
export const BOXES = [
    [
        { key: "problems", title: _t("Problems"), icon: "fa-heartbeat", quick: "problem", model: "medical.condition", hotkey: "shift+p" },
        { key: "allergies", title: _t("Allergies"), icon: "fa-exclamation-circle", quick: "allergy", model: "medical.allergy", hotkey: "shift+a", denied: "no_known_allergy" },
        { key: "history", title: _t("History"), icon: "fa-history", quick: "history", model: "medical.condition", hotkey: "shift+h", quiet: true },
    ],
    [
        { key: "treatments", title: _t("Treatments"), icon: "fa-medkit", quick: "treatment", model: "medical.treatment", hotkey: "shift+t", denied: "no_long_term_treatment" },
        { key: "measurements", title: _t("Measurements"), icon: "fa-line-chart", form: true, grid: true, model: "medical.measurement", hotkey: "shift+m" },
        { key: "preventions", title: _t("Preventions Due"), icon: "fa-shield", quiet: true },
        { key: "immunizations", title: _t("Immunizations"), icon: "fa-eyedropper", form: true, model: "medical.immunization", hotkey: "shift+i", quiet: true },
    ],
    [
        { key: "consultations", title: _t("Last Consultations"), icon: "fa-stethoscope", action: "action_new_consultation", model: "medical.consultation", page: true },
        { key: "appointments", title: _t("Next Appointments"), icon: "fa-calendar", action: "action_new_appointment", model: "calendar.event" },
        { key: "documents", title: _t("Documents"), icon: "fa-file-text-o", action: "action_new_document", model: "medical.document", hotkey: "shift+d", page: true },
        { key: "prescriptions", title: _t("Last Prescriptions"), icon: "fa-list-alt", action: "action_new_prescription", model: "medical.prescription", page: true },
    ],
];
