# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from odoo.addons.credit_control.tests.common import CreditCommon


class ProgrammeCommon(CreditCommon):
    """A sponsor with a brand, resellers, and programmes ready to be opened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._new_user(
            "credit_second", "credit_control.credit_control_group_manager"
        )
        cls.sponsor = cls.env["res.partner"].create(
            {"name": "Nordwell Test", "is_company": True}
        )
        cls.brand = cls.env["product.tag"].create({"name": "Nordwell Test"})
        cls.branded = cls._new_product(
            "Office licence", product_tag_ids=[Command.set(cls.brand.ids)]
        )
        cls.debtor.email = "debtor@example.com"

    @classmethod
    def _new_programme(cls, opened=True, **values):
        """A programme of 5,000 for everybody, without pot, until in 90 days."""
        programme = (
            cls.env["credit.programme"]
            .with_user(cls.manager)
            .create(
                {
                    "name": "Mezzanine",
                    "sponsor_id": cls.sponsor.id,
                    "currency_id": cls.currency.id,
                    "company_id": cls.company.id,
                    "amount": 5000,
                    "date_to": cls._today(90),
                    "product_tag_ids": [Command.set(cls.brand.ids)],
                    **values,
                }
            )
        )
        if opened:
            cls._open(programme)
        return programme

    @classmethod
    def _open(cls, programme):
        programme.with_user(cls.manager).action_submit()
        programme.with_user(cls.second).action_approve()

    @classmethod
    def _new_debtors(cls, count, **values):
        """Customers with a line of their own, so that they are managed."""
        debtors = cls.env["res.partner"].create(
            [
                {"name": f"Reseller {number}", "is_company": True, **values}
                for number in range(count)
            ]
        )
        for debtor in debtors:
            cls._give_line(100, debtor)
        return debtors

    @classmethod
    def _only(cls, debtors):
        """A filter that lets these debtors in and nobody else."""
        return repr([("id", "in", debtors.ids)])

    @classmethod
    def _give(cls, programme, debtors, **options):
        grants = cls.env["credit.grant"].sudo()
        return grants._give(programme.sudo(), debtors.sudo(), **options)

    @classmethod
    def _grants(cls, programme, debtors=None):
        domain = [("programme_id", "=", programme.id)]
        if debtors:
            domain.append(("partner_id", "in", debtors.ids))
        return cls.env["credit.grant"].sudo().search(domain, order="id")

    def _uncommitted(self):
        """Let background jobs go on to their end in this very transaction."""
        cron = type(self.env["ir.cron"])
        self.patch(cron, "_commit_progress", lambda *_args, **_options: 60.0)
