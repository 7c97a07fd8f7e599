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
        debtor = dst_partner.commercial_partner_id
        profiles = self.env["credit.profile"].sudo()
        for profile in profiles.search([("partner_id", "in", src_partners.ids)]):
            profile._hand_over(debtor)
        profiles._hand_over_holds(src_partners, debtor)
        self.env.flush_all()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self._credit_recompute_debtors(dst_partner)
        return result

    @api.model
    def _credit_recompute_debtors(self, dst_partner):
        """Let contacts that came along belong to the company of the destination.

        The generic way leaves them with the destination itself, which owes nothing when
        it is a contact: what they owe would be counted for nobody.
        """
        self.env.invalidate_all()
        family = self.env["res.partner"].sudo().with_context(active_test=False)
        contacts = family.search([("id", "child_of", dst_partner.id)])
        self.env.add_to_compute(contacts._fields["commercial_partner_id"], contacts)
