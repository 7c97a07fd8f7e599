# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, models

# Law: from the publication of the opening judgment, two months to declare claims
# (C. com. L622-24, R622-24) and three months to claim goods under retention of title
# (L624-9), both without relief for those who know of it [C].
MONTHS = {"declaration": 2, "retention": 3}


class CreditInsuranceDuty(models.Model):
    """The clocks that the law starts with an insolvency, insured or not."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.duty"

    @api.model
    def _open_clocks(self, partner, company, published_on):
        """Start the declaration of claims and the retention of title.

        :param partner: the debtor's commercial partner
        :param company: the root company
        :param date published_on: of the opening judgment (BODACC)
        :return: the duties that were not there yet
        """
        # sudo: duties come from facts, whoever learned of them.
        duties = self.sudo()
        known = duties.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("kind", "in", list(MONTHS)),
                ("date_anchor", "=", published_on),
            ]
        )
        known |= duties.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("kind", "in", list(MONTHS)),
                ("state", "=", "open"),
            ]
        )
        missing = [kind for kind in MONTHS if kind not in known.mapped("kind")]
        return duties.create(
            [
                self._prepare_clock(kind, partner, company, published_on)
                for kind in missing
            ]
        )

    def _prepare_clock(self, kind, partner, company, published_on):
        deadline = published_on + relativedelta(months=MONTHS[kind])
        profile = self.env["credit.profile"].sudo()._get_or_create(partner, company)
        amount = self._get_open_receivable(partner, company)
        return {
            "kind": kind,
            "partner_id": partner.id,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "deadline": deadline,
            "anchor": "published",
            "date_anchor": published_on,
            "open_amount": amount,
            "stake_amount": amount,
            "user_id": profile.analyst_id.id,
            "is_missed": deadline < company._credit_today(),
        }

    def _get_open_receivable(self, partner, company):
        """What the debtor owes, company currency (P1)."""
        self.env.flush_all()
        groups = (
            self.env["credit.exposure"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "=", partner.id),
                    ("company_id", "=", company.id),
                    ("component_id.code", "=", "receivable"),
                ],
                aggregates=["amount:sum"],
            )
        )
        return max(groups[0][0] or 0.0, 0.0)
