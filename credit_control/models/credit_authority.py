# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

ANALYST = "credit_control.credit_control_group_analyst"
MANAGER = "credit_control.credit_control_group_manager"


class CreditAuthority(models.Model):
    """One rung of the approval ladder: up to which amount somebody decides alone.

    What a rung says about a person replaces what is said about his groups; about one
    person or group, the rung for the risk class or the policy replaces the general one.
    """

    _name = "credit.authority"
    _description = "Credit Authority"
    _order = "level, amount, id"

    user_id = fields.Many2one("res.users", string="Person", ondelete="cascade")
    group_id = fields.Many2one("res.groups", ondelete="cascade")
    company_id = fields.Many2one(
        "res.company",
        domain=[("parent_id", "=", False)],
        help="Empty: in every company.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    policy_id = fields.Many2one(
        "credit.policy", ondelete="cascade", help="Empty: under every policy."
    )
    risk_class_id = fields.Many2one(
        "credit.risk.class",
        ondelete="cascade",
        help="Empty: for customers of every risk class.",
    )
    amount = fields.Monetary(
        string="Decides Alone Up To",
        help="What no line carries may come to this much, in the company's currency. "
        "Zero: decides nothing.",
    )
    level = fields.Integer(
        default=1,
        required=True,
        help="A request goes to the lowest level whose authority suffices. When it is "
        "not answered in time it goes to the next one.",
    )
    hours = fields.Integer(
        string="Answers Within (hours)",
        default=8,
        help="Working hours of the company's calendar. Zero: no deadline.",
    )
    active = fields.Boolean(default=True)

    _one_subject = models.Constraint(
        "CHECK(num_nonnulls(user_id, group_id) = 1)",
        "Authority belongs to one person or to one group.",
    )
    _positive = models.Constraint(
        "CHECK(COALESCE(amount, 0) >= 0 AND level >= 1 AND COALESCE(hours, 0) >= 0)",
        "Amounts and hours cannot be negative; levels begin with 1.",
    )
    _once = models.UniqueIndex(
        "(COALESCE(user_id, 0), COALESCE(group_id, 0), COALESCE(company_id, 0),"
        " COALESCE(policy_id, 0), COALESCE(risk_class_id, 0)) WHERE active",
        "There is a rung for the same person or group and the same customers already.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rung in self:
            rung.currency_id = (rung.company_id or self.env.company).currency_id

    @api.depends("user_id", "group_id", "level")
    def _compute_display_name(self):
        for rung in self:
            who = rung.user_id.name or rung.group_id.display_name or ""
            rung.display_name = f"{rung.level} · {who}"

    @api.constrains("user_id", "group_id", "active")
    def _check_subject(self):
        """Refuse who could not use it: an approver without rights."""
        analyst = self.env.ref(ANALYST)
        for rung in self.filtered("active"):
            user, group = rung.user_id, rung.group_id
            if user and not user.has_group(ANALYST):
                raise ValidationError(
                    self.env._(
                        "%s is no credit analyst and could not release anything.",
                        user.name,
                    )
                )
            if group and analyst not in group | group.all_implied_ids:
                raise ValidationError(
                    self.env._(
                        "The members of %s are no credit analysts and could not release "
                        "anything.",
                        group.display_name,
                    )
                )

    @api.model
    def _get_ladder(self, company, policy=None, risk_class=None):
        """The rungs that speak about such customers.

        :param company: any company of the tree
        :param policy: ``credit.policy``, at most one
        :param risk_class: ``credit.risk.class``, at most one
        """
        # sudo: everybody may know who decides; only administrators change it.
        root = company.sudo().root_id
        about = [bool(record) and record.id for record in (policy, risk_class)]
        return self.sudo().browse(self._get_ladder_ids(root.id, *about))

    @api.model
    @ormcache("root_id", "policy_id", "risk_class_id")
    def _get_ladder_ids(self, root_id, policy_id, risk_class_id):
        # Speed: asked for each of many lines or holds, and seldom changed.
        rungs = self.sudo().search(
            [
                ("company_id", "in", (False, root_id)),
                ("policy_id", "in", (False, policy_id)),
                ("risk_class_id", "in", (False, risk_class_id)),
            ]
        )
        return tuple(rungs.ids)

    @api.model_create_multi
    def create(self, vals_list):
        result = super().create(vals_list)
        self.env.registry.clear_cache()
        return result

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _get_rung(self, user):
        """The rung of this ladder that counts for a user, none when none speaks of him."""
        own = self.filtered(lambda rung: rung.user_id == user)
        if own or user.sudo().credit_own_authority:
            return own._get_narrowest()
        groups = user.sudo().all_group_ids
        theirs = self.filtered(lambda rung: rung.group_id in groups)
        narrow = [
            rungs._get_narrowest() for rungs in theirs.grouped("group_id").values()
        ]
        return max(narrow, key=lambda rung: rung.amount, default=self.browse())

    def _get_narrowest(self):
        def width(rung):
            about = (rung.risk_class_id, rung.policy_id, rung.company_id)
            return [bool(record) for record in about]

        return self.sorted(width)[-1:]
