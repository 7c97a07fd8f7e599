# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.credit_control.models.readers import for_reader

from ..insurers.facts import CoverOrder, Identifier
from .credit_cover_request import OPEN

# What a decision makes of the request that asked for it; others leave it as it is.
STATES = {"referred": "referred", "preliminary_refused": "referred"}
STATES |= dict.fromkeys(("preliminary_partial",), "referred")
STATES |= dict.fromkeys(
    (
        "granted",
        "granted_conditional",
        "partial",
        "refused",
        "increase_refused",
        "reduced",
        "cancelled",
    ),
    "decided",
)
WAITING = ("sent", "referred")
FLOW_FIELDS = frozenset(
    {
        "state",
        "uuid",
        "date_sent",
        "date_decided",
        "external_job_id",
        "external_request_id",
        "attempts",
        "last_error",
    }
)
ASKING = frozenset({"new", "increase", "renew", "preliminary"})


class CreditCoverRequest(models.Model):
    """From asking to the answer. Only the flow moves a request on."""

    _inherit = "credit.cover.request"  # pylint: disable=consider-merging-classes-inherited

    @api.constrains("policy_id", "buyer_id")
    def _check_buyer(self):
        for request in self:
            if not request.policy_id._covers(request.buyer_id):
                raise ValidationError(
                    self.env._(
                        "%(buyer)s is not a buyer of the insurer of %(policy)s.",
                        buyer=request.buyer_id.name,
                        policy=request.policy_id.name,
                    )
                )

    @api.constrains("amount_requested", "type")
    def _check_amount(self):
        for request in self:
            amount = request.amount_requested
            if amount < 0 or (request.type in ASKING and not amount):
                raise ValidationError(
                    self.env._("Enter the amount that you ask the insurer for.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_flow_writer(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_flow_writer(vals)
        asked = {"policy_id", "buyer_id", "type", "layer", "amount_requested"}
        asked.add("is_exception")
        if not self.env.su and asked.intersection(vals):
            if any(request.state != "draft" for request in self):
                raise UserError(
                    self.env._("What was asked stays as it is. Cancel it and ask anew.")
                )
        return super().write(vals)

    def _check_flow_writer(self, *vals_list):
        if not self.env.su and any(map(FLOW_FIELDS.intersection, vals_list)):
            raise AccessError(self.env._("Use the buttons: they check what they do."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(request.state not in ("draft", "cancelled") for request in self):
            raise UserError(self.env._("A request that was sent cannot be deleted."))

    # === BUTTONS === #

    def action_send(self):
        """Put requests into the outbox; whoever carries them sends them from there.

        :raise UserError: when the insurer could not tell whom it is about
        """
        self._check_analyst()
        for request in self.filtered(lambda r: r.state == "draft"):
            request._check_sendable()
            # sudo: the flow moves requests on; rights were checked above.
            request.sudo().write({"state": "to_send", "last_error": False})
        self.sudo()._carry()
        return True

    def _carry(self):
        """Hook: what happens to requests that wait to be sent.

        By hand and by file nothing does: somebody exports or types them and says so with
        “Sent by Hand”.
        """

    def _check_sendable(self):
        """Block what the insurer would refuse, or attach to the wrong company."""
        self.ensure_one()
        buyer = self.buyer_id
        if self.policy_id.state != "live":
            raise UserError(
                self.env._("The policy %s is not in force.", self.policy_id.name)
            )
        if buyer.match_state != "confirmed":
            raise UserError(
                self.env._("Confirm first which customer %s is.", buyer.name)
            )
        if self.exclusion and not self.is_exception:
            raise UserError(
                self.env._(
                    "%(buyer)s: %(exclusion)s Tick “Ask All the Same” to send the request "
                    "nevertheless.",
                    buyer=buyer.name,
                    exclusion=self.exclusion,
                )
            )
        invalid = buyer.partner_id.sudo().credit_identifier_ids.filtered(
            lambda number: number.state == "invalid"
        )
        if invalid:
            raise UserError(
                self.env._(
                    "Correct these numbers of %(partner)s first: %(numbers)s",
                    partner=buyer.partner_id.display_name,
                    numbers=", ".join(invalid.mapped("value")),
                )
            )
        if not (buyer.insurer_buyer_id or buyer._get_right_numbers()):
            raise UserError(
                self.env._(
                    "%s has neither a number of the insurer nor a national number: the "
                    "insurer would not know who it is. A name is never enough.",
                    buyer.partner_id.display_name,
                )
            )

    def action_mark_sent(self):
        """Say that somebody sent the request: by file, portal, mail or telephone."""
        self._check_analyst()
        waiting = self.filtered(lambda r: r.state in ("to_send", "claimed"))
        # sudo: as in action_send.
        waiting.sudo().write({"state": "sent", "date_sent": fields.Datetime.now()})
        for request in waiting:
            request.message_post(body=self.env._("Sent by hand."))
        return True

    def action_cancel(self):
        """Give up what was not sent yet, or what the insurer will not answer any more."""
        self._check_analyst()
        if any(request.state == "claimed" for request in self):
            raise UserError(
                self.env._("It is being sent at this moment. Wait for the answer.")
            )
        # sudo: as in action_send.
        self.filtered(lambda r: r.state in OPEN).sudo().write({"state": "cancelled"})
        return True

    def _check_analyst(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "credit_control.credit_control_group_analyst"
        ):
            raise AccessError(self.env._("Only credit analysts ask for cover."))

    def _may_be_answered(self, day):
        """Whether a decision of a day can be the answer, as far as dates tell."""
        return not self.date_sent or self.date_sent.date() <= day

    def _tell_answer(self, decision):
        """Tell who asked what the insurer decided, in his language."""
        env = for_reader(self, self.user_id).env
        outcome = dict(decision._fields["outcome"]._description_selection(env))
        told = {
            "outcome": outcome[decision.outcome],
            "amount": decision.currency_id.with_env(env).format(
                decision.amount_granted
            ),
            "day": decision.date_expiry and format_date(env, decision.date_expiry),
        }
        body = told["outcome"]
        if decision.has_amount and told["day"]:
            body = env._("%(outcome)s: %(amount)s until %(day)s", **told)
        elif decision.has_amount:
            body = env._("%(outcome)s: %(amount)s", **told)
        self.message_post(
            body=body,
            partner_ids=self.user_id.partner_id.ids,
            message_type="notification",
        )

    # === TOLD === #

    def _prepare_order(self):
        """The request as every transport sends it.

        :return: ``insurers.facts.CoverOrder``
        """
        self.ensure_one()
        policy, digits = self.policy_id, self.currency_id.decimal_places
        amount = Decimal(f"{self.amount_requested:.{digits}f}")
        return CoverOrder(
            reference=self.uuid,
            request_type=self.type,
            policy_number=policy.policy_number,
            buyer_external_id=self.buyer_id.insurer_buyer_id or "",
            layer=self.layer,
            amount=amount,
            currency=self.currency_id.name,
            terms_days=self.terms_days or None,
            date_from=self.date_from or None,
            date_to=self.date_to or None,
            is_urgent=self.is_urgent,
            comment=self.comment or "",
            cover_external_id=self._get_cover_number(),
            business_unit=policy.business_unit or "",
            extension=policy.extension or "",
            customer_reference=policy.customer_ref or "",
        )

    def _get_cover_number(self):
        """The insurer's number of the cover that is to change."""
        layer = self.env["credit.cover.layer"].search(
            [
                ("policy_id", "=", self.policy_id.id),
                ("buyer_id", "=", self.buyer_id.id),
                ("layer", "=", self.layer),
            ],
            order="date_from desc",
            limit=1,
        )
        return layer.decision_id.external_id or ""


class CreditCoverDecision(models.Model):
    _inherit = "credit.cover.decision"  # pylint: disable=consider-merging-classes-inherited

    def _link_requests(self, policy, rows):
        """Say in the values of decisions which request they answer.

        By our reference, else by the insurer's number, else the only one that waits for
        this buyer and layer. A request never says what is granted (P12).
        """
        requests = self.env["credit.cover.request"].search(
            [
                ("policy_id", "=", policy.id),
                ("buyer_id", "in", [row["buyer_id"] for row in rows]),
                ("state", "!=", "draft"),
            ]
        )
        by_uuid = {request.uuid: request for request in requests}
        by_number = {
            r.external_request_id: r for r in requests if r.external_request_id
        }
        waiting = {(r.buyer_id.id, r.layer): r for r in requests if r.state in WAITING}
        for row in rows:
            request = by_uuid.get(row["own_reference"]) or by_number.get(
                row["external_id"]
            )
            guess = waiting.get((row["buyer_id"], row["layer"]))
            if not request and guess and guess._may_be_answered(row["decided_at"]):
                request = guess
            row["request_id"] = request.id if request else False

    def _settle_requests(self):
        """Move the requests on that these decisions answer; the last one counts."""
        answered = self.filtered("request_id").sorted(
            lambda d: (d.decided_at, d._get_version_order(), d.id)
        )
        for decision in answered:
            request = decision.request_id
            state = STATES.get(decision.outcome)
            if not state or request.state not in OPEN:
                continue
            values = {"state": state}
            if state == "decided":
                values["date_decided"] = fields.Datetime.now()
            if request.state != state:
                request.write(values)
            request._tell_answer(decision)


class CreditInsurerBuyer(models.Model):
    _inherit = "credit.insurer.buyer"  # pylint: disable=consider-merging-classes-inherited

    def _get_right_numbers(self):
        """The debtor's national numbers that are right.

        :return: ``credit.identifier``
        """
        # sudo: as all numbers here; the caller is checked.
        return self.partner_id.sudo().credit_identifier_ids.filtered(
            lambda number: number.state != "invalid"
        )

    def _get_known_identifiers(self):
        """The debtor's right numbers that name its legal entity, as facts.

        :return: tuple of ``insurers.facts.Identifier``
        """
        return tuple(
            Identifier(
                number.type_id.code,
                number.value,
                number.country_id.code or self.partner_id.country_id.code or "",
            )
            for number in self._get_right_numbers().filtered("entity_key")
        )
