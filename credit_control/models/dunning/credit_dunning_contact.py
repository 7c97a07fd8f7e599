# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditDunningContact(models.Model):
    """A call to a debtor, who was reached, and what came of it; never changed.

    A wrong click is taken back by its caller, within minutes (see the call screen).
    """

    _name = "credit.dunning.contact"
    _inherit = "credit.answer"
    _description = "Call to a Customer"
    _order = "id desc"
    _mail_post_access = "read"

    user_id = fields.Many2one(
        "res.users",
        string="Called by",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    phone = fields.Char(help="The number that was called.")
    result = fields.Selection(
        [
            ("promise", "Promises to pay"),
            ("today", "Pays today"),
            ("dispute", "Disputes"),
            ("blocked", "Names what blocks the payment"),
            ("no_answer", "No answer"),
            ("call_back", "Call back"),
            ("wrong_number", "Wrong number"),
        ],
        required=True,
    )
    reason_id = fields.Many2one(
        "credit.reason",
        string="Reason of Blockage",
        ondelete="restrict",
        domain=[("is_blockage", "=", True)],
    )
    call_back = fields.Date(
        string="Call Back on",
        help="Until then the call screen leaves the customer out.",
    )
    amount_overdue = fields.Monetary(help="What was overdue when the call was made.")
    former_reason_id = fields.Many2one(
        "credit.reason",
        string="Reason Before",
        ondelete="set null",
        help="What the credit file said before this call.",
    )
    activity_id = fields.Many2one("mail.activity", ondelete="set null", index=True)
    promise_id = fields.Many2one("credit.promise", ondelete="set null", index=True)
    dispute_ids = fields.Many2many("credit.dispute")
    move_ids = fields.Many2many(
        "account.move", string="Invoices", bypass_search_access=True
    )

    _last_idx = models.Index("(profile_id, id)")
    _call_back_idx = models.Index("(profile_id, call_back) WHERE call_back IS NOT NULL")

    def _tell_holds(self):
        """Override: no rule looks at calls."""
