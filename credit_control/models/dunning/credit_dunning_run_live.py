# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError


class CreditDunningRun(models.Model):
    """Test mode: who prepares the books of account switches it, without the settings."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.dunning.run"

    may_switch = fields.Boolean(
        string="Switches Test Mode", compute="_compute_may_switch"
    )

    @api.depends_context("uid")
    def _compute_may_switch(self):
        self.may_switch = self._may_switch()

    def action_ask_send(self):
        """Tell how many messages would leave, and send them when somebody agrees."""
        return self._ask("send", self.env._("Send These Messages?"))

    def action_ask_live(self):
        """Tell what would leave, and switch test mode off when somebody agrees."""
        return self._ask("live", self.env._("Switch Test Mode Off?"))

    def _ask(self, what, title):
        self.ensure_one()
        self.check_access("read")
        confirm = self.env["credit.dunning.run.confirm"].create(
            {"run_id": self.id, "ask": what}
        )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": confirm._name,
            "res_id": confirm.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_go_live(self):
        """Let follow-ups of the company leave from now on; dry runs are prepared anew.

        :raise AccessError: for others than accountants and credit managers
        """
        return self._set_live(True)

    def action_go_test(self):
        """Put the follow-ups of the company into test mode: nothing leaves any more.

        :raise AccessError: for others than accountants and credit managers
        """
        return self._set_live(False)

    def _set_live(self, live):
        self.ensure_one()
        self.check_access("write")
        if not self._may_switch():
            raise AccessError(
                self.env._("Only accountants and credit managers switch test mode.")
            )
        # sudo: rights were checked above; companies are written by administrators else.
        run = self.sudo()
        run.company_id.credit_dunning_live = live
        run.message_post(
            body=self.env._("Follow-ups leave from now on.")
            if live
            else self.env._(
                "Test mode: nothing leaves from now on. E-mails and SMS that waited "
                "were taken back."
            )
        )
        if run.state == "draft" and run.date_prepared:
            run._prepare()
        return True

    def _may_switch(self):
        return any(map(self.env.user.has_group, self._get_switcher_groups()))

    def _get_switcher_groups(self):
        """Hook: who may switch test mode.

        Where only Odoo's invoicing is installed, accountants have its groups alone.
        """
        return [
            "account.group_account_invoice",
            "credit_control.credit_control_group_manager",
        ]
