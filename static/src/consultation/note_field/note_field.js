import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { parseHTML } from "@html_editor/utils/html";
import { withSequence } from "@html_editor/utils/resource";
import { onWillStart } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const MACRO_FIELDS = ["name", "shortcut", "section", "body", "consultation_type_id"];
/** Elements in which the editor keeps Tab for itself: lists and tables. */
const TAB_KEPT = "li, td, th";

/**
 * A section of a clinical note: its title, its text, and the text macros of the section, which are inserted from the
 * title's list or by typing "/" and their name or shortcut. Macros are inserted as they are, nothing is evaluated.
 *
 * Tab goes on to the next section, as in any form; inside lists and tables it keeps its meaning.
 */
export class NoteField extends HtmlField {
    static template = "medical_practice.NoteField";
    static components = { ...HtmlField.components, Dropdown, DropdownItem };

    setup() {
        super.setup();
        this.macros = [];
        onWillStart(async () => {
            if (!this.props.readonly) {
                this.macros = await this.loadMacros();
            }
        });
    }

    /** The sections of one form share one request. */
    loadMacros() {
        const { model } = this.props.record;
        model.medicalTextMacros ??= this.ormService.searchRead("medical.text.macro", [], MACRO_FIELDS);
        return model.medicalTextMacros;
    }

    get title() {
        return this.props.record.fields[this.props.name].string;
    }

    get isShown() {
        return !this.props.readonly || Boolean(parseHTML(document, this.value).textContent.trim());
    }

    get availableMacros() {
        return this.macros.filter((macro) => this.isMacroAvailable(macro));
    }

    isMacroAvailable(macro) {
        const type = this.props.record.data.type_id;
        return (
            (!macro.section || macro.section === this.props.name) &&
            (!macro.consultation_type_id || macro.consultation_type_id[0] === type?.id)
        );
    }

    getConfig() {
        const config = super.getConfig();
        // The buttons beside an empty line offer pictures first; a note has its macros, and "/" for the rest.
        config.Plugins = config.Plugins.filter((plugin) => plugin.id !== "powerButtons");
        config.resources = {
            ...config.resources,
            user_commands: [
                ...(config.resources.user_commands || []),
                { id: "insertTextMacro", icon: "fa-bolt", run: ({ macro }) => this.insertMacro(macro) },
            ],
            powerbox_categories: withSequence(5, { id: "text_macros", name: _t("Text macros") }),
            powerbox_items: this.macros.map((macro) => ({
                categoryId: "text_macros",
                commandId: "insertTextMacro",
                commandParams: { macro },
                title: macro.name,
                description: macro.shortcut ? `/${macro.shortcut}` : _t("Insert this text"),
                keywords: macro.shortcut ? [macro.shortcut] : [],
                isAvailable: () => this.isMacroAvailable(macro),
            })),
        };
        return config;
    }

    /** Insert a macro where the cursor is. */
    insertMacro(macro) {
        const { dom, history } = this.editor.shared;
        dom.insert(parseHTML(this.editor.document, macro.body));
        history.addStep();
    }

    /** Insert a macro chosen from the list: where the cursor was, or else at the end of the section. */
    onMacroSelected(macro) {
        const { selection } = this.editor.shared;
        if (!selection.getSelectionData().documentSelectionIsInEditable) {
            selection.setCursorEnd(this.editor.editable);
        }
        selection.focusEditable();
        this.insertMacro(macro);
    }

    onKeydown(ev) {
        if (ev.key === "Tab" && !ev.target.ownerDocument.getSelection().anchorNode?.parentElement?.closest(TAB_KEPT)) {
            ev.stopPropagation();
        }
    }
}

export const noteField = {
    ...htmlField,
    component: NoteField,
    displayName: _t("Section of a note"),
    extractProps(fieldInfo, dynamicInfo) {
        const props = htmlField.extractProps(fieldInfo, dynamicInfo);
        // A note is text: pictures and files are documents of the chart, with an access of their own.
        Object.assign(props.editorConfig, {
            allowImage: false,
            allowFile: false,
            allowMediaDocuments: false,
            allowVideo: false,
        });
        return { ...props, embeddedComponents: false };
    },
};

registry.category("fields").add("medical_note", noteField);
