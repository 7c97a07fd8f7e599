# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date

from ..insurers.errors import InsurerError
from ..insurers.facts import Identifier

SEARCH_DAYS = 7  # so long an answer that may have been billed is not asked for again


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
            sure, since = self._search_buyer()
        except InsurerError as error:
            # Money: the search may have been billed; it is tried less and less often.
            self.attempts += 1
            self._put_off(error.message, self._get_retry())
            return False
        taken = self._find_taken(sure)
        if len(sure) != 1 or taken:
            self._reject(self._word_unknown(len(sure), taken) + self._word_since(since))
            return False
        buyer._take_number(*sure)
        return True

    def _search_buyer(self):
        """The insurer's numbers of the debtor, as it told them or as it told before.

        :return: tuple, the numbers and the date of an answer that was remembered or None
        :raise InsurerError: it was asked and did not answer
        """
        country, numbers = self._prepare_search()
        asked = [country, *sorted(f"{one.kind} {one.value}" for one in numbers)]
        known = self.buyer_id._recall_search(asked)
        if known:
            return known["found"], fields.Date.to_date(known["on"])
        with self._open_line() as adapter:
            candidates = adapter.resolve_buyer(country, numbers)
        found = sorted({one.external_id for one in candidates if one.matched_on})
        if adapter.is_search_billed:
            self.buyer_id._remember_search(asked, found)
        return found, None

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
                ("insurer_buyer_id", "in", numbers),
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

    def _word_since(self, day):
        """That an answer was remembered, and how long it is; nothing for a new one."""
        if not day:
            return ""
        return " " + self.env._(
            "So it said on %(day)s. It may bill each search, and is asked again for the "
            "same numbers after %(days)s days.",
            day=format_date(self.env, day),
            days=SEARCH_DAYS,
        )


class CreditInsurerBuyer(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurer.buyer"

    search_memory = fields.Json(readonly=True, copy=False)

    def _remember_search(self, asked, found):
        """Keep what the insurer answered to a search that may be billed.

        :param list asked: country and national numbers
        :param list found: its numbers of the company
        """
        today = fields.Date.to_string(fields.Date.today())
        # sudo: kept by the machine, whoever sends the request.
        self.sudo().search_memory = {"asked": asked, "found": found, "on": today}

    def _recall_search(self, asked):
        """What the insurer answered to the same search some days ago.

        :return: dict, or None when it has to be asked
        """
        known = self.search_memory
        oldest = fields.Date.today() - timedelta(days=SEARCH_DAYS)
        if known and known["asked"] == asked:
            return known if fields.Date.to_date(known["on"]) > oldest else None
        return None
