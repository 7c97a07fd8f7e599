# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from .credit_authority import ANALYST


class CreditDelegation(models.Model):
    """Somebody answers for somebody else for a while, with the other's authority.

    What was delegated cannot be passed on, so a delegate never decides more than the
    person who is away could have decided himself.
    """

    _name = "credit.delegation"
    _description = "Credit Delegation"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _rec_name = "delegate_id"

    user_id = fields.Many2one(
        "res.users",
        string="Away",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    delegate_id = fields.Many2one(
        "res.users",
        string="Answers Instead",
        required=True,
        index=True,
        tracking=True,
        ondelete="cascade",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(
        string="To", required=True, tracking=True, help="The last day, inclusive."
    )
    scope = fields.Selection(
        [("all", "Everything"), ("own", "Only my customers")],
        required=True,
        default="all",
        tracking=True,
        help="My customers: those whose credit file names me as the analyst.",
    )
    note = fields.Text()
    active = fields.Boolean(default=True, tracking=True)
    is_current = fields.Boolean(
        string="Now", compute="_compute_is_current", search="_search_is_current"
    )

    _dates_ordered = models.Constraint(
        "CHECK(date_from <= date_to)", "A delegation cannot end before it starts."
    )
    _two_people = models.Constraint(
        "CHECK(user_id <> delegate_id)", "Nobody delegates to himself."
    )

    @api.depends("date_from", "date_to", "active")
    def _compute_is_current(self):
        today = self.env.company._credit_today()
        for delegation in self:
            dates = delegation.date_from, delegation.date_to
            delegation.is_current = (
                delegation.active and all(dates) and dates[0] <= today <= dates[1]
            )

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = self._get_current_domain(self.env.company._credit_today())
        return now if True in value else ~now

    @api.model
    def _get_current_domain(self, today):
        return Domain("date_from", "<=", today) & Domain("date_to", ">=", today)

    @api.constrains("user_id", "delegate_id", "active")
    def _check_rights(self):
        for delegation in self.filtered("active"):
            for user in delegation.user_id | delegation.delegate_id:
                if not user.active or user.share or not user.has_group(ANALYST):
                    raise ValidationError(
                        self.env._(
                            "%s is no credit analyst: there is nothing to delegate.",
                            user.name,
                        )
                    )
            if not delegation.user_id.company_ids & delegation.delegate_id.company_ids:
                raise ValidationError(
                    self.env._("They do not work for the same company.")
                )

    @api.constrains("user_id", "delegate_id", "date_from", "date_to", "active")
    def _check_cycle(self):
        """Refuse rings: in the end nobody would be there to answer."""
        for delegation in self.filtered("active"):
            if delegation.user_id in delegation._get_chain():
                raise ValidationError(
                    self.env._(
                        "%(user)s would answer for himself in the end: %(delegate)s is "
                        "away on the same days and has delegated in turn.",
                        user=delegation.user_id.name,
                        delegate=delegation.delegate_id.name,
                    )
                )

    def _get_chain(self):
        """Everybody to whom the delegate's own delegations lead on the same days."""
        # sudo: rings may run through colleagues of whom the user sees nothing.
        others = self.sudo().search(
            [("date_from", "<=", self.date_to), ("date_to", ">=", self.date_from)]
        )
        reached, new = self.env["res.users"], self.delegate_id
        while new:
            reached |= new
            new = others.filtered(lambda d, n=new: d.user_id in n).delegate_id - reached
        return reached

    @api.model_create_multi
    def create(self, vals_list):
        delegations = super().create(vals_list)
        delegations._check_giver()
        return delegations

    def write(self, vals):
        self._check_giver()
        result = super().write(vals)
        self._check_giver()
        return result

    def unlink(self):
        self._check_giver()
        return super().unlink()

    def _check_giver(self):
        """Only who is away gives his authority away, or an administrator for him."""
        user = self.env.user
        if self.env.su or user.has_group("base.group_system"):
            return
        if any(delegation.user_id != user for delegation in self):
            raise AccessError(
                self.env._(
                    "Only who is away, or an administrator, delegates his authority."
                )
            )

    @api.model
    def _get_givers(self, user, company, analyst):
        """For whom a user answers today.

        :param user: ``res.users``, the delegate
        :param company: root company whose day counts
        :param analyst: who looks after the debtor, at most one user
        """
        today = company._credit_today()
        # sudo: whether somebody answers for another does not depend on who asks.
        found = self.sudo().search(
            self._get_current_domain(today) & Domain("delegate_id", "=", user.id)
        )
        found = found.filtered(lambda d: d.scope == "all" or d.user_id == analyst)
        return found.user_id.filtered(
            lambda giver: giver.active and company in giver.company_ids.root_id
        )
