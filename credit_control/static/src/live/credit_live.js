import {Component, useEffect} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

export const EVERY = 2000; // milliseconds

/**
 * Shows what works in the background while it works: the form's values move without
 * reloading the page. It stops with the work, and does not disturb who is typing or
 * looks elsewhere.
 */
export class CreditLive extends Component {
    static template = "credit_control.CreditLive";
    static props = {...standardWidgetProps, running: String};

    setup() {
        useEffect(
            (isRunning) => {
                const timer = isRunning && setInterval(() => this.refresh(), EVERY);
                return () => clearInterval(timer);
            },
            () => [this.isRunning]
        );
    }

    get isRunning() {
        return Boolean(
            this.props.record.resId && this.props.record.data[this.props.running]
        );
    }

    async refresh() {
        if (document.hidden || this.isBusy || (await this.props.record.isDirty())) {
            return;
        }
        this.isBusy = true;
        try {
            await this.props.record.load();
            this.isBusy = false;
        } catch {
            // The record or the connection is gone: stay busy, and ask no more.
        }
    }
}

export const creditLive = {
    component: CreditLive,
    supportedOptions: [
        {
            label: _t("Runs While"),
            name: "running",
            type: "string",
            help: _t("A field that is true while the background works."),
        },
    ],
    extractProps: ({options}) => ({running: options.running}),
};

registry.category("view_widgets").add("credit_live", creditLive);
