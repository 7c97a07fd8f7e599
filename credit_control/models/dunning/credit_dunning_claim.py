# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CreditInterestClaim(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.interest.claim"

    notice_id = fields.Many2one(
        "credit.dunning.notice",
        string="Claimed by",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The reminder that claimed it.",
    )

    def _book_safely(self):
        """Book claims; where that is not possible, say why on them."""
        if not self.company_id.credit_interest_journal_id:
            return
        try:
            with self.env.cr.savepoint():
                self._book()
                self.env.flush_all()
        except UserError as error:
            self.invalidate_recordset()
            for claim in self:
                claim._message_log(body=str(error))


class CreditDunningNotice(models.Model):
    """What a sent reminder claims is booked, what it only announces is not."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.dunning.notice"

    def _mark_sent(self):
        """Override: claim interest and indemnities where the level says so, once."""
        first = self.filtered(lambda notice: not notice.date_sent)
        result = super()._mark_sent()
        for notice in first:
            notice._claim_interest()
        return result

    def _recheck(self):
        """Override: what was claimed, paid or waived since is not asked for again.

        A notice never claims more than was shown (P13). What left once and goes out again
        stays as it was told, because its claims are booked, unless they were waived.
        """
        shown = {notice: notice._get_besides() for notice in self}
        reasons = super()._recheck()
        standing = self.filtered(lambda notice: not reasons[notice])
        told = standing.filtered("date_sent")
        (standing - told)._set_claims()
        grown = (standing - told).filtered(
            lambda notice: (
                notice.currency_id.compare_amounts(notice._get_besides(), shown[notice])
                > 0
            )
        )
        for notice in grown | told._filter_waived():
            reasons[notice] = notice._get_reason("changed")
        return reasons

    def _get_besides(self):
        """What is claimed besides what is overdue."""
        return self.amount_claimed - self.amount_total

    def _filter_waived(self):
        """Those of which something that they claimed was waived since."""
        # sudo: who sends follow-ups need not see claims.
        claims = self.env["credit.interest.claim"].sudo()
        waived = claims.search(
            [("notice_id", "in", self.ids), ("state", "in", ("waived", "reversed"))]
        )
        return self & waived.notice_id

    def _claim_interest(self):
        """Book what the reminder claimed; what cannot be booked stays proposed.

        The reminder went out: nothing that books may take it back.
        """
        level = self.level_id.sudo()
        interest, indemnity = level.interest == "claim", level.indemnity == "claim"
        if not (interest or indemnity or self._get_claimed_fee()):
            return
        try:
            with self.env.cr.savepoint():
                claims = self._propose_claims(interest, indemnity)
        except UserError as error:
            self._message_log(body=str(error))
            return
        claims._book_safely()

    def _propose_claims(self, interest, indemnity):
        """The claims of a reminder, its fee on one of them.

        :param bool interest: propose late interest
        :param bool indemnity: propose the fixed indemnity
        :return: ``credit.interest.claim``
        """
        items = self.item_ids.filtered(lambda item: item.kind != "credit")
        # sudo: the level decided it; whoever sends only follows it.
        claims = self.env["credit.interest.claim"].sudo()
        if interest or indemnity:
            claims = claims._propose(
                self.company_id, items.move_line_id.ids, self.date, interest, indemnity
            )
        fee = self._get_claimed_fee()
        if not self.currency_id.is_zero(fee):
            own = claims.filtered(lambda claim: claim.currency_id == self.currency_id)
            own = own[:1] or claims.create(self._prepare_fee_claim())
            own.fee = fee
            claims |= own
        claims.notice_id = self
        return claims

    def _get_claimed_fee(self):
        """The fee, where the level claims and does not only announce it."""
        return self.fee_amount if self.level_id.sudo().fee == "claim" else 0.0

    def _prepare_fee_claim(self):
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "date": self.date,
        }


class CreditInterest(models.AbstractModel):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.interest"

    def _get_formal_notice_dates(self, line_ids):
        """Override: since a formal notice of an item was received, else sent."""
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT i.move_line_id,
                        MIN(COALESCE(g.date_received, n.date_sent::date))
                    FROM credit_dunning_item i
                    JOIN credit_dunning_notice n ON n.id = i.notice_id
                        AND n.state = 'sent' AND n.is_test IS NOT TRUE
                    JOIN credit_dunning_level v ON v.id = n.level_id
                        AND v.kind = 'formal_notice'
                    LEFT JOIN credit_dunning_message g ON g.notice_id = n.id
                        AND g.channel = 'letter'
                    WHERE i.move_line_id = ANY(%s) AND n.date_sent IS NOT NULL
                    GROUP BY i.move_line_id""",
                    line_ids,
                )
            )
        )
