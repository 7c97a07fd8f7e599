# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ast

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.credit_control.models.credit_line import SCOPE_FIELDS

STATES = [
    ("draft", "Being Written"),
    ("waiting", "To Approve"),
    ("approved", "In Force"),
    ("old", "Replaced"),
]
# Everything that may change after the terms were submitted.
FREE_FIELDS = frozenset(
    {
        "version_state",
        "submitter_id",
        "approver_id",
        "approved_on",
        "programme_id",
        "number",
    }
)


class CreditProgrammeVersion(models.Model):
    """The terms of a programme. Once submitted they never change: new terms are a new
    version, and what was granted keeps those under which it was."""

    _name = "credit.programme.version"
    _description = "Terms of a Credit Programme"
    _order = "number desc, id desc"
    _rec_name = "number"

    programme_id = fields.Many2one("credit.programme", index=True, ondelete="cascade")
    number = fields.Integer(string="Version", default=1, readonly=True, copy=False)
    version_state = fields.Selection(
        STATES,
        string="Terms",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    submitter_id = fields.Many2one("res.users", readonly=True, copy=False)
    approver_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    domain_user_id = fields.Many2one(
        "res.users",
        string="Filters by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    terms_company_id = fields.Many2one(
        related="programme_id.company_id", string="Company of the Terms"
    )
    terms_currency_id = fields.Many2one(
        related="programme_id.currency_id", string="Currency of the Terms"
    )

    date_from = fields.Date(
        string="Start", help="First day on which lines are given. Empty: at once."
    )
    date_to = fields.Date(
        string="End", help="Last day on which lines are given. Empty: no end."
    )
    line_end = fields.Selection(
        [
            ("programme", "With the programme"),
            ("months", "After some months"),
            ("season", "After the customer's busiest weeks"),
        ],
        string="Lines End",
        default="programme",
        required=True,
        help="When a customer's line stops counting. The busiest weeks are those of the "
        "highest turnover in the same season of last year.",
    )
    line_months = fields.Integer(string="Months", default=6)
    season_weeks = fields.Integer(string="Weeks", default=6)
    kind_id = fields.Many2one(
        "credit.line.kind",
        string="Kind of Line",
        required=True,
        default=lambda self: self._default_kind_id(),
        help="Decides in which order lines are used, and whether they are secured.",
    )

    amount_method = fields.Selection(
        [
            ("fixed", "The same for everybody"),
            ("segment", "By segment"),
            ("turnover", "Percentage of the last turnover"),
            ("score", "By payment score"),
        ],
        default="fixed",
        required=True,
    )
    amount = fields.Float(digits=(16, 2), string="Line Amount")
    percent = fields.Float(
        string="Percentage of Turnover", help="Of what was invoiced without taxes."
    )
    turnover_months = fields.Integer(string="Turnover of the Last", default=12)
    customer_cap = fields.Float(
        digits=(16, 2),
        string="At Most per Customer",
        help="No line is larger. Zero: no cap.",
    )
    segment_ids = fields.One2many(
        "credit.programme.segment", "version_id", string="Segments", copy=True
    )
    has_pot = fields.Boolean(
        string="Limited Pot", help="All lines together never exceed the pot."
    )
    pot_amount = fields.Float(digits=(16, 2), string="Pot")
    when_full = fields.Selection(
        [
            ("first_come", "First come, first served"),
            ("pro_rata", "Everybody gets a share"),
            ("queue", "Customers wait their turn"),
        ],
        default="first_come",
        required=True,
        string="When the Pot Is Full",
        help="Shares are cut when many lines are opened at once. Who waits gets his line "
        "as soon as another one ends.",
    )

    domain = fields.Char(
        default="[]", string="Eligible Customers", help="Nobody else gets a line."
    )
    enrolment = fields.Selection(
        [
            ("automatic", "Customers get their line at once"),
            ("opt_in", "Customers are invited and accept"),
        ],
        default="automatic",
        required=True,
    )
    include_unmanaged = fields.Boolean(
        string="Include Customers without Credit Limit",
        help="A customer who is not managed may buy without limit today. A line makes him "
        "managed: he may then buy no more than his lines, and nothing after they end.",
    )
    is_exclusive = fields.Boolean(
        string="Only One Programme of This Sponsor",
        help="Customers who hold a line of another programme of the sponsor are left out. "
        "Otherwise the lines add up.",
    )
    renewal = fields.Selection(
        [
            ("none", "Once"),
            ("again", "Again after it ended"),
            ("automatic", "Renewed by itself"),
        ],
        default="none",
        required=True,
        help="Once: a customer gets one line, ever. Renewed by itself: a new line follows "
        "the old one as long as the programme runs and the customer is eligible.",
    )
    notice_days = fields.Integer(
        default=30,
        string="Warn Ahead",
        help="So many days before lines end, the responsible person gets a list of who "
        "would no longer be covered.",
    )

    product_ids = fields.Many2many("product.product", string="Products")
    category_ids = fields.Many2many("product.category", string="Product Categories")
    product_tag_ids = fields.Many2many("product.tag", string="Brands and Tags")
    vendor_ids = fields.Many2many(
        "res.partner", "credit_programme_version_vendor_rel", string="Vendors"
    )
    payment_term_ids = fields.Many2many("account.payment.term", string="Payment Terms")
    payment_method_line_ids = fields.Many2many(
        "account.payment.method.line",
        string="Payment Methods",
        domain=[("payment_type", "=", "inbound")],
    )

    first_loss_percent = fields.Float(
        string="First Losses Borne by the Sponsor",
        help="The sponsor bears all losses until they reach this percentage of what was "
        "granted.",
    )
    sponsor_percent = fields.Float(
        string="Sponsor's Share Beyond",
        help="The sponsor's share of losses beyond the first ones. We bear the rest.",
    )
    trigger_ids = fields.One2many(
        "credit.programme.trigger", "version_id", string="Triggers", copy=True
    )
    is_on_order = fields.Boolean(compute="_compute_is_on_order")
    eligible_count = fields.Integer(
        string="Eligible Today", compute="_compute_eligible_count"
    )

    _amounts_positive = models.Constraint(
        "CHECK(amount >= 0 AND customer_cap >= 0 AND pot_amount >= 0 AND percent >= 0)",
        "Amounts of a programme cannot be negative.",
    )
    _amounts_ceiling = models.Constraint(
        "CHECK(amount < 1e12 AND customer_cap < 1e12 AND pot_amount < 1e12)",
        "An amount of the programme is absurdly large; please check it.",
    )
    _shares = models.Constraint(
        "CHECK(first_loss_percent BETWEEN 0 AND 100 AND sponsor_percent BETWEEN 0 AND 100)",
        "A share is between 0 and 100 percent.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "A programme cannot end before it starts.",
    )
    _durations = models.Constraint(
        "CHECK(line_months BETWEEN 1 AND 120 AND season_weeks BETWEEN 1 AND 26"
        " AND turnover_months BETWEEN 1 AND 60 AND notice_days BETWEEN 0 AND 365)",
        "Please check the months, weeks and days of the programme.",
    )

    @api.model
    def _default_kind_id(self):
        return self.env.ref(
            "credit_control.credit_line_kind_vendor", raise_if_not_found=False
        )

    @api.depends("trigger_ids")
    def _compute_is_on_order(self):
        for version in self:
            version.is_on_order = bool(version.trigger_ids)

    @api.depends("domain", "domain_user_id")
    def _compute_eligible_count(self):
        for version in self:
            try:
                partners = version._get_customers(self.env.user)
                version.eligible_count = partners.search_count(version._get_domain())
            except (ValueError, SyntaxError, UserError):
                version.eligible_count = 0

    @api.constrains("domain", "segment_ids")
    def _check_domain(self):
        for version in self:
            for text in (version.domain, *version.segment_ids.mapped("domain")):
                version._check_one_domain(text)

    def _check_one_domain(self, text):
        try:
            Domain(parse_domain(text)).validate(self.env["res.partner"])
        except (ValueError, SyntaxError, TypeError) as error:
            raise ValidationError(
                self.env._("This filter cannot be understood: %s", text)
            ) from error

    @api.constrains("line_end", "date_to", "kind_id")
    def _check_end(self):
        for version in self:
            ends = version.line_end == "months" or version.date_to
            if not ends and (
                version.kind_id.needs_end_date or version.line_end == "season"
            ):
                raise ValidationError(
                    self.env._("Lines of this programme need an end: set its last day.")
                )

    # === WHO MAY CHANGE TERMS === #

    @api.model_create_multi
    def create(self, vals_list):
        fresh = {"version_state": "draft", "domain_user_id": self.env.uid}
        if not self.env.su:
            fresh.update(approver_id=False, approved_on=False, submitter_id=False)
        return super().create([{**vals, **fresh} for vals in vals_list])

    def write(self, vals):
        if FREE_FIELDS.intersection(vals) and not self.env.su:
            raise AccessError(
                self.env._("Use the buttons to submit and approve the terms.")
            )
        if set(vals) - FREE_FIELDS:
            self._check_open()
            # The filters run with the rights of who wrote them, nobody else's.
            vals = {**vals, "domain_user_id": self.env.uid}
        return super().write(vals)

    def _check_open(self):
        if any(version.version_state != "draft" for version in self):
            raise UserError(
                self.env._(
                    "These terms were submitted and stay as they are. Use “New Terms”: "
                    "lines that were opened keep the old ones."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(version.version_state != "draft" for version in self):
            raise UserError(self.env._("Only terms being written can be deleted."))

    # === WHO IS ELIGIBLE === #

    def _get_domain(self):
        """The filter of eligible debtors."""
        domain = Domain(parse_domain(self.domain))
        own = Domain("parent_id", "=", False) | Domain("is_company", "=", True)
        return domain & own & Domain("active", "=", True)

    def _get_customers(self, user=None):
        """Partners as seen by who wrote the filter: the same for everyone (P7).

        :param user: whose rights count instead
        """
        user = user or self.domain_user_id or self.create_uid
        company = self.programme_id.company_id or self.env.company
        partners = self.env["res.partner"].with_user(user).with_company(company)
        return partners.with_context(active_test=False, lang=None)

    def _filter_eligible(self, partners):
        """Of these debtors, those whom the filter lets in."""
        found = self._get_customers().search(
            self._get_domain() & Domain("id", "in", partners.ids)
        )
        return partners.browse(found.ids)

    def _get_shares(self):
        """First losses borne by the sponsor and his share beyond, in basis points."""
        return round(self.first_loss_percent * 100), round(self.sponsor_percent * 100)

    def _get_scope(self):
        """Values of a line's scope."""
        return {name: [(6, 0, self[name].ids)] for name in SCOPE_FIELDS if self[name]}

    def _get_scope_words(self):
        """What the lines may pay for, for readers; empty when for everything."""
        parts = [self[name].mapped("display_name") for name in SCOPE_FIELDS]
        return " · ".join(", ".join(part) for part in parts if part)


def parse_domain(text):
    """Read a filter that somebody typed: only plain values, nothing is executed."""
    found = ast.literal_eval(text or "[]")
    if not isinstance(found, list):
        raise ValueError(text)
    return found
