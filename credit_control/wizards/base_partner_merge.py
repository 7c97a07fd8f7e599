# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Override of `base`: join credit files first.

        The generic way deletes a row that would break "one file per debtor", and the
        credit lines with it.
        """
        profiles = self.env["credit.profile"].sudo()
        for profile in profiles.search([("partner_id", "in", src_partners.ids)]):
            profile._hand_over(dst_partner.commercial_partner_id)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)
