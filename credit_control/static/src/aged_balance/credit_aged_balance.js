import {Component, onWillStart, useState} from "@odoo/owl";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {Layout} from "@web/search/layout";
import {formatCurrency} from "@web/core/currency";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {formatCredit} from "../core/credit_format";

const {DateTime} = luxon;

/** Last days of the columns, read from what a person typed: "30 60 90". */
export function readBuckets(text) {
    return text
        .split(/[^0-9]+/u)
        .filter(Boolean)
        .map(Number);
}

/**
 * The aged balance: on any day, by due or invoice date, in the company's or the
 * documents' currency. Every figure opens its items.
 */
export class CreditAgedBalance extends Component {
    static template = "credit_control.CreditAgedBalance";
    static components = {DateTimeInput, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.options = {};
        this.state = useState({data: null, loading: false});
        onWillStart(() => this.load());
    }

    get data() {
        return this.state.data;
    }

    get day() {
        return DateTime.fromISO(this.data.day);
    }

    get bucketText() {
        return this.data.buckets.join(" ");
    }

    async load(changes = {}, offset = 0) {
        const options = {...this.options, ...changes};
        this.state.loading = true;
        try {
            const data = await this.orm.call("credit.aged.balance", "get_balance", [], {
                ...options,
                offset,
            });
            this.options = options;
            this.state.data = offset
                ? {...data, rows: [...this.data.rows, ...data.rows]}
                : data;
        } finally {
            this.state.loading = false;
        }
    }

    setDay(day) {
        return this.load({day: day ? day.toISODate() : null});
    }

    setBuckets(text) {
        return this.load({buckets: readBuckets(text)});
    }

    more() {
        return this.load({}, this.data.rows.length);
    }

    format(amount, currencyId) {
        return formatCredit({currency_id: currencyId}, amount);
    }

    /** Zeros would hide the figures that matter. */
    formatCell(amount, currencyId) {
        return amount ? formatCurrency(amount, currencyId, {noSymbol: true}) : "";
    }

    /** What was asked for, as the server understood it. */
    get understood() {
        const {day, basis, buckets, currency, search} = this.data;
        return {day, basis, buckets, currency, search};
    }

    async open(partnerId, column, currencyId) {
        const action = await this.orm.call("credit.aged.balance", "open_items", [
            this.understood,
            partnerId,
            column,
            currencyId,
        ]);
        return this.action.doAction(action);
    }

    async export(kind) {
        const action = await this.orm.call("credit.aged.print", "export", [
            this.understood,
            kind,
        ]);
        return this.action.doAction(action);
    }
}

registry.category("actions").add("credit_aged_balance", CreditAgedBalance);
