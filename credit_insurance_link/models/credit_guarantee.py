# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.credit_control.models.readers import for_reader, job

from ..engine import duties

ACTIVITY = "credit_insurance_link.mail_activity_guarantee"


class CreditGuarantee(models.Model):
    """Somebody who pays when the customer does not: a bank, a mutual, a parent company.

    In force it carries a credit line of the kind Guarantee, which stops with it; it must be
    called in time, or it is lost.
    """

    _name = "credit.guarantee"
    _description = "Guarantee"
    _inherit = ["credit.filed", "credit.insurance.step"]
    _order = "date_call, id"

    _button_fields = frozenset(
        {"state", "line_id", "called_on", "called_amount", "call_reason"}
        | {"call_reference", "paid_on", "paid_amount", "alert"}
    )
    _fixed_fields = frozenset(
        {"profile_id", "kind", "issuer_id", "amount", "currency_id", "date_from"}
        | {"date_to", "date_call"}
    )

    name = fields.Char(string="Number", required=True, tracking=True)
    profile_id = fields.Many2one(ondelete="restrict")
    kind = fields.Selection(
        [
            ("bank", "Bank Guarantee"),
            ("mutual", "Mutual Guarantee"),
            ("parent", "Parent Company"),
            ("person", "Personal Guarantee"),
            ("letter", "Standby Letter of Credit"),
        ],
        required=True,
        default="bank",
        tracking=True,
    )
    issuer_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="Who pays when the customer does not.",
    )
    amount = fields.Monetary(required=True, tracking=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    on_demand = fields.Boolean(
        string="On First Demand",
        default=True,
        help="The issuer pays without asking why. Off: the debt has to be proved.",
    )
    date_from = fields.Date(
        string="Start", default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(string="Expires on", required=True, tracking=True)
    date_call = fields.Date(
        string="Last Call on",
        compute="_compute_date_call",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Last day on which the issuer must have our call. Afterwards it is lost.",
    )
    document_ids = fields.Many2many("ir.attachment", string="Deed")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        help="Is told before the last day on which it can be called.",
    )
    line_id = fields.Many2one(
        "credit.line", string="Credit Line", readonly=True, index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "In Force"),
            ("called", "Called"),
            ("paid", "Paid"),
            ("released", "Given Back"),
            ("expired", "Expired"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    called_on = fields.Date(readonly=True, tracking=True)
    called_amount = fields.Monetary(readonly=True, tracking=True)
    call_reason = fields.Text(readonly=True)
    call_reference = fields.Char(readonly=True)
    paid_on = fields.Date(readonly=True, tracking=True)
    paid_amount = fields.Monetary(readonly=True, tracking=True)
    alert = fields.Char(readonly=True)
    days_left = fields.Integer(compute="_compute_days_left")
    overdue_amount = fields.Monetary(
        string="Overdue Now",
        compute="_compute_overdue_amount",
        compute_sudo=True,
        currency_field="company_currency_id",
        help="Invoices dated from the start of the guarantee on that are overdue, less what "
        "the customer has paid in advance and what other guarantees were called for.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    note = fields.Text()

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A guarantee is above zero."
    )
    _dates_ordered = models.Constraint(
        "CHECK((date_from IS NULL OR date_from <= date_to) AND date_call <= date_to)",
        "Start, last call and expiry follow one another.",
    )

    @api.depends("date_to")
    def _compute_date_call(self):
        for guarantee in self:
            if not guarantee.date_call or (
                guarantee.date_to and guarantee.date_call > guarantee.date_to
            ):
                guarantee.date_call = guarantee.date_to

    @api.depends("date_call", "company_id")
    def _compute_days_left(self):
        for one in self:
            today = (one.company_id or self.env.company)._credit_today()
            one.days_left = (one.date_call - today).days if one.date_call else 0

    def _compute_overdue_amount(self):
        self.env.flush_all()
        self.overdue_amount = 0.0
        filed = self.filtered("company_id")
        for company, guarantees in filed.grouped("company_id").items():
            days = guarantees._get_overdue_days(company)
            for one in guarantees:
                rows = days[one.partner_id]
                first = one.date_from or date.min
                owed = sum(amount for _day, amount in rows)
                covered = sum(max(amount, 0) for day, amount in rows if day >= first)
                left = min(owed, covered) - one._get_called_elsewhere()
                one.overdue_amount = company.currency_id.round(max(left, 0.0))

    def _get_overdue_days(self, company):
        """What the customers owe too late, by the day of the invoice.

        :param company: root company
        :return: dict, debtor -> list of (day, amount in the company's currency)
        """
        groups = self.env["credit.exposure"]._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "=", company.id),
                # What a factor bears is below zero, and is not ours to call.
                ("component_id.code", "in", ("receivable", "factored")),
                ("date_due", "<", company._credit_today()),
            ],
            ["partner_id", "date:day"],
            ["amount:sum"],
        )
        days = defaultdict(list)
        for partner, day, amount in groups:
            days[partner].append((day, amount))
        return days

    def _get_called_elsewhere(self):
        """What other guarantees of the customer were called for and did not pay yet."""
        called = self.search(
            [("profile_id", "=", self.profile_id.id), ("state", "=", "called")]
        )
        return sum(
            one._convert(one.called_amount, one.currency_id, one.company_currency_id)
            for one in called - self
        )

    def _get_callable(self):
        """What is overdue and covered, at most the guarantee, in its currency."""
        overdue = self._convert(
            self.overdue_amount, self.company_currency_id, self.currency_id
        )
        return min(self.amount, overdue)

    def _convert(self, amount, source, target):
        company = self.company_id or self.env.company
        return source._convert(amount, target, company, company._credit_today())

    @api.constrains("issuer_id", "partner_id")
    def _check_issuer(self):
        for one in self:
            if one.issuer_id.commercial_partner_id == one.partner_id:
                raise ValidationError(
                    self.env._("A customer cannot vouch for himself.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        guarantees = super().create(vals_list)
        for one in guarantees:
            one._adopt(one.document_ids)
        return guarantees

    def write(self, vals):
        result = super().write(vals)
        if "document_ids" in vals:
            for one in self:
                one._adopt(one.document_ids)
        return result

    # === STEPS === #

    def action_activate(self):
        """Open the credit line that this guarantee carries.

        :raise UserError: without the deed, after its end, or beyond the own authority
        """
        for one in self:
            one._check_step("draft")
            if not one.document_ids:
                raise UserError(self.env._("Add the signed deed first."))
            if one.date_call < one.company_id._credit_today():
                raise UserError(self.env._("It cannot be called any more."))
            # As the user: his authority decides on the line.
            line = self.env["credit.line"].create(one._prepare_line())
            one._step("draft", state="active", line_id=line.id)
        return True

    def _prepare_line(self):
        """Values of the line; it stops on the last day of call: later sales are bare."""
        kind = self.env.ref("credit_control.credit_line_kind_guarantee")
        return {
            "profile_id": self.profile_id.id,
            "kind_id": kind.id,
            "name": kind.name,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "date_from": self.date_from,
            "date_to": self.date_call,
            "origin": self.name,
            "state": "active",
        }

    def action_release(self):
        """The guarantee went back to its issuer: the line ends at once."""
        for one in self:
            one._step("active", state="released")
            one._end_line()
        return True

    def _end_line(self):
        # sudo: the line belongs to the guarantee; ending credit is always allowed.
        self.sudo().line_id.action_end()
        self.sudo().activity_unlink([ACTIVITY])

    def action_call(self):
        """Open the dialog that calls the guarantee."""
        return self._open_dialog("call")

    def action_paid(self):
        """Open the dialog that records what the issuer paid."""
        return {**self._open_dialog("paid"), "name": self.env._("Paid by the Issuer")}

    def _open_dialog(self, way):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_guarantee_call_action"
        )
        context = {"default_guarantee_id": self.id, "default_way": way}
        return {**action, "context": context}

    def _call(self, day, amount, reason, reference):
        """Record the call; from now on it carries no further sales."""
        self._check_step("active")
        if day > self.date_call:
            raise UserError(self.env._("It had to be called until %s.", self.date_call))
        if not 0 < amount or self.currency_id.compare_amounts(amount, self.amount) > 0:
            raise UserError(
                self.env._("A call is above zero and within the guarantee.")
            )
        self._step(
            "active",
            state="called",
            called_on=day,
            called_amount=amount,
            call_reason=reason,
            call_reference=reference,
        )
        self._end_line()

    def _pay(self, day, amount):
        """The issuer paid; the payment itself is recorded in accounting as usual."""
        if not 0 < amount or (
            self.currency_id.compare_amounts(amount, self.called_amount) > 0
        ):
            raise UserError(self.env._("What is paid is above zero, up to the call."))
        self._step("called", state="paid", paid_on=day, paid_amount=amount)

    # === NIGHTLY === #

    @api.model
    @job
    def _cron_guarantees(self):
        """Tell of calls that come up, and close what nobody called."""
        last = fields.Date.today() + timedelta(days=30)
        # sudo: the clock acts, nobody in person.
        for one in self.sudo().search(
            [("state", "=", "active"), ("date_call", "<=", last)]
        ):
            today = one.company_id._credit_today()
            if one.date_call < today:
                one.state = "expired"
                one._end_line()
                continue
            alert = duties.get_alert(one.date_call, today) or "month"
            if alert == "daily" or alert != one.alert:
                one.alert = alert
                one._remind()

    def _remind(self):
        self.activity_unlink([ACTIVITY])
        for user in self.user_id or self.profile_id.analyst_id:
            one = for_reader(self, user).with_context(mail_activity_quick_update=True)
            one.activity_schedule(
                ACTIVITY,
                user_id=user.id,
                date_deadline=duties.get_warning_day(one.date_call),
                summary=one.env._(
                    "Call or prolong the guarantee %(number)s of %(customer)s: "
                    "%(overdue)s is overdue",
                    number=one.name,
                    customer=one.partner_id.name,
                    overdue=one.company_currency_id.format(one.overdue_amount),
                ),
            )
