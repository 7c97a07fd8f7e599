# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .credit_line import INSURED

GROUP = "credit_control.credit_control_group_viewer"
MERGED = "credit"  # kind of the bar that hides who carries what
FIGURES = ("amount", "used", "this", "free")


class CreditExplanation(models.AbstractModel):
    """Salespeople see the room they have, not how much of it an insurer covers."""

    _inherit = "credit.explanation"

    def _get_stack(self, position, before, after, scale):
        """Override of `credit_control`: one bar for insured and own lines together."""
        # sudo: salespeople cannot read the lines that are about to be merged.
        whole = super(CreditExplanation, self.sudo())
        stack = whole._get_stack(position, before, after, scale)
        return stack if self._may_see_cover() else self._merge_insured(stack)

    @api.model
    def _get_invoices_domain(self, company, position):
        """Override of `credit_control`: what a factor bears is paid to him, not to us."""
        # sudo: salespeople are told what to ask for, not what was sold.
        sold = self.env["credit.factoring"].sudo()
        sold = sold.search(
            [
                ("move_id.commercial_partner_id", "=", position.partner_id),
                ("company_id", "=", company.id),
                ("state", "=", "sold"),
                ("with_recourse", "=", False),
            ]
        )
        borne = sold.filtered(
            lambda one: one.currency_id.is_zero(one.open_amount - one.borne_amount)
        )
        domain = super()._get_invoices_domain(company, position)
        return [*domain, ("res_id", "not in", borne.move_id.ids)]

    @api.model
    def _may_see_cover(self):
        return self.env.user.has_group(GROUP)

    @api.model
    def _merge_insured(self, stack):
        """Sum up the lines of insurers and those of our own funds.

        :param list stack: of :meth:`_get_stack`
        :return: list of dict, without any trace of an insured line
        """
        lines = self.env["credit.line"].sudo()
        keys = [bar["key"] for bar in stack if isinstance(bar["key"], int)]
        followed = set(lines.browse(keys).exists().filtered("cover_policy_id").ids)
        hidden = [
            bar for bar in stack if bar["key"] in followed or bar["kind"] == INSURED
        ]
        if not hidden:
            return stack
        hidden += [bar for bar in stack if bar["kind"] == "own" and not bar["scope"]]
        merged = {
            **hidden[0],
            **{name: sum(bar[name] for bar in hidden) for name in FIGURES},
            "key": -1,
            "name": self.env._("Credit"),
            "kind": MERGED,
            "color": "#2f6f9f",
            "date_to": False,
            "scope": False,
        }
        gone = {bar["key"] for bar in hidden}
        return [merged] + [bar for bar in stack if bar["key"] not in gone]


class CreditHold(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.hold"

    @api.model
    def _record(self, records):
        """Override of `credit_control`: what is kept on a hold may be read by the
        salesperson, whoever tried."""
        explanation = self.env["credit.explanation"]
        for values in records:
            told = values.get("explanation")
            if told and told.get("stack"):
                stack = explanation._merge_insured(told["stack"])
                values["explanation"] = {**told, "stack": stack}
        return super()._record(records)


class CreditProfile(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.profile"

    secured_amount = fields.Monetary(groups=GROUP)
