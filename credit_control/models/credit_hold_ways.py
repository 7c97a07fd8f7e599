# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from .callers import is_amount, is_id, to_note

PAID = ("paid", "in_payment")


class CreditHold(models.Model):
    """Releasing less than asked: a part, against a deposit, with another term.

    Each way changes the document first, weighs it again and then answers as always, so
    that authority and four eyes look at what is really let through.
    """

    _inherit = "credit.hold"  # pylint: disable=consider-merging-classes-inherited

    deposit_move_id = fields.Many2one(
        "account.move",
        string="Deposit",
        readonly=True,
        index="btree_not_null",
        help="The release counts as soon as this invoice is paid.",
    )

    def release_part(
        self,
        quantities: dict,
        rest: str = "split",
        until: str | None = None,
        note: str = "",
        replace: bool = False,
    ):
        """Release some of an order; the rest goes to a second one.

        :param quantities: id of an order line -> quantity that is released
        :param rest: "split" for a free quotation, "hold" to hold it as well
        :param until: last day (ISO date); default: the policy's number of days
        :param note: kept with the release
        :param replace: also replace an answer that was given before
        :return: bool, True
        :raise AccessError: without authority for the part
        :raise UserError: for quantities that make no sense
        """
        self.ensure_one()
        self._check_way(replace)
        if rest not in ("split", "hold"):
            raise UserError(self.env._("The rest is split off or held."))
        # sudo: who may release may say how much of the order is let through.
        document = self.sudo()._get_present_document()
        second = document._credit_split_off(self._get_quantities(quantities))
        self.sudo()._weigh_again(document)
        self.release(until=until, note=note, replace=replace)
        if rest == "hold":
            second._credit_hold_too(document)
        return True

    def _get_quantities(self, quantities):
        try:
            found = {int(key): value for key, value in dict(quantities).items()}
        except (TypeError, ValueError):
            found = {0: 0}
        if not all(is_id(key) and is_amount(value) for key, value in found.items()):
            raise UserError(self.env._("Give a quantity for each order line."))
        return found

    def release_with_term(
        self,
        payment_term_id: int,
        until: str | None = None,
        note: str = "",
        replace: bool = False,
    ):
        """Release an order with another payment term.

        :param payment_term_id: id of an ``account.payment.term``
        :return: bool, True
        :raise AccessError: without authority
        :raise UserError: for an unknown term
        """
        self.ensure_one()
        self._check_way(replace)
        term = self.env["account.payment.term"]
        term = term.browse(payment_term_id if is_id(payment_term_id) else []).exists()
        if not term or term.company_id.root_id not in (
            term.company_id,
            self.company_id,
        ):
            raise UserError(self.env._("Choose a payment term."))
        # sudo: who may release may say on which terms the order is let through.
        document = self.sudo()._get_present_document()
        document._credit_change_term(term)
        self.sudo()._weigh_again(document)
        return self.release(until=until, note=note, replace=replace)

    def release_against_deposit(
        self,
        amount: float,
        until: str | None = None,
        note: str = "",
        replace: bool = False,
    ):
        """Ask for a deposit; the release counts as soon as it is paid.

        :param amount: taxes included, company currency
        :param until: last day of the release (ISO date)
        :param note: kept with the release
        :return: bool, True
        :raise AccessError: without authority
        :raise UserError: for an amount that makes no sense
        """
        self.ensure_one()
        if not is_amount(amount) or self.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("A deposit is more than zero."))
        self._check_release(replace)
        values = self._prepare_release(None, None, None, until)
        # sudo: who may release may make the deposit its condition.
        invoice = self.sudo()._get_present_document()._credit_ask_deposit(amount)
        mandate = self._get_mandate()
        self.sudo().write(
            {
                **values,
                "state": "open"
                if self.state in ("released", "rejected")
                else self.state,
                "deposit_move_id": invoice.id,
                "deadline": False,
                "release_user_id": self.env.uid,
                "release_for_id": mandate.id if mandate != self.env.user else False,
                "release_date": fields.Datetime.now(),
                "release_note": to_note(note),
            }
        )
        self.sudo()._deposit_asked(invoice)
        return True

    def _deposit_asked(self, invoice):
        self.activity_unlink(["credit_control.mail_activity_release"])
        self._tell(
            self.env._(
                "Released by %(user)s as soon as the deposit %(invoice)s of %(amount)s "
                "is paid.",
                user=self.release_user_id.name,
                invoice=invoice.name,
                amount=invoice.currency_id.format(invoice.amount_total),
            )
        )

    # === STEPS === #

    def _check_way(self, replace):
        """Let one answer through; what it may release is checked when that is known."""
        self.check_access("read")
        self._lock()
        if self.state not in ("open", "requested") and not replace:
            raise UserError(self._get_answered_text())
        if not self.env.user.has_group("credit_control.credit_control_group_analyst"):
            self._check_release(replace)

    def _get_present_document(self):
        document = self._get_document().exists()
        if not document:
            raise UserError(self.env._("The document of this hold is gone."))
        return document

    def _weigh_again(self, document):
        """Bring the figures up to date with a document that was just changed."""
        values = document._credit_prepare_again()
        if values:
            codes = values.pop("reason_codes")
            reasons = self.env["credit.reason"].search([("code", "in", codes)])
            values["reason_ids"] = [fields.Command.set(reasons.ids)]
        else:
            claim = document._get_credit_claims(proposed=True)[document]
            unit = 10**self.currency_id.decimal_places
            values = {"amount": claim.total / unit, "uncovered": 0.0}
        self.write(values)

    # === THE DEPOSIT IS PAID === #

    def _conclude(self, fitting, cause):
        paid = self.filtered(lambda hold: hold._is_deposit_paid())
        paid._release_paid()
        return super(CreditHold, self - paid)._conclude(fitting - paid, cause)

    def _is_deposit_paid(self):
        return self.deposit_move_id.payment_state in PAID

    def _release_paid(self):
        """The condition is met: what was promised counts, unless it came too late."""
        for hold in self:
            if hold.release_until < hold.company_id._credit_today():
                hold.deposit_move_id = False
                hold._tell(
                    self.env._("The deposit was paid after the release had ended.")
                )
                continue
            hold.write({"state": "released", "is_ready": False})
            hold._tell(self.env._("Released: the deposit is paid."))
