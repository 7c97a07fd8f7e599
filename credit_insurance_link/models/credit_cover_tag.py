# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.cover import NAMED, get_cover

TAGGED_TYPES = ("out_invoice", "out_receipt")
# Of a tag t: whether arrears left its delivery insured, see credit_cover_stop.
SQL_RUNS = SQL("(t.stopped_on IS NULL OR t.restored_on IS NOT NULL)")


class CreditCoverTag(models.Model):
    """The cover that was in force when goods of an invoice were delivered.

    One for each day of delivery, stored when the invoice is posted: a later cut does not
    touch what was delivered before, which stays covered in run-off [A Atradius glossary]
    (P12).
    """

    _name = "credit.cover.tag"
    _description = "Cover of an Invoice"
    _inherit = ["credit.cover.fact"]
    _order = "date desc, id desc"
    _rec_name = "move_id"

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date = fields.Date(string="Delivered on", required=True, readonly=True)
    amount = fields.Monetary(
        string="Cover",
        readonly=True,
        help="Of the legal entity on that day, all its invoices together.",
    )
    delivered_amount = fields.Monetary(
        string="Delivered",
        readonly=True,
        currency_field="move_currency_id",
        help="The part of the invoice that was delivered on that day, taxes included.",
    )
    move_currency_id = fields.Many2one(
        related="move_id.currency_id", string="Currency of the Invoice"
    )
    is_within_terms = fields.Boolean(
        string="Within the Terms",
        readonly=True,
        help="Off: the payment term is longer than the insurer accepts.",
    )
    decision_id = fields.Many2one(
        "credit.cover.decision",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _delivery_uniq = models.Constraint(
        "UNIQUE(move_id, policy_id, date)", "This delivery is tagged already."
    )


class AccountMove(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "account.move"

    credit_cover_tag_ids = fields.One2many(
        "credit.cover.tag",
        "move_id",
        string="Cover at Delivery",
        readonly=True,
        groups="credit_control.credit_control_group_viewer",
    )

    def _post(self, soft=True):
        """Override of `account`: keep which cover was in force at delivery."""
        posted = super()._post(soft)
        posted._credit_tag_cover()
        return posted

    def _credit_delivered(self):
        """Override of `credit_control`: what leaves later is covered as on that day."""
        result = super()._credit_delivered()
        self._credit_tag_cover()
        return result

    def _credit_tag_cover(self):
        """Tag customer invoices with the cover of the days of their deliveries.

        A tag stays as it is while the day does: what was covered then stays covered,
        whatever the insurer decides later.
        """
        # sudo: whoever posts; the tag is for the credit group.
        moves = self.sudo().filtered(lambda move: move.move_type in TAGGED_TYPES)
        for company, mine in moves.grouped(lambda m: m.company_id.root_id).items():
            policies = self.env["credit.insurance.policy"].sudo()
            policies = policies.search(
                [("company_id", "=", company.id), ("state", "!=", "draft")]
            )
            if policies:
                mine._credit_tag_under(policies)

    def _credit_tag_under(self, policies):
        debtors = self.commercial_partner_id
        kin = debtors._get_credit_kin()
        tags = self.credit_cover_tag_ids.grouped(lambda t: (t.move_id, t.policy_id))
        rows = []
        for policy in policies:
            buyers = policy._get_buyers_of(debtors, kin)
            files = {buyers[debtor]: kin[debtor] for debtor in buyers}
            fresh = []
            for move in self.filtered(lambda m, b=buyers: m.commercial_partner_id in b):
                buyer = buyers[move.commercial_partner_id]
                missing = move._credit_keep_tags(tags.get((move, policy), ()))
                fresh += [
                    move._prepare_cover_tag(policy, buyer, day, amount)
                    for day, amount in missing.items()
                ]
            rows += policy._mark_stopped(fresh, files)
        self.env["credit.cover.tag"].sudo().create(rows)

    def _credit_keep_tags(self, tags):
        """Keep the tags of the days on which something was delivered, drop the others.

        :return: dict, of ``_get_credit_deliveries``: what is not tagged yet
        """
        missing = self._get_credit_deliveries()
        for tag in tags:
            amount = missing.pop(tag.date, None)
            if amount is None:
                tag.unlink()
            elif self.currency_id.compare_amounts(tag.delivered_amount, amount):
                tag.delivered_amount = amount
        return missing

    def _prepare_cover_tag(self, policy, buyer, day, amount):
        """Hook: the values of a tag.

        :param date day: of the delivery
        :param float amount: what was delivered, in the invoice's currency
        """
        found = policy._get_cover_on(buyer, day)
        issued = self.invoice_date or self.date
        due = max(
            self.line_ids.filtered("date_maturity").mapped("date_maturity"),
            default=self.invoice_date_due or issued,
        )
        terms = found["max_terms_days"]
        return {
            "move_id": self.id,
            "policy_id": policy.id,
            "buyer_id": buyer.id,
            "company_id": policy.company_id.id,
            "date": day,
            "delivered_amount": amount,
            "is_within_terms": not terms or (due - issued).days <= terms,
            **found,
        }


class CreditInsurancePolicy(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.policy"

    @api.model
    def _pick_layer(self, layers, day):
        """The layer whose terms count on a day: the largest named one."""
        running = layers.filtered(
            lambda la: la.date_from <= day and (not la.date_to or day <= la.date_to)
        )
        named = running.filtered(lambda la: la.layer in NAMED)
        return (named or running).sorted("amount", reverse=True)[:1]

    def _get_buyers_of(self, debtors, kin=None):
        """The confirmed buyer of each debtor, through any file of its legal entity.

        :param debtors: commercial partners
        :param dict kin: of ``_get_credit_kin``, when it is known
        :return: dict, debtor -> buyer; without those that are no buyers
        """
        self.ensure_one()
        kin = debtors._get_credit_kin() if kin is None else kin
        partners = self.env["res.partner"].union(*kin.values())
        buyers = self.env["credit.insurer.buyer"].search(
            [
                *self._get_buyers_domain(),
                ("match_state", "=", "confirmed"),
                ("partner_id", "in", partners.ids),
            ]
        )
        by_partner = {buyer.partner_id: buyer for buyer in buyers}
        found = {}
        for debtor in debtors:
            mine = [by_partner[p] for p in kin[debtor] if p in by_partner]
            if mine:
                found[debtor] = mine[0]
        return found

    def _get_cover_on(self, buyer, day):
        """The cover of a buyer on any day, past or future (P12).

        :param buyer: ``credit.insurer.buyer``, one
        :param date day: the day
        :return: dict, "amount" in the policy's currency, "insured_percent",
            "max_terms_days", "decision_id"
        """
        self.ensure_one()
        unit = 10**self.currency_id.decimal_places
        layers = buyer.layer_ids.filtered(lambda la: la.policy_id == self)
        own = round(self._get_discretionary(buyer) * unit)
        begins = self._get_discretionary_start(buyer)
        cents = get_cover(layers._get_spans(unit), day, own, begins)
        if self.date_end and day > self.date_end:
            cents = 0
        if self.date_start and day < self.date_start:
            cents = 0
        layer = self._pick_layer(layers, day)
        terms = self._get_country_terms(buyer.country_id or buyer.partner_id.country_id)
        unnamed = layer.layer not in NAMED
        return {
            "amount": cents / unit,
            "insured_percent": terms["insured_percent_discretionary"]
            if unnamed
            else layer.insured_percent,
            "max_terms_days": layer.max_terms_days or terms["max_payment_terms_days"],
            "decision_id": layer.decision_id.id,
        }
