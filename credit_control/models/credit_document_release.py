# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class CreditDocumentMixin(models.AbstractModel):
    """What a document offers to who releases it: parts, a deposit, another term."""

    _inherit = "credit.document.mixin"  # pylint: disable=consider-merging-classes-inherited

    # === WHAT A CONSUMER MAY OFFER === #

    def _get_credit_release_ways(self):
        """Hook: how this document may be released besides as a whole.

        :return: set, any of "part", "deposit", "term"
        """
        return set()

    def _get_credit_release_lines(self):
        """Hook: what may be released in part.

        :return: list, dicts of ``res_id``, ``name``, ``quantity``, ``rounding`` of the
            quantity and ``unit``, the price of one in the company's currency, taxes in
        """
        return []

    def _credit_split_off(self, quantities):
        """Hook: keep these quantities and move the rest to a second document.

        :param dict quantities: id of a line -> quantity that stays
        :return: the second document
        """
        raise self._get_way_error()

    def _credit_ask_deposit(self, amount):
        """Hook: make and post the invoice of a deposit.

        :param float amount: company currency, taxes included
        :return: ``account.move``
        """
        raise self._get_way_error()

    def _credit_change_term(self, term):
        """Hook: give the document another payment term.

        :param term: ``account.payment.term``
        """
        raise self._get_way_error()

    def _get_way_error(self):
        return UserError(
            self.env._("%s cannot be released in this way.", self.display_name)
        )

    # === LOOKING AT ONE DOCUMENT === #

    def _credit_look(self, others=()):
        """Decide as the gate would, without asking other sessions or recording.

        :param others: documents of this model that count as if they had passed
        :return: tuple, root company, Position, Verdict; None when nothing is asked
        """
        self.ensure_one()
        claim = self._get_credit_claims(proposed=True).get(self)
        if not claim:
            return None
        company = self.env["res.company"].browse(claim.company_id)
        counting = [other._get_credit_claims(proposed=True)[other] for other in others]
        positions = self._credit_measure(company, {self: claim}, counting)
        position = positions[claim.partner_id]
        key = (self._name, self._origin.id or 0)
        self._credit_know([position], [claim], [key])
        counted = [
            item
            for other in counting
            for item in position.to_items(other.parts, "in_flight")
        ]
        [(_situation, verdict)] = self._credit_judge(
            position,
            [self._credit_ask(position, claim)],
            [self._get_credit_component()],
            counted,
        )
        return company, position, verdict

    def _credit_prepare_again(self):
        """Values of the hold as the document stands now, None when it would pass."""
        found = self._credit_look()
        if not found:
            return None
        company, position, verdict = found
        explanation = self._credit_explain(company, verdict, position)
        values = self._prepare_credit_hold(company, explanation, position, verdict)
        return values if verdict.outcome == "hold" else None

    def _credit_hold_too(self, others):
        """Hold this document now, if it would be held beside these others."""
        company, position, verdict = self._credit_look(others)
        if verdict.outcome == "hold":
            explanation = self._credit_explain(company, verdict, position)
            self.env["credit.hold"]._record(
                [self._prepare_credit_hold(company, explanation, position, verdict)]
            )

    # === AFTERWARDS === #

    def _credit_resume(self):
        """Hook: do what the gate stopped, after a release."""

    def _credit_void_holds(self):
        """Close the holds of documents that were cancelled or deleted."""
        self.env["credit.hold"].sudo()._void(self._name, self.ids)
