# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date, formatLang

ACCOUNTANT = "account.group_account_invoice"
ANALYST = "credit_control.credit_control_group_analyst"
NOTE_LENGTH = 1000


class CreditInterestClaim(models.Model):
    """Late interest and indemnities of one debtor, proposed, claimed or given up.

    What was claimed or waived is not proposed again. Nobody writes these records: the
    methods do, after asking who calls. Penalties and indemnities are outside VAT, so they
    are booked apart, without taxes.
    """

    _name = "credit.interest.claim"
    _description = "Claim of Late Interest"
    _inherit = ["mail.thread"]
    _mail_post_access = "read"
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date = fields.Date(string="Counted Until", required=True, readonly=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("claimed", "Claimed"),
            ("waived", "Waived"),
            ("reversed", "Reversed"),
        ],
        required=True,
        readonly=True,
        default="proposed",
        tracking=True,
        index=True,
    )
    line_ids = fields.One2many("credit.interest.claim.line", "claim_id", readonly=True)
    interest = fields.Monetary(compute="_compute_amounts", store=True)
    indemnity = fields.Monetary(compute="_compute_amounts", store=True)
    fee = fields.Monetary(
        readonly=True, help="Of the reminder that claimed it, as its level says."
    )
    amount = fields.Monetary(string="Total", compute="_compute_amounts", store=True)
    move_id = fields.Many2one(
        "account.move", string="Debit Note", readonly=True, index="btree_not_null"
    )
    reversal_id = fields.Many2one(
        "account.move", string="Credit Note", readonly=True, index="btree_not_null"
    )
    reason = fields.Text(string="Waived Because", readonly=True, tracking=True)
    is_final = fields.Boolean(
        string="All Paid",
        compute="_compute_is_final",
        store=True,
        help="Every invoice of the claim is paid: the interest grows no more.",
    )

    @api.depends("line_ids.interest", "line_ids.indemnity", "fee")
    def _compute_amounts(self):
        for claim in self:
            claim.interest = sum(claim.line_ids.mapped("interest"))
            claim.indemnity = sum(claim.line_ids.mapped("indemnity"))
            claim.amount = claim.interest + claim.indemnity + claim.fee

    @api.depends("line_ids.move_line_id.reconciled")
    def _compute_is_final(self):
        for claim in self:
            # sudo: whether an invoice is paid, nothing more.
            items = claim.sudo().line_ids.move_line_id
            claim.is_final = all(item.reconciled for item in items)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        if any(claim.state != "proposed" for claim in self):
            raise UserError(
                self.env._("What was claimed or waived stays; reverse or waive it.")
            )

    # === ACTIONS === #

    def action_claim(self):
        """Book the proposed claims as debit notes without taxes.

        :raise AccessError: for others than accountants
        :raise UserError: without a journal for late interest
        """
        self._check_caller(ACCOUNTANT)
        self._lock_proposed()._book()
        return True

    def action_discard(self):
        """Take proposals away; they come back with the next proposal."""
        self._check_caller(ACCOUNTANT, ANALYST)
        self._lock_proposed().unlink()
        return True

    def waive(self, reason):
        """Give proposed interest up, or take a booked claim back by a credit note.

        :param str reason: kept on the claim
        :raise AccessError: analysts waive proposals, accountants reverse as well
        """
        self._check_caller(ACCOUNTANT, ANALYST)
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why: the reason stays on the claim."))
        reason = reason.strip()[:NOTE_LENGTH]
        booked = self.filtered(lambda claim: claim.state == "claimed")
        if booked:
            booked._check_caller(ACCOUNTANT)
            booked._reverse(reason)
        (self - booked)._lock_proposed().write({"state": "waived", "reason": reason})
        return True

    def action_open_waive(self):
        """Ask for the reason first."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Waive Late Interest"),
            "res_model": "credit.interest.claim.waive",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_claim_ids": [fields.Command.set(self.ids)]},
        }

    def action_open_move(self):
        """Open the debit note."""
        self.ensure_one()
        return self.move_id._get_records_action()

    def _check_caller(self, *groups):
        self.check_access("read")
        if not (self.env.su or any(map(self.env.user.has_group, groups))):
            raise AccessError(
                self.env._("Claiming and waiving interest is for accountants.")
            )

    def _lock_proposed(self):
        """The claims with all rights, as long as they are only proposed.

        Locked: two sessions must not book the same claim twice.
        """
        # sudo: nobody may write claims, their methods do.
        claims = self.sudo()
        claims.lock_for_update()
        claims.invalidate_recordset(["state"])
        if any(claim.state != "proposed" for claim in claims):
            raise UserError(
                self.env._("Some of these claims were claimed or waived already.")
            )
        return claims

    # === BOOKING === #

    def _book(self):
        for company, claims in self.grouped("company_id").items():
            journal = claims._get_journal(company)
            moves = self.env["account.move"].sudo()
            values = [claim._prepare_move_vals(journal) for claim in claims]
            for claim, move in zip(claims, moves.create(values), strict=True):
                claim.write({"move_id": move.id, "state": "claimed"})
            claims.move_id.action_post()

    def _get_journal(self, company):
        journal = company.credit_interest_journal_id
        if not journal:
            raise UserError(
                self.env._(
                    "Choose the journal of late interest of %s first, under Settings ▸ "
                    "Sales ▸ Credit ▸ Late Interest.",
                    company.name,
                )
            )
        return journal

    def _prepare_move_vals(self, journal):
        """Hook: the debit note of a claim, outside VAT.

        :param journal: ``account.journal`` of type sale
        :return: dict, values of ``account.move``
        """
        debtor = self.partner_id
        address = debtor.browse(debtor.address_get(["invoice"])["invoice"])
        claim = self.with_context(lang=address.lang or self.env.lang)
        return {
            "move_type": "out_invoice",
            "journal_id": journal.id,
            "company_id": self.company_id.id,
            "partner_id": address.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self.company_id._credit_today(),
            "invoice_payment_term_id": False,
            "invoice_origin": claim.env._(
                "Late interest until %s", format_date(claim.env, self.date)
            ),
            "narration": claim._get_legal_note(),
            "invoice_line_ids": claim._prepare_move_lines(),
        }

    def _get_legal_note(self):
        """Hook: what the law of the contract says, printed on the debit note."""
        source = self.env["credit.interest"]
        country = source._get_country(self.partner_id, self.company_id)
        if country.code != "FR":
            return self.env._(
                "Late-payment interest and compensation for recovery costs. Outside the "
                "scope of VAT."
            )
        if source._is_consumer(self.partner_id):
            return self.env._(
                "Late-payment interest (French Civil Code, article 1231-6). Outside the "
                "scope of VAT."
            )
        return self.env._(
            "Late-payment penalties and fixed recovery indemnity (French Commercial Code, "
            "articles L441-10 and D441-5). Outside the scope of VAT."
        )

    def _prepare_move_lines(self):
        company = self.company_id
        rows = [
            (
                line._get_interest_label(),
                line.interest,
                company.credit_interest_account_id,
            )
            for line in self.line_ids
        ]
        rows += [
            (
                line._get_indemnity_label(),
                line.indemnity,
                company._get_indemnity_account(),
            )
            for line in self.line_ids
        ]
        rows.append(
            (self._get_fee_label(), self.fee, company.credit_interest_account_id)
        )
        return [
            fields.Command.create(
                {
                    "name": label,
                    "quantity": 1,
                    "price_unit": amount,
                    "tax_ids": [fields.Command.clear()],
                    **({"account_id": account.id} if account else {}),
                }
            )
            for label, amount, account in rows
            if not self.currency_id.is_zero(amount)
        ]

    def _get_fee_label(self):
        return self.env._(
            "Fee for the reminder of %s", format_date(self.env, self.date)
        )

    def _reverse(self, reason):
        """Take debit notes back by credit notes; the interest is given up."""
        for claim in self.sudo():
            reversal = claim.move_id._reverse_moves(
                [
                    {
                        "date": claim.company_id._credit_today(),
                        "invoice_date": claim.company_id._credit_today(),
                        "ref": self.env._("Late interest waived: %s", reason[:80]),
                    }
                ],
                cancel=True,
            )
            claim.write(
                {"state": "reversed", "reason": reason, "reversal_id": reversal.id}
            )


class CreditInterestClaimLine(models.Model):
    """The interest of one journal item, with its computation."""

    _name = "credit.interest.claim.line"
    _description = "Line of a Claim of Late Interest"
    _order = "date_due, id"

    claim_id = fields.Many2one(
        "credit.interest.claim", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="claim_id.company_id", store=True)
    currency_id = fields.Many2one(related="claim_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line", required=True, index=True, ondelete="cascade"
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, index=True, ondelete="cascade"
    )
    date_due = fields.Date()
    interest = fields.Monetary()
    claimed_before = fields.Monetary(
        help="Of the interest of these periods; claimed or waived earlier."
    )
    indemnity = fields.Monetary()
    slices = fields.Json(help="Periods with one balance and one rate.")
    computation = fields.Text(compute="_compute_computation")

    @api.depends("slices", "claimed_before")
    @api.depends_context("lang")
    def _compute_computation(self):
        for line in self:
            line.computation = "\n".join(line._word_computation())

    def _word_computation(self):
        words = list(map(self._word_slice, self.slices or []))
        if not self.currency_id.is_zero(self.claimed_before):
            words.append(
                self.env._(
                    "less %s claimed or waived before",
                    self.currency_id.format(self.claimed_before),
                )
            )
        return words

    def _word_slice(self, part):
        return self.env._(
            "%(days)s days from %(first)s to %(last)s: %(balance)s × %(rate)s %% / %(year)s",
            days=part["days"],
            first=format_date(self.env, part["date_from"]),
            last=format_date(self.env, part["date_to"]),
            balance=self.currency_id.format(part["balance"]),
            rate=formatLang(self.env, part["rate"], digits=2),
            year=part["year"],
        )

    def _get_interest_label(self):
        label = self.env._(
            "Late interest on %(invoice)s, due %(due)s",
            invoice=self.move_id.name,
            due=format_date(self.env, self.date_due),
        )
        return "\n".join([label, *self._word_computation()])

    def _get_indemnity_label(self):
        return self.env._("Fixed recovery indemnity for %s", self.move_id.name)


class CreditInterest(models.AbstractModel):
    _inherit = "credit.interest"  # pylint: disable=consider-merging-classes-inherited

    def _get_claimed(self, line_ids):
        """Override: claimed, waived and reversed interest is settled.

        A debit note that was cancelled or reset to draft claims nothing.
        """
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT l.move_line_id, SUM(l.interest)
                    FROM credit_interest_claim_line l
                    JOIN credit_interest_claim q ON q.id = l.claim_id
                    LEFT JOIN account_move n ON n.id = q.move_id
                    WHERE l.move_line_id = ANY(%(lines)s) AND %(settled)s
                    GROUP BY l.move_line_id""",
                    lines=line_ids,
                    settled=self._sql_settled(),
                )
            )
        )

    def _sql_settled(self):
        return SQL(
            """(q.state IN ('waived', 'reversed')
                OR q.state = 'claimed' AND n.state = 'posted')"""
        )

    def _sql_indemnity_claimed(self):
        """Override: once for each invoice."""
        return SQL(
            """EXISTS (SELECT FROM credit_interest_claim_line l
                JOIN credit_interest_claim q ON q.id = l.claim_id
                LEFT JOIN account_move n ON n.id = q.move_id
                WHERE l.move_id = m.id AND l.indemnity > 0 AND %s)""",
            self._sql_settled(),
        )

    def _sql_bears_interest(self):
        """Override: interest bears no interest (Code civil, article 1343-2)."""
        return SQL(
            """%s AND NOT EXISTS (SELECT FROM credit_interest_claim q
                WHERE q.move_id = m.id)""",
            super()._sql_bears_interest(),
        )
