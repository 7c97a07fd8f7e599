# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.credit_control.models.turns import take_turn

from ..const import ANALYST, MANAGER
from ..engine import split_loss

SHARE_FIELDS = ("granted_amount", "earlier_amount", "first_amount", "sponsor_amount")
OWN_FIELDS = frozenset(
    {*SHARE_FIELDS, "state", "paid_amount", "paid_on", "sent_on", "file_id"}
)
LOST = ("sent", "accepted", "paid", "refused")  # states in which the loss is a fact


class CreditProgrammeClaim(models.Model):
    """A loss on a programme's line, and what the sponsor owes of it."""

    _name = "credit.programme.claim"
    _description = "Claim against a Sponsor"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"

    grant_id = fields.Many2one(
        "credit.grant",
        string="Granted Line",
        required=True,
        index=True,
        ondelete="restrict",
    )
    programme_id = fields.Many2one(
        related="grant_id.programme_id", store=True, index=True
    )
    sponsor_id = fields.Many2one(related="grant_id.sponsor_id")
    partner_id = fields.Many2one(related="grant_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="grant_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="grant_id.currency_id")
    date = fields.Date(
        string="Date of Loss", required=True, default=fields.Date.context_today
    )
    amount = fields.Monetary(
        string="Loss",
        required=True,
        tracking=True,
        help="What is definitely not paid of what this line carried.",
    )
    invoice_ids = fields.Many2many(
        "account.move",
        string="Unpaid Invoices",
        domain="[('commercial_partner_id', '=', partner_id),"
        " ('move_type', '=', 'out_invoice'), ('state', '=', 'posted')]",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Documents")
    sponsor_amount = fields.Monetary(
        string="Sponsor's Share",
        readonly=True,
        tracking=True,
        help="By the terms under which the line was opened, worked out when the claim is "
        "sent.",
    )
    granted_amount = fields.Monetary(
        string="Granted in All",
        readonly=True,
        help="What the programme had granted when the claim was sent.",
    )
    earlier_amount = fields.Monetary(
        string="Lost Before",
        readonly=True,
        help="Losses of the programme that were claimed before this one.",
    )
    first_amount = fields.Monetary(
        string="Of It as First Loss",
        readonly=True,
        help="What the sponsor bears whole, as part of the programme's first losses.",
    )
    own_amount = fields.Monetary(string="Our Share", compute="_compute_own_amount")
    paid_amount = fields.Monetary(string="Paid by the Sponsor", tracking=True)
    sent_on = fields.Date(readonly=True)
    paid_on = fields.Date(readonly=True)
    state = fields.Selection(
        [
            ("draft", "Being Prepared"),
            ("sent", "Sent"),
            ("accepted", "Accepted"),
            ("paid", "Paid"),
            ("refused", "Refused"),
        ],
        default="draft",
        required=True,
        readonly=True,
        tracking=True,
    )
    note = fields.Text()

    _amount_positive = models.Constraint("CHECK(amount > 0)", "A loss is above zero.")

    @api.depends("amount", "sponsor_amount")
    def _compute_own_amount(self):
        for claim in self:
            claim.own_amount = claim.amount - claim.sponsor_amount

    @api.constrains("amount", "grant_id")
    def _check_amount(self):
        for claim in self:
            grant = claim.grant_id.sudo()
            others = self.sudo().search([("grant_id", "=", grant.id)])
            total = sum(others.mapped("amount"))
            if grant.currency_id.compare_amounts(total, grant.amount) > 0:
                raise ValidationError(
                    self.env._(
                        "The losses on this line add up to %(total)s; it carried %(line)s "
                        "at most.",
                        total=grant.currency_id.format(total),
                        line=grant.currency_id.format(grant.amount),
                    )
                )

    @api.constrains("invoice_ids", "grant_id")
    def _check_invoices(self):
        """The sponsor gets them: nobody else's leave with the claim."""
        # sudo: who works on claims need not read invoices.
        for claim in self.sudo():
            for move in claim.invoice_ids:
                is_own = move.commercial_partner_id == claim.partner_id
                is_ours = move.company_id.root_id == claim.company_id
                if not (is_own and is_ours and move.move_type == "out_invoice"):
                    raise ValidationError(
                        self.env._("A claim holds invoices of its own customer only.")
                    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(map(OWN_FIELDS.intersection, vals_list)):
            raise AccessError(self.env._("A claim starts as a draft."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if OWN_FIELDS.intersection(vals):
                raise AccessError(self.env._("Use the buttons of the claim."))
            fixed = {"amount", "grant_id", "date", "invoice_ids"}.intersection(vals)
            if fixed and any(claim.state != "draft" for claim in self):
                raise UserError(self.env._("What was sent stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(claim.state != "draft" for claim in self):
            raise UserError(self.env._("What was sent stays on record."))

    def _step(self, group, states, **values):
        self.ensure_one()
        self.check_access("write")
        self.grant_id.sudo(self.env.su).programme_id._check_group(group)
        if self.state not in states:
            raise UserError(self.env._("This cannot be done in this state."))
        # sudo: fields that only these buttons write.
        self.sudo().write(values)
        return True

    def action_send(self):
        """Work out the sponsor's share, keep the file of the claim and mail it to him.

        Money: two claims sent at once must not both count as the first loss. Who takes
        the turn second fails and is played again; nobody waits while pages are printed.
        """
        self.ensure_one()
        self._step(
            ANALYST,
            ("draft",),
            state="sent",
            sent_on=fields.Date.context_today(self),
            **self._get_shares(),
        )
        # sudo: the file holds invoices, which not every analyst may print.
        claim = self.sudo()
        claim._send_file()
        take_turn(claim.programme_id)
        return True

    def action_accept(self):
        return self._step(ANALYST, ("sent",), state="accepted")

    def action_refuse(self):
        return self._step(MANAGER, ("sent", "accepted"), state="refused")

    def action_paid(self):
        """The sponsor paid his share."""
        self.ensure_one()
        return self._step(
            ANALYST,
            ("sent", "accepted"),
            state="paid",
            paid_amount=self.sponsor_amount,
            paid_on=fields.Date.context_today(self),
        )

    def _get_shares(self):
        """The sponsor's share by the terms of the grant, and how it comes about.

        :return: dict, of ``SHARE_FIELDS``, programme's currency
        """
        programme, terms = self.sudo().programme_id, self.sudo().grant_id.version_id
        earlier = self.sudo().search(
            [("programme_id", "=", programme.id), ("state", "in", LOST)]
        )
        granted = (
            self.env["credit.grant"]
            .sudo()
            ._read_group(
                [("programme_id", "=", programme.id), ("line_id", "!=", False)],
                aggregates=["amount:sum"],
            )[0][0]
        )
        before = sum(programme._cents(claim.amount) for claim in earlier)
        given = programme._cents(granted or 0.0)
        first, beyond = split_loss(
            programme._cents(self.amount), before, given, *terms._get_shares()
        )
        unit = 10**programme.currency_id.decimal_places
        amounts = (given, before, first, first + beyond)
        return dict(zip(SHARE_FIELDS, (cents / unit for cents in amounts), strict=True))
