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
        """Override: claim interest and indemnities where the level says so."""
        result = super()._mark_sent()
        for notice in self:
            notice._claim_interest()
        return result

    def _claim_interest(self):
        """Book what the reminder claimed; what cannot be booked stays proposed.

        The reminder went out: nothing that books may take it back.
        """
        level = self.level_id.sudo()
        interest, indemnity = level.interest == "claim", level.indemnity == "claim"
        if not (interest or indemnity):
            return
        items = self.item_ids.filtered(lambda item: item.kind != "credit")
        # sudo: the level decided it; whoever sends only follows it.
        claims = self.env["credit.interest.claim"].sudo()
        try:
            with self.env.cr.savepoint():
                claims = claims._propose(
                    self.company_id,
                    items.move_line_id.ids,
                    self.date,
                    interest=interest,
                    indemnity=indemnity,
                )
                claims.notice_id = self
        except UserError as error:
            self._message_log(body=str(error))
            return
        claims._book_safely()


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
