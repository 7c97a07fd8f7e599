import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useReloadOnHold} from "../core/credit_record";
import {CreditExplanation} from "../explanation/credit_explanation";
import {CreditStack} from "../stack/credit_stack";

/** A Json field with an explanation, drawn as the stacked bar of the lines. */
export class CreditStackBarField extends Component {
    static template = "credit_control.CreditStackBarField";
    static components = {CreditStack};
    static props = {...standardFieldProps, compact: {type: Boolean, optional: true}};

    setup() {
        useReloadOnHold(this);
    }

    get explanation() {
        return this.props.record.data[this.props.name];
    }
}

/** A Json field with an explanation, in words: headline, reasons, ways out. */
export class CreditExplanationField extends Component {
    static template = "credit_control.CreditExplanationField";
    static components = {CreditExplanation};
    static props = {...standardFieldProps};

    setup() {
        useReloadOnHold(this);
    }

    get explanation() {
        return this.props.record.data[this.props.name];
    }
}

export const creditStackBarField = {
    component: CreditStackBarField,
    displayName: _t("Stack of credit lines"),
    supportedTypes: ["json"],
    supportedOptions: [
        {
            label: _t("Bar only"),
            name: "compact",
            type: "boolean",
            help: _t("Draw the bar without figures and legend. Always so in lists."),
        },
    ],
    listViewWidth: [90, 200],
    extractProps: ({options, viewType}) => ({
        compact: Boolean(options.compact) || viewType === "list",
    }),
};

export const creditExplanationField = {
    component: CreditExplanationField,
    displayName: _t("Explanation of a credit check"),
    supportedTypes: ["json"],
};

registry.category("fields").add("credit_stack_bar", creditStackBarField);
registry.category("fields").add("credit_explanation", creditExplanationField);
