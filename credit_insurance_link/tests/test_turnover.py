# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .duty_common import InsuranceCommon


@tagged("post_install", "-at_install")
class TestTurnover(InsuranceCommon):
    """What is declared to the insurer agrees with the books."""

    def _declaration(self):
        return (
            self.env["credit.insurance.turnover"]
            .with_user(self.analyst)
            .create(
                {
                    "policy_id": self.insured_policy.id,
                    "date_from": self._today(-60),
                    "date_to": self._today(-1),
                }
            )
        )

    def test_by_country_without_taxes_and_refunds_taken_off(self):
        self.debtor.country_id = self.env.ref("base.be")
        day = {"invoice_date": self._today(-10)}
        tax = self.env["account.tax"].create(
            {"name": "T", "amount": 25.0, "type_tax_use": "sale"}
        )
        taxed = self._new_invoice(1000, post=False, **day)
        taxed.invoice_line_ids.tax_ids = tax
        taxed.action_post()
        self._new_invoice(300, move_type="out_refund", **day)
        self._new_invoice(5000, invoice_date=self._today())
        person = self.env["res.partner"].create({"name": "A person"})
        self._new_invoice(70, person, **day)
        declaration = self._declaration()
        found = {
            line.country_id: (line.amount, line.excluded_amount)
            for line in declaration.line_ids
        }
        self.assertEqual(found[self.env.ref("base.be")], (700, 0))
        self.assertEqual((declaration.amount, declaration.excluded_amount), (700, 70))

    def test_the_insurers_receipt_fulfils_the_duty(self):
        self.insured_policy.write({"turnover_period": "month", "turnover_days": 20})
        turnover = self.env["credit.insurance.turnover"]
        turnover._open_periods(self.insured_policy)
        turnover._open_periods(self.insured_policy)
        one = turnover.search([("policy_id", "=", self.insured_policy.id)])
        self.assertEqual(len(one), 1)
        duty = self.env["credit.insurance.duty"].search([("turnover_id", "=", one.id)])
        self.assertEqual(duty.deadline, one.deadline)
        one.with_user(self.analyst).action_declare()
        self.assertEqual(duty.state, "open")
        dialog = self.env["credit.insurance.answer"].with_user(self.analyst)
        dialog.create(
            {
                "turnover_id": one.id,
                "date": self._today(),
                "number": "T-1",
                "attachment_ids": [Command.set(self._paper().ids)],
            }
        ).action_apply()
        self.assertEqual((duty.state, one.state), ("done", "acknowledged"))
        with self.assertRaises(UserError):
            one.with_user(self.analyst).line_ids.create({"turnover_id": one.id})

    def test_a_month_that_nobody_looked_at_is_declared_too(self):
        self.insured_policy.write({"turnover_period": "month", "turnover_days": 20})
        turnovers = self.env["credit.insurance.turnover"]
        month = self._today().replace(day=1)
        months = [fields.Date.subtract(month, months=n) for n in (3, 2, 1)]
        turnovers.create(
            {
                "policy_id": self.insured_policy.id,
                "date_from": months[0],
                "date_to": months[1] - timedelta(days=1),
            }
        )
        turnovers._open_periods(self.insured_policy)
        turnovers._open_periods(self.insured_policy)
        found = turnovers.search([("policy_id", "=", self.insured_policy.id)])
        self.assertEqual(sorted(found.mapped("date_from")), months)
        duties = self.env["credit.insurance.duty"].search([("kind", "=", "turnover")])
        self.assertEqual(duties.turnover_id, found - found[-1:])
        self.assertTrue(duties.filtered(lambda d: d.date_anchor < months[2]).is_missed)

    def test_no_cell_is_a_formula(self):
        self.debtor.country_id = self.env.ref("base.be")
        self._new_invoice(10, invoice_date=self._today(-10))
        declaration = self._declaration()
        declaration.line_ids.note = "=1+1"
        action = declaration.action_export()
        file = int(action["url"].split("/")[-1].split("?")[0])
        content = self.env["ir.attachment"].browse(file).raw.decode("utf-8-sig")
        self.assertIn("'=1+1", content)
