# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models


class CreditDisputeCategory(models.Model):
    """What disputes are about: who deals with them, and how long it may take."""

    _name = "credit.dispute.category"
    _description = "Category of Disputes"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        domain="[('share', '=', False)]",
        help="Who deals with such disputes. Empty: the credit analyst of the customer.",
    )
    days = fields.Integer(
        string="Settled within (days)",
        default=10,
        help="After so many days a dispute goes to the next person who may decide.",
    )
    escalation_days = fields.Integer(
        string="Next Person Has (days)",
        default=5,
        help="So long has each further person before it goes on.",
    )
    on_portal = fields.Boolean(
        string="On the Portal",
        default=True,
        help="Customers may choose it when they dispute an invoice themselves.",
    )

    _days_positive = models.Constraint(
        "CHECK(days >= 1 AND escalation_days >= 1)", "Give at least one day."
    )

    def _get_deadline(self, company):
        """The day by which a dispute that begins today is to be settled, or False.

        :param company: whose day it is
        """
        if not self:
            return False
        return (company or self.env.company)._credit_today() + timedelta(days=self.days)
