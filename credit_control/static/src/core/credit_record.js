import {toRaw} from "@odoo/owl";
import {user} from "@web/core/user";
import {useBus, useService} from "@web/core/utils/hooks";

/** Event of the environment's bus: holds of these documents were written. */
export const HOLD_CHANGED = "CREDIT_CONTROL:HOLD_CHANGED";

/**
 * @returns {Function} `(model, id) => Promise<Boolean>`: opens the form of a
 *  record, or answers false when the user may not read it
 */
export function useCreditRecord() {
    const action = useService("action");
    return async (model, id) => {
        if (!(await user.checkAccessRight(model, "read", [id]))) {
            return false;
        }
        await action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
            target: "current",
        });
        return true;
    };
}

const reloading = new WeakSet();

async function reloadOnce(record) {
    const raw = toRaw(record);
    if (reloading.has(raw)) {
        return;
    }
    reloading.add(raw);
    try {
        if (!(await record.isDirty())) {
            await record.load();
        }
    } finally {
        reloading.delete(raw);
    }
}

/**
 * Reload the form of a document when a hold on it was written or requested.
 * A form with unsaved changes is left alone: nothing the user typed is lost.
 *
 * @param {Component} component a field component
 */
export function useReloadOnHold(component) {
    useBus(component.env.bus, HOLD_CHANGED, ({detail}) => {
        const {record} = component.props;
        const root = record.model?.root;
        const isRoot =
            root?.resModel === record.resModel && root?.resId === record.resId;
        const isConcerned = detail.documents.some(
            ({model, id}) => model === record.resModel && id === record.resId
        );
        return isRoot && isConcerned ? reloadOnce(record) : undefined;
    });
}
