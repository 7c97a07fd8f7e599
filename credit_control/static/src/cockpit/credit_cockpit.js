import {Component, onWillStart, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";
import {formatDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {formatCredit, formatLastDay} from "../core/credit_format";
import {safeColor} from "../stack/credit_blocks";
import {CockpitChart} from "./cockpit_chart";

const {DateTime} = luxon;

/** Shares below this would be invisible: they get a sliver all the same. */
const LEAST_SHARE = 0.4;

/**
 * The credit manager's first page: what is owed and who carries it, what is
 * late, held, ending and waiting. Every figure opens its records.
 */
export class CreditCockpit extends Component {
    static template = "credit_control.CreditCockpit";
    static components = {CockpitChart, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.state = useState({data: null, loading: false, loadedAt: ""});
        this.format = (amount) => formatCredit(this.data, amount);
        this.formatShort = (amount) => this.short(amount);
        this.open = (action) => action && this.action.doAction(action);
        onWillStart(() => this.load());
    }

    async load() {
        this.state.loading = true;
        try {
            this.state.data = await this.orm.call("credit.cockpit", "get_figures", []);
            this.state.loadedAt = formatDateTime(DateTime.now(), {format: "HH:mm"});
        } finally {
            this.state.loading = false;
        }
    }

    get data() {
        return this.state.data;
    }

    short(amount) {
        return formatCurrency(amount || 0, this.data.currency_id, {
            humanReadable: Math.abs(amount) >= 10000,
            minDigits: 2,
            digits: [16, 0],
        });
    }

    percent(part, whole) {
        return whole > 0 ? Math.round((100 * part) / whole) : 0;
    }

    /** Lines are in their own currency, everything else in the company's. */
    formatRow(row) {
        const {currency_id} = {...this.data, ...row};
        return formatCredit({currency_id}, row.amount);
    }

    lastDay(date) {
        return formatLastDay(date);
    }

    /** The headline figures, the most urgent ones last. */
    get tiles() {
        const {exposure, lines, uncovered, overdue, holds, waiting} = this.data.tiles;
        return [
            {
                key: "exposure",
                name: _t("Exposure"),
                value: this.short(exposure.amount),
                exact: this.format(exposure.amount),
                note: _t(
                    "%s%% secured by others",
                    this.percent(exposure.secured, exposure.amount)
                ),
                action: exposure.action,
            },
            {
                key: "lines",
                name: _t("Lines in force"),
                value: this.short(lines.amount),
                exact: this.format(lines.amount),
                note: _t("%s%% used", this.percent(lines.used, lines.amount)),
                action: lines.action,
            },
            {
                key: "uncovered",
                name: _t("Uncovered"),
                value: this.short(uncovered.amount),
                exact: this.format(uncovered.amount),
                note: _t("%s debtors", uncovered.count),
                action: uncovered.action,
                alert: uncovered.amount > 0,
            },
            {
                key: "overdue",
                name: _t("Overdue"),
                value: this.short(overdue.amount),
                exact: this.format(overdue.amount),
                note: _t(
                    "%s%% of what is invoiced",
                    this.percent(overdue.amount, overdue.total)
                ),
                action: overdue.action,
                alert: overdue.amount > 0,
            },
            {
                key: "holds",
                name: _t("Held"),
                value: this.short(holds.amount),
                exact: this.format(holds.amount),
                note: _t("%s documents", holds.count),
                action: holds.action,
            },
            {
                key: "waiting",
                name: _t("To answer"),
                value: String(waiting.count),
                exact: "",
                note: waiting.count ? _t("see below") : _t("nothing waits"),
                action: this.data.waiting[0]?.action,
            },
        ];
    }

    /** Who carries what is owed: kinds of line, then nobody, then unmanaged. */
    get carriers() {
        const {kinds, tiles} = this.data;
        const rows = kinds.map((kind, index) => ({
            key: `kind${kind.id}`,
            name: kind.name,
            style: `--cockpit-tone: ${safeColor(kind, index)}`,
            used: kind.used,
            limit: kind.limit,
            percent: this.percent(kind.used, kind.limit),
            action: kind.action,
        }));
        if (tiles.uncovered.amount) {
            rows.push({
                key: "uncovered",
                name: _t("Nobody: uncovered"),
                style: "--cockpit-tone: var(--cockpit-alert)",
                used: tiles.uncovered.amount,
                action: tiles.uncovered.action,
                alert: true,
            });
        }
        if (tiles.exposure.unmanaged) {
            rows.push({
                key: "unmanaged",
                name: _t("Debtors not managed"),
                style: "--cockpit-tone: var(--cockpit-calm)",
                used: tiles.exposure.unmanaged,
                action: tiles.exposure.action,
            });
        }
        return rows;
    }

    /** The carriers that carry something, as shares of a bar. */
    get shares() {
        const rows = this.carriers.filter((row) => row.used > 0);
        const total = rows.reduce((sum, row) => sum + row.used, 0);
        return rows.map((row) => ({
            ...row,
            width: Math.max((100 * row.used) / total, LEAST_SHARE),
            label: `${row.name}: ${this.format(row.used)}`,
        }));
    }

    get policies() {
        return this.data.policies.map((policy) => ({
            ...policy,
            share: this.percent(
                policy.uncovered,
                Math.max(policy.exposure, policy.uncovered)
            ),
        }));
    }

    /** The worst debtor's risk is the whole width of the little bars. */
    get risks() {
        const {risks} = this.data;
        const most = Math.max(...risks.map((risk) => risk.uncovered + risk.overdue), 1);
        return risks.map((risk) => ({
            ...risk,
            uncoveredWidth: (100 * risk.uncovered) / most,
            overdueWidth: (100 * risk.overdue) / most,
        }));
    }
}

registry.category("actions").add("credit_cockpit", CreditCockpit);
