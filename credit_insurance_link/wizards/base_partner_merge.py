# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Override of `base`: an insurer keeps one file of each debtor.

        The generic way would delete the second one, decisions and all.
        """
        buyers = self.env["credit.insurer.buyer"].sudo()
        theirs = buyers.search([("partner_id", "in", src_partners.ids)])
        known = buyers.search([("partner_id", "=", dst_partner.id)])
        taken = {(b.insurer_id, b.environment, b.company_id) for b in known}
        for buyer in theirs:
            key = (buyer.insurer_id, buyer.environment, buyer.company_id)
            if key in taken:
                buyer._lose_debtor()
            taken.add(key)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)
