# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import split_every

from .readers import job

ENTERED = frozenset({"profile_id", "decision", "note", "next_date"})
BATCH = 500


class CreditReview(models.Model):
    """Somebody looked at a credit file and decided; what he saw is kept with it.

    A review is never changed afterwards.
    """

    _name = "credit.review"
    _inherit = ["credit.filed"]
    _description = "Credit Review"
    _order = "date desc, id desc"
    _rec_name = "profile_id"

    currency_id = fields.Many2one(related="profile_id.currency_id")
    date = fields.Date(readonly=True, string="Reviewed on")
    user_id = fields.Many2one("res.users", string="Reviewed by", readonly=True)
    decision = fields.Selection(
        [
            ("keep", "Keep the lines"),
            ("change", "Change the lines"),
            ("end", "End all lines"),
        ],
        required=True,
        default="keep",
        help="Ending all lines counts at once: without a line in force, new orders on "
        "account are held.",
    )
    note = fields.Text(required=True, help="What you looked at and why you decide so.")
    next_date = fields.Date(
        string="Next Review",
        compute="_compute_next_date",
        store=True,
        readonly=False,
        precompute=True,
        help="Proposed by the policy's review period. Empty: no further review.",
    )
    limit_amount = fields.Monetary(string="Limit", readonly=True)
    exposure = fields.Monetary(readonly=True)
    available = fields.Monetary(readonly=True)
    review_date = fields.Date(
        string="Was Due on",
        readonly=True,
        help="When this review should have been done.",
    )

    @api.depends("profile_id", "decision")
    def _compute_next_date(self):
        for review in self.filtered(lambda review: not review.date):
            ends = review.decision == "end"
            review.next_date = not ends and review.profile_id._get_next_review_date()

    @api.model_create_multi
    def create(self, vals_list):
        """Record the review and do what it decides."""
        self.env["credit.line"]._check_analyst()
        for vals in vals_list:
            if not self.env.su and set(vals) - ENTERED:
                raise AccessError(self.env._("What a review records is not entered."))
        reviews = super().create(vals_list)
        for review in reviews:
            # sudo: the reviewer enters the decision, the figures are ours.
            review.sudo().write(review._prepare_record())
            review._carry_out()
        return reviews

    def write(self, vals):
        if not self.env.su:
            raise AccessError(
                self.env._("A review stays as it was recorded. Enter a new one.")
            )
        return super().write(vals)

    def _prepare_record(self):
        profile = self.profile_id
        return {
            "date": profile.company_id._credit_today(),
            "user_id": self.env.uid,
            "limit_amount": profile.limit_amount,
            "exposure": profile.exposure,
            "available": profile.available,
            "review_date": profile.review_date,
        }

    def _carry_out(self):
        profile = self.profile_id
        today = profile.company_id._credit_today()
        if self.next_date and self.next_date <= today:
            raise UserError(self.env._("The next review is after today."))
        if self.decision == "end":
            profile.line_ids.filtered(
                lambda line: line.state in ("active", "suspended")
            ).action_end()
        profile.review_date = self.next_date
        profile.activity_unlink(["credit_control.mail_activity_review"])
        words = dict(self._fields["decision"]._description_selection(self.env))
        profile.message_post(
            body=self.env._(
                "Reviewed: %(decision)s. %(note)s",
                decision=words[self.decision],
                note=self.note,
            )
        )

    def action_done(self):
        """Close the dialog; go on to the lines when they are to change."""
        self.ensure_one()
        if self.decision != "change":
            return {"type": "ir.actions.act_window_close"}
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_control.credit_line_action"
        )
        return {**action, "domain": [("profile_id", "=", self.profile_id.id)]}


class CreditPolicy(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.policy"

    review_months = fields.Integer(
        string="Review Period (months)",
        help="Each credit file with a line is looked at again after so many months. "
        "Zero: no scheduled reviews.",
    )

    _review_months_positive = models.Constraint(
        "CHECK(COALESCE(review_months, 0) BETWEEN 0 AND 120)",
        "A review period is between 0 and 120 months.",
    )


class CreditProfile(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.profile"

    review_ids = fields.One2many("credit.review", "profile_id", string="Reviews")
    last_review_date = fields.Date(
        string="Last Review", compute="_compute_last_review_date"
    )

    def _compute_last_review_date(self):
        groups = self.env["credit.review"]._read_group(
            [("profile_id", "in", self.ids)], ["profile_id"], ["date:max"]
        )
        found = dict(groups)
        for profile in self:
            profile.last_review_date = found.get(profile._origin)

    def _get_review_months(self):
        policy = self.sudo().policy_id or self.company_id._get_credit_policy()
        return policy.review_months

    def _get_next_review_date(self):
        """When this file is to be reviewed next, counted from today.

        :return: a date, or False without a review period
        """
        months = self.company_id and self._get_review_months()
        today = self.company_id and self.company_id._credit_today()
        return months and today + relativedelta(months=months)

    def action_review(self):
        """Open the dialog in which a review is recorded."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_control.credit_review_action_do"
        )
        return {**action, "context": {"default_profile_id": self.id}}

    # === CRON === #

    @api.model
    @job
    def _cron_review(self):
        """Plan the files that have no date yet; remind of those that are due."""
        cron = self.env["ir.cron"]
        unplanned = self._find_unplanned()
        due = self._find_due()
        left = len(unplanned) + len(due)
        for profiles in split_every(BATCH, unplanned.ids, self.browse):
            profiles._plan_review()
            left -= len(profiles)
            cron._commit_progress(len(profiles), remaining=left)
        for profiles in split_every(BATCH, due.ids, self.browse):
            profiles._remind_of_review()
            left -= len(profiles)
            cron._commit_progress(len(profiles), remaining=left)

    @api.model
    def _find_unplanned(self):
        """Credit files with a line in force, a review period and no date."""
        policies = self.env["credit.policy"].search([("review_months", ">", 0)])
        companies = (
            self.env["res.company"]
            .search([("parent_id", "=", False)])
            .filtered(lambda company: company._get_credit_policy() in policies)
        )
        chosen = Domain("policy_id", "in", policies.ids)
        chosen |= Domain("policy_id", "=", False) & Domain(
            "company_id", "in", companies.ids
        )
        return self.search(
            chosen
            & Domain("review_date", "=", False)
            & Domain("review_ids", "=", False)
            & Domain("line_ids.state", "=", "active")
        )

    def _plan_review(self):
        """Give each file a first date, spread over the period: no flood on one day."""
        profiles = self.with_context(tracking_disable=True)
        for profile in profiles:
            today = profile.company_id._credit_today()
            months = profile._get_review_months()
            last = today + relativedelta(months=months)
            days = max((last - today).days, 1)
            profile.review_date = today + relativedelta(days=1 + profile.id % days)

    @api.model
    def _find_due(self):
        """Credit files whose review is due, of an analyst who is not reminded yet."""
        kind = self.env.ref("credit_control.mail_activity_review")
        due = self.search(
            [
                ("review_date", "<=", fields.Date.context_today(self)),
                ("analyst_id.active", "=", True),
            ]
        )
        reminded = self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("activity_type_id", "=", kind.id),
                ("res_id", "in", due.ids),
            ]
        )
        return due - self.browse(reminded.mapped("res_id"))

    def _remind_of_review(self):
        """One activity for each file's analyst, without a mail for each."""
        kind = self.env.ref("credit_control.mail_activity_review")
        model = self.env["ir.model"]._get(self._name)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model.id,
                    "res_id": profile.id,
                    "activity_type_id": kind.id,
                    "user_id": profile.analyst_id.id,
                    "date_deadline": profile.review_date,
                    "summary": self.env._("Review the credit file"),
                    "automated": True,
                }
                for profile in self
            ]
        )
