# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import AccessError, UserError


class CreditLine(models.Model):
    """Who may change a line, and up to which amount alone."""

    _inherit = "credit.line"

    def _check_analyst(self):
        if not self.env.su and not self.env.user.has_group(
            "credit_control.credit_control_group_analyst"
        ):
            raise AccessError(
                self.env._("Only credit analysts add or change credit lines.")
            )

    def _check_authority(self, before):
        """Refuse what the user may not do alone.

        The sum of the debtor's lines of one kind is compared, so that many small
        steps do not add up to more than one large one. Stopping a line is always
        allowed: it is urgent, and starting it again is checked.

        :param dict before: line id -> worth before the change, company currency
        :raise UserError: when a second person has to approve
        """
        if self.env.su:
            return
        for line in self.filtered(lambda line: line.state == "active"):
            worth, old = line._get_worth(), before.get(line.id, 0.0)
            if line.company_currency_id.compare_amounts(worth, old) == 0:
                continue
            line._check_one_authority(max(worth, old))

    def _check_one_authority(self, worth):
        kin = self.profile_id.line_ids.filtered(
            lambda line: line.kind_id == self.kind_id and line != self
        )
        total = worth + sum(line._get_worth() for line in kin)
        authority = self.env.user._get_credit_authority(self.company_id)
        if self.company_currency_id.compare_amounts(total, authority) > 0:
            raise UserError(
                self.env._(
                    "With this change %(partner)s has %(total)s of %(kind)s. Your authority "
                    "ends at %(authority)s: use “Change” and ask a second person to approve.",
                    partner=self.partner_id.display_name,
                    total=self.company_currency_id.format(total),
                    kind=self.kind_id.name,
                    authority=self.company_currency_id.format(authority),
                )
            )

    def _get_worth(self):
        """What the line may be worth now or later, in the company's currency.

        Suspended and ended lines are worth nothing: stopping credit needs no
        second person, starting it again does.
        """
        self.ensure_one()
        if self.state != "active":
            return 0.0
        return self._convert_to_company(self.amount)

    def _convert_to_company(self, amount):
        return self.currency_id._convert(
            amount,
            self.company_currency_id,
            self.company_id,
            self.company_id._credit_today(),
        )
