# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CreditAnswer(models.AbstractModel):
    """What a debtor answered; rules look at it, so holds are looked at again."""

    _name = "credit.answer"
    _description = "Answer of a Debtor"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "profile_id"

    profile_id = fields.Many2one(
        "credit.profile",
        string="Credit File",
        required=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        related="profile_id.partner_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="profile_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="profile_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    note = fields.Text()

    @api.model_create_multi
    def create(self, vals_list):
        answers = super().create(vals_list)
        answers.profile_id._credit_changed(self._get_cause())
        return answers

    def write(self, vals):
        result = super().write(vals)
        self.profile_id._credit_changed(self._get_cause())
        return result

    def unlink(self):
        self.profile_id._credit_changed(self._get_cause())
        return super().unlink()

    def _get_cause(self):
        """Hook: what is written on holds that are looked at again."""
        raise NotImplementedError


class CreditPromise(models.Model):
    """An amount that a debtor promised to pay by a day."""

    _name = "credit.promise"
    _inherit = "credit.answer"
    _description = "Promise to Pay"

    date = fields.Date(
        string="Promised for",
        tracking=True,
        help="Still open the day after, the promise counts as broken.",
    )
    amount = fields.Monetary(required=True, tracking=True)
    state = fields.Selection(
        [("open", "Waiting"), ("kept", "Kept"), ("broken", "Broken")],
        required=True,
        default="open",
        tracking=True,
        group_expand=True,
    )
    move_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt')),"
        " ('commercial_partner_id', '=', partner_id)]",
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A promise is about an amount above zero."
    )
    _state_idx = models.Index("(profile_id, date) WHERE state <> 'kept'")

    def _get_cause(self):
        return self.env._("A promise to pay changed.")


class CreditDispute(models.Model):
    """What a debtor does not accept, and why; its policy may leave it out."""

    _name = "credit.dispute"
    _inherit = "credit.answer"
    _description = "Dispute"

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        index=True,
        ondelete="cascade",
        tracking=True,
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt')),"
        " ('commercial_partner_id', '=', partner_id)]",
    )
    amount = fields.Monetary(
        required=True,
        tracking=True,
        help="The disputed part. What was paid since lowers it by itself.",
    )
    category = fields.Char(
        tracking=True, help="What it is about: price, quantity, damage…"
    )
    state = fields.Selection(
        [("open", "Pending"), ("closed", "Closed")],
        required=True,
        default="open",
        tracking=True,
        group_expand=True,
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A dispute is about an amount above zero."
    )
    _open_idx = models.Index("(move_id) WHERE state = 'open'")

    @api.constrains("move_id", "profile_id")
    def _check_debtor(self):
        for dispute in self:
            # sudo: whose invoice it is, nothing more.
            move = dispute.move_id.sudo()
            if (
                move.commercial_partner_id != dispute.partner_id
                or move.company_id.root_id != dispute.company_id
            ):
                raise ValidationError(
                    self.env._("The disputed invoice is not one of this customer.")
                )

    def _get_cause(self):
        return self.env._("A dispute changed.")
