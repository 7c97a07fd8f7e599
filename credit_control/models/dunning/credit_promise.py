# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.answer import Payment, judge
from ..readers import job

BATCH = 200
DEFINITION_MONTHS = 12  # how far back reliability looks


class CreditPromise(models.Model):
    """An amount that a debtor promised to pay by a day.

    Payments that are matched afterwards decide whether it was kept. The promised day
    lasts until midnight in the company's time zone.
    """

    _name = "credit.promise"
    _inherit = "credit.answer"
    _description = "Promise to Pay"

    date = fields.Date(
        string="Promised for",
        tracking=True,
        help="Still open the day after, the promise counts as broken.",
    )
    amount = fields.Monetary(required=True, tracking=True)
    state = fields.Selection(
        [
            ("open", "Waiting"),
            ("kept", "Kept"),
            ("late", "Paid Late"),
            ("broken", "Broken"),
            ("renewed", "Renewed"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="open",
        tracking=True,
        group_expand=True,
        help="Kept: payments received by the day reach the amount. Paid late: they "
        "reached it afterwards. Broken: the day has passed without them.",
    )
    move_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        bypass_search_access=True,
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt')),"
        " ('commercial_partner_id', '=', partner_id)]",
        help="What the promise is about; follow-ups of these invoices wait. None: "
        "everything the customer owes.",
    )
    paid_amount = fields.Monetary(
        string="Paid since",
        readonly=True,
        help="Payments matched with these invoices after the promise was made.",
    )
    date_settled = fields.Date(
        string="Reached on",
        readonly=True,
        help="The day of the payment that reached the amount.",
    )
    matched_after = fields.Integer(readonly=True, copy=False)
    origin_id = fields.Many2one(
        "credit.promise",
        string="Renews",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A promise is about an amount above zero."
    )
    _state_idx = models.Index("(profile_id, date) WHERE state <> 'kept'")

    @api.constrains("move_ids", "profile_id")
    def _check_moves(self):
        for promise in self:
            # sudo: whose invoices they are, nothing more.
            moves = promise.sudo().move_ids
            if moves.commercial_partner_id - promise.partner_id or (
                moves.company_id.root_id - promise.company_id
            ):
                raise ValidationError(
                    self.env._("The promised invoices are not all of this customer.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: only payments matched from now on count."""
        last = self._get_last_match()
        vals_list = [vals | {"matched_after": last} for vals in vals_list]
        promises = super().create(vals_list)
        # sudo: the promise it replaces was seen by who renews it.
        origins = promises.sudo().origin_id
        origins.filtered(lambda promise: promise.state == "open").state = "renewed"
        return promises

    @api.model
    def _get_last_match(self):
        row = self.env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) FROM account_partial_reconcile")
        )
        return row[0][0]

    def _get_cause(self):
        return self.env._("A promise to pay changed.")

    # === ACTIONS === #

    def action_withdraw(self):
        """Take promises back: they count for nothing, and follow-ups go on."""
        self._check_waiting()
        self.state = "withdrawn"

    def action_renew(self):
        """Open a new promise that takes the place of this one.

        What was broken stays broken; what still waits counts as renewed.
        """
        self.ensure_one()
        self.check_access("write")
        left = self.currency_id.round(self.amount - self.paid_amount)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Renew a Promise"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_profile_id": self.profile_id.id,
                "default_amount": max(left, 0.0) or self.amount,
                "default_move_ids": [fields.Command.set(self.move_ids.ids)],
                "default_contact_id": self.contact_id.id,
                "default_origin_id": self.id,
            },
        }

    def _check_waiting(self):
        self.check_access("write")
        if any(promise.state != "open" for promise in self):
            raise UserError(self.env._("Only promises that still wait can be changed."))

    # === JUDGING === #

    @api.model
    @job
    def _cron_judge(self):
        """Find promises whose day has passed, and payments that no event told of."""
        # sudo: whether a promise was kept does not depend on who runs the job.
        due = self.sudo().search(self._get_due_domain(), order="date, id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for start in range(0, len(due), BATCH):
            batch = due[start : start + BATCH]
            batch._judge()
            if not cron._commit_progress(len(batch)):
                break

    @api.model
    def _get_due_domain(self):
        tomorrow = fields.Date.add(fields.Date.today(), days=1)
        return Domain("state", "=", "open") & Domain("date", "<=", tomorrow)

    @api.model
    def _judge_debtors(self, partner_ids):
        """Look at the promises of debtors whose payments were matched or undone.

        :param list partner_ids: commercial partners
        """
        # sudo: whether a promise was kept does not depend on who matches the payment.
        promises = self.sudo().search(
            Domain("partner_id", "in", partner_ids)
            & (
                Domain("state", "in", ("open", "broken"))
                | Domain("date_settled", "!=", False)
            )
        )
        promises._judge()

    def _judge(self):
        """Bring state and paid amount up to date; two statements for all of them."""
        if not self:
            return
        self.env.flush_all()
        payments = self._get_payments()
        still_open = self._get_still_open()
        for promise in self:
            cents = promise._to_cents
            left = cents(still_open.get(promise.id, 0.0)) if promise.move_ids else None
            received = [
                Payment(day, cents(amount)) for day, amount in payments[promise.id]
            ]
            today = promise.company_id._credit_today()
            verdict = judge(cents(promise.amount), promise.date, today, received, left)
            promise._take_verdict(verdict)

    def _to_cents(self, amount):
        return round(amount * 10**self.currency_id.decimal_places)

    def _take_verdict(self, verdict):
        state = "withdrawn" if verdict.state == "void" else verdict.state
        known = (self.state, self._to_cents(self.paid_amount), self.date_settled)
        if known != (state, verdict.paid, verdict.settled or False):
            self.write(
                {
                    "state": state,
                    "paid_amount": verdict.paid / 10**self.currency_id.decimal_places,
                    "date_settled": verdict.settled or False,
                }
            )

    def _get_payments(self):
        """Payments matched since, in the company's currency.

        A payment is what ``credit.behaviour`` calls one: a credit of a bank, cash or card
        journal; credit notes are none.

        :return: dict, promise id -> list of (date received, amount)
        """
        found = defaultdict(list)
        for promise_id, day, amount in self.env.execute_query(self._query_payments()):
            found[promise_id].append((day, float(amount)))
        return found

    def _query_payments(self):
        return SQL(
            """SELECT p.id, c.date, SUM(x.amount)
            FROM (%(lines)s) p
            JOIN account_partial_reconcile x ON x.debit_move_id = p.line_id
                AND (x.id > p.matched_after
                    OR p.matched_after IS NULL AND x.create_date >= p.create_date)
            JOIN account_move_line c ON c.id = x.credit_move_id
            JOIN account_journal j ON j.id = c.journal_id
                AND j.type IN ('bank', 'cash', 'credit')
            GROUP BY p.id, c.date""",
            lines=self._query_lines(),
        )

    def _query_lines(self):
        """The receivable items that promises are about: of their invoices, or all."""
        return SQL(
            """SELECT q.id, q.matched_after, q.create_date, l.id AS line_id,
                l.amount_residual
            FROM credit_promise q
            JOIN account_move_credit_promise_rel r ON r.credit_promise_id = q.id
            JOIN account_move_line l ON l.move_id = r.account_move_id
            JOIN account_account a ON a.id = l.account_id
                AND a.account_type = 'asset_receivable'
            WHERE q.id = ANY(%(ids)s) AND l.parent_state = 'posted'
            UNION ALL
            SELECT q.id, q.matched_after, q.create_date, l.id, l.amount_residual
            FROM credit_promise q
            JOIN res_partner p ON p.commercial_partner_id = q.partner_id
            JOIN account_move_line l ON l.partner_id = p.id
            JOIN account_account a ON a.id = l.account_id
                AND a.account_type = 'asset_receivable'
            JOIN res_company k ON k.id = l.company_id
                AND split_part(k.parent_path, '/', 1)::int = q.company_id
            WHERE q.id = ANY(%(ids)s) AND l.parent_state = 'posted' AND l.balance > 0
            AND NOT EXISTS (SELECT FROM account_move_credit_promise_rel r
                WHERE r.credit_promise_id = q.id)""",
            ids=self.ids,
        )

    def _get_still_open(self):
        """What the chosen invoices of promises still owe, company currency."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id, SUM(amount_residual) FROM (%s) p GROUP BY id",
                self._query_lines(),
            )
        )
        return {promise_id: float(amount) for promise_id, amount in rows}

    # === RELIABILITY === #

    @api.model
    def _get_reliability(self, partner_ids, company, months=DEFINITION_MONTHS):
        """Which part of what debtors promised was paid by the day.

        Weighted by amount: kept promises over promises that were kept, paid late or
        broken, by promised day. Waiting, renewed and withdrawn ones do not count.

        :param list partner_ids: commercial partners
        :param company: any company of the tree
        :param int months: only promises for the last months count
        :return: dict, partner id -> dict with ``rate`` (0.0 to 1.0, None without
            promises), ``promised`` and ``kept`` (root company's currency), ``count``
        """
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            self._query_reliability(list(partner_ids), company.root_id, months)
        )
        return {row.pop("partner_id"): row for row in rows}

    @api.model
    def _query_reliability(self, partner_ids, root, months=DEFINITION_MONTHS):
        """The statement behind ``_get_reliability``: one row per debtor, to be joined."""
        today = root._credit_today()
        return SQL(
            """SELECT d.partner_id, COUNT(q.id) AS count,
                COALESCE(SUM(q.amount), 0)::float AS promised,
                COALESCE(SUM(q.amount) FILTER (WHERE q.state = 'kept'), 0)::float
                    AS kept,
                (COALESCE(SUM(q.amount) FILTER (WHERE q.state = 'kept'), 0)
                    / NULLIF(SUM(q.amount), 0))::float AS rate
            FROM unnest(%(partners)s::int[]) AS d(partner_id)
            LEFT JOIN credit_promise q ON q.partner_id = d.partner_id
                AND q.company_id = %(root)s AND q.date >= %(first)s
                AND (q.state IN ('kept', 'late', 'broken')
                    OR q.state = 'open' AND q.date < %(today)s)
            GROUP BY d.partner_id""",
            partners=partner_ids,
            root=root.id,
            first=fields.Date.subtract(today, months=months),
            today=today,
        )
