# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .callers import is_amount, is_id, to_note
from .credit_line import AMOUNT_CEILING

ASKERS = (
    "sales_team.group_sale_salesman",
    "credit_control.credit_control_group_analyst",
)
# What somebody may enter who asks; everything else is written by the steps.
ASKED = frozenset(
    {
        "partner_id",
        "company_id",
        "amount",
        "kind_id",
        "date_to",
        "reason",
        "attachment_ids",
        "order_id",
    }
)
ANSWERED = frozenset({"granted_amount", "granted_until", "answer"})
THREAD = frozenset({"message_follower_ids", "activity_ids", "message_ids"})


class CreditLineRequest(models.Model):
    """Somebody asks for more credit for a customer; what is granted becomes a line.

    The asker sees where it stands and is told the answer. Nobody grants his own
    request beyond his authority.
    """

    _name = "credit.line.request"
    _description = "Request for Credit"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.rooted"]
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    debtor_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        related="partner_id.commercial_partner_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    profile_id = fields.Many2one(
        "credit.profile", string="Credit File", compute="_compute_profile_id"
    )
    credit_stack = fields.Json(string="Credit Today", compute="_compute_profile_id")
    order_id = fields.Many2one(
        "sale.order",
        string="Quotation",
        ondelete="set null",
        index="btree_not_null",
        help="What the credit is needed for.",
    )
    amount = fields.Monetary(
        string="More Credit",
        tracking=True,
        help="How much more than today, in the company's currency.",
    )
    kind_id = fields.Many2one(
        "credit.line.kind",
        string="Kind of Line",
        required=True,
        default=lambda self: self._default_kind_id(),
        ondelete="restrict",
    )
    needs_end_date = fields.Boolean(related="kind_id.needs_end_date")
    date_to = fields.Date(
        string="Until",
        tracking=True,
        help="With a date it becomes a line of its own that ends by itself. Without, the "
        "customer's line rises for good.",
    )
    reason = fields.Text(
        required=True, string="Why", help="Whoever decides reads this."
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Documents",
        help="Accounts, orders, guarantees: what speaks for it.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Asked"),
            ("granted", "Granted"),
            ("refused", "Refused"),
            ("cancel", "Withdrawn"),
        ],
        default="draft",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
        group_expand=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Asked by",
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        copy=False,
    )
    date_asked = fields.Datetime(string="Asked on", readonly=True, copy=False)
    granted_amount = fields.Monetary(string="Granted", copy=False, tracking=True)
    granted_until = fields.Date(copy=False)
    answer = fields.Text(copy=False, help="The asker reads this.")
    answer_user_id = fields.Many2one(
        "res.users", string="Answered by", readonly=True, copy=False
    )
    date_answer = fields.Datetime(string="Answered on", readonly=True, copy=False)
    line_id = fields.Many2one(
        "credit.line", string="Resulting Line", readonly=True, copy=False
    )
    can_answer = fields.Boolean(compute="_compute_can_answer")
    alone = fields.Boolean(compute="_compute_alone")

    _amount_positive = models.Constraint(
        f"CHECK(amount > 0 AND amount < {AMOUNT_CEILING})",
        "Ask for an amount above zero.",
    )
    _granted_positive = models.Constraint(
        f"CHECK(granted_amount >= 0 AND granted_amount < {AMOUNT_CEILING})",
        "The granted amount cannot be negative.",
    )

    @api.model
    def _default_kind_id(self):
        temporary = self.env.ref(
            "credit_control.credit_line_kind_temporary", raise_if_not_found=False
        )
        return temporary or self.env["credit.line"]._default_kind_id()

    @api.depends("debtor_id", "company_id")
    def _compute_profile_id(self):
        profiles = self.env["credit.profile"].search(
            [
                ("partner_id", "in", self.debtor_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        found = {(p.partner_id, p.company_id): p for p in profiles}
        for request in self:
            key = (request.debtor_id, request.company_id._origin)
            request.profile_id = found.get(key)
            request.credit_stack = request.profile_id.credit_stack

    @api.depends("partner_id", "amount")
    def _compute_display_name(self):
        for request in self:
            amount = request.currency_id.format(request.amount)
            name = request.partner_id.display_name or ""
            request.display_name = f"{name} · {amount}" if name else amount

    @api.depends("state", "granted_amount", "amount", "kind_id")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        for request in self:
            request.can_answer = request.state == "waiting" and not (
                request._get_answer_obstacle(self.env.user)
            )

    @api.depends("amount", "kind_id", "partner_id")
    @api.depends_context("uid")
    def _compute_alone(self):
        user = self.env.user
        analyst = user.has_group("credit_control.credit_control_group_analyst")
        for request in self:
            request.alone = analyst and not request._exceeds_authority(
                user, request.amount
            )

    # === AUTHORITY === #

    def _get_line_to_change(self):
        """The line that rises, when the credit is to last; empty: a new line."""
        if self._get_end() or self.kind_id.needs_end_date:
            return self.env["credit.line"]
        # sudo: which lines there are must not depend on who looks.
        lines = self.sudo().profile_id.line_ids.filtered(
            lambda line: (
                line.kind_id == self.kind_id
                and line.state == "active"
                and not line.is_scoped
                and not line.date_to
                and line.currency_id == self.currency_id
            )
        )
        return lines if len(lines) == 1 else lines.browse()

    def _get_end(self):
        return self.granted_until or self.date_to

    def _exceeds_authority(self, user, amount):
        """Whether the debtor's lines of the kind, with this one, are beyond a user."""
        # sudo: as above.
        lines = self.sudo().profile_id.line_ids.filtered(
            lambda line: line.kind_id == self.kind_id
        )
        total = amount + sum(line._get_worth() for line in lines)
        authority = user._get_credit_authority(self.company_id)
        return self.currency_id.compare_amounts(total, authority) > 0

    def _get_answer_obstacle(self, user):
        """Why a user may not answer.

        :return: str, a sentence, or an empty string when he may
        """
        if not user.has_group("credit_control.credit_control_group_analyst"):
            return self.env._("Only credit analysts and managers grant credit.")
        if user == self.user_id:
            return self.env._("Somebody else has to answer what you asked for.")
        if self._exceeds_authority(user, self.granted_amount or self.amount):
            return self.env._(
                "Your authority ends at %s, all lines of this kind together.",
                self.currency_id.format(user._get_credit_authority(self.company_id)),
            )
        return ""

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_asker()
        allowed = ASKED | THREAD
        for vals in vals_list:
            if not self.env.su and set(vals) - allowed:
                self._refuse_forged()
        requests = super().create(vals_list)
        requests._check_reach()
        requests._adopt_attachments()
        return requests

    def write(self, vals):
        if self.env.su or not set(vals) - THREAD:
            return super().write(vals)
        for request in self:
            request._check_write(set(vals) - THREAD)
        result = super().write(vals)
        if ASKED.intersection(vals):
            self._check_reach()
        self._adopt_attachments()
        return result

    def _adopt_attachments(self):
        """Let whoever reads a request read the files that its author added."""
        for request in self:
            # sudo: only files that the caller has just uploaded for no record yet.
            loose = request.sudo().attachment_ids.filtered(
                lambda file: (
                    file.res_model == self._name
                    and not file.res_id
                    and file.create_uid == self.env.user
                )
            )
            loose.res_id = request.id

    def _check_write(self, names):
        analyst = self.env.user.has_group("credit_control.credit_control_group_analyst")
        own = self.user_id == self.env.user
        if names <= ASKED and self.state == "draft" and own:
            return
        if names <= ANSWERED and self.state == "waiting" and analyst and not own:
            return
        self._refuse_forged()

    def _refuse_forged(self):
        raise AccessError(
            self.env._("A request that was sent stays as it is. Enter a new one.")
        )

    def _check_asker(self):
        if not self.env.su and not any(map(self.env.user.has_group, ASKERS)):
            raise AccessError(self.env._("Only salespeople and credit staff may ask."))

    def _check_reach(self):
        """Nobody asks for customers, orders or companies that he may not see."""
        if self.env.su:
            return
        companies = self.env.user.company_ids.sudo().root_id
        for request in self:
            if request.company_id not in companies:
                raise AccessError(self.env._("You do not work for this company."))
        self.partner_id.check_access("read")
        if self.order_id:
            self.order_id.check_access("read")

    @api.constrains("date_to", "kind_id")
    def _check_date(self):
        for request in self:
            if request.date_to and request.date_to < request.company_id._credit_today():
                raise UserError(self.env._("The end date is in the past."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(request.state != "draft" for request in self):
            raise UserError(
                self.env._("A request that was sent is kept. Withdraw it instead.")
            )

    # === ASKING FROM ELSEWHERE === #

    @api.model
    def ask(
        self,
        partner_id: int,
        amount: float,
        reason: str,
        date_to: str | None = None,
        order_id: int | None = None,
    ):
        """Ask for more credit for a customer, as from the order or another system.

        :param partner_id: any contact of the debtor
        :param amount: how much more, in the currency of the caller's company
        :param reason: why (at most 2,000 characters are kept)
        :param date_to: last day, like "2030-12-31"; without, the line is to last
        :param order_id: the quotation that it is for
        :return: int, id of the request
        :raise AccessError: without sales or credit rights, or for unknown customers
        :raise UserError: for amounts or dates that make no sense
        """
        if not is_id(partner_id) or (order_id and not is_id(order_id)):
            raise UserError(self.env._("There is no customer %.20s.", partner_id))
        if not is_amount(amount) or not amount:
            raise UserError(self.env._("Ask for an amount above zero."))
        try:
            end = fields.Date.to_date(date_to)
        except (TypeError, ValueError) as error:
            message = self.env._("A line ends on a date like 2030-12-31.")
            raise UserError(message) from error
        values = {
            "partner_id": partner_id,
            "amount": amount,
            "reason": to_note(reason) or "-",
            "date_to": end,
            "order_id": order_id or False,
        }
        if not end:
            values["kind_id"] = self.env["credit.line"]._default_kind_id().id
        request = self.create(values)
        request.action_send()
        return request.id
