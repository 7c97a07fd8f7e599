# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Notices as a run makes them, for tests of what is written and sent."""

from datetime import timedelta

from odoo import Command

from .common import CreditCommon


class MessageCommon(CreditCommon):
    """A live company, an accountant, a level, and notices about invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._go_live()
        cls.company.partner_id.write({"city": "Lyon", "email": "us@example.com"})
        cls.accountant = cls._new_user(
            "credit_accountant", "account.group_account_user"
        )
        cls.day = cls._today()
        cls.debtor.write(cls._postal("debtor@example.com"))
        cls.plan = cls.env["credit.dunning.plan"].create(
            {"name": "Plan", "level_ids": [Command.create(cls._prepare_level())]}
        )
        cls.level = cls.plan.level_ids
        cls.policy.dunning_plan_id = cls.plan

    @classmethod
    def _go_live(cls):
        cls.company.credit_dunning_live = True

    @classmethod
    def _postal(cls, email):
        return {
            "email": email,
            "street": "1 High Street",
            "zip": "69001",
            "city": "Lyon",
            "country_id": cls.env.ref("base.fr").id,
        }

    @classmethod
    def _prepare_level(cls, **values):
        return {
            "name": "Reminder",
            "delay": 10,
            "by_email": True,
            "letter_body": "<p>Dear {customer}, {total} since {due_date}.</p>",
            "sms_body": "{company}: {total}",
            "phone_script": "Ask for {total}.",
            **values,
        }

    @classmethod
    def _late(cls, days=30, amount=100.0, **values):
        due = cls.day - timedelta(days)
        return cls._new_invoice(
            amount,
            invoice_date=due - timedelta(30),
            invoice_date_due=due,
            invoice_payment_term_id=False,
            **values,
        )

    @classmethod
    def _notice(cls, *moves, level=None, partner=None, **values):
        """A notice about these invoices and credit notes, as a run prepares it."""
        partner = (partner or cls.debtor).commercial_partner_id
        run = (
            cls.env["credit.dunning.run"].sudo().create({"company_id": cls.company.id})
        )
        profile = cls.env["credit.profile"]._get_or_create(partner, cls.company)
        lines = (
            cls.env["account.move"]
            .union(*moves)
            .line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            )
        )
        notice = (
            cls.env["credit.dunning.notice"]
            .sudo()
            .create(
                {
                    "run_id": run.id,
                    "date": cls.day,
                    "profile_id": profile.id,
                    "level_id": (level or cls.level).id,
                    "recipient_id": partner.id,
                    "lang": partner.lang,
                    "user_id": cls.accountant.id,
                    "days_late": 30,
                    "amount_total": sum(lines.mapped("amount_residual")),
                    "item_ids": [
                        Command.create(cls._prepare_item(line)) for line in lines
                    ],
                    **values,
                }
            )
        )
        notice.lead_item_id = notice.item_ids[:1]
        return notice

    @classmethod
    def _prepare_item(cls, line):
        return {
            "move_line_id": line.id,
            "move_id": line.move_id.id,
            "name": line.move_id.name,
            "date": line.move_id.invoice_date,
            "date_maturity": line.date_maturity,
            "days_late": (cls.day - line.date_maturity).days,
            "kind": "credit" if line.amount_residual < 0 else "step",
            "amount_residual": line.amount_residual,
            "move_currency_id": line.currency_id.id,
            "amount_currency": line.amount_residual_currency,
        }

    @classmethod
    def _send(cls, notice):
        """Hand a notice out, as the run does after it has looked again."""
        notice._deliver()
        notice.state = "sent"
        return notice.dunning_message_ids

    @classmethod
    def _message(cls, notice, channel="email"):
        return notice.dunning_message_ids.filtered(lambda msg: msg.channel == channel)
