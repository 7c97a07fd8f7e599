# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

ENVIRONMENTS = [("production", "Production"), ("sandbox", "Sandbox")]
ANCHORS = [
    ("due", "Original due date"),
    ("extension_end", "End of the longest extension"),
    ("stop_cover", "Stop of cover"),
    ("notice_sent", "Notice of overdue sent"),
    ("notice_received", "Notice received by the insurer"),
    ("handover", "Hand-over to collection"),
    ("loss", "Date of loss"),
    ("insolvency", "Insolvency"),
]


class CreditInsurancePolicy(models.Model):
    """A policy with its own terms: percentages, clocks and what they start from.

    Every deadline is a parameter of the contract, never a constant.
    """

    _name = "credit.insurance.policy"
    _description = "Credit Insurance Policy"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.rooted"]
    _order = "state, insurer_id, policy_number, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    insurer_id = fields.Many2one(
        "credit.insurer", required=True, index=True, ondelete="restrict", tracking=True
    )
    adapter = fields.Selection(related="insurer_id.adapter")
    policy_number = fields.Char(
        required=True,
        tracking=True,
        help="As the insurer writes it, leading zeros included.",
    )
    business_unit = fields.Char(help="Allianz Trade: businessUnitCode, such as EHSE.")
    extension = fields.Char(
        string="Policy Extension",
        help="The part of the policy for top-ups or discretionary limits, such as CAP or "
        "DCL; empty for the main policy.",
    )
    customer_ref = fields.Char(string="Our Customer Number")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
    )
    environment = fields.Selection(
        ENVIRONMENTS,
        required=True,
        default="production",
        help="Decisions of a sandbox never reach a production policy, nor the reverse.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("live", "In Force"),
            ("suspended", "Suspended"),
            ("terminated", "Terminated"),
        ],
        required=True,
        default="draft",
        tracking=True,
        copy=False,
        help="Only a policy in force gives lines of credit.",
    )
    date_start = fields.Date(string="Start", tracking=True)
    date_end = fields.Date(string="End", tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        help="Gets the activities about this policy: unknown decisions, withdrawals, "
        "deadlines.",
    )
    broker_id = fields.Many2one("res.partner", index="btree_not_null")
    holder_id = fields.Many2one(
        "res.partner",
        string="Policyholder",
        index="btree_not_null",
        help="Who signed the contract when it is not us: a trade association for its "
        "members, or the parent company.",
    )
    is_group_contract = fields.Boolean(
        string="Group Contract",
        tracking=True,
        help="Somebody else holds the contract and we joined it. Liability cap and "
        "deductible may then be shared with other members.",
    )
    parent_id = fields.Many2one(
        "credit.insurance.policy",
        string="Main Policy",
        index="btree_not_null",
        domain="[('insurer_id', '=', insurer_id), ('parent_id', '=', False)]",
        help="For a top-up or discretionary extension that is kept as its own policy.",
    )
    insured_percent = fields.Float(
        string="Insured, Named Buyers (%)", default=90.0, tracking=True
    )
    insured_percent_discretionary = fields.Float(
        string="Insured, Unnamed Buyers (%)", default=80.0, tracking=True
    )
    max_payment_terms_days = fields.Integer(
        string="Longest Payment Terms (days)",
        default=60,
        tracking=True,
        help="Invoices with longer terms are not insured.",
    )
    max_extension_days = fields.Integer(
        string="Longest Extension (days)",
        default=60,
        tracking=True,
        help="How long a due date may be put off without asking the insurer.",
    )
    stop_cover_days = fields.Integer(
        string="Stop of Cover (days)",
        default=60,
        tracking=True,
        help="So long after the anchor, new deliveries to a buyer in arrears are no "
        "longer insured.",
    )
    stop_cover_anchor = fields.Selection(ANCHORS, default="due", required=True)
    overdue_notice_days = fields.Integer(
        string="Notice of Overdue (days)",
        default=30,
        tracking=True,
        help="The insurer must know of the overdue debt by then, or may refuse to pay.",
    )
    overdue_notice_anchor = fields.Selection(
        ANCHORS, default="extension_end", required=True
    )
    handover_days = fields.Integer(
        string="Hand-over to Collection (days)",
        default=30,
        tracking=True,
        help="The debt must be with the insurer's collection by then.",
    )
    handover_anchor = fields.Selection(ANCHORS, default="extension_end", required=True)
    waiting_period_days = fields.Integer(
        string="Waiting Period (days)",
        default=150,
        tracking=True,
        help="After it an unpaid debt counts as a loss.",
    )
    waiting_anchor = fields.Selection(ANCHORS, default="notice_received", required=True)
    claim_filing_days = fields.Integer(
        string="Claim Filing (days)",
        default=180,
        tracking=True,
        help="A claim that is filed later may be refused.",
    )
    claim_filing_anchor = fields.Selection(ANCHORS, default="loss", required=True)
    insolvency_notice_days = fields.Integer(
        string="Notice of Insolvency (days)",
        default=10,
        tracking=True,
        help="Counted from the day on which the opening of proceedings became known.",
    )
    document_reply_days = fields.Integer(
        string="Reply to Document Requests (days)", default=30, tracking=True
    )
    restore_days = fields.Integer(
        string="Cover Restored by Payment Within (days)",
        help="A payment so soon after the stop of cover restores it from the stop on: what "
        "was delivered in between is insured after all. Zero: never.",
    )
    discretionary_max_amount = fields.Monetary(
        string="Discretionary Maximum",
        tracking=True,
        help="What we may grant to a buyer on our own, as long as the insurer has decided "
        "nothing about it, a refusal included.",
    )
    discretionary_automatic = fields.Boolean(
        string="Discretionary for Everybody",
        help="Each identified buyer gets the discretionary maximum by itself. Off: only "
        "buyers whose file states an amount.",
    )
    deductible_each = fields.Monetary(string="Deductible per Loss", tracking=True)
    deductible_aggregate = fields.Monetary(string="Deductible per Year", tracking=True)
    deductible_order = fields.Selection(
        [
            ("after", "From the insured share"),
            ("before", "From the loss, before the percentage"),
        ],
        default="after",
        required=True,
    )
    minimum_claim = fields.Monetary(
        string="Claims Threshold", help="Smaller losses are not indemnified."
    )
    max_liability = fields.Monetary(
        string="Liability Cap",
        tracking=True,
        help="Most the insurer pays in one insurance year. Zero: no cap entered.",
    )
    recovery_allocation = fields.Selection(
        [
            ("oldest", "Oldest invoice first"),
            ("pro_rata_after_loss", "Oldest first, pro rata after the date of loss"),
        ],
        default="oldest",
        required=True,
    )
    tax_basis = fields.Selection(
        [("net", "Without Taxes"), ("gross", "Taxes Included")],
        default="net",
        required=True,
        tracking=True,
        help="Whether the insurer bears value-added tax. Mostly it does not.",
    )
    exclude_public = fields.Boolean(string="Public Buyers Excluded", default=True)
    exclude_persons = fields.Boolean(string="Private Persons Excluded", default=True)
    exclude_affiliates = fields.Boolean(string="Affiliates Excluded", default=True)
    turnover_period = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        string="Turnover Declaration Every",
        default="quarter",
    )
    turnover_days = fields.Integer(
        string="Turnover Declaration Within (days)", default=30
    )
    premium_rate = fields.Float(
        string="Premium Rate (%)",
        digits=(16, 5),
        groups="credit_control.credit_control_group_manager",
    )
    beneficiary_id = fields.Many2one(
        "res.partner",
        string="Assignee",
        index="btree_not_null",
        tracking=True,
        help="The factor or bank to which indemnities are paid.",
    )
    country_ids = fields.One2many(
        "credit.insurance.policy.country", "policy_id", string="Countries", copy=True
    )
    note = fields.Html()

    _number_uniq = models.UniqueIndex(
        "(insurer_id, environment, policy_number, COALESCE(extension, ''),"
        " COALESCE(business_unit, ''), company_id)",
        "This policy is there already.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_start IS NULL OR date_end IS NULL OR date_start <= date_end)",
        "A policy cannot end before it starts.",
    )

    @api.depends("insurer_id.name", "policy_number", "extension")
    def _compute_name(self):
        for policy in self:
            parts = (policy.insurer_id.name, policy.policy_number, policy.extension)
            policy.name = " ".join(part for part in parts if part)

    @api.constrains(lambda self: self._get_percent_fields())
    def _check_percents(self):
        for policy in self:
            if any(not 0 <= policy[name] <= 100 for name in self._get_percent_fields()):
                raise ValidationError(self.env._("Percentages are between 0 and 100."))

    @api.model
    def _get_percent_fields(self):
        return ["insured_percent", "insured_percent_discretionary"]


class CreditInsurancePolicyCountry(models.Model):
    """What a policy says of one country, where it differs."""

    _name = "credit.insurance.policy.country"
    _description = "Country of a Policy"
    _order = "country_id, id"

    policy_id = fields.Many2one(
        "credit.insurance.policy", required=True, index=True, ondelete="cascade"
    )
    country_id = fields.Many2one("res.country", required=True, ondelete="restrict")
    is_excluded = fields.Boolean(string="Not Insured")
    insured_percent = fields.Float(string="Insured, Named (%)")
    insured_percent_discretionary = fields.Float(string="Insured, Unnamed (%)")
    max_payment_terms_days = fields.Integer(string="Longest Terms (days)")

    _country_uniq = models.Constraint(
        "UNIQUE(policy_id, country_id)", "This country is there already."
    )
