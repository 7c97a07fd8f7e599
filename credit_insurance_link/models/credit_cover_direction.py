# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from ..engine.cover import NAMED


class CreditInsurancePolicy(models.Model):
    """An increase asks for more than there is, a reduction for less.

    Insurers take the amount for the new whole: an increase below the cover of today
    would cut it [B Atradius: "supersede"].
    """

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.policy"

    def _get_replaced(self, buyer, layer):
        """What a grant on a layer would replace today: other layers stay beside it,
        discretionary cover does not.

        :param buyer: ``credit.insurer.buyer``, one
        :param str layer: the layer that is asked about
        :return: float, in the policy's currency
        """
        today = self.company_id._credit_today()
        unit = 10**self.currency_id.decimal_places
        layers = buyer.layer_ids.filtered(lambda la: la.policy_id == self)
        beside = sum(
            span.amount
            for span in layers._get_spans(unit)
            if span.layer in NAMED - {layer} and span.holds(today)
        )
        return max(self._get_cover_on(buyer, today)["amount"] - beside / unit, 0.0)

    def _word_direction(self, kind, buyer, layer, amount):
        """Say that a request goes the wrong way.

        :param str kind: the type of the request
        :param buyer: ``credit.insurer.buyer``, one
        :param str layer: the layer that is asked about
        :param float amount: asked for, in the policy's currency
        :return: str, empty where nothing is wrong
        """
        if kind not in ("increase", "reduce"):
            return ""
        covered = self._get_replaced(buyer, layer)
        grows = self.currency_id.compare_amounts(amount, covered)
        values = {
            "buyer": buyer.partner_id.name or buyer.name,
            "covered": self.currency_id.format(covered),
        }
        if kind == "increase" and grows <= 0:
            return self.env._(
                "%(buyer)s is covered up to %(covered)s today. An increase asks for more "
                "than that: the insurer takes the amount for the new limit in all.",
                **values,
            )
        if kind == "reduce" and grows >= 0:
            return self.env._(
                "%(buyer)s is covered up to %(covered)s today. A reduction asks for less "
                "than that: the insurer takes the amount for the new limit in all.",
                **values,
            )
        return ""


class CreditCoverRequest(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.cover.request"

    def _check_sendable(self):
        result = super()._check_sendable()
        wrong = self.policy_id._word_direction(
            self.type, self.buyer_id, self.layer, self.amount_requested
        )
        if wrong:
            raise UserError(wrong)
        return result
