# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..callers import is_amount, to_note
from ..readers import for_reader
from ..turns import take_turn

TASK = "credit_control.mail_activity_offer"
MOST_OFFERS = 10  # a day in one dispute: beyond that, people talk to each other


class CreditPortal(models.AbstractModel):
    """A customer answers our offers in a dispute, and makes its own."""

    _inherit = "credit.portal"  # pylint: disable=consider-merging-classes-inherited

    def _get_account(self, user):
        """Override: with ``disputes``, what is being settled (see ``_prepare_dispute``)."""
        account = super()._get_account(user)
        disputes = self._get_disputes(user)
        return account | {"disputes": list(map(self._prepare_dispute, disputes))}

    def _get_disputes(self, user):
        # sudo: the domain lets through what is about the user's own invoices.
        return (
            self.env["credit.dispute"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", user.commercial_partner_id.id),
                    ("move_id.company_id", "in", user.company_ids.ids),
                    ("state", "=", "open"),
                ]
            )
        )

    def _prepare_dispute(self, dispute):
        """What the customer sees of a dispute; our notes and people stay ours.

        :return: dict with ``id``, ``name`` (of the invoice), ``category``, ``amount``,
            ``currency``, ``offer`` (the last one, or none), ``replaced`` (its own one
            whose place the last one took, or none), ``settled``, ``may_answer``
        """
        offer, before = dispute.offer_ids[:1], dispute.offer_ids[1:2]
        return {
            "id": dispute.id,
            "name": dispute.move_id.name,
            "category": dispute.category_id.name,
            "amount": dispute.amount,
            "currency": dispute.currency_id,
            "offer": offer,
            "replaced": before if offer.side == before.side == "customer" else None,
            "settled": bool(dispute.refund_id),
            "may_answer": not dispute.refund_id and self._is_binding(offer),
        }

    def _is_binding(self, offer):
        """Whether this is an offer of ours that waits, within its writer's authority.

        It was within it when it was written; since then, the authority may have been
        lowered, or the customer got another risk class.
        """
        if (offer.side, offer.state) != ("company", "proposed"):
            return False
        authority = self.env["credit.dispute.authority"]
        return authority._may_credit(offer.user_id, offer.dispute_id, offer.amount)

    # === ANSWERS === #

    def _accept_offer(self, user, offer_id):
        """The customer accepts our offer: a draft credit note, which an accountant posts.

        :param user: ``res.users`` of the portal
        :param int offer_id: ``credit.dispute.offer``
        :raise UserError: when it is not open any more, in the customer's words
        """
        offer = self._find_offer(user, offer_id)
        offer._answer("accepted")
        offer.dispute_id._give_credit(offer.amount)
        offer._tell_owner()

    def _refuse_offer(self, user, offer_id):
        """The customer refuses our offer; the dispute goes on.

        :param user: ``res.users`` of the portal
        :param int offer_id: ``credit.dispute.offer``
        :raise UserError: when it is not open any more, in the customer's words
        """
        offer = self._find_offer(user, offer_id)
        offer._answer("refused")
        offer._tell_owner()

    def _find_offer(self, user, offer_id):
        """An offer that the user's own customer may answer; ids may be guessed."""
        for dispute in map(self._prepare_dispute, self._get_disputes(user)):
            if dispute["may_answer"] and dispute["offer"].id == offer_id:
                return dispute["offer"]
        raise UserError(self.env._("This offer is not open any more: please call us."))

    def _make_offer(self, user, dispute_id, amount, note):
        """The customer says which credit would settle its dispute.

        :param user: ``res.users`` of the portal
        :param int dispute_id: ``credit.dispute``
        :param float amount: company currency, taxes included
        :param str note: what it says
        :raise UserError: when it makes no sense, in the customer's words
        """
        dispute = self._get_disputes(user).filtered(lambda d: d.id == dispute_id)
        if not dispute or dispute.refund_id:
            raise UserError(self.env._("This is settled already."))
        amount = dispute.currency_id.round(amount) if is_amount(amount) else 0
        if not amount:
            raise UserError(self.env._("Please give the amount of the credit."))
        take_turn(dispute)
        asked = self._prepare_offer(dispute, amount, note)
        if self._is_said(dispute.offer_ids[:1], asked):
            return
        self._check_offers(dispute)
        offer = self.env["credit.dispute.offer"].sudo()  # sudo: of its own dispute
        offer.create(asked)._tell_owner()

    def _prepare_offer(self, dispute, amount, note):
        return {
            "dispute_id": dispute.id,
            "side": "customer",
            "amount": amount,
            "note": to_note(note),
        }

    def _is_said(self, offer, asked):
        """Whether the same proposal waits already: the button was pressed twice."""
        if (offer.side, offer.state) != ("customer", "proposed"):
            return False
        same = offer.currency_id.compare_amounts(offer.amount, asked["amount"]) == 0
        return same and (offer.note or "") == asked["note"]

    def _check_offers(self, dispute):
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        own = dispute.offer_ids.filtered(
            lambda offer: offer.side == "customer" and offer.create_date > since
        )
        if len(own) >= MOST_OFFERS:
            raise UserError(
                self.env._("You have made many proposals today: please call us.")
            )


class CreditDisputeOffer(models.Model):
    _inherit = "credit.dispute.offer"  # pylint: disable=consider-merging-classes-inherited

    def _tell_owner(self):
        """Give the owner of the dispute one task, in his words: the customer answered.

        A later answer takes the place of the one that he has not looked at; both stay in
        the log.
        """
        dispute = self.dispute_id
        keeper = dispute.user_id
        if not keeper.active:
            keeper = dispute.profile_id._get_status_keeper()
        told = {
            "user_id": keeper.id,
            "summary": for_reader(self, keeper)._word_answer(),
            "note": plaintext2html(self.note or ""),
        }
        waiting = dispute.activity_search([TASK])[:1]
        if waiting:
            waiting.write(told | {"date_deadline": dispute.company_id._credit_today()})
        else:
            dispute.activity_schedule(TASK, **told)

    def _word_answer(self):
        amount = self.currency_id.format(self.amount)
        if self.state == "accepted":
            return self.env._("The customer accepts %s", amount)
        if self.state == "refused":
            return self.env._("The customer refuses %s", amount)
        return self.env._("The customer proposes %s", amount)
