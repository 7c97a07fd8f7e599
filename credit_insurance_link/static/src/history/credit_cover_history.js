import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";
import {formatDate} from "@web/core/l10n/dates";
import {formatInteger} from "@web/views/fields/formatters";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const {DateTime} = luxon;

/** Tones that differ in brightness as well as in hue, for colour-blind readers. */
const TONES = ["#1f77b4", "#d9822b", "#2e8b7a", "#6a5acd"];
/** So far the last step is drawn beyond today, in days. */
const AHEAD = 30;

/** The cover of a buyer over time, in steps, one line per policy. */
export class CreditCoverHistory extends Component {
    static template = "credit_insurance_link.CreditCoverHistory";
    static props = {...standardFieldProps};

    setup() {
        this.canvasRef = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                if (!this.canvasRef.el) {
                    return;
                }
                const chart = new window.Chart(this.canvasRef.el, this.getConfig());
                return () => chart.destroy();
            },
            () => [JSON.stringify(this.history)]
        );
    }

    get history() {
        return this.props.record.data[this.props.name] || {series: []};
    }

    /** @returns {String} the steps in words, for screen readers */
    get words() {
        return this.history.series
            .map(({name, points, currency_id}) => {
                const steps = points.map(
                    ([day, amount]) =>
                        `${formatDate(DateTime.fromISO(day))}: ${formatCurrency(amount, currency_id)}`
                );
                return `${name}: ${steps.join("; ")}`;
            })
            .join(". ");
    }

    getConfig() {
        const {series, today} = this.history;
        const starts = series.flatMap(({points}) => points.map(([day]) => day));
        const last = [...starts, today].sort().at(-1);
        const end = DateTime.fromISO(last).plus({days: AHEAD}).toMillis();
        return {
            type: "line",
            data: {
                datasets: series.map(({name, points, currency_id}, index) => ({
                    label: name,
                    currencyId: currency_id,
                    data: [
                        ...points.map(([day, y]) => ({
                            x: DateTime.fromISO(day).toMillis(),
                            y,
                        })),
                        {x: end, y: points.at(-1)?.[1] || 0},
                    ],
                    stepped: true,
                    borderColor: TONES[index % TONES.length],
                    backgroundColor: TONES[index % TONES.length],
                    borderDash: index ? [6, 3] : [],
                    pointRadius: 3,
                })),
            },
            options: this.getOptions(DateTime.fromISO(today).toMillis()),
        };
    }

    getOptions(today) {
        const word = (millis) => formatDate(DateTime.fromMillis(millis));
        return {
            animation: false,
            maintainAspectRatio: false,
            interaction: {mode: "nearest", intersect: false},
            plugins: {
                legend: {display: this.history.series.length > 1},
                tooltip: {
                    callbacks: {
                        title: ([{parsed}]) =>
                            parsed.x > today
                                ? _t("%s (planned)", word(parsed.x))
                                : word(parsed.x),
                        label: ({dataset, parsed}) =>
                            formatCurrency(parsed.y, dataset.currencyId),
                    },
                },
            },
            scales: {
                x: {type: "linear", ticks: {maxTicksLimit: 8, callback: word}},
                y: {
                    beginAtZero: true,
                    ticks: {callback: (value) => formatInteger(value)},
                },
            },
        };
    }
}

export const creditCoverHistory = {
    component: CreditCoverHistory,
    displayName: _t("History of cover"),
    supportedTypes: ["json"],
};

registry.category("fields").add("credit_cover_history", creditCoverHistory);
