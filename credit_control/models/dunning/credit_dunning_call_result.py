# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..callers import is_amount, is_id, to_note
from ..readers import for_reader

LONGEST_PROMISE = 180  # days
WAIT = 7  # days until who named a reason is called again


class CreditDunningCall(models.AbstractModel):
    """What came of a call."""

    _inherit = "credit.dunning.call"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def set_result(self, partner_id: int, result: str, values: dict | None = None):
        """Keep what came of a call, and give the debtor back.

        :param partner_id: the debtor, who must be on the caller's screen
        :param result: a result of ``credit.dunning.contact``
        :param values: any of ``contact_id``, ``phone``, ``note``, ``line_ids`` (items that
            were ticked; none: all that are overdue), ``date`` (ISO: of the promise, or
            to call back), ``amount`` (promised; none: the ticked items), ``category_id``
            (dispute) and ``reason_id`` (blockage)
        :return: dict with ``id`` of the call and ``text``, what was kept in words
        :raise AccessError: for who does not follow up
        :raise UserError: when a value is missing or makes no sense
        """
        self._check_caller()
        values = dict(values or {})
        root = self.env.company.root_id
        # sudo: rights were checked above; every value is looked at below.
        call = self.sudo()._prepare_call(root, partner_id, result, values)
        getattr(call["screen"], f"_result_{result}")(call, values)
        contact = self.sudo()._write_contact(call, result, values)
        self.release(partner_id)
        return {"id": contact.id, "text": call.get("text", "")}

    def _prepare_call(self, root, partner_id, result, values):
        results = dict(self.env["credit.dunning.contact"]._fields["result"].selection)
        if not isinstance(result, str) or result not in results:
            raise UserError(self.env._("There is no such result."))
        debtor = self.env["res.partner"].browse(partner_id if is_id(partner_id) else [])
        if not debtor.exists() or debtor.commercial_partner_id != debtor:
            raise UserError(self.env._("This customer does not exist any more."))
        self._keep(root, debtor)
        items = self._get_items(root, debtor)
        ticked = values.get("line_ids") or []
        chosen = [
            item
            for item in items
            if (item["id"] in ticked if ticked else not item["excuse"])
        ]
        return {
            "screen": self,
            "root": root,
            "debtor": debtor,
            "profile": self.env["credit.profile"]._get_or_create(debtor, root),
            "items": items,
            "chosen": chosen,
            "person": self._get_person(debtor, values.get("contact_id")),
            "note": to_note(values.get("note")),
            "vals": {},
        }

    def _get_person(self, debtor, person_id):
        person = self.env["res.partner"].browse(person_id if is_id(person_id) else [])
        person = person.exists()
        if person.commercial_partner_id == debtor:
            return person
        return self.env["res.partner"]

    # === RESULTS === #

    def _result_promise(self, call, values):
        day = self._read_day(call, values, 0, LONGEST_PROMISE)
        total = sum(item["amount"] for item in call["chosen"])
        amount = values.get("amount") or total
        if not is_amount(amount) or amount <= 0:
            raise UserError(self.env._("Give the amount that is promised."))
        invoices = [item["move_id"] for item in call["chosen"] if item["amount"] > 0]
        promise = self.env["credit.promise"].create(
            self._prepare_answer(call)
            | {
                "date": day,
                "amount": call["root"].currency_id.round(amount),
                "move_ids": [Command.set(invoices)],
            }
        )
        call["vals"]["promise_id"] = promise.id
        call["text"] = self.env._(
            "%(amount)s promised for %(day)s",
            amount=promise.currency_id.format(promise.amount),
            day=self._format_day(day),
        )

    def _result_today(self, call, values):
        values.update(date=fields.Date.to_string(call["root"]._credit_today()))
        self._result_promise(call, values)

    def _result_dispute(self, call, values):
        category = self.env["credit.dispute.category"]
        key = values.get("category_id")
        category = category.browse(key if is_id(key) else []).exists()
        invoices = [item for item in call["chosen"] if item["amount"] > 0]
        if not category or not invoices:
            raise UserError(self.env._("Choose what is disputed, and why."))
        amounts = {}
        for item in invoices:
            amounts[item["move_id"]] = amounts.get(item["move_id"], 0) + item["amount"]
        moves = self.env["account.move"].browse(amounts)
        if any(not move.is_sale_document(include_receipts=True) for move in moves):
            raise UserError(self.env._("Only invoices can be disputed."))
        disputes = self.env["credit.dispute"].create(
            [
                self._prepare_answer(call)
                | {
                    "move_id": move_id,
                    "amount": amount,
                    "category_id": category.id,
                }
                for move_id, amount in amounts.items()
            ]
        )
        call["vals"]["dispute_ids"] = [Command.set(disputes.ids)]
        call["text"] = self.env._(
            "Disputed: %s", ", ".join(disputes.move_id.mapped("name"))
        )

    def _result_blocked(self, call, values):
        key = values.get("reason_id")
        reason = self.env["credit.reason"].browse(key if is_id(key) else []).exists()
        if not reason.is_blockage:
            raise UserError(self.env._("Choose what blocks the payment."))
        call["vals"].update(
            reason_id=reason.id,
            former_reason_id=call["profile"].blockage_reason_id.id,
            call_back=call["root"]._credit_today() + timedelta(days=WAIT),
        )
        call["profile"].blockage_reason_id = reason
        call["text"] = self.env._("Blocked: %s", reason.name)

    def _result_no_answer(self, call, values):
        tomorrow = call["root"]._credit_today() + timedelta(days=1)
        call["vals"]["call_back"] = tomorrow
        call["text"] = self.env._("No answer: tomorrow again")

    def _result_call_back(self, call, values):
        day = self._read_day(call, values, 1, LONGEST_PROMISE)
        call["vals"]["call_back"] = day
        call["text"] = self.env._("To be called back on %s", self._format_day(day))

    def _result_wrong_number(self, call, values):
        tomorrow = call["root"]._credit_today() + timedelta(days=1)
        call["vals"]["call_back"] = tomorrow
        keeper = call["profile"].analyst_id or self.env.user
        profile = for_reader(call["profile"], keeper)
        activity = profile.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=keeper.id,
            summary=profile.env._("Find the right phone number of the customer"),
            note=str(values.get("phone") or "")[:40],
        )
        call["vals"]["activity_id"] = activity.id
        call["text"] = self.env._("Wrong number: a task to find the right one was made")

    def _read_day(self, call, values, least, most):
        today = call["root"]._credit_today()
        try:
            day = date.fromisoformat(str(values.get("date")))
        except ValueError as error:
            raise UserError(self.env._("Choose a day.")) from error
        if not least <= (day - today).days <= most:
            raise UserError(
                self.env._("Choose a day in the next %s days.", LONGEST_PROMISE)
            )
        return day

    def _prepare_answer(self, call):
        return {
            "profile_id": call["profile"].id,
            "contact_id": call["person"].id,
            "source": "call",
            "note": call["note"],
        }

    def _write_contact(self, call, result, values):
        overdue = sum(item["amount"] for item in call["items"] if not item["excuse"])
        moves = [item["move_id"] for item in call["chosen"]]
        contact = self.env["credit.dunning.contact"].create(
            self._prepare_answer(call)
            | {
                "date": call["root"]._credit_today(),
                "user_id": self.env.uid,
                "phone": str(values.get("phone") or "")[:40],
                "result": result,
                "amount_overdue": overdue,
                "move_ids": [Command.set(moves)],
                **call["vals"],
            }
        )
        call["profile"]._message_log(
            body=self.env._("Call: %s", call.get("text") or result)
        )
        return contact
