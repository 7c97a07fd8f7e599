# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import AccessError


class CreditDunningRun(models.Model):
    """Switch test mode off and on: by accountants, without the settings."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.dunning.run"

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
        if not any(map(self.env.user.has_group, self._get_switcher_groups())):
            raise AccessError(
                self.env._("Only accountants and credit managers switch test mode.")
            )
        # sudo: rights were checked above; companies are written by administrators else.
        run = self.sudo()
        run.company_id.credit_dunning_live = live
        run.message_post(
            body=self.env._("Follow-ups leave from now on.")
            if live
            else self.env._("Test mode: nothing leaves from now on.")
        )
        if run.state == "draft" and run.date_prepared:
            run._prepare()
        return True

    def _get_switcher_groups(self):
        """Hook: who may switch test mode."""
        return [
            "account.group_account_user",
            "account.group_account_manager",
            "credit_control.credit_control_group_manager",
        ]
