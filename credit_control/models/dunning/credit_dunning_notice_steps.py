# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class CreditDunningNotice(models.Model):
    """What a person decides about notices."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.dunning.notice"

    def action_leave_out(self):
        """Take notices out of a run before they are sent.

        :raise AccessError: for others than credit analysts and invoicing users
        :raise UserError: when one of them was sent already
        """
        notices = self._check_steps()
        if any(notice.state not in ("prepared", "failed") for notice in notices):
            raise UserError(self.env._("Only what was not sent yet can be left out."))
        notices.write({"state": "cancelled"})
        return True

    def action_put_back(self):
        """Put notices that were left out back into their dry run.

        :raise AccessError: for others than credit analysts and invoicing users
        :raise UserError: when their run is not a dry run any more
        """
        notices = self._check_steps()
        if any(
            (notice.state, notice.run_id.state) != ("cancelled", "draft")
            for notice in notices
        ):
            raise UserError(self.env._("The run is not a dry run any more."))
        notices.write({"state": "prepared"})
        return True

    def action_start_again(self):
        """Start the follow-up of these customers again with the first step.

        What was sent stays on file; it only does not count for the next step any more.

        :raise AccessError: for others than credit analysts and invoicing users
        """
        notices = self._check_steps()
        items = self.env["credit.dunning.item"].sudo()  # sudo: checked above
        items.search(
            [("profile_id", "in", notices.profile_id.ids), ("counts", "=", True)]
        ).write({"counts": False})
        body = self.env._("The follow-up starts again with the first step.")
        notices._message_log_batch(bodies=dict.fromkeys(notices.ids, body))
        notices.profile_id._credit_changed(body)
        return True

    def _check_steps(self):
        """Check who acts, and return the notices for what only buttons may do."""
        self.check_access("read")
        self.run_id._check_dunner()
        # sudo: rights were checked above; notices are written by methods only.
        return self.sudo()

    def action_open_partner(self):
        """Open the customer."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }
