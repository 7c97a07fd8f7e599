# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.credit_control.models.credit_profile import PENDING

from ..engine import duties as clocks
from .credit_insurance_duty_refresh import BY_DEBT

NOTICES = ("notice", "extension", "handover")
AHEAD = timedelta(days=clocks.FIRST)


class CreditInsuranceDuty(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.duty"

    claim_id = fields.Many2one(
        "credit.insurance.claim", readonly=True, index="btree_not_null"
    )
    turnover_id = fields.Many2one(
        "credit.insurance.turnover", readonly=True, index="btree_not_null"
    )

    _open_uniq = models.UniqueIndex(
        "(policy_id, kind, COALESCE(partner_id, 0), COALESCE(claim_id, 0),"
        " COALESCE(turnover_id, 0)) WHERE state = 'open' AND policy_id IS NOT NULL",
        "This duty is on the board already.",
    )

    def _get_record(self):
        """Override: the notice, claim or declaration on which this duty is worked."""
        self.ensure_one()
        if self.claim_id or self.turnover_id:
            return self.claim_id or self.turnover_id
        if self.kind == "claim":
            return self._get_claim() or super()._get_record()
        if self.kind in NOTICES:
            return self._get_notice() or super()._get_record()
        return super()._get_record()

    def _get_claim(self):
        return self.env["credit.insurance.claim"].search(
            [
                ("policy_id", "=", self.policy_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("state", "not in", ("closed", "refused")),
            ],
            limit=1,
        )

    def _get_notice(self):
        kinds = {"notice": ("default",), "handover": ("handover",)}
        return self.env["credit.insurance.overdue"].search(
            [
                ("policy_id", "=", self.policy_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("kind", "in", kinds.get(self.kind, ("extension", "rescheduling"))),
                ("state", "in", ("to_do", "sent")),
            ],
            limit=1,
        )

    def action_work(self):
        """Do it: open the notice, claim or declaration, made now if there is none."""
        self.ensure_one()
        self.check_access("read")
        if self.kind == "stop":
            return self._open_status()
        if self.kind == "claim" and not self._get_claim():
            self.env["credit.insurance.claim"].create(self._prepare_claim())
        if self.kind in ("notice", "handover") and not self._get_notice():
            self.env["credit.insurance.overdue"].create(self._prepare_notice())
        return self.action_open_record()

    def action_prepare(self):
        """Prepare the notices of all these duties at once, to be looked at and sent.

        :return: dict, an action that shows them
        :raise UserError: when none of them is fulfilled by a notice
        """
        self.check_access("read")
        self.env["credit.insurance.overdue"].check_access("create")
        told = self.filtered(
            lambda duty: duty.state == "open" and duty.kind in ("notice", "handover")
        )
        if not told:
            raise UserError(self.env._("None of these duties is waiting for a notice."))
        notices = self.env["credit.insurance.overdue"].create(
            [duty._prepare_notice() for duty in told if not duty._get_notice()]
        )
        for duty in told:
            notices |= duty._get_notice()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_insurance_overdue_action"
        )
        return {**action, "domain": [("id", "in", notices.ids)], "context": {}}

    @api.model
    def _get_board(self, domain):
        """The board of duties, for some of them.

        :param domain: ``Domain``
        :return: dict, an action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_insurance_duty_action"
        )
        return {**action, "domain": list(domain), "context": {}}

    def _prepare_notice(self):
        """Values of the notice that fulfils this duty."""
        return {
            "policy_id": self.policy_id.id,
            "partner_id": self.partner_id.id,
            "kind": "handover" if self.kind == "handover" else "default",
        }

    def _prepare_claim(self):
        return {
            "policy_id": self.policy_id.id,
            "partner_id": self.partner_id.id,
            "user_id": self.user_id.id or self.env.uid,
        }

    def _open_status(self):
        """Stopping deliveries is a forced hold or the stop list, with its reason."""
        profile = self.env["credit.profile"]._get_or_create(
            self.partner_id, self.company_id
        )
        reason = self.env.ref(
            "credit_control.credit_reason_status_overdue", raise_if_not_found=False
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stop Deliveries"),
            "res_model": "credit.profile.status",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_profile_ids": [(6, 0, profile.ids)],
                "default_status": "hold",
                "default_reason_id": reason and reason.id,
            },
        }


class CreditInsurancePolicy(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.policy"

    duty_count = fields.Integer(
        string="Due Within 15 Days",
        compute="_compute_duty_count",
        help="Open duties, those that are late included.",
    )
    missed_count = fields.Integer(
        string="Missed This Year",
        compute="_compute_duty_count",
        help="Deadlines of the insurance year that passed, whatever was done later.",
    )

    def _compute_duty_count(self):
        due = self._count_duties([policy._get_due_domain() for policy in self])
        missed = self._count_duties([policy._get_missed_domain() for policy in self])
        for policy in self:
            policy.duty_count = due.get(policy._origin, 0)
            policy.missed_count = missed.get(policy._origin, 0)

    def _get_due_domain(self):
        today = self.company_id._credit_today()
        return (
            Domain("policy_id", "=", self._origin.id)
            & Domain("state", "=", "open")
            & Domain("deadline", "<=", today + AHEAD)
        )

    def _get_missed_domain(self):
        first, last = self._get_insurance_year(self.company_id._credit_today())
        return (
            Domain("policy_id", "=", self._origin.id)
            & Domain("is_missed", "=", True)
            & Domain("deadline", ">=", first)
            & Domain("deadline", "<=", last)
        )

    def _count_duties(self, domains):
        groups = self.env["credit.insurance.duty"]._read_group(
            Domain.OR(domains) & Domain("policy_id", "!=", False),
            ["policy_id"],
            ["__count"],
        )
        return dict(groups)

    def action_open_duties(self):
        """Show what this policy still asks for, and what was missed."""
        self.ensure_one()
        return self.env["credit.insurance.duty"]._get_board(
            Domain("policy_id", "=", self.id)
            & (Domain("state", "=", "open") | Domain("is_missed", "=", True))
        )

    def action_open_due(self):
        """Show the duties of the next fifteen days, those that are late included."""
        self.ensure_one()
        return self.env["credit.insurance.duty"]._get_board(self._get_due_domain())

    def action_open_missed(self):
        """Show the deadlines of this insurance year that passed."""
        self.ensure_one()
        return self.env["credit.insurance.duty"]._get_board(self._get_missed_domain())


class CreditProfile(models.Model):
    _inherit = "credit.profile"  # pylint: disable=consider-merging-classes-inherited

    insurance_duty_count = fields.Integer(
        compute="_compute_insurance_duty_count",
        groups="credit_control.credit_control_group_viewer",
    )

    def _compute_insurance_duty_count(self):
        groups = self.env["credit.insurance.duty"]._read_group(
            [("partner_id", "in", self.partner_id.ids), ("state", "=", "open")],
            ["partner_id", "company_id"],
            ["__count"],
        )
        found = {(partner, company): count for partner, company, count in groups}
        for profile in self:
            key = profile.partner_id, profile.company_id
            profile.insurance_duty_count = found.get(key, 0)

    def write(self, vals):
        """Override: a status that stops deliveries fulfils the duty to stop them."""
        result = super().write(vals)
        if "status" in vals:
            duties = (
                self.env["credit.insurance.duty"]
                .sudo()
                .search(
                    [
                        ("partner_id", "in", self.partner_id.ids),
                        ("kind", "=", "stop"),
                        ("state", "=", "open"),
                    ]
                )
            )
            for policy, found in duties.grouped("policy_id").items():
                duties._refresh(policy, found.partner_id)
        return result

    def _reevaluate_pending(self):
        """Override: what was paid takes duties off at once, not only at night."""
        partner_ids = list(self.env.cr.precommit.data.get(PENDING, ()))
        result = super()._reevaluate_pending()
        duties = self.env["credit.insurance.duty"].sudo()
        found = duties.search(
            [
                ("partner_id", "in", partner_ids),
                ("kind", "in", BY_DEBT),
                ("state", "=", "open"),
            ]
        )
        for policy, mine in found.grouped("policy_id").items():
            # Money that came in is never refused, whatever is wrong with a policy (P5).
            with duties._surviving(policy):
                self.env["credit.insurance.overdue"].sudo()._settle(
                    policy, mine.partner_id
                )
                duties._refresh(policy, mine.partner_id)
        return result

    def action_open_insurance_duties(self):
        """Open the duties to insurers about this customer."""
        self.ensure_one()
        return self.env["credit.insurance.duty"]._get_board(
            Domain("partner_id", "=", self.partner_id.id)
            & Domain("company_id", "=", self.company_id.id)
        )
