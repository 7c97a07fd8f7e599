# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..readers import for_colleagues


class CreditDisputeOffer(models.Model):
    """A step of the negotiation about a dispute: so much credit, and we are even.

    Offers are never changed; a new one answers the one before it.
    """

    _name = "credit.dispute.offer"
    _description = "Offer in a Dispute"
    _order = "id desc"
    _rec_name = "amount"

    dispute_id = fields.Many2one(
        "credit.dispute", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        related="dispute_id.partner_id", string="Customer", store=True
    )
    company_id = fields.Many2one(
        related="dispute_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    side = fields.Selection(
        [("customer", "Customer"), ("company", "Us")],
        string="Offered by",
        required=True,
        default="customer",
    )
    amount = fields.Monetary(
        string="Amount Credited",
        required=True,
        help="What would be credited, taxes included, to end the dispute.",
    )
    note = fields.Char()
    user_id = fields.Many2one(
        "res.users",
        string="Written by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    answered_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    state = fields.Selection(
        [
            ("proposed", "Waiting"),
            ("countered", "Answered by another offer"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
        ],
        required=True,
        default="proposed",
        readonly=True,
    )

    recipient_id = fields.Many2one(
        "res.partner",
        compute="_compute_recipient_id",
        compute_sudo=True,
        help="Who is told of our offer: who disputed, else who receives follow-ups.",
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "An offer is about an amount above zero."
    )

    @api.constrains("amount", "dispute_id")
    def _check_amount(self):
        for offer in self:
            dispute = offer.dispute_id
            if dispute.currency_id.compare_amounts(offer.amount, dispute.amount) > 0:
                raise ValidationError(
                    self.env._(
                        "No more than what is disputed (%s) can be credited.",
                        dispute.currency_id.format(dispute.amount),
                    )
                )

    @api.depends("dispute_id.contact_id.email", "dispute_id.partner_id.email")
    def _compute_recipient_id(self):
        found = self.env["credit.dunning.run"]._get_recipients(self.partner_id.ids)
        for offer in self:
            contact, customer = offer.dispute_id.contact_id, offer.partner_id
            people = (contact, found.get(customer.id, customer), customer)
            reached = filter(lambda partner: partner.email, people)
            offer.recipient_id = next(reached, self.env["res.partner"])

    @api.model_create_multi
    def create(self, vals_list):
        """Override: our own offers need authority, and the customer is told of them.

        The offer before counts as answered.
        """
        fixed = {"state": "proposed", "user_id": self.env.uid, "answered_by_id": False}
        offers = super().create([vals | fixed for vals in vals_list])
        authority = self.env["credit.dispute.authority"]
        for offer in offers:
            offer.dispute_id._check_pending()
            if offer.side == "company":
                authority._check(offer.dispute_id, offer.amount)
            # sudo: offers are not written by hand; this is the flow.
            before = offer.dispute_id.sudo().offer_ids - offer.sudo()
            before.filtered(lambda o: o.state == "proposed").state = "countered"
            offer._log(lambda mine: mine._word_offer())
            if offer.side == "company":
                offer._tell_customer()
        return offers

    def _tell_customer(self):
        """E-mail our offer, once: in the transaction that writes it down.

        In the test mode of follow-ups nothing leaves.
        """
        # sudo: the template is for its editors; whoever may offer may tell it.
        offer, recipient = self.sudo(), self.recipient_id.sudo()
        if not offer.company_id.credit_dunning_live:
            self._log(lambda mine: mine.env._("Test mode: the offer was not e-mailed."))
        elif not recipient:
            self._log(
                lambda mine: mine.env._(
                    "No e-mail address: tell the customer the offer."
                )
            )
        else:
            template = offer.env.ref("credit_control.mail_template_dispute_offer")
            template.send_mail(offer.id)
            name = recipient.display_name
            self._log(lambda mine: mine.env._("Offer e-mailed to %s", name))

    def action_accept(self):
        """Agree: a draft credit note is prepared, within one's authority."""
        self.ensure_one()
        self._check_waiting()
        dispute = self.dispute_id
        self.env["credit.dispute.authority"]._check(dispute, self.amount)
        self._answer("accepted")
        dispute._give_credit(self.amount)
        return True

    def action_refuse(self):
        """Say no; the dispute goes on."""
        self.ensure_one()
        self._check_waiting()
        self._answer("refused")
        return True

    def _check_waiting(self):
        self.check_access("read")
        self.dispute_id._check_pending()
        if self.state != "proposed":
            raise UserError(self.env._("This offer was answered already."))

    def _answer(self, state):
        # sudo: offers are not written by hand; rights were checked above.
        self.sudo().write({"state": state, "answered_by_id": self.env.uid})
        if state == "accepted":
            self._log(lambda mine: mine.env._("Accepted: %(amount)s", **mine._words()))
        else:
            self._log(lambda mine: mine.env._("Refused: %(amount)s", **mine._words()))

    def _words(self):
        sides = dict(self._fields["side"]._description_selection(self.env))
        amount = self.currency_id.format(self.amount)
        return {"side": sides[self.side], "amount": amount}

    def _word_offer(self):
        offered = self.env._("Offer by %(side)s: %(amount)s", **self._words())
        return f"{offered} · {self.note}" if self.note else offered

    def _log(self, word):
        """Write on the dispute.

        :param word: function of the offer in the language of the log
        """
        self.dispute_id._message_log(body=word(for_colleagues(self)))
