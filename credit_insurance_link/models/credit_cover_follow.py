# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..engine.cover import get_counting, share_out

# With more buyers than this at once, the history is that of the decisions alone.
FEW = 100


class CreditInsurerBuyer(models.Model):
    """Lines of credit follow the cover: one per customer file, policy and layer."""

    _inherit = "credit.insurer.buyer"  # pylint: disable=consider-merging-classes-inherited

    def _follow_cover(self, policies=None):
        """Bring the insured lines of these buyers in step with their cover.

        :param policies: limit to these; default: all policies of their insurers
        """
        for _company, buyers in self.sudo().grouped("company_id").items():
            mine = buyers._get_policies() if policies is None else policies.sudo()
            buyers._follow_policies(mine)

    def _follow_policies(self, policies):
        buyers, lines = self, self.env["credit.line"]
        if len(buyers) > FEW:
            lines = lines.with_context(tracking_disable=True)
        # A file of the same legal entity may be new in this very transaction.
        buyers.invalidate_recordset(["partner_ids", "is_shared"], flush=False)
        before = buyers._get_granted(policies)
        wanted = [
            row for policy in policies for row in buyers._get_wanted_lines(policy)
        ]
        lines._follow_cover(buyers, policies, wanted)
        buyers._tell_of_cuts(before, buyers._get_granted(policies))

    def _get_policies(self):
        policies = self.env["credit.insurance.policy"].search(
            [
                ("insurer_id", "in", self.insurer_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        keys = {(b.insurer_id, b.company_id, b.environment) for b in self}
        return policies.filtered(
            lambda p: (p.insurer_id, p.company_id, p.environment) in keys
        )

    # === WHAT IS COVERED === #

    def _get_wanted_lines(self, policy):
        """The lines that a policy gives to these buyers from today on.

        :return: list of dict, values of ``credit.line`` without its profile, with
            "partner_id"
        """
        if not policy._gives_credit():
            return []
        buyers = self.filtered(
            lambda b: b.match_state == "confirmed" and policy._covers(b)
        )
        unit = 10**policy.currency_id.decimal_places
        today = policy.company_id._credit_today()
        layers = self.env["credit.cover.layer"].search(
            [("policy_id", "=", policy.id), ("buyer_id", "in", buyers.ids)]
        )
        layers = layers.grouped("buyer_id")
        wanted, shared = [], buyers._get_shares(policy, unit)
        for buyer in buyers:
            spans = layers.get(buyer, self.env["credit.cover.layer"])._get_spans(unit)
            own = round(policy._get_discretionary(buyer) * unit)
            begins = policy._get_discretionary_start(buyer)
            counting = get_counting(spans, today, own, begins)
            for span, partner, cents in shared(buyer, policy._clip(counting, today)):
                wanted.append(
                    self._prepare_line(policy, buyer, partner, span, cents / unit)
                )
        return wanted

    @api.model
    def _prepare_line(self, policy, buyer, partner, span, amount):
        """Hook: the values of the line that carries a layer of cover."""
        return {
            "partner_id": partner.id,
            "kind_id": self.env.ref("credit_control.credit_line_kind_insured").id,
            "name": policy._word_layer(span.layer),
            "origin": policy.name,
            "amount": amount,
            "cover_amount": amount,
            "currency_id": policy.currency_id.id,
            "date_from": span.start,
            "date_to": span.end or False,
            "cover_policy_id": policy.id,
            "cover_buyer_id": buyer.id,
            "cover_layer": span.layer,
            "cover_decision_id": span.key or False,
        }

    # === ONE COVER, SEVERAL CUSTOMER FILES === #

    def _get_shares(self, policy, unit):
        """How to divide cover among the files of a buyer.

        :return: function of (buyer, spans) that yields (span, debtor, cents)
        """
        shared = self.filtered("is_shared")
        needs = shared._get_needs(policy, unit) if shared else {}
        held = shared._get_held(policy, unit)
        today = policy.company_id._credit_today()

        def share(buyer, spans):
            partners = buyer.partner_ids.filtered("active").sorted("id")
            owed = {p: needs.get(p, (0, 0))[0] for p in partners}
            lacking = [needs.get(p, (0, 0))[1] for p in partners]
            for span in spans if partners else ():
                # Cover that begins later is divided by itself, and again on its day.
                now = span.start <= today
                wants = [owed[p] if now else needs.get(p, (0, 0))[0] for p in partners]
                has = [held.get((buyer, span.layer, p), 0) for p in partners]
                parts = share_out(span.amount, wants, lacking, has)
                for partner, part in zip(partners, parts, strict=True):
                    owed[partner] -= part if now else 0
                    yield span, partner, part

        return share

    def _get_held(self, policy, unit):
        """What each file has of each layer now, in cents of the policy's currency."""
        rows = self.env["credit.line"]._read_group(
            [
                ("cover_buyer_id", "in", self.ids),
                ("cover_policy_id", "=", policy.id),
                ("in_force", "=", "now"),
            ],
            ["cover_buyer_id", "cover_layer", "partner_id"],
            ["amount:sum"],
        )
        return {tuple(keys): round(amount * unit) for *keys, amount in rows}

    def _get_needs(self, policy, unit):
        """What each file of these buyers owes, and what its waiting documents lack.

        :return: dict, partner -> (cents owed, cents lacking), in the policy's currency
        """
        company, partners = policy.company_id, self.partner_ids
        positions = self.env["credit.measure"]._get_positions(partners.ids, company)
        holds = self.env["credit.hold"].search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", company.id),
                ("state", "in", ("open", "requested")),
            ]
        )
        lacking = defaultdict(float)
        for hold in holds:
            lacking[hold.partner_id] += hold.uncovered
        cents = 10**company.currency_id.decimal_places

        def worth(amount):
            return round(policy._convert_from_company(amount) * unit)

        return {
            partner: (
                worth(positions[partner.id].net / cents),
                worth(lacking[partner]),
            )
            for partner in partners
        }

    @api.model
    def _divide_again(self, partner_ids):
        """Divide shared cover anew: what these debtors owe or want has changed.

        One statement for those who share nothing.

        :param list partner_ids: commercial partners
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT l.cover_buyer_id FROM credit_line l
                WHERE l.partner_id = ANY(%s) AND l.cover_is_shared
                AND l.state = 'active'""",
                list(partner_ids),
            )
        )
        if rows:
            self.browse(row[0] for row in rows)._follow_cover()

    # === CUTS === #

    def _get_granted(self, policies):
        """What the lines of these buyers give today, by debtor and policy."""
        rows = self.env["credit.line"]._read_group(
            [
                ("cover_buyer_id", "in", self.ids),
                ("cover_policy_id", "in", policies.ids),
                ("in_force", "=", "now"),
            ],
            ["partner_id", "cover_buyer_id", "cover_policy_id"],
            ["amount:sum"],
        )
        return {tuple(keys): amount for *keys, amount in rows}
