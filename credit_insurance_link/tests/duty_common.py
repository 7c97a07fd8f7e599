# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command

from odoo.addons.credit_control.tests.common import CreditCommon


class InsuranceCommon(CreditCommon):
    """An insurer, a policy with round terms, and a debtor who is covered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer = cls.env["credit.insurer"].create(
            {"name": "Nordassur Test", "code": "nordassur_test", "adapter": "manual"}
        )
        cls.insured_policy = cls._new_policy()
        cls._cover(10_000)

    @classmethod
    def _new_policy(cls, **values):
        """Stop and end of extension D+60, notice D+90, loss D+150, claim D+180."""
        return cls.env["credit.insurance.policy"].create(
            {
                "insurer_id": cls.insurer.id,
                "policy_number": "0012345",
                "company_id": cls.company.id,
                "currency_id": cls.currency.id,
                "state": "live",
                "user_id": cls.analyst.id,
                "manager_id": cls.manager.id,
                "insured_percent": 90.0,
                "max_extension_days": 60,
                "stop_cover_days": 60,
                "stop_cover_anchor": "due",
                "overdue_notice_days": 30,
                "overdue_notice_anchor": "extension_end",
                "handover_days": 0,
                "handover_anchor": "due",
                "waiting_period_days": 150,
                "waiting_anchor": "due",
                "claim_filing_days": 30,
                "claim_filing_anchor": "loss",
                "insolvency_notice_days": 10,
                "turnover_period": False,
                "tax_basis": "gross",
                **values,
            }
        )

    @classmethod
    def _cover(cls, amount, partner=None, days=-1000, until=None):
        """A granted layer that runs from so many days from today on."""
        partner = partner or cls.debtor
        buyers = cls.env["credit.insurer.buyer"].sudo()
        buyer = buyers.search([("partner_id", "=", partner.id)]) or buyers.create(
            {
                "name": partner.name,
                "insurer_id": cls.insurer.id,
                "company_id": cls.company.id,
                "partner_id": partner.id,
                "insurer_buyer_id": f"B{partner.id}",
                "match_state": "confirmed",
            }
        )
        return (
            cls.env["credit.cover.layer"]
            .sudo()
            .create(
                {
                    "policy_id": cls.insured_policy.id,
                    "buyer_id": buyer.id,
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "layer": "primary",
                    "insured_percent": 90.0,
                    "amount": amount,
                    "date_from": cls._today(days),
                    "date_to": until is not None and cls._today(until),
                }
            )
        )

    @classmethod
    def _late_invoice(cls, amount, days, partner=None, **values):
        """An invoice that was due so many days ago."""
        day = cls._today(-days)
        values = {"invoice_date": day - timedelta(days=30), **values}
        return cls._new_invoice(
            amount,
            partner,
            invoice_date_due=day,
            invoice_payment_term_id=False,
            **values,
        )

    @classmethod
    def _refresh(cls):
        cls.env["credit.insurance.duty"]._refresh(cls.insured_policy)

    @classmethod
    def _duties(cls, kind=None, partner=None, **values):
        domain = [("partner_id", "=", (partner or cls.debtor).id)]
        if kind:
            domain.append(("kind", "=", kind))
        domain += [(name, "=", value) for name, value in values.items()]
        return cls.env["credit.insurance.duty"].search(domain)

    @classmethod
    def _settle(cls, invoice, amount=None):
        """Pay an invoice and match the payment with it."""
        register = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create(
            {"amount": amount or invoice.amount_residual}
        )._create_payments()

    @classmethod
    def _paper(cls, name="receipt.pdf"):
        return (
            cls.env["ir.attachment"]
            .with_user(cls.analyst)
            .create({"name": name, "raw": b"%PDF-1.4 test"})
        )

    @classmethod
    def _notice(cls, **values):
        return (
            cls.env["credit.insurance.overdue"]
            .with_user(cls.analyst)
            .create(
                {
                    "policy_id": cls.insured_policy.id,
                    "partner_id": cls.debtor.id,
                    **values,
                }
            )
        )

    @classmethod
    def _acknowledge(cls, notice, day=None, answer=False):
        """The way a person records the insurer's receipt."""
        dialog = cls.env["credit.insurance.answer"].with_user(cls.analyst)
        dialog.create(
            {
                "overdue_id": notice.id,
                "date": day or cls._today(),
                "number": "ACK-1",
                "answer": answer,
                "attachment_ids": [Command.set(cls._paper().ids)],
            }
        ).action_apply()
