# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditDunningNotice(models.Model):
    """One message to one debtor in one run, led by its oldest item (P13).

    Amounts are in the company's currency; what is credited is netted.
    """

    _name = "credit.dunning.notice"
    _description = "Follow-up Notice"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"
    _order = "id desc"
    _rec_name = "partner_id"

    run_id = fields.Many2one(
        "credit.dunning.run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date = fields.Date(readonly=True, help="The day of the run.")
    is_test = fields.Boolean(string="Test", readonly=True)
    profile_id = fields.Many2one(
        "credit.profile",
        string="Credit File",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        related="profile_id.partner_id", string="Customer", store=True, index=True
    )
    company_id = fields.Many2one(
        related="profile_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    level_id = fields.Many2one(
        "credit.dunning.level",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    rank = fields.Integer(
        readonly=True, help="Rank of the level when the notice was made."
    )
    recipient_id = fields.Many2one("res.partner", readonly=True, index=True)
    lang = fields.Char(
        string="Language", readonly=True, help="Language of the recipient."
    )
    item_ids = fields.One2many("credit.dunning.item", "notice_id", readonly=True)
    lead_item_id = fields.Many2one(
        "credit.dunning.item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The oldest item whose step is due; it decides the level.",
    )
    days_late = fields.Integer(readonly=True, help="Of the oldest item that leads.")
    user_id = fields.Many2one(
        "res.users", string="Responsible", readonly=True, index=True
    )
    amount_overdue = fields.Monetary(
        readonly=True, help="What the listed items owe, before credits."
    )
    amount_credit = fields.Monetary(
        string="Credits", readonly=True, help="Unallocated credits, below zero."
    )
    amount_total = fields.Monetary(
        string="To Pay", readonly=True, help="Overdue, credits taken off."
    )
    fee_amount = fields.Monetary(string="Fee", readonly=True)
    interest_amount = fields.Monetary(string="Late Interest", readonly=True)
    indemnity_amount = fields.Monetary(string="Recovery Indemnity", readonly=True)
    state = fields.Selection(
        [
            ("prepared", "Prepared"),
            ("sending", "Sending"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("skipped", "Skipped"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="prepared",
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    reason_id = fields.Many2one(
        "credit.reason",
        string="Skipped Because",
        readonly=True,
        ondelete="restrict",
        help="What was found when the notice was looked at again before sending.",
    )
    error = fields.Text(readonly=True, help="Why it could not be sent.")
    date_checked = fields.Datetime(
        readonly=True, help="When it was looked at again for sending."
    )
    date_sent = fields.Datetime(string="Sent on", readonly=True)

    _run_profile_uniq = models.UniqueIndex(
        "(run_id, profile_id)", "A debtor gets one message per run."
    )
    _sent_idx = models.Index("(profile_id, date) WHERE state = 'sent'")

    # === SENDING === #

    def _recheck(self):
        """Look at prepared notices again, at the moment of sending (P13).

        :return: dict, notice -> ``credit.reason`` (empty: send it). Amounts of a notice
            that goes out are brought up to date; it never asks for more than was shown.
        """
        return dict.fromkeys(self, self.env["credit.reason"])

    def _deliver(self):
        """Hook: hand the messages of one notice to its channels.

        Called for one notice at a time, right after ``_recheck``, inside a savepoint: in
        the same transaction the notice becomes sent and its level counts. What may not
        be rolled back (SMTP, a gateway) happens later, from a queue. In a test run the
        messages are written and nothing is queued.

        :raise UserError: when it cannot be sent; this notice fails, the others go on
        """
        self.ensure_one()
