import {formatDate} from "@web/core/l10n/dates";
import {formatCurrency, getCurrency} from "@web/core/currency";
import {formatFloat} from "@web/core/utils/numbers";
import {nbsp} from "@web/core/utils/strings";
import {_t} from "@web/core/l10n/translation";

const {DateTime} = luxon;

/** A line that ends within this many days shows its last day. */
export const NEAR_EXPIRY_DAYS = 45;

/**
 * Word an amount in the currency of an explanation, also when that currency
 * is not active and therefore unknown to the session.
 *
 * @param {Object} explanation see `credit.profile.check`
 * @param {Number} amount in the main unit of the currency
 * @returns {String}
 */
export function formatCredit(explanation, amount) {
    if (getCurrency(explanation.currency_id)) {
        return formatCurrency(amount || 0, explanation.currency_id);
    }
    const digits = [16, explanation.digits ?? 2];
    return [formatFloat(amount || 0, {digits}), explanation.currency || ""]
        .join(nbsp)
        .trim();
}

/**
 * @param {String|false} dateTo last day of a line, ISO format
 * @returns {String} the day in the reader's format, "" when there is none
 */
export function formatLastDay(dateTo) {
    const date = dateTo ? DateTime.fromISO(dateTo) : null;
    return date?.isValid ? formatDate(date) : "";
}

/**
 * @param {String|false} dateTo last day of a line, ISO format
 * @returns {Boolean} whether that day is close enough to be worth showing
 */
export function isNearExpiry(dateTo) {
    const date = dateTo ? DateTime.fromISO(dateTo) : null;
    if (!date?.isValid) {
        return false;
    }
    return date.diff(DateTime.local().startOf("day"), "days").days <= NEAR_EXPIRY_DAYS;
}

/**
 * The words that depend on the kind of document being checked.
 *
 * @param {Object} explanation
 * @returns {{share: String, left: String}} name of its share and of what is left
 */
export function documentWords(explanation) {
    switch (explanation.document?.model) {
        case "sale.order":
            return {share: _t("This order"), left: _t("Left after this order")};
        case "account.move":
            return {share: _t("This invoice"), left: _t("Left after this invoice")};
        case "stock.picking":
            return {share: _t("This delivery"), left: _t("Left after this delivery")};
        default:
            return {
                share: _t("This document"),
                left: _t("Left after this document"),
            };
    }
}
