import {Component, onWillStart, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {formatCredit} from "../core/credit_format";
import {CockpitChart} from "../cockpit/cockpit_chart";
import {TrendChart} from "./trend_chart";

/**
 * How fast money comes in, what is expected when and what may never come.
 * Each figure says how it is computed and opens its records.
 */
export class CreditFigures extends Component {
    static template = "credit_control.CreditFigures";
    static components = {CockpitChart, Layout, TrendChart};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.state = useState({data: null, loading: false});
        this.format = (amount) => formatCredit(this.data, amount);
        this.formatShort = (amount) => this.short(amount);
        this.open = (target) => this.openRecords(target);
        onWillStart(() => this.load());
    }

    get data() {
        return this.state.data;
    }

    get filters() {
        const {policy_id, user_id} = this.data || {};
        return {policy_id: policy_id || null, user_id: user_id || null};
    }

    async load(changes = {}) {
        this.state.loading = true;
        try {
            this.state.data = await this.orm.call("credit.figures", "get_figures", [], {
                ...this.filters,
                ...changes,
            });
        } finally {
            this.state.loading = false;
        }
    }

    choose(name, value) {
        return this.load({[name]: Number(value) || null});
    }

    async openRecords(target) {
        const action = await this.orm.call("credit.figures", "open_records", [], {
            what: target.what,
            key: target.key ?? null,
            ...this.filters,
        });
        return this.action.doAction(action);
    }

    short(amount) {
        return formatCurrency(amount || 0, this.data.currency_id, {
            humanReadable: Math.abs(amount) >= 10000,
            minDigits: 2,
            digits: [16, 0],
        });
    }

    days(value) {
        return _t("%s days", Math.round(value));
    }

    percent(value) {
        return value === null || value === false ? "–" : `${Math.round(value)} %`;
    }

    /** The headline figures, each with what it means. */
    get tiles() {
        const {tiles} = this.data;
        return [
            {
                key: "dso",
                name: _t("DSO"),
                value: this.days(tiles.dso),
                note: _t(
                    "Days of sales that are unpaid: what is owed today is set against the sales of this month, then of the months before, until it is used up."
                ),
                target: {what: "open"},
            },
            {
                key: "best",
                name: _t("Best possible DSO"),
                value: this.days(tiles.best),
                note: _t(
                    "The same count for what is not due yet: the DSO if everybody paid on the due date."
                ),
                target: {what: "current"},
            },
            {
                key: "delinquent",
                name: _t("Average days delinquent"),
                value: this.days(tiles.delinquent),
                note: _t(
                    "DSO less the best possible DSO: the days that late payment adds."
                ),
                target: {what: "late"},
            },
            {
                key: "effectiveness",
                name: _t("Collection effectiveness"),
                value: this.percent(tiles.effectiveness),
                note: _t(
                    "Of what was due this month (owed at its beginning, plus sales, less what is not due yet), the part that was collected. 100 % is perfect."
                ),
                target: {what: "late"},
            },
            {
                key: "reliability",
                name: _t("Promise reliability"),
                value: this.percent(tiles.reliability),
                note: _t(
                    "Of the %s promised for the last twelve months, the part that was paid by the promised day.",
                    this.short(tiles.promised)
                ),
                target: {what: "promises"},
            },
            {
                key: "risk",
                name: _t("Receivables at risk"),
                value: this.short(tiles.risk),
                note: _t(
                    "Of %s open: what the stop list, insolvency, a dispute, a broken promise or more than 90 days put in doubt.",
                    this.short(tiles.open)
                ),
                target: {what: "risk"},
                alert: tiles.risk > 0,
            },
        ];
    }
}

registry.category("actions").add("credit_figures", CreditFigures);
