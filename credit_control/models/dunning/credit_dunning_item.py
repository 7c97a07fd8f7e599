# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditDunningItem(models.Model):
    """One open item on a notice, as it was when the notice was made."""

    _name = "credit.dunning.item"
    _description = "Item of a Follow-up Notice"
    _order = "notice_id, date_maturity, id"
    # Speed: tens of thousands of rows a day, which are never edited.
    _log_access = False

    notice_id = fields.Many2one(
        "credit.dunning.notice", required=True, index=True, ondelete="cascade"
    )
    profile_id = fields.Many2one(related="notice_id.profile_id", store=True, index=True)
    partner_id = fields.Many2one(related="notice_id.partner_id")
    company_id = fields.Many2one(related="notice_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line", string="Journal Item", index=True, ondelete="set null"
    )
    move_id = fields.Many2one(
        "account.move", string="Entry", index=True, ondelete="set null"
    )
    name = fields.Char(help="Number of the invoice or entry.")
    date = fields.Date(string="Invoice Date")
    date_maturity = fields.Date(string="Due Date")
    days_late = fields.Integer(aggregator="max")
    kind = fields.Selection(
        [
            ("step", "Reaches its level"),
            ("listed", "Listed with it"),
            ("credit", "Credit"),
        ],
        required=True,
        default="listed",
        help="The items whose step is due move on to it when the notice is sent. Others "
        "are listed because they are overdue as well; credits are taken off.",
    )
    level_id = fields.Many2one(
        "credit.dunning.level",
        ondelete="restrict",
        help="The step that this item reaches; for others the last one it reached.",
    )
    rank = fields.Integer(
        aggregator=None, help="Rank of the level that this item reaches with it."
    )
    amount_residual = fields.Monetary(
        string="Open Amount", help="In the company's currency."
    )
    move_currency_id = fields.Many2one("res.currency", string="Invoice Currency")
    amount_currency = fields.Monetary(
        string="Open Amount in Currency", currency_field="move_currency_id"
    )
    interest_amount = fields.Monetary(string="Late Interest")
    indemnity_amount = fields.Monetary(string="Recovery Indemnity")
    fee_amount = fields.Monetary(string="Fee")
    counts = fields.Boolean(
        default=True,
        help="Counts for the next step. Off once the follow-up of this item was started "
        "again.",
    )
