import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {user} from "@web/core/user";
import {documentWords, formatCredit} from "../core/credit_format";
import {useCreditRecord} from "../core/credit_record";
import {buildLines, buildTail} from "./credit_blocks";

const LINE_MODEL = "credit.line";

/**
 * The credit lines of a debtor as one stacked bar: what is used, what the
 * document at hand takes, what is free, and in red what nothing covers.
 */
export class CreditStack extends Component {
    static template = "credit_control.CreditStack";
    static props = {
        explanation: Object,
        compact: {type: Boolean, optional: true},
        onOpened: {type: Function, optional: true},
    };

    setup() {
        this.openRecord = useCreditRecord();
        this.state = useState({canOpen: false});
        this.checkAccess();
    }

    async checkAccess() {
        if (!this.props.compact) {
            this.state.canOpen = await user.checkAccessRight(LINE_MODEL, "read");
        }
    }

    get explanation() {
        return this.props.explanation;
    }

    get isManaged() {
        return Boolean(this.explanation.managed);
    }

    get lines() {
        return buildLines(this.explanation);
    }

    get tail() {
        return buildTail(this.explanation);
    }

    get isEmpty() {
        return !this.tail.length && !this.lines.some((line) => line.share > 0);
    }

    get words() {
        return documentWords(this.explanation);
    }

    get hasDocument() {
        return Boolean(this.explanation.document);
    }

    get figures() {
        const {available, exposure, left, limit} = this.explanation;
        const figures = [
            {id: "limit", label: _t("Limit"), value: limit},
            {id: "exposure", label: _t("Exposure"), value: exposure},
            {id: "available", label: _t("Available"), value: available, main: true},
        ];
        if (this.hasDocument) {
            figures.push({id: "left", label: this.words.left, value: left, main: true});
        }
        return figures;
    }

    get label() {
        const {available, exposure, limit, over, partner_name} = this.explanation;
        const sentences = [
            _t(
                "Credit of %(partner)s: %(used)s used of %(limit)s, %(free)s available.",
                {
                    partner: partner_name || "",
                    used: this.money(exposure),
                    limit: this.money(limit),
                    free: this.money(available),
                }
            ),
        ];
        if (this.hasDocument) {
            sentences.push(`${this.words.left}: ${this.money(this.explanation.left)}.`);
        }
        if (over > 0) {
            sentences.push(_t("%(amount)s not covered.", {amount: this.money(over)}));
        }
        return sentences.join(" ");
    }

    money(amount) {
        return formatCredit(this.explanation, amount);
    }

    canOpen(line) {
        return this.state.canOpen && line.key > 0;
    }

    lineTooltip(line) {
        return JSON.stringify({
            ...line,
            thisLabel: this.words.share,
            hasDocument: this.hasDocument,
        });
    }

    tailTooltip() {
        const {over, uncovered} = this.explanation;
        return JSON.stringify({
            over: this.money(over),
            added: uncovered > 0 ? this.money(uncovered) : "",
            thisLabel: this.words.share,
        });
    }

    async onClickLine(line) {
        if (this.canOpen(line) && (await this.openRecord(LINE_MODEL, line.key))) {
            this.props.onOpened?.();
        }
    }
}
