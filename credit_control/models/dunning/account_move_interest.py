# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class AccountMove(models.Model):
    """Debit notes of late interest pass the gate: no goods leave with them."""

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    def _filter_credit_checked(self):
        """Override: what a claim booked is not looked at, as long as it is not more."""
        moves = super()._filter_credit_checked()
        # sudo: whether there is a claim, whoever posts. Nobody can write one.
        claims = self.env["credit.interest.claim"].sudo()
        amounts = {
            claim.move_id.id: claim.amount
            for claim in claims.search([("move_id", "in", moves._origin.ids)])
        }
        return moves.filtered(
            lambda move: (
                move._origin.id not in amounts
                or move.currency_id.compare_amounts(
                    move.amount_total, amounts[move._origin.id]
                )
                > 0
            )
        )
