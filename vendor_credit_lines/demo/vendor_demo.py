# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.tools import date_utils

QUIET = {"mail_activity_quick_update": True}  # nobody gets mail about activities
# Customers without a line of a vendor, who bought about as much as those with one.
OTHERS = (
    "Iroise Micro",
    "Jura Bureautique",
    "Lande Réseaux",
    "Morvan Digital",
    "Nacre Services",
    "Oise Informatique",
)
# What each of them bought before and after the lines were opened.
BEFORE = (2400, 3000, 1800, 3600, 900, 600, 1200, 700)
AFTER = (3250, 600, 2600, 4400, 1450, 1300, 1900, 950)
OTHERS_BEFORE = (2300, 3100, 1700, 1000, 3500, 650)
OTHERS_AFTER = (2450, 2950, 1750, 1100, 3600, 600)


class CreditProgrammeDemo(models.AbstractModel):
    """Steps of the demonstration data that no record can express."""

    _name = "credit.programme.demo"
    _description = "Demonstration of Credit Programmes"

    @api.model
    def _submit(self, programme_id, user_id):
        programme = self.env["credit.programme"].browse(programme_id)
        programme.with_user(user_id).with_context(**QUIET).action_submit()

    @api.model
    def _approve(self, programme_id, user_id):
        programme = self.env["credit.programme"].browse(programme_id)
        programme.with_user(user_id).with_context(**QUIET).action_approve()

    @api.model
    def _open_lines(self, programme_id):
        """Open the lines of everybody who is eligible."""
        programme = self.env["credit.programme"].browse(programme_id)
        run = self.env["credit.programme.run"].create({"programme_id": programme_id})
        run.action_preview()
        run.action_start()
        programme.grant_ids.write({"to_tell": False})

    @api.model
    def _backdate(self, programme_id, days):
        """Let the lines have started some days ago."""
        grants = self.env["credit.programme"].browse(programme_id).grant_ids
        start = fields.Date.today() - timedelta(days=days)
        grants.date_from = start
        grants.line_id.date_from = start

    @api.model
    def _accept(self, partner_id):
        grants = self.env["credit.grant"].search(
            [("partner_id", "=", partner_id), ("state", "=", "offered")]
        )
        grants.action_accept()

    @api.model
    def _finance(self, financing_id, user_id):
        financing = self.env["credit.financing"].browse(financing_id)
        financing.with_user(user_id).action_accept()

    @api.model
    def _state_last_month(self, programme_id):
        """The statement of last month, as if it had been sent."""
        programme = self.env["credit.programme"].browse(programme_id)
        last = date_utils.start_of(fields.Date.today(), "month") - timedelta(days=1)
        statement = self.env["credit.programme.statement"]._make(
            programme, date_utils.start_of(last, "month"), last
        )
        statement.sent_on = last + timedelta(days=1)

    @api.model
    def _claim(self, partner_id):
        """A claim that is being prepared, from the customer's overdue invoices."""
        grant = self.env["credit.grant"].search(
            [("partner_id", "=", partner_id), ("line_id", "!=", False)], limit=1
        )
        context = grant.action_claim()["context"]
        self.env["credit.programme.claim"].with_context(**context).create({})

    @api.model
    def _sell(self, programme_id):
        """Turnover before and after the lines: with one, and of comparable customers."""
        programme = self.env["credit.programme"].browse(programme_id)
        company = programme.company_id
        others = self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in OTHERS]
        )
        files = self.env["credit.profile"]
        files.create(
            [{"partner_id": other.id, "company_id": company.id} for other in others]
        )
        customers = programme.grant_ids.partner_id.sorted("id") | others
        opened = min(programme.grant_ids.mapped("date_from"))
        for days, amounts in (
            (-40, (*BEFORE, *OTHERS_BEFORE)),
            (30, (*AFTER, *OTHERS_AFTER)),
        ):
            day = opened + timedelta(days=days)
            self._sell_and_pay(company, dict(zip(customers, amounts, strict=True)), day)

    def _sell_and_pay(self, company, amounts, day):
        """Invoices of one day, paid a month later."""
        product = self.env.ref("credit_control.product_product_licence_demo")
        moves = self.env["account.move"].with_company(company)
        moves = moves.create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": customer.id,
                    "invoice_date": day,
                    "invoice_line_ids": [
                        Command.create({"product_id": product.id, "price_unit": amount})
                    ],
                }
                for customer, amount in amounts.items()
            ]
        )
        moves.action_post()
        register = self.env["account.payment.register"].with_company(company)
        register = register.with_context(
            active_model="account.move", active_ids=moves.ids
        )
        paid_on = day + timedelta(days=30)
        register.create({"payment_date": paid_on})._create_payments()
