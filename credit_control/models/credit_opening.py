# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from .credit_line import AMOUNT_CEILING
from .debtors import DEBTORS

ANALYST = "credit_control.credit_control_group_analyst"
OPEN = ("draft", "submitted", "review", "approval")
# Written by the flow only, never by a user.
FLOW_FIELDS = frozenset(
    {
        "state",
        "date_submit",
        "date_answer",
        "proposer_id",
        "approver_id",
        "reason_id",
        "answer_note",
        "profile_id",
        "is_anonymised",
    }
)
GRANT_FIELDS = frozenset(
    {
        "policy_id",
        "analyst_id",
        "grants_line",
        "granted_kind_id",
        "granted_amount",
        "granted_date_to",
        "granted_term_id",
        "granted_method_id",
        "review_date",
        "is_distinct",
    }
)
# What mail and activities write by themselves.
FREE_PREFIXES = ("message_", "activity_", "my_activity_", "website_message_")


class CreditOpening(models.Model):
    """The sheet that opens a customer's account: who he is, what he asks, what he gets.

    Only a sheet that was accepted gives credit, and only through a credit line that its
    reviewer could have entered himself. It holds no more personal data than the decision
    needs, and forgets them when the answer was no (GDPR, articles 5 and 13).
    """

    _name = "credit.opening"
    _description = "Account Opening"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.rooted"]
    _order = "id desc"
    _rec_name = "customer_name"

    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("review", "In Review"),
            ("approval", "Second Approval"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
        ],
        default="draft",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
        help="Gets the answer, and keeps the sheet until it is submitted.",
    )

    # === WHO === #
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index=True,
        tracking=True,
        domain=DEBTORS,
        help="Empty for a new customer: it is created when the account is accepted.",
    )
    customer_name = fields.Char(
        compute="_compute_identity", store=True, readonly=False, tracking=True
    )
    street = fields.Char(compute="_compute_identity", store=True, readonly=False)
    zip = fields.Char(compute="_compute_identity", store=True, readonly=False)
    city = fields.Char(compute="_compute_identity", store=True, readonly=False)
    country_id = fields.Many2one(
        "res.country",
        compute="_compute_identity",
        store=True,
        readonly=False,
        default=lambda self: self.env.company.root_id.country_id,
    )
    country_code = fields.Char(related="country_id.code")
    registry_number = fields.Char(
        string="SIREN or SIRET",
        compute="_compute_identity",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="Number in the register of companies; in France its check digits must be right.",
    )
    vat = fields.Char(
        string="VAT Number",
        compute="_compute_identity",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    email = fields.Char(
        string="E-mail for Invoices",
        compute="_compute_identity",
        store=True,
        readonly=False,
    )
    phone = fields.Char(compute="_compute_identity", store=True, readonly=False)
    contact_name = fields.Char(help="Who answers questions about this account.")
    iban = fields.Char(string="IBAN", help="Account from which the customer pays.")
    is_informed = fields.Boolean(
        string="Customer Informed",
        help="The customer was told which data are kept, why, how long, and whom he may "
        "ask about them, as article 13 of the GDPR wants. Without it the sheet cannot be "
        "submitted.",
    )

    # === WHAT IS ASKED === #
    amount = fields.Monetary(
        string="Credit Asked", tracking=True, help="What the customer wants to owe."
    )
    expected_turnover = fields.Monetary(
        string="Expected Yearly Sales",
        help="Taxes included, over the next twelve months.",
    )
    amount_needed = fields.Monetary(
        string="Credit Needed",
        compute="_compute_amount_needed",
        help="What is owed at a time, if the sales come evenly and are paid when due.",
    )
    payment_term_id = fields.Many2one("account.payment.term", string="Terms Asked")
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line",
        string="Payment Method",
        domain="[('payment_type', '=', 'inbound'), ('company_id', '=', company_id)]",
    )
    note = fields.Text(help="What else the reviewer should know.")
    reference_ids = fields.One2many(
        "credit.opening.reference", "opening_id", string="Trade References"
    )
    document_ids = fields.One2many(
        "credit.opening.document",
        "opening_id",
        string="Documents",
        default=lambda self: self._default_document_ids(),
    )

    # === WHAT IS GIVEN === #
    policy_id = fields.Many2one(
        "credit.policy",
        tracking=True,
        domain="[('company_id', 'in', (False, company_id))]",
        help="Decides which documents are asked for. Empty: the policy of the company.",
    )
    analyst_id = fields.Many2one("res.users", string="Credit Analyst", tracking=True)
    grants_line = fields.Boolean(
        string="Open a Credit Line",
        default=True,
        help="Without it the account is opened and the policy says what customers without "
        "a line may owe.",
    )
    granted_kind_id = fields.Many2one(
        "credit.line.kind",
        string="Kind of Line",
        default=lambda self: self.env["credit.line"]._default_kind_id(),
    )
    granted_amount = fields.Monetary(
        string="Credit Granted",
        compute="_compute_granted",
        store=True,
        readonly=False,
        tracking=True,
        help="Amount of the line. Zero means no credit: the customer pays first.",
    )
    granted_date_to = fields.Date(string="Line Ends", help="Empty: no end.")
    granted_term_id = fields.Many2one(
        "account.payment.term",
        string="Terms Granted",
        compute="_compute_granted",
        store=True,
        readonly=False,
        tracking=True,
    )
    granted_method_id = fields.Many2one(
        "account.payment.method.line",
        string="Method Granted",
        compute="_compute_granted",
        store=True,
        readonly=False,
        domain="[('payment_type', '=', 'inbound'), ('company_id', '=', company_id)]",
    )
    review_date = fields.Date(string="First Review")
    is_distinct = fields.Boolean(
        string="Not the Same Customer",
        help="Somebody checked that the customers with the same number are others.",
    )
    profile_id = fields.Many2one(
        "credit.profile", index=True, readonly=True, copy=False
    )
    date_submit = fields.Date(string="Submitted on", readonly=True, copy=False)
    date_answer = fields.Datetime(string="Answered on", readonly=True, copy=False)
    proposer_id = fields.Many2one("res.users", readonly=True, copy=False)
    approver_id = fields.Many2one(
        "res.users", string="Answered by", readonly=True, copy=False
    )
    reason_id = fields.Many2one(
        "credit.reason", readonly=True, copy=False, tracking=True
    )
    answer_note = fields.Text(readonly=True, copy=False)
    is_anonymised = fields.Boolean(readonly=True, copy=False)

    _amounts_sound = models.Constraint(
        f"CHECK(COALESCE(amount, 0) BETWEEN 0 AND {AMOUNT_CEILING}"
        f" AND COALESCE(granted_amount, 0) BETWEEN 0 AND {AMOUNT_CEILING}"
        f" AND COALESCE(expected_turnover, 0) BETWEEN 0 AND {AMOUNT_CEILING})",
        "An amount of an account opening is between zero and 10¹².",
    )

    @api.model
    def _default_document_ids(self):
        company = self.env.company.root_id
        return [
            Command.create({"type_id": document_type.id})
            for document_type in self._get_checklist(company._get_credit_policy())
        ]

    @api.model
    def _get_checklist(self, policy):
        """Hook: the documents that a sheet asks for.

        :param policy: ``credit.policy``
        :return: ``credit.opening.document.type``, required ones first
        """
        # sudo: salespeople may not read policies, but must know what to ask for.
        policy = policy.sudo()
        return (policy.opening_required_ids | policy.opening_optional_ids).sudo(False)

    @api.depends("partner_id")
    def _compute_identity(self):
        """Taken from the customer who is chosen; else what was entered stays."""
        for opening in self:
            debtor = opening.partner_id.commercial_partner_id
            known = {
                name: debtor[source]
                for name, source in self._get_identity_sources().items()
                if debtor[source]
            }
            opening.update({**known, **opening._prepare_numbers(known)})

    @api.model
    def _get_identity_sources(self):
        """Hook: field of the sheet -> field of the customer."""
        return {
            "customer_name": "name",
            "street": "street",
            "zip": "zip",
            "city": "city",
            "country_id": "country_id",
            "registry_number": "company_registry",
            "vat": "vat",
            "email": "email",
            "phone": "phone",
        }

    @api.depends("amount", "payment_term_id", "payment_method_line_id")
    def _compute_granted(self):
        """What is asked is the proposal until the review begins."""
        for opening in self:
            if opening.state in ("draft", "submitted", False):
                opening.granted_amount = opening.amount
                opening.granted_term_id = opening.payment_term_id
                opening.granted_method_id = opening.payment_method_line_id

    @api.depends("expected_turnover", "payment_term_id")
    def _compute_amount_needed(self):
        for opening in self:
            days = opening._get_term_days(opening.payment_term_id)
            needed = opening.expected_turnover * days / 365
            opening.amount_needed = opening.currency_id.round(needed)

    def _get_term_days(self, term):
        """Days from the invoice until all of it is due, for an invoice of today.

        :param term: ``account.payment.term``, may be empty
        """
        today = self.env.company._credit_today()
        return max(
            [(line._get_due_date(today) - today).days for line in term.sudo().line_ids],
            default=0,
        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_fields(vals)
            vals.update(self._prepare_numbers(vals))
        openings = super().create(vals_list)
        openings._complete_checklist()
        return openings

    def write(self, vals):
        names = {name for name in vals if not name.startswith(FREE_PREFIXES)}
        if names:
            self._check_fields(names)
            self._check_editable()
        result = super().write({**vals, **self._prepare_numbers(vals)})
        if "policy_id" in vals:
            self._complete_checklist()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if self.filtered(lambda opening: opening.state != "draft"):
            raise UserError(
                self.env._("Only drafts can be deleted: the answer stays on record.")
            )

    def _check_fields(self, names):
        """Refuse fields that the caller may not choose.

        :raise AccessError: for fields of the flow, and of the grant without its group
        """
        if self.env.su:
            return
        if FLOW_FIELDS.intersection(names):
            raise AccessError(
                self.env._("A sheet moves on by its buttons, not by writing on it.")
            )
        if GRANT_FIELDS.intersection(names) and not self.env.user.has_group(ANALYST):
            raise AccessError(
                self.env._("Only credit analysts decide what a customer is given.")
            )

    def _check_editable(self):
        """Refuse changes of a sheet that is somebody else's turn.

        :raise AccessError: unless it is a draft, or in review and the caller an analyst
        """
        if self.env.su:
            return
        self.check_access("write")
        analyst = self.env.user.has_group(ANALYST)
        states = ("draft", "submitted", "review") if analyst else ("draft",)
        if any(opening.state not in states for opening in self):
            raise AccessError(
                self.env._(
                    "This sheet was sent and stays as it is. Ask for it to be returned, or "
                    "write a message below."
                )
            )

    def _complete_checklist(self):
        """Add what the policy asks for and the sheet does not list yet."""
        for opening in self:
            policy = opening.policy_id or opening.company_id._get_credit_policy()
            missing = self._get_checklist(policy) - opening.document_ids.type_id
            # sudo: the list follows the policy, whoever chose it.
            self.env["credit.opening.document"].sudo().create(
                [
                    {"opening_id": opening.id, "type_id": document_type.id}
                    for document_type in missing
                ]
            )
