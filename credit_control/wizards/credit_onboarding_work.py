# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..models.readers import job

AT_ONCE = 2000  # so many are done in the request, the rest in the background
BATCH = 500


class CreditOnboarding(models.TransientModel):
    """Create the lines and take them back, batch by batch."""

    _inherit = "credit.onboarding"

    # === CREATE === #

    def action_create_lines(self):
        """Create the lines: many at once, very many in the background.

        :raise AccessError: for others than credit managers
        :raise UserError: when an amount makes no sense; nothing is created then
        """
        self._check_manager()
        self._check_state("preview")
        self.env["credit.onboarding.debtor"]._check_amounts(self)
        policy = self._get_own_policy()
        names = ("mode", "no_line", "default_amount")
        today = self.company_id._credit_today()
        self.write(
            {
                "state": "creating",
                "date_run": today,
                "origin": self.env._(
                    "Limits taken over on %s", format_date(self.env, today)
                ),
                "policy_before": {name: policy[name] for name in names},
            }
        )
        if self.mode == "observe":
            # Before the first line exists, or it would hold until the last one does.
            policy.mode = "observe"
        return self._work_on()

    def _get_own_policy(self):
        """The company's default policy, copied when other companies use it too."""
        root = self.company_id
        policy = self.env["credit.policy"].browse(root._get_credit_policy().id)
        if not policy:
            raise UserError(self.env._("Create a credit policy first."))
        chosen = {name: self[name] for name in ("mode", "no_line", "default_amount")}
        if policy.company_id or all(policy[name] == chosen[name] for name in chosen):
            return policy
        others = (
            self.env["res.company"]
            .sudo()
            .search_count([("parent_id", "=", False), ("id", "!=", root.id)], limit=1)
        )
        if others:
            policy = policy.copy({"name": policy.name, "company_id": root.id})
            # sudo: credit managers set this field in the settings, nothing else.
            root.sudo().credit_default_policy_id = policy
        return policy

    def _finish_creating(self):
        # Last: whoever waits for his line must not be without credit meanwhile.
        self._get_policy_for_write().write(
            {
                "mode": self.mode,
                "no_line": self.no_line,
                "default_amount": self.default_amount,
            }
        )
        self.state = "done"

    def _get_policy_for_write(self):
        return self.env["credit.policy"].browse(self._get_policy().id)

    # === UNDO === #

    def action_undo(self):
        """Take back the lines of this run, or of the last one, that nobody has changed.

        They are deleted, not ended: a debtor whose lines have ended has no credit, one
        who never had any is what the policy says. The policy is set back as well.
        """
        self._check_manager()
        self._check_state("choose", "preview", "done")
        day = self.date_run or self.date_undo
        if not day:
            raise UserError(self.env._("There is nothing to undo."))
        before = self.policy_before or {}
        if before:
            values = {name: before[name] for name in ("no_line", "default_amount")}
            self._get_policy_for_write().write(values)
        self.write({"state": "undoing", "date_run": day})
        return self._work_on()

    def _finish_undoing(self):
        # Last: observing ends when the lines are gone.
        if self.policy_before:
            self._get_policy_for_write().mode = self.policy_before["mode"]
        self.state = "undone"

    # === WORK === #

    def _work_on(self):
        """Work on what is left, batch by batch; leave the rest to the cron."""
        for _batch in range(AT_ONCE // BATCH):
            if not self._work_once()[1]:
                return True
        # sudo: starting this job is all that is done with it.
        self.env.ref("credit_control.ir_cron_onboarding").sudo()._trigger()
        return True

    def _work_once(self):
        """Do one batch.

        :return: tuple, how many were done, how many are left
        """
        self._serialize()
        debtors = self.env["credit.onboarding.debtor"]
        if self.state == "creating":
            done = debtors._create_lines(self, BATCH)
        else:
            done = debtors._remove_lines(self, BATCH)
        left = self._count_left()
        if not left:
            self._finish()
        return done, left

    def _finish(self):
        if self.state == "creating":
            self._finish_creating()
        elif self.state == "undoing":
            self._finish_undoing()

    def _serialize(self):
        # Two runs at once would both find a debtor without line. Each updates the same
        # row, so the later one is retried with a snapshot that shows the other's lines.
        self.env.cr.execute(
            SQL(
                "UPDATE credit_policy SET sequence = sequence WHERE id = %s",
                self._get_policy().id,
            )
        )

    def _count_left(self):
        debtors = self.env["credit.onboarding.debtor"]
        if self.state == "creating":
            return debtors.search_count(debtors._get_todo_domain(self))
        if self.state == "undoing":
            return debtors._count_removable(self)
        return 0

    @api.model
    @job
    def _cron_work(self):
        """Go on with the runs that are too large for one request."""
        cron = self.env["ir.cron"]
        for wizard in self.search(
            [("state", "in", ("creating", "undoing"))], order="id"
        ):
            # The manager who started it: his rights and his authority count.
            worker = wizard.with_user(wizard.create_uid).with_company(wizard.company_id)
            left = 1
            while left:
                done, left = worker._work_once()
                if not cron._commit_progress(done, remaining=left) and left:
                    return
