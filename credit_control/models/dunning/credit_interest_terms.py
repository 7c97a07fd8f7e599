# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

MODES = [
    ("statutory", "Statutory rate (central bank plus points)"),
    ("contractual", "Contractual rate, never below its legal floor"),
    ("none", "No late interest"),
]


class CreditInterestTerms(models.AbstractModel):
    """Late interest as agreed: on a policy or on one credit file."""

    _name = "credit.interest.terms"
    _description = "Late-Interest Terms"

    interest_mode = fields.Selection(
        MODES,
        string="Late Interest",
        help="Empty: what the level above says, policy or company. A contractual rate is "
        "raised to its legal floor: three times the legal rate in France, none in a country "
        "without legal rates in the table.",
    )
    interest_rate = fields.Float(
        string="Contractual Rate (%)",
        digits=(7, 4),
        help="Percent a year, as agreed in the terms of sale.",
    )

    interest_country_id = fields.Many2one(
        "res.country",
        string="Law of the Contract",
        help="Whose rates apply. Empty: what the level above says, policy or the company's "
        "country. A debtor abroad owes what the law of the contract says, usually the "
        "seller's; where none was chosen, the Vienna Convention on sales (article 78) "
        "grants interest without naming a rate. Enter the rates of other countries first: "
        "in the European Union at least eight points above the central bank's (Directive "
        "2011/7/EU).",
    )

    _interest_rate_positive = models.Constraint(
        "CHECK(COALESCE(interest_rate, 0) >= 0)", "A rate is zero or more."
    )


class CreditPolicy(models.Model):
    _name = "credit.policy"
    _inherit = ["credit.policy", "credit.interest.terms"]


class CreditProfile(models.Model):
    _name = "credit.profile"
    _inherit = ["credit.profile", "credit.interest.terms"]

    interest_mode = fields.Selection(tracking=True)
    interest_rate = fields.Float(tracking=True)
    interest_country_id = fields.Many2one(tracking=True)
    insolvency_date = fields.Date(
        string="Opening of Insolvency Proceedings",
        tracking=True,
        help="From this day on, what was invoiced before bears no interest, and no fixed "
        "indemnity is claimed for what falls due (Code de commerce, L622-28 and D441-5). "
        "Without this date, a file whose status is explained by insolvency gets neither.",
    )


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    credit_interest_mode = fields.Selection(
        MODES,
        string="Late Interest",
        required=True,
        default="statutory",
        prefetch="credit",
    )
    credit_interest_rate = fields.Float(
        string="Contractual Interest Rate (%)", digits=(7, 4), prefetch="credit"
    )
    credit_interest_actual = fields.Boolean(
        string="Leap Years Have 366 Days",
        help="Days of a leap year are divided by 366. Else a year always has 365 days.",
        prefetch="credit",
    )
    credit_interest_fixed = fields.Boolean(
        string="Rate of the First Day Late",
        help="The whole delay bears the rate of its first day. Else each half-year bears "
        "its own.",
        prefetch="credit",
    )
    credit_interest_per_item = fields.Boolean(
        string="Round Each Instalment",
        help="Interest is rounded for each instalment. Else once for each invoice.",
        prefetch="credit",
    )
    credit_interest_disputed = fields.Boolean(
        string="Interest on Disputed Amounts",
        help="Else what is disputed bears no interest while the dispute is pending.",
        prefetch="credit",
    )
    credit_indemnity_amount = fields.Monetary(
        string="Fixed Indemnity per Invoice",
        default=40.0,
        help="For each invoice that a professional pays late, once: 40 € in France "
        "(Code de commerce, article D441-5). Zero: none.",
        prefetch="credit",
    )
    credit_interest_journal_id = fields.Many2one(
        "account.journal",
        string="Late-Interest Journal",
        domain=[("type", "=", "sale")],
        help="Debit notes of late interest and indemnities are booked here, without taxes: "
        "both are outside VAT. A journal of its own keeps them out of the sales.",
        prefetch="credit",
    )
    credit_interest_account_id = fields.Many2one(
        "account.account",
        string="Late-Interest Account",
        domain=[("internal_group", "=", "income")],
        help="Empty: the default account of the journal.",
        prefetch="credit",
    )
    credit_indemnity_account_id = fields.Many2one(
        "account.account",
        string="Indemnity Account",
        domain=[("internal_group", "=", "income")],
        help="Empty: the account of late interest.",
        prefetch="credit",
    )

    _credit_interest_positive = models.Constraint(
        "CHECK(COALESCE(credit_interest_rate, 0) >= 0"
        " AND COALESCE(credit_indemnity_amount, 0) >= 0)",
        "Rates and indemnities are zero or more.",
    )

    def _get_indemnity_account(self):
        return self.credit_indemnity_account_id or self.credit_interest_account_id


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    credit_interest_mode = fields.Selection(
        related="company_id.credit_interest_mode", readonly=False
    )
    credit_interest_rate = fields.Float(
        related="company_id.credit_interest_rate", readonly=False
    )
    credit_interest_actual = fields.Boolean(
        related="company_id.credit_interest_actual", readonly=False
    )
    credit_interest_fixed = fields.Boolean(
        related="company_id.credit_interest_fixed", readonly=False
    )
    credit_interest_per_item = fields.Boolean(
        related="company_id.credit_interest_per_item", readonly=False
    )
    credit_interest_disputed = fields.Boolean(
        related="company_id.credit_interest_disputed", readonly=False
    )
    credit_indemnity_amount = fields.Monetary(
        related="company_id.credit_indemnity_amount", readonly=False
    )
    credit_interest_journal_id = fields.Many2one(
        related="company_id.credit_interest_journal_id", readonly=False
    )
    credit_interest_account_id = fields.Many2one(
        related="company_id.credit_interest_account_id", readonly=False
    )
    credit_indemnity_account_id = fields.Many2one(
        related="company_id.credit_indemnity_account_id", readonly=False
    )
