# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where the plan of a debtor, an invoice or a segment is chosen."""

from odoo import api, fields, models

CHOICE = "[('company_id', 'in', (False, company_id))]"


class CreditPolicy(models.Model):
    _inherit = "credit.policy"  # pylint: disable=consider-merging-classes-inherited

    dunning_plan_id = fields.Many2one(
        "credit.dunning.plan",
        string="Follow-up Plan",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain=CHOICE,
        help="How customers of this policy are chased. Empty: the standard plan.",
    )


class CreditProfile(models.Model):
    _inherit = "credit.profile"  # pylint: disable=consider-merging-classes-inherited

    dunning_plan_id = fields.Many2one(
        "credit.dunning.plan",
        string="Follow-up Plan",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain=CHOICE,
        help="How this customer is chased. Empty: as its policy says.",
    )
    dunning_notice_ids = fields.One2many("credit.dunning.notice", "profile_id")
    dunning_notice_count = fields.Integer(
        compute="_compute_dunning_notice_count", compute_sudo=True
    )

    @api.depends("dunning_notice_ids.state")
    def _compute_dunning_notice_count(self):
        counts = dict(
            self.env["credit.dunning.notice"]._read_group(
                [("profile_id", "in", self.ids), ("state", "=", "sent")],
                ["profile_id"],
                ["__count"],
            )
        )
        for profile in self:
            profile.dunning_notice_count = counts.get(profile._origin, 0)

    def action_open_dunning(self):
        """Open the history of what this customer was sent."""
        self.ensure_one()
        return self.env["credit.dunning.notice"]._get_history_action(
            [("profile_id", "=", self.id)]
        )


class AccountMove(models.Model):
    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    credit_dunning_plan_id = fields.Many2one(
        "credit.dunning.plan",
        string="Follow-up Plan",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="How this invoice is chased. Empty: as the credit file of the customer or its "
        "policy says.",
    )
    credit_dunning_item_ids = fields.One2many("credit.dunning.item", "move_id")
    credit_dunning_count = fields.Integer(
        string="Follow-ups", compute="_compute_credit_dunning_count", compute_sudo=True
    )

    @api.depends("credit_dunning_item_ids.notice_id.state")
    def _compute_credit_dunning_count(self):
        items = self.env["credit.dunning.item"]._read_group(
            [("move_id", "in", self.ids), ("notice_id.state", "=", "sent")],
            ["move_id"],
            ["notice_id:count_distinct"],
        )
        counts = {move.id: count for move, count in items}
        for move in self:
            move.credit_dunning_count = counts.get(move._origin.id, 0)

    def action_credit_open_dunning(self):
        """Open the messages that listed this invoice."""
        self.ensure_one()
        return self.env["credit.dunning.notice"]._get_history_action(
            [("item_ids.move_id", "=", self.id)]
        )


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    credit_dunning_live = fields.Boolean(
        string="Send Follow-ups",
        prefetch="credit",
        help="Off: test mode. Everything is prepared and shown, and nothing leaves; "
        "e-mails and SMS that still wait are taken back.",
    )
    credit_dunning_daily = fields.Selection(
        [
            ("no", "Only by hand"),
            ("prepare", "Prepare each day, a person sends"),
            ("send", "Prepare and send each day"),
        ],
        string="Daily Follow-ups",
        required=True,
        default="prepare",
        help="A run that is sent by itself waits for a person while money on the bank "
        "statement is not matched.",
        prefetch="credit",
    )
    credit_dunning_bank_days = fields.Integer(
        string="Fresh Bank (days)",
        default=4,
        prefetch="credit",
        help="When the last line of a bank statement is older, runs warn, and a run that "
        "is sent by itself waits for a person. Zero: never.",
    )

    def write(self, vals):
        """Override: in test mode nothing leaves, nor does what waits in a queue."""
        if "credit_dunning_live" not in vals:
            return super().write(vals)
        live = self.filtered("credit_dunning_live")
        result = super().write(vals)
        if stopped := live.filtered(lambda company: not company.credit_dunning_live):
            self.env["credit.dunning.message"]._take_back_waiting(stopped)
        return result


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    credit_dunning_live = fields.Boolean(
        related="company_id.credit_dunning_live", readonly=False
    )
    credit_dunning_daily = fields.Selection(
        related="company_id.credit_dunning_daily", readonly=False
    )
    credit_dunning_bank_days = fields.Integer(
        related="company_id.credit_dunning_bank_days", readonly=False
    )
