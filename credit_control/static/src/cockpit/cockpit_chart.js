import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";

/** Tones that differ in brightness as well as in hue, for colour-blind readers. */
const TONES = [
    "--cockpit-calm",
    "--cockpit-1",
    "--cockpit-2",
    "--cockpit-3",
    "--cockpit-4",
];

/**
 * Bars with the same figures as a list beneath, which keyboard and screen
 * reader use; each bar and each row opens its records.
 */
export class CockpitChart extends Component {
    static template = "credit_control.CockpitChart";
    static props = {
        /** Rows with `name`, `amount`, `count` and `action`. */
        rows: Array,
        title: String,
        format: Function,
        formatShort: Function,
        open: Function,
        /** Index of the first tone: 0 begins with the calm one. */
        firstTone: {type: Number, optional: true},
        /** One tone for all bars, where their order says it already. */
        tone: {type: String, optional: true},
    };
    static defaultProps = {firstTone: 0};

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

    tone(index) {
        return (
            this.props.tone ||
            TONES[Math.min(index + this.props.firstTone, TONES.length - 1)]
        );
    }

    getConfig() {
        const {rows} = this.props;
        const style = getComputedStyle(this.canvasRef.el);
        const color = (name) => style.getPropertyValue(name).trim();
        return {
            type: "bar",
            data: {
                labels: rows.map((row) => row.name),
                datasets: [
                    {
                        data: rows.map((row) => row.amount || null),
                        backgroundColor: rows.map((_row, i) => color(this.tone(i))),
                        borderRadius: 4,
                        maxBarThickness: 56,
                        minBarLength: 2,
                    },
                ],
            },
            options: this.getOptions(color("--cockpit-ink"), color("--cockpit-grid")),
        };
    }

    getOptions(ink, grid) {
        const {rows, format, formatShort, open} = this.props;
        const isPicked = (elements) => elements.length && rows[elements[0].index].count;
        return {
            animation: false,
            maintainAspectRatio: false,
            onClick: (_event, elements) =>
                isPicked(elements) && open(rows[elements[0].index].action),
            onHover: (event, elements) => {
                event.native.target.style.cursor = isPicked(elements) ? "pointer" : "";
            },
            plugins: {
                legend: {display: false},
                tooltip: {callbacks: {label: ({raw}) => format(raw)}},
            },
            scales: {
                x: {grid: {display: false}, ticks: {color: ink}},
                y: {
                    beginAtZero: true,
                    border: {display: false},
                    grid: {color: grid},
                    ticks: {color: ink, maxTicksLimit: 4, callback: formatShort},
                },
            },
        };
    }
}
