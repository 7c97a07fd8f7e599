# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..insurers.errors import InsurerError
from ..insurers.facts import Identifier


class CreditCoverRequest(models.Model):
    """Before a request leaves: which buyer the insurer takes the debtor for."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.cover.request"

    def _know_buyer(self):
        """Whether we know the insurer's number of the buyer; it is asked for once.

        Only a company that the insurer found by one of the debtor's numbers counts.
        """
        buyer = self.buyer_id
        if buyer.insurer_buyer_id:
            return True
        try:
            with self._open_line() as adapter:
                candidates = adapter.resolve_buyer(*self._prepare_search())
        except InsurerError as error:
            self._put_off(error.message, self._get_retry())
            return False
        sure = {one.external_id for one in candidates if one.matched_on}
        taken = self._find_taken(sure)
        if len(sure) != 1 or taken:
            self._reject(self._word_unknown(len(sure), taken))
            return False
        buyer._take_number(sure.pop())
        return True

    def _prepare_search(self):
        """How the insurer is asked for the buyer: country and national numbers."""
        debtor = self.buyer_id.partner_id
        country = (self.buyer_id.country_id or debtor.country_id).code or ""
        return country, [
            Identifier(number.type_id.code, number.value, country)
            for number in self.buyer_id._get_right_numbers()
        ]

    def _find_taken(self, numbers):
        """Other buyers that carry one of these numbers of the insurer."""
        return self.env["credit.insurer.buyer"].search(
            [
                *self.policy_id._get_buyers_domain(),
                ("insurer_buyer_id", "in", list(numbers)),
            ],
            limit=1,
        )

    def _word_unknown(self, count, taken):
        if taken:
            return self.env._(
                "The insurer says that this is its buyer %(number)s, which is %(name)s "
                "here. Match the two first.",
                number=taken.insurer_buyer_id,
                name=taken.name,
            )
        if count:
            return self.env._(
                "The insurer knows several companies with these numbers. Enter its number "
                "of the buyer by hand."
            )
        return self.env._(
            "The insurer knows no company with these numbers. Check them, or enter its "
            "number of the buyer by hand."
        )
