import { Notebook } from "@web/core/notebook/notebook";
import { registry } from "@web/core/registry";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";

import { useSubEnv } from "@odoo/owl";

/** Pages whose badge counts something else than their name says. */
const FIGURES = { billing: "acts", problems: "conditions" };

/** A notebook whose tabs say how much stands behind them, before anybody opens them. */
export class ChartNotebook extends Notebook {
    static template = "medical_practice.ChartNotebook";

    getFigure(page) {
        return this.env.chart?.getFigures()[FIGURES[page.name] || page.name] || 0;
    }
}

export class ChartFormRenderer extends FormRenderer {
    static components = { ...FormRenderer.components, Notebook: ChartNotebook };

    setup() {
        super.setup();
        useSubEnv({ chart: { getFigures: () => this.props.record.data.chart_figures || {} } });
    }
}

export const chartFormView = { ...formView, Renderer: ChartFormRenderer };

registry.category("views").add("medical_chart_form", chartFormView);
