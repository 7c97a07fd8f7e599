# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.credit_control.models.turns import take_turn

from ..engine import indemnity
from .papers import mail_paper

REPORT = "credit_insurance_link.credit_insurance_recovery_report"


class CreditInsuranceRecovery(models.Model):
    """Money that came in on a loss; after the indemnity it is shared with the insurer.

    Shared as the policy says: the oldest invoice first [A Allianz Trade CH], or in
    proportion to what each bore once the loss had occurred [A Atradius BE].
    """

    _name = "credit.insurance.recovery"
    _description = "Recovery"
    _order = "date, id"
    _rec_name = "date"

    claim_id = fields.Many2one(
        "credit.insurance.claim", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="claim_id.currency_id")
    partner_id = fields.Many2one(related="claim_id.partner_id", store=True, index=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    kind = fields.Selection(
        [
            ("payment", "Payment"),
            ("security", "Security"),
            ("resale", "Resale of Goods"),
            ("dividend", "Insolvency Dividend"),
        ],
        required=True,
        default="payment",
    )
    amount = fields.Monetary(
        required=True,
        help="In the policy's currency and tax basis: without its taxes where the policy "
        "insures amounts without taxes.",
    )
    payment_id = fields.Many2one(
        "account.payment", index="btree_not_null", ondelete="set null"
    )
    note = fields.Char()
    is_booked = fields.Boolean(
        string="Taken Off Already",
        readonly=True,
        help="This payment was matched with the invoices before the claim took them in: "
        "what is owed is less already.",
    )
    is_after = fields.Boolean(
        string="After the Indemnity",
        readonly=True,
        help="The insurer has paid: his part of it belongs to him.",
    )
    insurer_amount = fields.Monetary(string="Insurer's Part", readonly=True)
    own_amount = fields.Monetary(string="Our Part", readonly=True)
    told_on = fields.Date(
        string="Told on",
        copy=False,
        help="When the insurer was told of it. The statement by e-mail fills it; enter it "
        "yourself when you told him in his portal.",
    )
    settled_on = fields.Date(
        string="Paid to the Insurer", help="When his part was paid to him."
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A recovery is above zero."
    )

    @api.model_create_multi
    def create(self, vals_list):
        recoveries = super().create(vals_list)
        # sudo: the parts are ours to work out, nobody types them.
        for recovery in recoveries.sudo().sorted(lambda one: (one.date, one.id)):
            recovery._share()
        return recoveries

    def write(self, vals):
        if not self.env.su and {"insurer_amount", "own_amount", "is_after"} & set(vals):
            raise UserError(self.env._("The parts follow from the policy."))
        told = {"claim_id", "amount", "date", "kind"} & set(vals)
        if told and not self.env.su and any(self.mapped("is_after")):
            raise UserError(self.env._("What was told to others stays as it is."))
        result = super().write(vals)
        if told:
            for claim in self.sudo().claim_id:
                claim._compute_claim()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shared(self):
        if any(not recovery.claim_id._is_open() for recovery in self):
            raise UserError(self.env._("What was told to others stays on record."))

    def _share(self):
        """Divide what came in after the indemnity; before it, work the claim out anew."""
        claim = self.claim_id
        # money: two recoveries at once must not both be the first.
        take_turn(claim)
        if not claim.paid_on or self.date < claim.paid_on:
            claim._compute_claim()
            return
        insurer = self._get_insurer_part()
        self.write(
            {
                "is_after": True,
                "insurer_amount": insurer,
                "own_amount": self.amount - insurer,
            }
        )
        if claim.state == "paid":
            claim.state = "recovering"

    def _get_insurer_part(self):
        claim = self.claim_id
        cents, money = claim._to_cents, claim._from_cents
        others = claim.recovery_ids.filtered(lambda one: one.is_after and one != self)
        already = sum(cents(one.insurer_amount) for one in others)
        paid = cents(claim.paid_amount)
        lines = [line._to_result() for line in claim.line_ids]
        if claim.policy_id.recovery_allocation == "oldest":
            before = sum(cents(one.amount) for one in others)
            part = indemnity.share_oldest(cents(self.amount), lines, before)[0]
        else:
            whole = sum(line.covered + line.uncovered for line in lines)
            part = indemnity.share_recovery(cents(self.amount), paid, whole)[0]
        # money: the insurer never gets back more than he paid.
        return money(min(part, max(paid - already, 0)))

    def _counts(self):
        """Whether it still lowers the loss."""
        return not self.is_after and not self.is_booked

    def _to_engine(self):
        return indemnity.Recovery(
            self.id, self.date, self.claim_id._to_cents(self.amount)
        )


class CreditInsuranceClaim(models.Model):
    """How the insurer is told of what came in after he paid."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.claim"

    def _get_later(self):
        """What came in after the indemnity, as the statement lists it."""
        return self.recovery_ids.filtered("is_after")

    def _get_insurer_balance(self):
        """What the insurer has still to get of it, in the policy's currency."""
        owed = self._get_later().filtered(lambda one: not one.settled_on)
        return sum(owed.mapped("insurer_amount"))

    def action_print_recoveries(self):
        """Print the statement of recoveries, for the insurer's portal."""
        self.ensure_one()
        self.check_access("read")
        return self.env.ref(REPORT).report_action(self, config=False)

    def action_tell_recoveries(self):
        """Send the insurer the statement of what came in after the indemnity.

        :return: bool, True
        :raise AccessError: for others than analysts
        :raise UserError: when there is nothing new, or nobody can be written to
        """
        self.ensure_one()
        self._check_step("paid", "recovering", "closed")
        news = self._get_later().filtered(lambda one: not one.told_on)
        if not news:
            raise UserError(
                self.env._("Nothing came in that the insurer was not told of.")
            )
        contact = self._get_contact()
        # First the mark: it is on the statement.
        news.told_on = self.company_id._credit_today()
        mail_paper(
            self,
            REPORT,
            contact,
            self.env._("Recoveries: policy %s", self.policy_id.name),
            self.env._(
                "Please find attached our statement of recoveries from %(customer)s, your "
                "reference %(reference)s.",
                customer=self.partner_id.name,
                reference=self.external_id or "-",
            ),
            f"recoveries-{self.id}.pdf",
        )
        return True
