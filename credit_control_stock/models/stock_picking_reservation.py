# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

WAITING = ("waiting", "confirmed", "assigned")


class StockPicking(models.Model):
    """Deliveries that wait for credit before goods are reserved, where a policy says so."""

    _inherit = "stock.picking"

    def _get_credit_held(self):
        """The deliveries to which no goods may be reserved now.

        One measuring per root company, however many transfers.

        :return: dict, held picking -> (situation, verdict, position)
        """
        checked = self.sudo()
        rules, policies = self.env["credit.rule"], self.env["credit.policy"]
        if (
            not checked
            or not policies._reserves_late()
            or not rules._looks_at("delivery")
        ):
            return {}
        claims = checked._get_credit_claims(proposed=True)
        by_company = {}
        for picking, claim in claims.items():
            if claim:
                by_company.setdefault(claim.company_id, {})[picking] = claim
        held = {}
        for company_id, asked in by_company.items():
            company = self.env["res.company"].sudo().browse(company_id)
            held.update(checked._get_credit_held_in(company, asked))
        return held

    def _get_credit_held_in(self, company, claims):
        positions = self._credit_measure(company, claims)
        policies = self.env["credit.policy"].sudo()
        policies = policies.browse({p.policy["id"] for p in positions.values()})
        late = policies.filtered(lambda policy: policy.delivery_check == "reservation")
        keys = [(picking._name, picking.id) for picking in claims]
        self._credit_know(list(positions.values()), list(claims.values()), keys)
        held = {}
        for picking, claim in claims.items():
            position = positions[claim.partner_id]
            if position.is_gated and position.policy["id"] in late.ids:
                asked = picking._credit_ask(position, claim)
                [(situation, verdict)] = self._credit_judge(
                    position, [asked], [picking._get_credit_component()]
                )
                if verdict.outcome == "hold":
                    held[picking] = (situation, verdict, position)
        return held

    def _credit_hold_unreserved(self, held):
        """Record the holds of deliveries that stay unreserved; what waits stays as it is.

        Nothing is raised: one held delivery must not stop the scheduler's others.
        """
        known = self.env["credit.hold"].sudo()._get_current(self._name, self.ids)
        for picking, (situation, verdict, position) in held.items():
            hold = known.get(picking.id)
            if hold and hold.state in ("open", "requested", "rejected"):
                continue
            company = picking.company_id.root_id
            explanation = picking._credit_explain(company, verdict, position)
            values = picking._prepare_credit_hold(
                company, explanation, position, verdict
            )
            self.env["credit.decision"]._record(
                company, [(picking, situation, verdict, position)]
            )
            self.env["credit.hold"].sudo()._record([values])

    def action_assign(self):
        """Override of `stock`: whoever asks for goods of held deliveries only is told."""
        held = {}
        if self.env["credit.policy"]._reserves_late():
            held = self.move_ids._get_credit_pickings()._get_credit_held()
        if held and len(held) == len(self):
            company = next(iter(held)).company_id.root_id
            self.sudo()._credit_raise(
                company, [(picking, *found) for picking, found in held.items()]
            )
        return super().action_assign()

    def _credit_resume(self):
        """Override of the mixin: reserve what waited; the warehouse sends it."""
        waiting = self.filtered(lambda picking: picking.state in WAITING[:2])
        if waiting:
            # sudo: who releases need not be a warehouse worker to let goods be reserved.
            waiting.sudo().action_assign()
