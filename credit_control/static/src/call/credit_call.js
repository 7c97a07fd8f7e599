import {
    Component,
    onWillDestroy,
    onWillStart,
    useExternalListener,
    useState,
} from "@odoo/owl";
import {ConnectionLostError} from "@web/core/network/rpc";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {formatDate, formatDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {formatCredit} from "../core/credit_format";

const {DateTime} = luxon;
const TYPING = "input, textarea, select, [contenteditable=true]";

/**
 * What a call may come to, in the order of their keys. Those with `ask` need a
 * second click: a day, a category or a reason.
 *
 * @returns {Array<Object>}
 */
export function callResults() {
    return [
        {
            key: "promise",
            name: _t("Promises to pay"),
            icon: "fa-handshake-o",
            ask: "promise",
        },
        {key: "today", name: _t("Pays today"), icon: "fa-check"},
        {key: "no_answer", name: _t("No answer"), icon: "fa-phone"},
        {key: "call_back", name: _t("Call back"), icon: "fa-clock-o", ask: "call_back"},
        {
            key: "dispute",
            name: _t("Disputes"),
            icon: "fa-balance-scale",
            ask: "categories",
        },
        {key: "blocked", name: _t("Something blocks"), icon: "fa-ban", ask: "reasons"},
        {key: "wrong_number", name: _t("Wrong number"), icon: "fa-times"},
    ];
}

/**
 * One debtor after the other: whom to call, what to say, what came of it.
 * Digits choose, Escape goes back, N passes over, U takes the last result back.
 */
export class CreditCall extends Component {
    static template = "credit_control.CreditCall";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.display = {controlPanel: {}};
        this.results = callResults();
        this.passed = [];
        this.state = useState({
            card: null,
            onlyMine: false,
            busy: false,
            done: 0,
            last: null,
        });
        this.choice = useState({});
        useExternalListener(window, "keydown", this.onKeydown.bind(this));
        onWillStart(() => this.start());
        onWillDestroy(() => this.release());
    }

    async start() {
        const {partner_id} = this.props.action.params || {};
        if (partner_id) {
            return this.load(() => this.call("open", [partner_id]));
        }
        return this.next();
    }

    call(method, args = []) {
        return this.orm.call("credit.dunning.call", method, args);
    }

    next() {
        return this.load(() =>
            this.call("get_next", [this.passed, this.state.onlyMine])
        );
    }

    async load(fetch) {
        this.state.busy = true;
        try {
            const card = await fetch();
            this.state.card = card;
            this.reset(card);
        } finally {
            this.state.busy = false;
        }
    }

    /** Nothing is chosen yet: the first person, and every item that is overdue. */
    reset(card) {
        const person = (card.people || [])[0] || {};
        Object.assign(this.choice, {
            result: "",
            person: person.id || false,
            note: "",
            amount: "",
            date: "",
            ticked: (card.items || [])
                .filter((item) => !item.excuse)
                .map((item) => item.id),
        });
    }

    get card() {
        return this.state.card;
    }

    get chosenPerson() {
        return (
            this.card.people.find((person) => person.id === this.choice.person) || {}
        );
    }

    get asked() {
        return this.results.find((result) => result.key === this.choice.result);
    }

    /** What the second click chooses among: `value` is what is sent. */
    get options() {
        const {dates, categories, reasons} = this.card;
        switch (this.asked?.ask) {
            case "promise":
            case "call_back":
                return dates[this.asked.ask].map((day) => ({
                    key: day,
                    name: this.dayName(day),
                    value: {date: day},
                }));
            case "categories":
                return categories.map(({id, name}) => ({
                    key: id,
                    name,
                    value: {category_id: id},
                }));
            case "reasons":
                return reasons.map(({id, name}) => ({
                    key: id,
                    name,
                    value: {reason_id: id},
                }));
            default:
                return [];
        }
    }

    get isDay() {
        return ["promise", "call_back"].includes(this.asked?.ask);
    }

    get tickedAmount() {
        return this.card.items
            .filter((item) => this.choice.ticked.includes(item.id))
            .reduce((sum, item) => sum + item.amount, 0);
    }

    money(amount) {
        return formatCredit(this.card, amount);
    }

    day(date) {
        return date ? formatDate(DateTime.fromISO(date)) : "";
    }

    moment(datetime) {
        const utc = DateTime.fromSQL(datetime, {zone: "utc"}).toLocal();
        return formatDateTime(utc, {showSeconds: false});
    }

    dayName(date) {
        const day = DateTime.fromISO(date);
        return `${day.toFormat("ccc")} ${formatDate(day)}`;
    }

    digits(phone) {
        return phone.replace(/[^\d+]/g, "");
    }

    tick(item) {
        const {ticked} = this.choice;
        this.choice.ticked = ticked.includes(item.id)
            ? ticked.filter((id) => id !== item.id)
            : [...ticked, item.id];
    }

    choose(result) {
        if (this.state.busy) {
            return;
        }
        if (result.ask) {
            this.choice.result = result.key;
        } else {
            this.save(result.key);
        }
    }

    back() {
        this.choice.result = "";
    }

    confirmDay() {
        if (this.choice.date) {
            this.save(this.choice.result, {date: this.choice.date});
        }
    }

    async save(result, values = {}) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        const {partner} = this.card;
        try {
            const {id, text} = await this.call("set_result", [
                partner.id,
                result,
                {...this.values, ...values},
            ]);
            this.notification.add(`${partner.name} – ${text}`, {type: "success"});
            this.state.done += 1;
            this.state.last = {id, name: partner.name};
            this.state.card = {left: 0, loading: true};
        } finally {
            this.state.busy = false;
        }
        await this.next();
    }

    get values() {
        const {person, note, ticked, amount} = this.choice;
        return {
            contact_id: person,
            phone: this.chosenPerson.phone || "",
            note,
            line_ids: ticked,
            amount: this.asked?.key === "promise" ? Number(amount) || 0 : 0,
        };
    }

    pass() {
        if (this.state.busy || !this.card.partner) {
            return;
        }
        const {id} = this.card.partner;
        this.passed.push(id);
        return this.load(async () => {
            await this.call("release", [id]);
            return this.call("get_next", [this.passed, this.state.onlyMine]);
        });
    }

    /** Takes back the last result: a wrong click. The same debtor is shown again. */
    async undo() {
        const {busy, last, card} = this.state;
        if (busy || !last) {
            return;
        }
        await this.load(async () => {
            const former = await this.call("undo_result", [last.id]);
            if (card.partner) {
                await this.call("release", [card.partner.id]);
            }
            return {...former, left: card.left + 1};
        });
        this.state.last = null;
        this.state.done -= 1;
    }

    again() {
        this.passed = [];
        return this.next();
    }

    toggleMine() {
        this.state.onlyMine = !this.state.onlyMine;
        return this.next();
    }

    async release() {
        const {partner} = this.card || {};
        if (!partner) {
            return;
        }
        try {
            await this.orm.silent.call("credit.dunning.call", "release", [partner.id]);
        } catch (error) {
            // The lock ends by itself after some minutes.
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
    }

    openRecord(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openCalls() {
        this.action.doAction("credit_control.credit_dunning_contact_action", {
            additionalContext: {search_default_partner_id: this.card.partner.id},
        });
    }

    onKeydown(ev) {
        const plain = !ev.ctrlKey && !ev.altKey && !ev.metaKey;
        if (!plain || document.querySelector(".modal")) {
            return;
        }
        if (ev.key.toLowerCase() === "u" && !ev.target.closest?.(TYPING)) {
            return this.undo();
        }
        if (!this.card?.partner) {
            return;
        }
        if (ev.key === "Escape" && this.choice.result) {
            return this.back();
        }
        if (ev.target.closest?.(TYPING)) {
            return;
        }
        const digit = Number(ev.key);
        const asked = this.asked;
        if (digit >= 1 && asked) {
            const option = this.options[digit - 1];
            return option && this.save(asked.key, option.value);
        }
        if (digit >= 1) {
            const result = this.results[digit - 1];
            return result && this.choose(result);
        }
        if (ev.key.toLowerCase() === "n") {
            return this.pass();
        }
    }
}

registry.category("actions").add("credit_dunning_call", CreditCall);
