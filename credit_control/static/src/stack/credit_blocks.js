import {formatCredit, formatLastDay, isNearExpiry} from "../core/credit_format";

const HEX_COLOR = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i;
const FALLBACK_COLORS = ["#2f6f8f", "#3a9188", "#a1669b", "#c98a2b", "#5d6fb0"];

/**
 * A colour that is safe in a style attribute: the kind's own when it is plain
 * hexadecimal, else one of ours.
 *
 * @param {Object} line one entry of `explanation.stack`
 * @param {Number} index its place in the stack
 * @returns {String}
 */
export function safeColor(line, index) {
    return HEX_COLOR.test(line.color || "")
        ? line.color
        : FALLBACK_COLORS[index % FALLBACK_COLORS.length];
}

function buildParts(line) {
    return ["used", "this", "free"]
        .map((type) => ({type, amount: Math.max(line[type] || 0, 0)}))
        .filter((part) => part.amount > 0);
}

/**
 * The legend: every line of the stack with its amounts in words.
 *
 * @param {Object} explanation
 * @returns {Object[]}
 */
export function buildLines(explanation) {
    return (explanation.stack || []).map((line, index) => ({
        id: index,
        key: line.key,
        name: line.name,
        scope: line.scope || "",
        style: `--credit-color: ${safeColor(line, index)}`,
        share: Math.max(line.amount || 0, 0),
        parts: buildParts(line),
        amount: formatCredit(explanation, line.amount),
        used: formatCredit(explanation, line.used),
        thisDocument: line.this ? formatCredit(explanation, line.this) : "",
        free: formatCredit(explanation, line.free),
        lastDay: formatLastDay(line.date_to),
        isNearExpiry: isNearExpiry(line.date_to),
    }));
}

/**
 * The red tail: what no line carries, split in what was there before and what
 * the document adds.
 *
 * @param {Object} explanation
 * @returns {Object[]}
 */
export function buildTail(explanation) {
    const over = Math.max(explanation.over || 0, 0);
    const added = Math.min(Math.max(explanation.uncovered || 0, 0), over);
    return [
        {type: "used", amount: over - added},
        {type: "this", amount: added},
    ].filter((part) => part.amount > 0);
}
