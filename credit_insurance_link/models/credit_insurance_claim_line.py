# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import indemnity


class CreditInsuranceClaimLine(models.Model):
    """One invoice of a claim: what was owed, what was covered when it was delivered."""

    _name = "credit.insurance.claim.line"
    _description = "Invoice of a Claim"
    _inherit = ["credit.insurance.part"]
    _order = "date_due, id"
    _rec_name = "move_id"

    _whole = "claim_id"

    claim_id = fields.Many2one(
        "credit.insurance.claim", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="claim_id.currency_id")
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    move_line_id = fields.Many2one(
        "account.move.line", required=True, index=True, ondelete="restrict"
    )
    move_id = fields.Many2one(related="move_line_id.move_id", store=True, index=True)
    date_due = fields.Date(string="Original Due Date", required=True)
    date_delivery = fields.Date(string="Delivered on", required=True)
    amount = fields.Monetary(
        string="Owed", help="In the policy's currency and tax basis."
    )
    credit_amount = fields.Monetary(
        string="Credits and Set-offs",
        help="Credit notes and set-offs that belong to this invoice and are not matched "
        "with it yet.",
    )
    cover_amount = fields.Monetary(
        string="Cover at Delivery",
        help="A later cut does not touch what was delivered before.",
    )
    has_cover = fields.Boolean(string="Was Covered")
    insured_percent = fields.Float(string="Insured (%)")
    recovered_amount = fields.Monetary(string="Recovered", readonly=True)
    covered_amount = fields.Monetary(string="Covered", readonly=True)
    uncovered_amount = fields.Monetary(string="Beyond the Cover", readonly=True)
    insured_amount = fields.Monetary(string="Insured Share", readonly=True)

    _amounts_positive = models.Constraint(
        "CHECK(amount >= 0 AND COALESCE(credit_amount, 0) >= 0"
        " AND COALESCE(cover_amount, 0) >= 0)",
        "Amounts of a claim are zero or more.",
    )
    _percent_possible = models.Constraint(
        "CHECK(insured_percent BETWEEN 0 AND 100)",
        "A percentage is between 0 and 100.",
    )

    @api.constrains("move_line_id", "claim_id")
    def _check_own(self):
        """The insurer gets the invoice: nobody else's leaves with the claim."""
        # sudo: who works on claims need not read journal items.
        for line in self.sudo():
            move, claim = line.move_id, line.claim_id
            is_own = move.commercial_partner_id == claim.partner_id
            is_ours = move.company_id.root_id == claim.company_id
            if not (is_own and is_ours and move.move_type == "out_invoice"):
                raise ValidationError(
                    self.env._("A claim holds invoices of its own customer only.")
                )

    def _to_engine(self):
        cents = self.claim_id._to_cents
        return indemnity.Owed(
            key=self.id,
            date_due=self.date_due,
            delivered_on=self.date_delivery,
            amount=cents(self.amount),
            credit=cents(self.credit_amount),
            cover=cents(self.cover_amount) if self.has_cover else None,
            percent=round(self.insured_percent * 100),
        )

    def _store(self, line):
        """Keep what became of the invoice.

        :param line: the engine's Line
        """
        money = self.claim_id._from_cents
        self.write(
            {
                "recovered_amount": money(line.recovered),
                "covered_amount": money(line.covered),
                "uncovered_amount": money(line.uncovered),
                "insured_amount": money(line.insured),
            }
        )

    def _to_result(self):
        """The stored result, as the engine wants it for later recoveries."""
        cents = self.claim_id._to_cents
        return indemnity.Line(
            key=self.id,
            owed=cents(self.amount),
            credit=cents(self.credit_amount),
            recovered=cents(self.recovered_amount),
            covered=cents(self.covered_amount),
            uncovered=cents(self.uncovered_amount),
            percent=round(self.insured_percent * 100),
            insured=cents(self.insured_amount),
        )


class CreditInsuranceClaimStep(models.Model):
    """One step of the computation of an indemnity, as it was made."""

    _name = "credit.insurance.claim.step"
    _description = "Step of an Indemnity"
    _order = "sequence, id"
    _rec_name = "code"

    claim_id = fields.Many2one(
        "credit.insurance.claim", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="claim_id.currency_id")
    sequence = fields.Integer()
    code = fields.Selection(
        [
            ("owed", "Owed when cover stopped"),
            ("credit", "Credits and set-offs"),
            ("recovered", "Recovered, the oldest invoice first"),
            ("uncovered", "Beyond the cover at delivery"),
            ("own_share", "Our own share"),
            ("aggregate", "Yearly deductible"),
            ("deductible", "Deductible of this loss"),
            ("shared", "Insurer's share of recoveries after the loss"),
            ("minimum", "Below the claims threshold"),
            ("liability", "Beyond the liability cap"),
        ],
        string="Step",
        required=True,
    )
    amount = fields.Monetary()
