import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {loadBundle} from "@web/core/assets";

/** Days month by month; the table beneath has the same figures for every reader. */
export class TrendChart extends Component {
    static template = "credit_control.TrendChart";
    static props = {
        /** Rows with `month`, `dso`, `best`, `delinquent` and `effectiveness`. */
        rows: Array,
        format: Function,
    };

    setup() {
        this.canvasRef = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new window.Chart(this.canvasRef.el, this.getConfig());
                return () => chart.destroy();
            },
            () => [this.props.rows]
        );
    }

    getConfig() {
        const style = getComputedStyle(this.canvasRef.el);
        const color = (name) => style.getPropertyValue(name).trim();
        const line = (label, name, tone, dash = []) => ({
            label,
            data: this.props.rows.map((row) => row[name]),
            borderColor: color(tone),
            backgroundColor: color(tone),
            borderDash: dash,
            borderWidth: 2,
            pointRadius: 2,
            tension: 0.2,
        });
        return {
            type: "line",
            data: {
                labels: this.props.rows.map((row) => row.month),
                datasets: [
                    line(_t("DSO"), "dso", "--cockpit-4"),
                    line(_t("Best possible DSO"), "best", "--cockpit-2", [6, 3]),
                    line(_t("Days delinquent"), "delinquent", "--cockpit-calm"),
                ],
            },
            options: this.getOptions(color("--cockpit-ink"), color("--cockpit-grid")),
        };
    }

    getOptions(ink, grid) {
        return {
            animation: false,
            maintainAspectRatio: false,
            interaction: {mode: "index", intersect: false},
            plugins: {legend: {position: "bottom", labels: {color: ink, boxWidth: 16}}},
            scales: {
                x: {grid: {display: false}, ticks: {color: ink}},
                y: {
                    beginAtZero: true,
                    border: {display: false},
                    grid: {color: grid},
                    ticks: {color: ink, maxTicksLimit: 5},
                },
            },
        };
    }
}
