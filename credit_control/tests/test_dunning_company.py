# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningCompany(DunningCommon):
    """Follow-ups of a company with branches, and of several companies at once."""

    def _runs(self, company):
        return (
            self.env["credit.dunning.run"]
            .sudo()
            .search([("company_id", "=", company.id), ("is_daily", "=", True)])
        )

    def _branch(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.cr.precommit.run()  # Odoo completes the branch's accounts there
        self.env.user.company_ids += branch
        return branch

    def _late_of(self, company, days, amount):
        due = self.day - timedelta(days)
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.debtor.id,
                    "invoice_date": due,
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Goods", "price_unit": amount, "tax_ids": False}
                        )
                    ],
                }
            )
        )
        move.action_post()
        return move

    def test_the_root_reminds_of_its_branches_invoices_in_one_message(self):
        branch = self._branch()
        own, theirs = self._late(15, 100.0), self._late_of(branch, 25, 40.0)
        self.assertEqual(theirs.company_id, branch)
        notice = self._run().notice_ids
        self.assertEqual(notice.item_ids.move_id, own + theirs)
        self.assertEqual((notice.amount_total, notice.days_late), (140.0, 25))
        self.assertEqual(notice.company_id, self.company)
        self._send(notice.run_id)
        self.assertEqual(notice.sudo().state, "sent")

    def test_p13_a_branches_bank_keeps_the_root_from_reminding(self):
        branch = self._branch()
        self._late(15)
        self.env["account.bank.statement.line"].with_company(branch).create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "company_id": branch.id,
                "date": self.day,
                "payment_ref": "Transfer",
                "partner_id": self.debtor.id,
                "amount": 100.0,
            }
        )
        self.assertEqual(self._skip_codes(self._run()), ["dunning_bank_unmatched"])

    def test_each_company_has_its_own_daily_run_in_one_job(self):
        other = self.setup_other_company()["company"]
        silent = self.env["res.company"].create({"name": "Silent"})
        silent.credit_dunning_daily = "no"
        other.write({"credit_dunning_live": True, "credit_dunning_daily": "send"})
        mine, theirs = self._late(15, 100.0), self._late_of(other, 20, 70.0)
        self.env = self.env(su=True)
        for _time in range(2):
            self._run_cron("credit.dunning.run", "_cron_work")
        run, other_run = self._runs(self.company), self._runs(other)
        self.assertEqual((run.state, other_run.state), ("draft", "done"))
        self.assertEqual(run.notice_ids.item_ids.move_id, mine)
        self.assertEqual(other_run.notice_ids.item_ids.move_id, theirs)
        self.assertNotEqual(run.notice_ids.profile_id, other_run.notice_ids.profile_id)
        self.assertFalse(self._runs(silent))

    def test_p13_a_payment_started_online(self):
        provider = self.env["payment.provider"].create({"name": "Online"})
        paying, other = self._late(15, 100.0), self._late(12, 40.0)
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "reference": "started online",
                "amount": 100.0,
                "currency_id": self.company.currency_id.id,
                "partner_id": self.debtor.id,
                "invoice_ids": [Command.set(paying.ids)],
            }
        )
        for state, skipped in (
            ("draft", False),
            ("pending", True),
            ("cancel", False),
            ("error", False),
        ):
            transaction.state = state
            run = self._run()
            moves = other if skipped else paying + other
            self.assertEqual(run.notice_ids.item_ids.move_id, moves, state)
        transaction.state = "pending"
        run = self._run()
        self.assertEqual(self._skip_codes(run), ["dunning_started_payment"])
        skip = run.skip_ids
        self.assertEqual(
            (skip.move_id, skip.res_model, skip.res_id),
            (paying, transaction._name, transaction.id),
        )
