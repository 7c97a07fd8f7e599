import {Component, onMounted, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {standardErrorDialogProps} from "@web/core/errors/error_dialogs";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useAutofocus, useService} from "@web/core/utils/hooks";
import {formatCredit} from "../core/credit_format";
import {HOLD_CHANGED} from "../core/credit_record";
import {CreditExplanation} from "../explanation/credit_explanation";
import {CreditStack} from "../stack/credit_stack";

const EXCEPTION = "odoo.addons.credit_control.exceptions.CreditHoldError";

/**
 * Shown instead of the plain warning when the gate holds a document: why, what
 * helps, and the two ways on from here, asking for a release or seeing the hold.
 */
export class CreditHoldDialog extends Component {
    static template = "credit_control.CreditHoldDialog";
    static components = {CreditExplanation, CreditStack, Dialog};
    static props = {...standardErrorDialogProps};

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.state = useState({asking: false, busy: false, note: ""});
        useAutofocus({refName: "note"});
        onMounted(() => this.announce());
    }

    get context() {
        return this.props.data?.context || {};
    }

    get explanations() {
        const {credit, credit_documents: documents} = this.context;
        return documents?.length ? documents : [credit].filter(Boolean);
    }

    get explanation() {
        return this.explanations[0];
    }

    get others() {
        return this.explanations.slice(1);
    }

    get message() {
        return this.props.data?.arguments?.[0] || this.props.message;
    }

    get title() {
        if (!this.explanation) {
            return _t("Held by credit control");
        }
        const names = {
            document: this.documentName(this.explanation),
            partner: this.explanation.partner_name,
        };
        return this.explanation.uncovered > 0
            ? _t("Held: %(document)s exceeds the credit of %(partner)s", names)
            : _t("Held: %(document)s of %(partner)s", names);
    }

    get requestable() {
        return this.explanations.filter(
            ({can_request: canRequest, document, hold}) =>
                canRequest && document?.id && hold?.state !== "requested"
        );
    }

    get isRequested() {
        return this.explanations.some(({hold}) => hold?.state === "requested");
    }

    get requestLabel() {
        const count = this.requestable.length;
        return count > 1
            ? _t("Request release (%(count)s)", {count})
            : _t("Request release");
    }

    documentName({document}) {
        return document?.name || _t("the document");
    }

    uncovered(explanation) {
        return formatCredit(explanation, explanation.uncovered);
    }

    announce() {
        const documents = this.explanations
            .map(({document}) => document)
            .filter((document) => document?.id);
        this.env.bus.trigger(HOLD_CHANGED, {documents});
    }

    askNote() {
        this.state.asking = true;
    }

    async guard(task) {
        this.state.busy = true;
        try {
            await task();
        } finally {
            this.state.busy = false;
        }
    }

    requestRelease() {
        return this.guard(async () => {
            const documents = this.requestable.map(({document}) => document);
            for (const {model, id} of documents) {
                await this.orm.call("credit.hold", "request_release", [model, id], {
                    note: this.state.note.trim(),
                });
            }
            this.notification.add(
                _t("Release requested for %(documents)s.", {
                    documents: documents.map(({name}) => name).join(", "),
                }),
                {type: "success"}
            );
            this.announce();
            this.props.close();
        });
    }

    openHold({document}) {
        return this.guard(async () => {
            const action = await this.orm.call("credit.hold", "open_for", [
                document.model,
                document.id,
            ]);
            await this.action.doAction(action);
            this.props.close();
        });
    }
}

registry.category("error_dialogs").add(EXCEPTION, CreditHoldDialog);
