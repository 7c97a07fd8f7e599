import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {formatCredit} from "../core/credit_format";
import {useCreditRecord} from "../core/credit_record";

const EFFECTS = {
    stop: {icon: "fa-ban", tone: "text-danger"},
    hold: {icon: "fa-ban", tone: "text-danger"},
    warn: {icon: "fa-exclamation-triangle", tone: "text-warning"},
    pass: {icon: "fa-check-circle", tone: "text-success"},
    info: {icon: "fa-info-circle", tone: "text-info"},
};

/**
 * Why a document passes, warns or is held, and what the reader can do about
 * it. Its slot stands between the headline and the reasons.
 */
export class CreditExplanation extends Component {
    static template = "credit_control.CreditExplanation";
    static props = {
        explanation: Object,
        onOpened: {type: Function, optional: true},
        slots: {type: Object, optional: true},
    };

    setup() {
        this.notification = useService("notification");
        this.openRecord = useCreditRecord();
    }

    get explanation() {
        return this.props.explanation;
    }

    get outcome() {
        return EFFECTS[this.explanation.outcome] || EFFECTS.info;
    }

    get reasons() {
        return (this.explanation.reasons || []).map((reason, id) => ({
            ...reason,
            ...(EFFECTS[reason.effect] || EFFECTS.info),
            id,
            effectName: this.effectName(reason.effect),
        }));
    }

    get waysOut() {
        return (this.explanation.ways_out || []).map((way, id) => ({...way, key: id}));
    }

    effectName(effect) {
        const names = {
            stop: _t("Stops the document"),
            hold: _t("Holds the document"),
            warn: _t("Warns"),
            pass: _t("Passes"),
        };
        return names[effect] || _t("For information");
    }

    money(amount) {
        return formatCredit(this.explanation, amount);
    }

    async onClickWay(way) {
        if (await this.openRecord(way.model, way.id)) {
            this.props.onOpened?.();
        } else {
            this.notification.add(
                _t("You do not have the right to open this record."),
                {
                    type: "warning",
                }
            );
        }
    }
}
