# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.http import request

from ..exceptions import CreditHoldError


class CreditExplanation(models.AbstractModel):
    """What whoever tries is told of held documents: more or less of the story."""

    _inherit = "credit.explanation"

    @api.model
    def _get_error(self, explanations):
        """The exception for held documents: customers get no figures and no names.

        :param list explanations: worst first
        :return: CreditHoldError, in the caller's words
        """
        if self._is_customer_asking():
            return CreditHoldError(
                self.env._(
                    "Thank you for your order. It needs a check by our credit "
                    "department before we can confirm it; we will contact you."
                )
            )
        if not self.env.user._may_see_credit():
            explanations = [self._without_figures(facts) for facts in explanations]
        return CreditHoldError(self._get_message(explanations), explanations)

    def _without_figures(self, facts):
        """What colleagues are told who need not know what customers owe: a warehouse.

        :param dict facts: of :meth:`_explain`
        :return: dict, the same keys, without amounts
        """
        figures = dict.fromkeys(
            ("limit", "exposure", "available", "left", "uncovered", "over"), 0.0
        )
        return {
            **facts,
            **figures,
            "plain": True,
            "document": {**facts["document"], "amount": False},
            "stack": [],
            "headline": self.env._(
                "%(document)s waits for a release by the credit department.",
                document=facts["document"]["name"],
            ),
            "reasons": [
                {**r, "amount": False, "text": self._get_catalogue_name(r["code"])}
                for r in facts["reasons"]
            ],
            "ways_out": [
                {**way, "amount": False}
                for way in facts["ways_out"]
                if way["code"] == "release"
            ],
        }

    def _is_customer_asking(self):
        # Portal and shop work as superuser: who asks is known by the request.
        users = self.env.user | (request.env.user if request else self.env.user)
        return any(user.share for user in users)

    @api.model
    def _get_message(self, explanations):
        """The whole story as text, for callers without our dialog."""
        parts = []
        for facts in explanations:
            lines = [f"{facts['document']['name']}: {facts['headline']}"]
            lines += [f"- {reason['text']}" for reason in facts["reasons"]]
            if facts["ways_out"]:
                lines.append(self.env._("Ways out:"))
                lines += [f"- {way['text']}" for way in facts["ways_out"]]
            parts.append("\n".join(lines))
        return "\n\n".join(parts)
