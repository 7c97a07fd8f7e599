# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The kit of follow-up tests; other add-ons may import it."""

from datetime import timedelta

from odoo import Command

from .common import CreditCommon


class DunningCommon(CreditCommon):
    """A live company, an accountant, and a plan of plain steps without minimum."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._go_live()
        cls.accountant = cls._new_user(
            "credit_accountant", "account.group_account_user"
        )
        cls.accountant.email = "accountant@example.com"
        cls.plan = cls._new_plan((-5, 10, 20, 30), name="Test plan")
        cls.policy.dunning_plan_id = cls.plan
        cls.debtor.write({"email": "debtor@example.com", "street": "1 rue du Test"})
        cls.day = cls._today()

    @classmethod
    def _go_live(cls):
        cls.company.credit_dunning_live = True

    @classmethod
    def _new_plan(cls, delays, quiet=0, **values):
        levels = [
            Command.create(
                {
                    "name": f"Step {delay}",
                    "delay": delay,
                    "kind": "before" if delay < 0 else "reminder",
                    "quiet_days": quiet,
                    "by_email": False,
                    "by_portal": True,
                }
            )
            for delay in delays
        ]
        return cls.env["credit.dunning.plan"].create(
            {"name": "Plan", "level_ids": levels, **values}
        )

    @classmethod
    def _level(cls, delay, plan=None):
        return (plan or cls.plan).level_ids.filtered(lambda level: level.delay == delay)

    @classmethod
    def _late(cls, days, amount=100.0, **values):
        """An invoice that is that many days late today; negative: not due yet."""
        due = cls.day - timedelta(days)
        return cls._new_invoice(
            amount,
            invoice_date=due - timedelta(30),
            invoice_date_due=due,
            invoice_payment_term_id=False,
            **values,
        )

    @classmethod
    def _receivable(cls, move):
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    @classmethod
    def _run(cls, days=0, user=None):
        """A dry run for a day, made by an accountant."""
        run = (
            cls.env["credit.dunning.run"]
            .with_user(user or cls.accountant)
            .create({"date": cls.day + timedelta(days)})
        )
        run.action_prepare()
        return run

    @classmethod
    def _send(cls, run=None):
        run = run or cls._run()
        run.action_send()
        return run.sudo().notice_ids

    @classmethod
    def _was_sent(cls, move, rank, days_ago, plan=None):
        """Play a step that was sent some days ago."""
        level = (plan or cls.plan).level_ids.filtered(lambda step: step.rank == rank)[
            -1
        ]
        profile = cls.env["credit.profile"]._get_or_create(move.partner_id, cls.company)
        day = cls.day - timedelta(days_ago)
        runs = cls.env["credit.dunning.run"].sudo()
        run = runs.create({"date": day, "state": "done"})
        notice = run.notice_ids.create(
            {
                "run_id": run.id,
                "date": day,
                "profile_id": profile.id,
                "level_id": level.id,
                "rank": rank,
                "state": "sent",
            }
        )
        line = cls._receivable(move)
        notice.item_ids.create(
            {
                "notice_id": notice.id,
                "move_line_id": line.id,
                "move_id": move.id,
                "kind": "step",
                "level_id": level.id,
                "rank": rank,
            }
        )
        return notice

    @classmethod
    def _skip_codes(cls, run):
        return run.sudo().skip_ids.reason_id.mapped("code")
