# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class CreditRuleKind(models.AbstractModel):
    """The words of our own kinds."""

    _inherit = "credit.rule.kind"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_words(self):
        """Hook: kind -> its words.

        ``title`` and ``help`` are shown in forms; ``beyond`` and ``within`` follow
        "when" in the sentence of a rule or exception and know ``%(threshold)s``;
        ``anything`` is said instead of ``beyond`` for a threshold of zero; ``found``
        tells the reader what was found, with the values of the reason.
        """
        return {
            **self._get_words_of_documents(),
            **self._get_words_of_amounts(),
            **self._get_words_of_overdue(),
            **self._get_words_of_behaviour(),
            **self._get_words_of_files(),
            **self._get_words_of_customers(),
            **self._get_words_of_promises(),
            **self._get_words_of_expiring(),
            **self._get_words_of_reviews(),
            **self._get_words_of_status(),
        }

    def _get_words_of_documents(self):
        return {
            "uncovered": {
                "title": self.env._("Not covered by the credit lines"),
                "help": self.env._(
                    "What the document adds beyond what the credit lines carry: the base of "
                    "every policy."
                ),
                "anything": self.env._("any of it is not covered"),
                "beyond": self.env._("more than %(threshold)s of it is not covered"),
                "within": self.env._("at most %(threshold)s of it is not covered"),
            },
            "limit_used": {
                "title": self.env._("Share of the limit used"),
                "help": self.env._(
                    "What the customer owes with this document, as a percentage of all its "
                    "lines together. Use it to warn before the limit is reached."
                ),
                "beyond": self.env._("more than %(threshold)s of the limit is used"),
                "within": self.env._("at most %(threshold)s of the limit is used"),
                "found": self.env._(
                    "With this document %(used)s of the limit of %(limit)s is used: "
                    "%(measured)s (at most %(threshold)s)."
                ),
            },
        }

    def _get_words_of_amounts(self):
        return {
            "document_amount": {
                "title": self.env._("Amount of the document"),
                "help": self.env._(
                    "The whole document, taxes included, in company currency."
                ),
                "beyond": self.env._("the document is over %(threshold)s"),
                "within": self.env._("the document is at most %(threshold)s"),
                "found": self.env._(
                    "The document is %(measured)s (at most %(threshold)s)."
                ),
            },
            "always": {
                "title": self.env._("Every document"),
                "help": self.env._(
                    "Speaks whatever the figures are: choose below for whom, at which step "
                    "and until when."
                ),
                "beyond": self.env._("there is a document"),
                "within": self.env._("there is no document"),
                "found": self.env._("Somebody has to look at documents like this one."),
            },
        }

    def _get_words_of_overdue(self):
        return {
            "overdue_days": {
                "title": self.env._("Days overdue"),
                "help": self.env._(
                    "The age of the oldest overdue item. Money on account pays the oldest "
                    "items first; trivial residues do not count."
                ),
                "beyond": self.env._(
                    "the oldest item is more than %(threshold)s overdue"
                ),
                "within": self.env._(
                    "the oldest item is at most %(threshold)s overdue"
                ),
                "found": self.env._(
                    "The oldest item is %(measured)s overdue (at most %(threshold)s); "
                    "%(amount)s is older than that."
                ),
            },
            "overdue_amount": {
                "title": self.env._("Amount overdue"),
                "help": self.env._("All that is overdue, less money on account."),
                "anything": self.env._("anything is overdue"),
                "beyond": self.env._("more than %(threshold)s is overdue"),
                "within": self.env._("at most %(threshold)s is overdue"),
                "found": self.env._("%(measured)s is overdue (at most %(threshold)s)."),
            },
            "overdue_share": {
                "title": self.env._("Share of the limit overdue"),
                "help": self.env._(
                    "All that is overdue, as a percentage of all credit lines together."
                ),
                "beyond": self.env._("more than %(threshold)s of the limit is overdue"),
                "within": self.env._("at most %(threshold)s of the limit is overdue"),
                "found": self.env._(
                    "%(amount)s is overdue: %(measured)s of the limit of %(limit)s (at most "
                    "%(threshold)s)."
                ),
            },
        }

    def _get_words_of_behaviour(self):
        return {
            "late_days": {
                "title": self.env._("Average days late"),
                "help": self.env._(
                    "How late the customer paid on average in the last 12 months, weighted "
                    "by amount. Unknown as long as nothing was paid."
                ),
                "beyond": self.env._(
                    "the customer pays more than %(threshold)s late on average"
                ),
                "within": self.env._(
                    "the customer pays at most %(threshold)s late on average"
                ),
                "found": self.env._(
                    "This customer paid %(measured)s late on average in the last 12 months "
                    "(at most %(threshold)s)."
                ),
            },
            "dunning_level": {
                "title": self.env._("Dunning level reached"),
                "help": self.env._(
                    "The highest dunning level that the customer has reached."
                ),
                "beyond": self.env._("the dunning level is above %(threshold)s"),
                "within": self.env._("the dunning level is at most %(threshold)s"),
                "found": self.env._(
                    "Dunning level %(measured)s was reached (at most %(threshold)s)."
                ),
            },
        }

    def _get_words_of_promises(self):
        return {
            "broken_promises": {
                "title": self.env._("Broken promises to pay"),
                "help": self.env._(
                    "Promises of the last 12 months that were not kept."
                ),
                "anything": self.env._("a promise to pay was broken"),
                "beyond": self.env._(
                    "more than %(threshold)s promises to pay were broken"
                ),
                "within": self.env._(
                    "at most %(threshold)s promises to pay were broken"
                ),
                "found": self.env._(
                    "Broken promises to pay in the last 12 months: %(measured)s (at most "
                    "%(threshold)s)."
                ),
            },
        }

    def _get_words_of_files(self):
        return {
            "line_expired": {
                "title": self.env._("Credit line expired"),
                "help": self.env._(
                    "How long ago an active line of the customer ended without another line "
                    "of its kind going on."
                ),
                "anything": self.env._("a credit line ended and was not renewed"),
                "beyond": self.env._("a credit line ended more than %(threshold)s ago"),
                "within": self.env._(
                    "no credit line ended more than %(threshold)s ago"
                ),
                "found": self.env._(
                    "A credit line ended %(measured)s ago and was not renewed."
                ),
            },
        }

    def _get_words_of_expiring(self):
        return {
            "line_expiring": {
                "title": self.env._("Credit line about to expire"),
                "help": self.env._("How long the first line to end is still in force."),
                "beyond": self.env._("a credit line ends in less than %(threshold)s"),
                "within": self.env._("every credit line lasts %(threshold)s or more"),
                "found": self.env._("A credit line ends in %(measured)s."),
            },
        }

    def _get_words_of_reviews(self):
        return {
            "review_overdue": {
                "title": self.env._("Review overdue"),
                "help": self.env._(
                    "How long ago the credit file should have been reviewed."
                ),
                "anything": self.env._("the review is overdue"),
                "beyond": self.env._("the review is more than %(threshold)s overdue"),
                "within": self.env._("the review is at most %(threshold)s overdue"),
                "found": self.env._(
                    "The review of the credit file is %(measured)s overdue."
                ),
            },
            "opening_missing": {
                "title": self.env._("Account-opening documents missing"),
                "help": self.env._(
                    "Required items of the account opening that nobody checked."
                ),
                "anything": self.env._("an account-opening item is missing"),
                "beyond": self.env._(
                    "more than %(threshold)s account-opening items are missing"
                ),
                "within": self.env._(
                    "at most %(threshold)s account-opening items are missing"
                ),
                "found": self.env._(
                    "Items of the account opening that are missing: %(measured)s."
                ),
            },
        }

    def _get_words_of_customers(self):
        return {
            "score": {
                "title": self.env._("Score"),
                "help": self.env._(
                    "The score of the credit file, 0 to 100, higher is better. Holds at most: "
                    "a person must be able to decide otherwise. Unknown scores say nothing."
                ),
                "beyond": self.env._("the score is below %(threshold)s"),
                "within": self.env._("the score is %(threshold)s or more"),
                "found": self.env._(
                    "The score is %(measured)s (at least %(threshold)s). A score alone "
                    "refuses nobody: a person decides."
                ),
            },
            "first_orders": {
                "title": self.env._("First orders of a new customer"),
                "help": self.env._(
                    "How many other orders the customer has confirmed so far."
                ),
                "beyond": self.env._(
                    "it is among the first %(threshold)s orders of the customer"
                ),
                "within": self.env._(
                    "the customer has confirmed %(threshold)s orders or more"
                ),
                "found": self.env._(
                    "A new customer: confirmed orders so far: %(measured)s; the first "
                    "%(threshold)s are looked at."
                ),
            },
        }

    def _get_words_of_status(self):
        help_text = self.env._(
            "A person sets the status on the credit file. Watch, forced hold and stop list "
            "work in every policy; a rule here makes them stricter."
        )
        return {
            "status_watch": {
                "title": self.env._("Customer on watch"),
                "help": help_text,
                "beyond": self.env._("the customer is on watch"),
                "within": self.env._("the customer is not on watch"),
                "found": self.env._("This customer is on watch."),
            },
            "status_hold": {
                "title": self.env._("Customer on forced hold"),
                "help": help_text,
                "beyond": self.env._("the customer is on forced hold"),
                "within": self.env._("the customer is not on forced hold"),
                "found": self.env._("Somebody put this customer on hold."),
            },
            "status_stop": {
                "title": self.env._("Customer on the stop list"),
                "help": help_text,
                "beyond": self.env._("the customer is on the stop list"),
                "within": self.env._("the customer is not on the stop list"),
                "found": self.env._("This customer is on the stop list."),
            },
        }
