# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine.cover import get_cover

GROUP = "credit_control.credit_control_group_viewer"


class CreditInsurerBuyer(models.Model):
    """The history of a buyer's cover, as a graph."""

    _inherit = "credit.insurer.buyer"  # pylint: disable=consider-merging-classes-inherited

    cover_history = fields.Json(compute="_compute_cover_history")
    cover_today = fields.Monetary(
        compute="_compute_cover_history",
        currency_field="currency_id",
        help="Cover in force today, all policies together, in the company's currency.",
    )

    @api.depends("layer_ids")
    def _compute_cover_history(self):
        # Discretionary cover has no layers.
        giving = self._get_policies().filtered(lambda policy: policy._gives_credit())
        for buyer in self:
            series = [
                buyer._get_series(policy, layers)
                for policy, layers in buyer.layer_ids.grouped("policy_id").items()
            ]
            buyer.cover_history = {
                "today": buyer.company_id._credit_today().isoformat(),
                "series": series,
            }
            buyer.cover_today = buyer._get_cover_today(
                buyer.layer_ids.policy_id
                | giving.filtered(lambda policy, b=buyer: policy._covers(b))
            )

    def _get_cover_today(self, policies):
        """The cover in force under these policies, in the company's currency."""
        company, today = self.company_id, self.company_id._credit_today()
        return sum(
            policy.currency_id._convert(
                policy._get_cover_on(self, today)["amount"],
                self.currency_id,
                company,
                today,
            )
            for policy in policies
        )

    def _get_series(self, policy, layers):
        """The steps of one policy's cover, past and future.

        :return: dict, "name", "currency" and "points": [ISO date, amount]
        """
        unit = 10**policy.currency_id.decimal_places
        spans = layers._get_spans(unit)
        days = {span.start for span in spans}
        days |= {fields.Date.add(span.end, days=1) for span in spans if span.end}
        return {
            "name": policy.name,
            "currency_id": policy.currency_id.id,
            "points": [
                [day.isoformat(), get_cover(spans, day) / unit] for day in sorted(days)
            ],
        }


class CreditProfile(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.profile"

    cover_buyer_ids = fields.Many2many(
        "credit.insurer.buyer",
        string="Insurers' Files",
        compute="_compute_cover_buyer_ids",
        groups=GROUP,
    )
    insured_amount = fields.Monetary(
        compute="_compute_cover_buyer_ids",
        groups=GROUP,
        help="What insurers cover of the limit today.",
    )
    own_amount = fields.Monetary(
        compute="_compute_cover_buyer_ids",
        groups=GROUP,
        help="What our own lines give besides, at our own risk.",
    )
    cover_history = fields.Json(compute="_compute_cover_buyer_ids", groups=GROUP)
    cover_decision_ids = fields.Many2many(
        "credit.cover.decision", compute="_compute_cover_buyer_ids", groups=GROUP
    )

    @api.depends("line_ids")
    def _compute_cover_buyer_ids(self):
        kin = self.partner_id._get_credit_kin()
        partners = self.env["res.partner"].union(*kin.values())
        buyers = self.env["credit.insurer.buyer"].search(
            [("partner_id", "in", partners.ids), ("match_state", "=", "confirmed")]
        )
        for profile in self:
            mine = buyers.filtered(
                lambda b, p=profile: (
                    b.partner_id in kin.get(p.partner_id, ())
                    and b.company_id == p.company_id
                )
            )
            profile.cover_buyer_ids = mine
            profile.cover_decision_ids = mine.decision_ids
            profile.insured_amount, profile.own_amount = profile._get_parts()
            profile.cover_history = {
                "today": profile.company_id._credit_today().isoformat(),
                "series": [
                    series for buyer in mine for series in buyer.cover_history["series"]
                ],
            }

    def _get_parts(self):
        """The insured and the own part of what counts today.

        :return: tuple of two floats, in the company's currency
        """
        insured = own = 0.0
        for line in self.line_ids.filtered(lambda line: line.in_force == "now"):
            worth = line._get_worth()
            if line.cover_policy_id:
                insured += worth
            elif line.kind_id.code == "own":
                own += worth
        return insured, own

    def action_ask_cover(self):
        """Ask an insurer for cover of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for Cover"),
            "res_model": "credit.cover.ask",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_profile_id": self.id},
        }
