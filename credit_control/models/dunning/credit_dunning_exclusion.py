# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CreditDunningExclusion(models.Model):
    """A customer, or one invoice, is left in peace until a day; then it ends by itself."""

    _name = "credit.dunning.exclusion"
    _inherit = "credit.answer"
    _description = "Exclusion from Follow-ups"
    _order = "date_to desc, id desc"

    date = fields.Date(string="From")
    date_to = fields.Date(
        string="Until",
        required=True,
        tracking=True,
        help="The last day, inclusive. The day after, follow-ups go on by themselves.",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Only Invoice",
        index="btree_not_null",
        ondelete="cascade",
        tracking=True,
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt')),"
        " ('commercial_partner_id', '=', partner_id)]",
        help="Empty: everything the customer owes.",
    )
    reason_id = fields.Many2one(
        "credit.reason",
        required=True,
        tracking=True,
        ondelete="restrict",
        domain=[("is_blockage", "=", True)],
    )
    is_current = fields.Boolean(
        string="In Force", compute="_compute_is_current", search="_search_is_current"
    )

    _dates_ordered = models.Constraint(
        "CHECK(date <= date_to)", "An exclusion cannot end before it starts."
    )
    _to_idx = models.Index("(profile_id, date_to)")

    @api.depends("date", "date_to")
    def _compute_is_current(self):
        for exclusion in self:
            today = (exclusion.company_id or self.env.company)._credit_today()
            dates = exclusion.date, exclusion.date_to
            exclusion.is_current = all(dates) and dates[0] <= today <= dates[1]

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._credit_today()
        now = Domain("date", "<=", today) & Domain("date_to", ">=", today)
        return now if True in value else ~now

    @api.constrains("move_id", "profile_id")
    def _check_move(self):
        for exclusion in self.filtered("move_id"):
            # sudo: whose invoice it is, nothing more.
            move = exclusion.move_id.sudo()
            if (
                move.commercial_partner_id != exclusion.partner_id
                or move.company_id.root_id != exclusion.company_id
            ):
                raise ValidationError(
                    self.env._("The invoice is not one of this customer.")
                )

    def action_end(self):
        """End exclusions today: follow-ups go on tomorrow."""
        self.check_access("write")
        for exclusion in self.filtered("is_current"):
            today = exclusion.company_id._credit_today()
            yesterday = fields.Date.subtract(today, days=1)
            exclusion.date_to = max(exclusion.date, yesterday)

    def _get_cause(self):
        return self.env._("An exclusion from follow-ups changed.")
