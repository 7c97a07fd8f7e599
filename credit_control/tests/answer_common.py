# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from .common import CreditCommon


class AnswerCommon(CreditCommon):
    """A debtor with an overdue invoice, and an accountant who calls him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._new_user(
            "credit_accountant", "account.group_account_invoice"
        )
        cls.analyst.group_ids |= cls.env.ref("account.group_account_readonly")
        cls.profile = cls.env["credit.profile"]._get_or_create(cls.debtor, cls.company)
        cls.invoice = cls._due(100, 20)

    @classmethod
    def _due(cls, amount, days_ago, partner=None, **values):
        """An invoice that was due some days ago."""
        due = cls._today(-days_ago)
        return cls._new_invoice(
            amount,
            partner=partner,
            invoice_date=due - timedelta(days=30),
            invoice_payment_term_id=False,
            invoice_date_due=due,
            **values,
        )

    @classmethod
    def _settle(cls, invoice, days_ago=0, amount=None):
        values = {"payment_date": cls._today(-days_ago)}
        if amount:
            values["amount"] = amount
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        payments = wizard.create(values)._create_payments()
        cls.env.cr.flush()
        return payments

    @classmethod
    def _skipped(cls, day=0):
        """What a run of a day would leave out: (code, item) pairs, and records behind."""
        date = cls._today(day)
        found = {}
        branches = cls.env["credit.dunning.run"]._get_skip_branches(cls.company, date)
        cls.env.flush_all()
        for code, branch in branches.items():
            for row in cls.env.execute_query(branch.query):
                if row[0] == cls.debtor.id:
                    found.setdefault(code, []).append(row[1:])
        return found

    @classmethod
    def _receivable(cls, move):
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
