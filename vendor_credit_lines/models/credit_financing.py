# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.credit_control.engine import allocate
from odoo.addons.credit_control.models.readers import for_reader, job

from ..const import ANALYST

OWN_FIELDS = frozenset(
    {"state", "is_off", "accepted_on", "deadline", "paid_on", "is_alerted", "amount"}
)
CASHIERS = (ANALYST, "account.group_account_invoice")


class CreditFinancing(models.Model):
    """A third party that pays an order instead of the reseller.

    From its acceptance the order is owed by the financier, as long as it does not grow
    beyond what was financed; it comes back to the reseller when the financing falls
    through. Only credit analysts accept: it takes an order past the reseller's lines.
    """

    _name = "credit.financing"
    _description = "Financing of an Order by a Third Party"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="cascade", tracking=True
    )
    partner_id = fields.Many2one(
        related="order_id.partner_invoice_id", string="Reseller"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    financier_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        tracking=True,
        domain=[("is_company", "=", True)],
        help="Who pays the order, and owes it from acceptance on.",
    )
    reference = fields.Char(
        help="The financier's number of the contract.", tracking=True
    )
    amount = fields.Monetary(
        string="Financed",
        readonly=True,
        tracking=True,
        help="The order's total at acceptance. When the order grows beyond, the reseller "
        "owes it again.",
    )
    payee = fields.Selection(
        [("company", "Us"), ("reseller", "The reseller")],
        string="The Financier Pays",
        default="company",
        required=True,
        help="Money paid to the reseller makes him owe the order again: he has to hand it "
        "on.",
    )
    hours = fields.Integer(
        string="Pays within Hours",
        default=48,
        help="Counted from acceptance; then somebody is alerted.",
    )
    user_id = fields.Many2one(
        "res.users", string="Responsible", default=lambda self: self.env.user
    )
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("accepted", "Accepted"),
            ("paid", "Paid"),
            ("fallen", "Fell Through"),
        ],
        default="requested",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    accepted_on = fields.Datetime(readonly=True)
    deadline = fields.Datetime(readonly=True)
    paid_on = fields.Datetime(readonly=True)
    is_alerted = fields.Boolean(readonly=True)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    is_off = fields.Boolean(
        string="Owed by the Financier", compute="_compute_is_off", store=True
    )
    note = fields.Text()

    _off_idx = models.Index("(order_id) WHERE is_off")
    _live_uniq = models.UniqueIndex(
        "(order_id) WHERE state IN ('requested', 'accepted', 'paid')",
        "This order is being financed already.",
    )
    _hours_positive = models.Constraint(
        "CHECK(hours BETWEEN 1 AND 2400)", "Please check the hours until payment."
    )

    @api.depends("order_id", "financier_id")
    def _compute_display_name(self):
        for financing in self:
            parts = (financing.order_id.name, financing.financier_id.name)
            financing.display_name = " · ".join(filter(None, parts))

    @api.depends("state", "payee", "amount", "order_id.amount_total")
    def _compute_is_off(self):
        for financing in self:
            bound = financing.state == "accepted" or (
                financing.state == "paid" and financing.payee == "company"
            )
            order = financing.order_id
            financing.is_off = bound and (
                order.currency_id.compare_amounts(order.amount_total, financing.amount)
                <= 0
            )

    @api.depends("state", "deadline")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for financing in self:
            financing.is_late = bool(
                financing.state == "accepted"
                and financing.deadline
                and financing.deadline < now
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = fields.Domain("state", "=", "accepted") & fields.Domain(
            "deadline", "<", fields.Datetime.now()
        )
        return fields.Domain.OR(late if flag else ~late for flag in set(value))

    @api.constrains("financier_id", "order_id")
    def _check_financier(self):
        for financing in self:
            debtor = financing.order_id.partner_invoice_id.commercial_partner_id
            if financing.financier_id.commercial_partner_id == debtor:
                raise ValidationError(
                    self.env._("The reseller cannot finance his own order.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(map(OWN_FIELDS.intersection, vals_list)):
            raise AccessError(self.env._("A financing starts as a request."))
        financings = super().create(vals_list)
        financings.order_id.check_access("read")
        return financings

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        if OWN_FIELDS.intersection(vals):
            raise AccessError(self.env._("Use the buttons of the financing."))
        terms = {"order_id", "financier_id", "payee", "hours", "reference"}
        if terms.intersection(vals) and any(f.state != "requested" for f in self):
            raise UserError(self.env._("What was accepted stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accepted(self):
        if any(financing.state != "requested" for financing in self):
            raise UserError(self.env._("Only requests can be deleted."))

    # === BUTTONS === #

    def _check_groups(self, *groups):
        self.ensure_one()
        self.check_access("write")
        if not self.env.su and not any(map(self.env.user.has_group, groups)):
            raise AccessError(self.env._("Only the credit team does this."))

    def _require(self, *states):
        if self.state not in states:
            raise UserError(self.env._("This cannot be done in this state."))

    def action_accept(self):
        """The financier accepted: from now on he owes the order.

        :raise AccessError: for others than credit analysts, and beyond their authority
        """
        self._check_groups(ANALYST)
        self._require("requested")
        if not self.reference:
            raise UserError(
                self.env._("Enter the number under which the financier accepted.")
            )
        self._check_authority()
        now = fields.Datetime.now()
        self.sudo().write(
            {
                "state": "accepted",
                # sudo: who accepts need not see the orders of salespeople.
                "amount": self.sudo().order_id.amount_total,
                "accepted_on": now,
                "deadline": now + timedelta(hours=self.hours),
            }
        )
        self._note_change(
            self.env._(
                "%(financier)s finances %(amount)s of this order and owes it from now on.",
                financier=self.financier_id.name,
                amount=self.currency_id.format(self.amount),
            )
        )
        return True

    def _check_authority(self):
        # sudo: who accepts need not see the orders of salespeople.
        order, root = self.sudo().order_id, self.sudo().company_id.root_id
        worth = order.currency_id._convert(
            order.amount_total, root.currency_id, root, root._credit_today()
        )
        if not self.env.su and worth > self.env.user._get_credit_authority(root):
            raise AccessError(
                self.env._(
                    "An order of %s is beyond your authority: ask a credit manager.",
                    root.currency_id.format(worth),
                )
            )

    def action_paid(self):
        """The financier paid; record the payment itself in accounting as usual."""
        self._check_groups(*CASHIERS)
        self._require("accepted")
        self.sudo().write({"state": "paid", "paid_on": fields.Datetime.now()})
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self._note_change(self.env._("%s paid.", self.financier_id.name))
        return True

    def action_fall(self):
        """The financing fell through: the reseller owes the order again."""
        self._check_groups(*CASHIERS, "sales_team.group_sale_salesman")
        self._require("requested", "accepted")
        was_off = self.is_off
        self.sudo().write({"state": "fallen"})
        if was_off:
            self._note_fall()
        return True

    def _note_change(self, body):
        # sudo: the order may belong to a colleague.
        order = self.sudo().order_id
        order.message_post(body=body)
        order._credit_changed()

    def _note_fall(self):
        """Say what came back, and what of it no line covers."""
        self.env.flush_all()
        order = self.sudo().order_id
        debtor = order.partner_invoice_id.commercial_partner_id
        root = order.company_id.root_id
        position = (
            self.env["credit.measure"]
            .sudo()
            ._get_positions([debtor.id], root)[debtor.id]
        )
        uncovered = allocate(position.items, position.engine_lines).uncovered
        if not position.managed:
            uncovered = 0
        uncovered /= 10**position.digits
        self._note_change(self._word_fall(uncovered))
        self._alert(
            lambda financing: (
                financing.env._("Financing fell through"),
                financing._word_fall(uncovered),
            )
        )

    def _word_fall(self, uncovered):
        order = self.sudo().order_id
        debtor = order.partner_invoice_id.commercial_partner_id
        root = order.company_id.root_id
        return self.env._(
            "The financing by %(financier)s fell through: %(debtor)s owes the order again, "
            "and %(uncovered)s of what he owes is not covered. What was confirmed stays "
            "confirmed; take a deposit, or look for other credit before you deliver.",
            financier=self.financier_id.name,
            debtor=debtor.display_name,
            uncovered=root.currency_id.format(uncovered),
        )

    def _alert(self, word):
        """Give whoever looks after it a task.

        :param word: function of the financing in his language: (summary, note)
        """
        for user in (self.user_id | self.sudo().order_id.user_id) or self.env.user:
            financing = for_reader(self.sudo(), user)
            summary, note = word(financing)
            financing.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=summary,
                note=note,
            )

    @api.model
    @job
    def _cron_late(self):
        """Alert once when a financier has not paid in time."""
        late = self.search(
            [
                ("state", "=", "accepted"),
                ("deadline", "<", fields.Datetime.now()),
                ("is_alerted", "=", False),
            ]
        )
        for financing in late:
            financing.is_alerted = True
            financing._alert(lambda mine: mine._word_late())

    def _word_late(self):
        note = self.env._(
            "%(financier)s accepted to pay %(amount)s within %(hours)s hours. Ask "
            "for the money, or say that the financing fell through.",
            financier=self.financier_id.name,
            amount=self.currency_id.format(self.amount),
            hours=self.hours,
        )
        return self.env._("The financier has not paid"), note
