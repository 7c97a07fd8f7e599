# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class CreditFlashReport(models.AbstractModel):
    """The page of the diagnosis, on paper and on screen."""

    _name = "report.credit_control.report_credit_flash"
    _description = "Customer Diagnosis (page)"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Override of `base`: the facts of each credit file, for whom they are.

        :raise AccessError: for readers for whom the page is not
        """
        profiles = self.env["credit.profile"].browse(docids).exists()
        flash = self.env["credit.flash"]
        flash._check_reader(profiles)
        return {
            "doc_ids": docids,
            "doc_model": "credit.profile",
            "docs": profiles,
            "flashes": {profile.id: flash._get_flash(profile) for profile in profiles},
        }


class CreditProfile(models.Model):
    _inherit = "credit.profile"  # pylint: disable=consider-merging-classes-inherited

    def action_open_flash(self):
        """Show the diagnosis on the screen; it prints from there."""
        self.ensure_one()
        self.env["credit.flash"]._check_reader(self)
        report = self.env.ref("credit_control.credit_flash_report_html")
        # sudo: reports may be read by every employee, but not by their reference.
        return report.sudo().report_action(self, config=False)
