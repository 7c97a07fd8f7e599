# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from .credit_line import AMOUNT_CEILING

LIMIT_FIELDS = frozenset({"amount", "date_from", "date_to", "active", "company_id"})


class CreditGroup(models.Model):
    """Companies that belong together and share a limit, besides their own lines.

    A document of one member must fit on its lines and within what the others leave of
    the shared limit.
    """

    _name = "credit.group"
    _description = "Group with a Shared Limit"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.rooted"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        string="Shared Limit",
        required=True,
        tracking=True,
        help="What all members may owe together. Each one's own lines are checked as well. "
        "Zero: none of them buys on account.",
    )
    date_from = fields.Date(
        string="Start",
        tracking=True,
        help="First day on which it counts. Empty: at once.",
    )
    date_to = fields.Date(
        string="End",
        tracking=True,
        help="Last day on which it counts. Empty: no end. Afterwards only the members' own "
        "lines are checked.",
    )
    profile_ids = fields.One2many("credit.profile", "group_id", string="Members")
    member_count = fields.Integer(
        string="Number of Members", compute="_compute_figures", compute_sudo=True
    )
    exposure = fields.Monetary(
        compute="_compute_figures",
        compute_sudo=True,
        help="What the members owe together. What we owe one of them is not taken off.",
    )
    available = fields.Monetary(compute="_compute_figures", compute_sudo=True)
    note = fields.Text()

    _amount_valid = models.Constraint(
        f"CHECK(amount >= 0 AND amount < {AMOUNT_CEILING})",
        "A shared limit is between zero and 10¹², please check the amount.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "A shared limit cannot end before it starts.",
    )

    @api.depends("amount", "profile_ids")
    def _compute_figures(self):
        """The same measurement as the gate's, all groups at once (P1)."""
        positions = self.profile_ids._get_positions()
        for group in self:
            members = group.profile_ids
            unit = 10**group.currency_id.decimal_places
            owed = [
                positions[member].net for member in members if positions.get(member)
            ]
            group.member_count = len(members)
            group.exposure = sum(max(amount, 0) for amount in owed) / unit
            group.available = group.amount - group.exposure

    @api.constrains("profile_ids", "company_id")
    def _check_company(self):
        for group in self:
            if group.profile_ids.company_id - group.company_id:
                raise ValidationError(
                    self.env._(
                        "The members of a group are credit files of its company."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env["credit.line"]._check_analyst()
        groups = super().create(vals_list)
        groups._check_authority(dict.fromkeys(groups.ids, 0.0))
        groups._limit_changed()
        return groups

    def write(self, vals):
        self.env["credit.line"]._check_analyst()
        before = {group.id: group._get_worth() for group in self}
        result = super().write(vals)
        if LIMIT_FIELDS & set(vals):
            self._check_authority(before)
            self._limit_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_analyst(self):
        self.env["credit.line"]._check_analyst()
        self._limit_changed()

    def _get_worth(self):
        return self.amount if self.active else float(AMOUNT_CEILING)

    def _check_authority(self, before):
        """Raising what a group may owe, or no longer checking it, takes authority.

        :param dict before: group id -> limit before the change
        :raise AccessError: beyond the caller's authority
        """
        if self.env.su:
            return
        for group in self:
            authority = self.env.user._get_credit_authority(group.company_id)
            worth = group._get_worth()
            rises = group.currency_id.compare_amounts(worth, before[group.id]) > 0
            # Not checked any more, it is only as large as it was: the lines remain.
            amount = group.amount
            if rises and group.currency_id.compare_amounts(amount, authority) > 0:
                raise AccessError(
                    self.env._(
                        "Your authority ends at %s: somebody else has to set this limit.",
                        group.currency_id.format(authority),
                    )
                )

    def _limit_changed(self):
        self.profile_ids._credit_changed(self.env._("The limit of the group changed"))

    def action_open_exposure(self):
        """Open the items that the members' exposure is made of (P1)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_control.credit_exposure_action"
        )
        return {
            **action,
            "domain": [
                ("partner_id", "in", self.profile_ids.partner_id.ids),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {"group_by": ["partner_id", "component_id"]},
        }


class CreditProfile(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.profile"

    group_id = fields.Many2one(
        "credit.group",
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Its members share a limit, which is checked besides their own lines.",
    )
    group_available = fields.Monetary(
        related="group_id.available", string="Left in the Group"
    )

    @api.constrains("group_id", "company_id")
    def _check_group_company(self):
        for profile in self.filtered("group_id"):
            if profile.group_id.company_id != profile.company_id:
                raise ValidationError(
                    self.env._(
                        "The members of a group are credit files of its company."
                    )
                )

    def write(self, vals):
        if "group_id" not in vals:
            return super().write(vals)
        if self.group_id and not self.env.su:
            self._check_leaving()
        mates = self.group_id.profile_ids
        result = super().write(vals)
        cause = self.env._("The members of a group changed")
        (mates | self.group_id.profile_ids)._credit_changed(cause)
        return result

    def _check_leaving(self):
        """Whoever takes a customer out of a group gives it room: that takes authority."""
        for group in self.group_id:
            group._check_authority({group.id: -1.0})
