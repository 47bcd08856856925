import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { useService } from "@web/core/utils/hooks";

import { Component, useEffect, useRef, useState } from "@odoo/owl";

import { QUICK_FACTS } from "./chart_facts";

const MIN_LETTERS = 2;

/**
 * One line to add a fact: type, pick an entry of the catalogue with the arrows or leave the words as they are, Enter.
 * The line stays for the next one; Escape puts it away.
 */
export class ChartQuickAdd extends Component {
    static template = "medical_practice.ChartQuickAdd";
    static components = { AutoComplete };
    static props = {
        kind: String,
        onAdd: Function,
        onClose: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        this.state = useState({ value: "", revision: 0, busy: false });
        useEffect(
            () => this.root.el.querySelector("input")?.focus(),
            () => [this.state.revision]
        );
    }

    get placeholder() {
        return QUICK_FACTS[this.props.kind].placeholder.toString();
    }

    get sources() {
        return [{ options: (text) => this.search(text), optionSlot: "option" }];
    }

    async search(text) {
        if (text.length < MIN_LETTERS) {
            return [];
        }
        // The words themselves come first, so that Enter keeps what was typed unless something was picked.
        const written = { label: text, data: { free: true }, onSelect: () => this.add(text) };
        const found = await QUICK_FACTS[this.props.kind].search(this.orm, text);
        return [
            written,
            ...found.map(({ id, label }) => ({ label, data: {}, onSelect: () => this.add(label, id) })),
        ];
    }

    onKeydown(ev) {
        const input = ev.target;
        if (ev.key === "Escape" && !input.value) {
            ev.stopPropagation();
            this.props.onClose();
        } else if (ev.key === "Enter" && !this.root.el.querySelector(".o-autocomplete--dropdown-menu")) {
            ev.preventDefault();
            ev.stopPropagation();
            this.add(input.value);
        }
    }

    async add(name, reference = false) {
        if (!name.trim() || this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.props.onAdd(this.props.kind, name.trim(), reference);
            // A new input rather than an emptied one: the autocompletion keeps no trace of the last search.
            this.state.revision++;
        } finally {
            this.state.busy = false;
        }
    }
}
