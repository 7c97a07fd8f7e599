# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# Beyond this, an amount is a slip of the keyboard; it also keeps sums exact in
# the 15 digits that JavaScript and floats can hold.
AMOUNT_CEILING = 10**12
LONGEST_NAME = 200

MONEY_FIELDS = frozenset({"amount", "currency_id", "state", "date_from", "date_to"})
# In the order of the fields of the engine's Scope.
SCOPE_FIELDS = (
    "product_ids",
    "category_ids",
    "product_tag_ids",
    "vendor_ids",
    "payment_term_ids",
    "payment_method_line_ids",
)
TERMS_FIELDS = (
    MONEY_FIELDS | {"profile_id", "kind_id", "term_days_max"} | set(SCOPE_FIELDS)
)


class CreditLine(models.Model):
    """One line of a debtor's stack of credit.

    Only active lines whose dates include today count; nobody changes a line without
    the analyst's group, nor alone beyond his authority.
    """

    _name = "credit.line"
    _description = "Credit Line"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "kind_sequence, date_to, id"
    _rec_names_search = ["name", "kind_id"]

    name = fields.Char(
        tracking=True,
        help="Empty: the name of its kind, in the language of whoever reads.",
    )
    label = fields.Char(string="Shown as", compute="_compute_label")
    profile_id = fields.Many2one(
        "credit.profile",
        string="Credit File",
        required=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        related="profile_id.partner_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="profile_id.company_id", store=True, index=True
    )
    kind_id = fields.Many2one(
        "credit.line.kind",
        required=True,
        tracking=True,
        ondelete="restrict",
        default=lambda self: self._default_kind_id(),
    )
    kind_sequence = fields.Integer(related="kind_id.sequence", store=True)
    kind_color = fields.Char(related="kind_id.color")
    amount = fields.Monetary(
        required=True,
        tracking=True,
        help="What this line carries at most. Zero means no credit, "
        "which is not the same as having no line.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        tracking=True,
        default=lambda self: self.env.company.currency_id,
    )
    company_currency_id = fields.Many2one(
        related="profile_id.currency_id", string="Company Currency"
    )
    date_from = fields.Date(
        string="Start",
        tracking=True,
        help="First day on which the line counts. Empty: at once.",
    )
    date_to = fields.Date(
        string="End",
        tracking=True,
        help="Last day on which the line counts. It stops by itself. Empty: no end.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "Active"),
            ("suspended", "Suspended"),
            ("ended", "Ended"),
        ],
        required=True,
        default="draft",
        tracking=True,
        copy=False,
        help="Only active lines count. Suspend a line to stop it for a while.",
    )
    in_force = fields.Selection(
        [("now", "In force"), ("later", "Later"), ("over", "Expired"), ("no", "No")],
        compute="_compute_in_force",
        search="_search_in_force",
    )
    category_ids = fields.Many2many("product.category", string="Product Categories")
    product_ids = fields.Many2many("product.product", string="Products")
    product_tag_ids = fields.Many2many("product.tag", string="Product Tags")
    vendor_ids = fields.Many2many(
        "res.partner", "credit_line_vendor_rel", string="Vendors"
    )
    payment_term_ids = fields.Many2many("account.payment.term", string="Payment Terms")
    payment_method_line_ids = fields.Many2many(
        "account.payment.method.line",
        string="Payment Methods",
        domain=[("payment_type", "=", "inbound")],
    )
    term_days_max = fields.Integer(
        string="Longest Payment Term (days)",
        tracking=True,
        help="Documents with a longer payment term should not use this line; a rule "
        "“Payment term beyond a line's” of the policy looks at it. Zero: any term.",
    )
    is_scoped = fields.Boolean(compute="_compute_is_scoped", store=True)
    scope_summary = fields.Char(string="Only For", compute="_compute_scope_summary")
    origin = fields.Char(
        help="Contract, decision or programme that this line comes from.",
    )
    date_onboarded = fields.Date(
        string="Onboarded on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The onboarding run that made this line; undoing the run deletes it.",
    )
    note = fields.Text()
    change_id = fields.Many2one(
        "credit.line.change",
        string="Waiting Change",
        compute="_compute_change_id",
        groups="credit_control.credit_control_group_viewer",
    )
    change_ids = fields.One2many(
        "credit.line.change",
        "line_id",
        string="Changes",
        groups="credit_control.credit_control_group_viewer",
    )

    _amount_positive = models.Constraint(
        "CHECK(amount >= 0)",
        "The amount of a credit line cannot be negative. Zero means no credit.",
    )
    _amount_ceiling = models.Constraint(
        f"CHECK(amount < {AMOUNT_CEILING})",
        "The amount of this credit line is absurdly large; please check it.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "A credit line cannot end before it starts.",
    )
    _profile_state_idx = models.Index("(profile_id, state)")
    _end_idx = models.Index("(date_to) WHERE state = 'active' AND date_to IS NOT NULL")

    @api.model
    def _default_kind_id(self):
        own = self.env.ref(
            "credit_control.credit_line_kind_own", raise_if_not_found=False
        )
        return own or self.env["credit.line.kind"].search([], limit=1)

    @api.depends("name", "kind_id.name")
    @api.depends_context("lang")
    def _compute_label(self):
        for line in self:
            line.label = line.name or line.kind_id.name

    @api.depends("label", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            parts = (line.partner_id.display_name, line.label)
            line.display_name = " · ".join(part for part in parts if part)

    @api.depends(lambda self: self._get_scope_fields())
    def _compute_is_scoped(self):
        for line in self:
            line.is_scoped = any(line[name] for name in self._get_scope_fields())

    @api.depends(lambda self: self._get_scope_fields())
    @api.depends_context("lang")
    def _compute_scope_summary(self):
        for line in self:
            parts = [
                line[name].mapped("display_name") for name in line._get_scope_fields()
            ]
            line.scope_summary = " · ".join(", ".join(part) for part in parts if part)

    @api.depends("state", "date_from", "date_to", "company_id")
    def _compute_in_force(self):
        for line in self:
            today = (line.company_id or self.env.company)._credit_today()
            if line.state != "active":
                line.in_force = "no"
            elif line.date_from and line.date_from > today:
                line.in_force = "later"
            elif line.date_to and line.date_to < today:
                line.in_force = "over"
            else:
                line.in_force = "now"

    def _search_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._credit_today()
        started = Domain("date_from", "=", False) | Domain("date_from", "<=", today)
        running = Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        active = Domain("state", "=", "active")
        domains = {
            "now": active & started & running,
            "later": active & Domain("date_from", ">", today),
            "over": active & Domain("date_to", "<", today),
            "no": ~active,
        }
        return Domain.OR(domains[key] for key in value if key in domains)

    def _compute_change_id(self):
        waiting = self.env["credit.line.change"].search(
            [("line_id", "in", self.ids), ("state", "=", "waiting")]
        )
        by_line = {change.line_id: change for change in waiting}
        for line in self:
            line.change_id = by_line.get(line)

    @api.model
    def _get_scope_fields(self):
        """Hook: the relational fields that narrow what a line may pay for."""
        return list(SCOPE_FIELDS)

    @api.constrains("amount")
    def _check_amount(self):
        # Also in the database; here because it must come before the talk of authority.
        if any(not 0 <= line.amount < AMOUNT_CEILING for line in self):
            raise ValidationError(
                self.env._(
                    "A credit line is between zero and 10¹², please check the amount."
                )
            )

    @api.constrains("state", "date_to", "kind_id")
    def _check_end_date(self):
        for line in self:
            if (
                line.state == "active"
                and line.kind_id.needs_end_date
                and not line.date_to
            ):
                raise ValidationError(
                    self.env._(
                        "A line of kind %(kind)s needs an end date.",
                        kind=line.kind_id.name,
                    )
                )

    @api.constrains("name")
    def _check_name(self):
        if any(len(line.name or "") > LONGEST_NAME for line in self):
            raise ValidationError(
                self.env._(
                    "A name is shown on each order: keep it to %s characters, and "
                    "write the rest in the notes.",
                    LONGEST_NAME,
                )
            )

    @api.constrains("currency_id", "state", "company_id")
    def _check_currency(self):
        for line in self.filtered(lambda line: line.state == "active"):
            if line.currency_id != line.company_currency_id and not line._has_rate():
                raise ValidationError(
                    self.env._(
                        "There is no exchange rate for %(currency)s. Enter one before "
                        "the line can be used, otherwise nobody knows its worth.",
                        currency=line.currency_id.name,
                    )
                )

    @api.constrains("profile_id", "state")
    def _check_partner_active(self):
        for line in self:
            if line.state == "active" and not line.partner_id.active:
                raise ValidationError(
                    self.env._(
                        "%(partner)s is archived. Restore it before giving it credit.",
                        partner=line.partner_id.display_name,
                    )
                )

    def _has_rate(self):
        self.ensure_one()
        return bool(
            self.env["res.currency.rate"].search_count(
                [
                    ("currency_id", "=", self.currency_id.id),
                    ("company_id", "in", (False, self.company_id.id)),
                    ("name", "<=", self.company_id._credit_today()),
                ],
                limit=1,
            )
        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_analyst()
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "active")._check_authority({})
        lines._credit_changed(self.env._("New credit line"))
        return lines

    def write(self, vals):
        if not TERMS_FIELDS.intersection(vals):
            return super().write(vals)
        self._check_analyst()
        before = {line.id: line._get_worth() for line in self}
        debtors = self.profile_id
        result = super().write(vals)
        self._check_authority(before)
        (self.profile_id | debtors)._credit_changed(self.env._("Credit line changed"))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.filtered(lambda line: line.state != "draft"):
            raise UserError(
                self.env._(
                    "Only drafts can be deleted. End the line instead: its history stays."
                )
            )
        self._check_analyst()

    def _credit_changed(self, cause):
        """Let open holds of these debtors be looked at again before the commit."""
        self.profile_id._credit_changed(cause)

    # === ACTIONS === #

    def action_activate(self):
        self.filtered(lambda line: line.state != "active").write({"state": "active"})
        return True

    def action_suspend(self):
        self.filtered(lambda line: line.state == "active").write({"state": "suspended"})
        return True

    def action_end(self):
        self.filtered(lambda line: line.state != "ended").write({"state": "ended"})
        return True

    def action_change(self):
        """Open the dialog that changes the line or asks a second person to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Credit Line"),
            "res_model": "credit.line.change",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_line_id": self.id},
        }
