# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class CreditRuleKind(models.AbstractModel):
    """The words of the kinds that look at terms and prices."""

    _inherit = "credit.rule.kind"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_words(self):
        return {
            **super()._get_words(),
            **self._get_words_of_terms(),
            **self._get_words_of_line_terms(),
            **self._get_words_of_better_terms(),
            **self._get_words_of_better_discounts(),
        }

    def _get_words_of_terms(self):
        return {
            "term_days": {
                "title": self.env._("Payment term"),
                "help": self.env._(
                    "The most days that the document's payment term may leave an invoice "
                    "unpaid, on the worst day of a month."
                ),
                "beyond": self.env._("the payment term is longer than %(threshold)s"),
                "within": self.env._("the payment term is at most %(threshold)s"),
                "found": self.env._(
                    "The payment term is %(measured)s (at most %(threshold)s)."
                ),
            },
            "term_legal": {
                "title": self.env._("Payment term beyond the law"),
                "help": self.env._(
                    "French Code de commerce, article L441-10: at most 60 days after the "
                    "invoice date, or 45 days end of month."
                ),
                "beyond": self.env._("the payment term is longer than the law allows"),
                "within": self.env._("the payment term is lawful"),
                "found": self.env._(
                    "The payment term of up to %(days)s is %(measured)s longer than the law "
                    "allows (60 days, or 45 days end of month; Code de commerce, L441-10)."
                ),
            },
        }

    def _get_words_of_line_terms(self):
        return {
            "term_line": {
                "title": self.env._("Payment term beyond a line's"),
                "help": self.env._(
                    "Credit lines may have a longest term, as insurers ask for. Looks at the "
                    "lines that carry the document."
                ),
                "beyond": self.env._("the payment term is longer than a line allows"),
                "within": self.env._("every line allows the payment term"),
                "found": self.env._(
                    "The payment term is %(days)s, but a line that carries the document "
                    "allows %(allowed)s."
                ),
            },
        }

    def _get_words_of_better_terms(self):
        return {
            "term_better": {
                "title": self.env._("Payment term better than the customer's"),
                "help": self.env._(
                    "By how much the document's payment term is longer than the one on the "
                    "customer's form."
                ),
                "anything": self.env._(
                    "the payment term is longer than the customer's"
                ),
                "beyond": self.env._(
                    "the payment term is more than %(threshold)s longer than the customer's"
                ),
                "within": self.env._(
                    "the payment term is at most %(threshold)s longer than the customer's"
                ),
                "found": self.env._(
                    "The payment term is %(days)s; this customer's own is %(default)s."
                ),
            },
        }

    def _get_words_of_better_discounts(self):
        return {
            "discount_better": {
                "title": self.env._(
                    "Early-payment discount better than the customer's"
                ),
                "help": self.env._(
                    "By how much the early-payment discount of the document's term is above "
                    "that of the customer's own term."
                ),
                "beyond": self.env._(
                    "the early-payment discount is more than %(threshold)s above the "
                    "customer's"
                ),
                "within": self.env._(
                    "the early-payment discount is at most %(threshold)s above the "
                    "customer's"
                ),
                "found": self.env._(
                    "The early-payment discount is %(discount)s; this customer's own is "
                    "%(default)s."
                ),
            },
            "price_cut": {
                "title": self.env._("Discount better than the customer's"),
                "help": self.env._(
                    "By how much the order as a whole is below the customer's own price "
                    "list: discounts, prices typed by hand, another price list."
                ),
                "beyond": self.env._(
                    "the order is more than %(threshold)s below the customer's prices"
                ),
                "within": self.env._(
                    "the order is at most %(threshold)s below the customer's prices"
                ),
                "found": self.env._(
                    "The order is %(measured)s below this customer's own prices."
                ),
            },
        }
