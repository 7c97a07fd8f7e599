# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..readers import for_colleagues, for_reader, job


class CreditDispute(models.Model):
    """What a debtor does not accept, and why; follow-ups of the invoice wait for it.

    Its policy may leave the amount out of the exposure. It ends with a credit note, with
    a payment, or because the claim was upheld.
    """

    _name = "credit.dispute"
    _inherit = ["credit.answer", "mail.activity.mixin"]
    _description = "Dispute"

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        index=True,
        ondelete="cascade",
        tracking=True,
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt')),"
        " ('commercial_partner_id', '=', partner_id)]",
    )
    amount = fields.Monetary(
        required=True,
        tracking=True,
        help="The disputed part. What was paid since lowers it by itself.",
    )
    category_id = fields.Many2one(
        "credit.dispute.category",
        index=True,
        ondelete="restrict",
        tracking=True,
        help="What it is about. It decides who deals with it, and until when.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
        help="Who finds the answer. Empty: as the category says, else the credit analyst.",
    )
    date_deadline = fields.Date(
        string="To Be Settled by",
        tracking=True,
        help="After this day the dispute goes to the next person who may decide.",
    )
    escalation = fields.Integer(
        readonly=True,
        help="How often it went to the next person because of its deadline.",
    )
    state = fields.Selection(
        [("open", "Pending"), ("closed", "Closed")],
        required=True,
        default="open",
        tracking=True,
        group_expand=True,
    )
    outcome = fields.Selection(
        [
            ("credit_note", "Credit note"),
            ("payment", "Paid"),
            ("upheld", "Claim upheld"),
        ],
        readonly=True,
        tracking=True,
        help="Upheld: the customer owes what was invoiced, and is followed up again.",
    )
    date_closed = fields.Date(readonly=True)
    offer_ids = fields.One2many("credit.dispute.offer", "dispute_id", string="Offers")
    refund_id = fields.Many2one(
        "account.move",
        string="Credit Note",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A dispute is about an amount above zero."
    )
    _open_idx = models.Index("(move_id) WHERE state = 'open'")
    _deadline_idx = models.Index("(date_deadline) WHERE state = 'open'")

    @api.constrains("move_id", "profile_id")
    def _check_debtor(self):
        for dispute in self:
            # sudo: whose invoice it is, nothing more.
            move = dispute.move_id.sudo()
            if (
                move.commercial_partner_id != dispute.partner_id
                or move.company_id.root_id != dispute.company_id
            ):
                raise ValidationError(
                    self.env._("The disputed invoice is not one of this customer.")
                )

    @api.onchange("move_id")
    def _onchange_move_id(self):
        if self.move_id and not self.amount:
            self.amount = self.move_id.amount_residual_signed

    @api.onchange("category_id")
    def _onchange_category_id(self):
        if self.category_id:
            self.user_id = self.category_id.user_id or self.user_id
            self.date_deadline = self.category_id._get_deadline(self.company_id)

    @api.model_create_multi
    def create(self, vals_list):
        """Override: who deals with it, and until when, comes from the category."""
        disputes = super().create(vals_list)
        for dispute in disputes:
            dispute._complete()
        return disputes

    def _complete(self):
        category = self.category_id
        # sudo: accountants open disputes; they need not see the credit file.
        analyst = self.sudo().profile_id.analyst_id
        owner = self.user_id or category.user_id or analyst or self._get_first_owner()
        self.write(
            {
                "user_id": owner.id,
                "date_deadline": self.date_deadline
                or category._get_deadline(self.company_id),
            }
        )
        if owner != self.env.user and self.state == "open":
            self._assign(owner)

    def _get_first_owner(self):
        if self.env.user.share:
            # sudo: who looks after customers, whoever of them writes.
            return self.sudo().profile_id._get_status_keeper()
        return self.env.user

    def write(self, vals):
        """Override: who reopens a dispute takes its outcome back."""
        if not self.env.su and {"refund_id", "escalation"}.intersection(vals):
            raise AccessError(self.env._("Credit notes come from an agreement only."))
        if vals.get("state") == "open":
            vals = {"outcome": False, "date_closed": False, **vals}
        elif vals.get("state") == "closed":
            vals = {"date_closed": self.env.company._credit_today(), **vals}
        result = super().write(vals)
        if vals.get("state") == "closed":
            self.activity_unlink(
                [
                    "credit_control.mail_activity_dispute",
                    "credit_control.mail_activity_offer",
                ]
            )
        return result

    def _get_cause(self):
        return self.env._("A dispute changed.")

    def _assign(self, owner):
        self.activity_unlink(["credit_control.mail_activity_dispute"])
        dispute = for_reader(self, owner)
        dispute.activity_schedule(
            "credit_control.mail_activity_dispute",
            user_id=owner.id,
            date_deadline=self.date_deadline or fields.Date.today(),
            summary=dispute.env._(
                "Settle the dispute of %(customer)s about %(invoice)s",
                customer=dispute.partner_id.display_name,
                invoice=self.move_id.sudo().name,
            ),
        )

    # === OUTCOMES === #

    def action_uphold(self):
        """Close: the customer owes what was invoiced, and follow-ups go on."""
        self._check_pending()
        self.write({"state": "closed", "outcome": "upheld"})

    def action_paid(self):
        """Close: the customer pays after all."""
        self._check_pending()
        self.write({"state": "closed", "outcome": "payment"})

    def action_credit(self):
        """Give in: a draft credit note over the disputed amount, within one's authority."""
        self._check_pending()
        for dispute in self:
            self.env["credit.dispute.authority"]._check(dispute, dispute.amount)
            dispute._give_credit(dispute.amount)
        return self.action_open_refund() if len(self) == 1 else None

    def action_open_refund(self):
        """Open the credit note of this dispute."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.refund_id.id,
            "views": [(False, "form")],
        }

    def _check_pending(self):
        self.check_access("write")
        if any(dispute.state != "open" for dispute in self):
            raise UserError(self.env._("This dispute is closed."))

    def _give_credit(self, amount):
        """Prepare the credit note: a draft, which an accountant posts.

        The dispute stays pending, and follow-ups wait, until the note is posted.

        :param float amount: company currency, taxes included
        """
        self.ensure_one()
        if self.refund_id:
            raise UserError(
                self.env._("There is a credit note for this dispute already.")
            )
        # sudo: within his authority somebody decides that there is a credit note; only
        # an accountant posts it.
        dispute = self.sudo()
        dispute.refund_id = dispute.move_id._credit_note_of(amount, self.note or "")
        logged = for_colleagues(self)
        logged._message_log(
            body=logged.env._(
                "Draft credit note over %s prepared.",
                logged.currency_id.format(amount),
            )
        )

    # === WHAT HAPPENS BY ITSELF === #

    @api.model
    def _settle_debtors(self, partner_ids):
        """Close disputes whose credit note was posted or whose invoice was paid.

        :param list partner_ids: commercial partners
        """
        # sudo: whether a dispute is over does not depend on who posts or pays.
        disputes = self.sudo().search(
            [("partner_id", "in", partner_ids), ("state", "=", "open")]
        )
        for dispute in disputes:
            if outcome := dispute._get_outcome():
                dispute.write({"state": "closed", "outcome": outcome})

    def _get_outcome(self):
        if self.refund_id.state == "posted":
            return "credit_note"
        move = self.move_id
        owed = move.amount_residual_signed
        paid = move.state == "posted" and self.currency_id.compare_amounts(owed, 0) <= 0
        return "payment" if paid else False

    @api.model
    @job
    def _cron_escalate(self):
        """Hand disputes whose deadline has passed to the next person who may decide."""
        # sudo: escalation does not depend on who runs the job.
        due = self.sudo().search(
            [("state", "=", "open"), ("date_deadline", "<", fields.Date.today())]
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for dispute in due:
            dispute._escalate()
            if not cron._commit_progress(1):
                break

    def _escalate(self):
        days = self.category_id.escalation_days or 5
        today = self.company_id._credit_today()
        owner = self._get_next_owner() or self.user_id or self.env.user
        former = self.user_id.name or ""
        self.write(
            {
                "user_id": owner.id,
                "escalation": self.escalation + 1,
                "date_deadline": today + timedelta(days=days),
            }
        )
        self._assign(owner)
        self._message_log(
            body=self.env._(
                "Not settled in time by %(former)s: now with %(owner)s.",
                former=former,
                owner=owner.name,
            )
        )

    def _get_next_owner(self):
        """Hook: who gets a dispute that was not settled in time."""
        authority = self.env["credit.dispute.authority"]
        return authority._get_next_person(self) or self.profile_id._get_status_keeper()
