# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..callers import is_id, to_note
from ..turns import take_turn

MOST_LETTERS = 30
AGAIN_AFTER = 90  # days: after a broken promise or an upheld claim a person is asked
CHANNELS = ("email", "letter", "portal")


class CreditPortal(models.AbstractModel):
    """What a customer sees of its account, and answers, on the portal.

    All of it is of the customer's own commercial partner, as Odoo's portal rule for
    invoices has it, and in the companies of the portal user. Nothing of limits, scores or
    insurers is ever handed out here.
    """

    _name = "credit.portal"
    _description = "Account on the Portal"

    def _get_account(self, user):
        """The account of a portal user's customer.

        :param user: ``res.users``
        :return: dict, ``items`` (see ``_prepare_item``), ``totals`` (one dict per currency:
            ``currency``, ``overdue``, ``later``, ``credits``, ``total``), ``plans``,
            ``letters``, ``categories``, ``today``, ``last_day`` and whether it ``may_promise``
            and ``may_dispute``
        """
        # sudo: every record below is looked for by the user's own customer.
        portal = self.sudo()
        debtor, root = user.commercial_partner_id, portal._get_root(user)
        items = portal._get_items(debtor, user)
        today = root._credit_today()
        return {
            "company": root,
            "debtor": debtor,
            "items": items,
            "totals": portal._get_totals(items),
            "plans": portal._get_plans(debtor, root),
            "letters": portal._get_letters(debtor, user),
            "categories": portal.env["credit.dispute.category"].search(
                [("on_portal", "=", True)]
            ),
            "today": today,
            "last_day": fields.Date.add(today, days=root.credit_portal_promise_days),
            "may_promise": root.credit_portal_promises
            and any(item["may_promise"] for item in items),
            "may_dispute": root.credit_portal_disputes
            and any(item["may_dispute"] for item in items),
        }

    def _get_root(self, user):
        return user.company_id.root_id

    # === STATEMENT === #

    def _get_items(self, debtor, user):
        """Open items, the oldest first."""
        lines = self._get_lines(debtor, user)
        answers = self._get_answers(debtor, lines.move_id)
        today = self._get_root(user)._credit_today()
        items = [self._prepare_item(line, today, answers) for line in lines]
        return sorted(items, key=lambda item: (item["amount"] < 0, item["date_due"]))

    def _get_lines(self, debtor, user):
        # The receivable items of the exposure: one truth about what is open (P1).
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT r.id / 16 FROM (%s) r
                WHERE r.partner_id = %s AND r.branch_id = ANY(%s)""",
                self.env["credit.exposure"]._query_component("receivable"),
                debtor.id,
                user.company_ids.ids,
            )
        )
        return self.env["account.move.line"].browse([row[0] for row in rows])

    def _prepare_item(self, line, today, answers):
        """One open item; amounts in its own currency.

        :return: dict with ``move``, ``name``, ``date``, ``date_due``, ``days`` (late),
            ``amount``, ``currency``, ``answer`` (promise, dispute or plan, or None),
            ``is_invoice``, ``may_promise``, ``may_dispute``
        """
        move, due = line.move_id, line.date_maturity or line.date
        is_invoice = move.move_type in ("out_invoice", "out_receipt")
        answer = answers["all"] or answers["moves"].get(move.id)
        free = is_invoice and line.amount_residual_currency > 0 and not answer
        return {
            "line": line,
            "move": move,
            "name": move.name,
            "date": move.invoice_date or line.date,
            "date_due": due,
            "days": (today - due).days,
            "amount": line.amount_residual_currency,
            "company_amount": line.amount_residual,
            "currency": line.currency_id,
            "answer": answer,
            "is_invoice": is_invoice,
            "may_promise": free and move.id not in answers["broken"],
            "may_dispute": free and move.id not in answers["upheld"],
        }

    def _get_answers(self, debtor, moves):
        """What was answered about these invoices: promise, dispute or plan."""
        about = Domain("partner_id", "=", debtor.id)
        promises = self.env["credit.promise"].search(
            about & Domain("state", "in", ("open", "broken"))
        )
        found = {}
        plans = self.env["credit.instalment.plan"].search(
            about & Domain("state", "=", "running")
        )
        disputes = self.env["credit.dispute"].search(
            about & Domain("state", "=", "open")
        )
        waiting = promises.filtered(lambda promise: promise.state == "open")
        for answer in plans:
            found.update(dict.fromkeys(answer.move_ids.ids, answer))
        for answer in waiting:
            found.update(dict.fromkeys(answer.move_ids.ids, answer))
        for answer in disputes:
            found[answer.move_id.id] = answer
        long_ago = fields.Date.subtract(fields.Date.today(), days=AGAIN_AFTER)
        upheld = self.env["credit.dispute"].search(
            about
            & Domain("outcome", "=", "upheld")
            & Domain("source", "=", "portal")
            & Domain("date_closed", ">=", long_ago)
        )
        broken = promises.filtered(
            lambda promise: (
                promise.state == "broken"
                and promise.source == "portal"
                and promise.date >= long_ago
            )
        )
        return {
            "moves": found,
            "all": waiting.filtered(lambda promise: not promise.move_ids)[:1] or None,
            "broken": set(broken.move_ids.ids) & set(moves.ids),
            "upheld": set(upheld.move_id.ids),
        }

    def _get_totals(self, items):
        totals = {}
        for item in items:
            names = ("overdue", "later", "credits", "total")
            total = totals.setdefault(item["currency"], dict.fromkeys(names, 0.0))
            kind = "credits" if item["amount"] < 0 else "later"
            kind = "overdue" if kind == "later" and item["days"] > 0 else kind
            total[kind] += item["amount"]
            total["total"] += item["amount"]
        return [
            {"currency": currency}
            | {name: currency.round(amount) for name, amount in total.items()}
            for currency, total in totals.items()
        ]

    def _get_plans(self, debtor, root):
        return self.env["credit.instalment.plan"].search(
            [
                ("partner_id", "=", debtor.id),
                ("company_id", "=", root.id),
                ("state", "=", "running"),
            ]
        )

    # === LETTERS === #

    def _get_letters(self, debtor, user):
        """What was really sent to the customer, the latest first."""
        return self.env["credit.dunning.message"].search(
            self._get_letter_domain(debtor, user), limit=MOST_LETTERS
        )

    @api.model
    def _get_letter_domain(self, debtor, user):
        return (
            Domain("partner_id", "=", debtor.id)
            & Domain("company_id", "in", user.company_ids.root_id.ids)
            & Domain("state", "=", "sent")
            & Domain("channel", "in", CHANNELS)
            & Domain("notice_id.is_test", "=", False)
        )

    def _get_letter(self, user, message_id):
        """A letter of the user's own customer, or nothing; ids may be guessed.

        :return: ``credit.dunning.message``, sudo
        """
        if not is_id(message_id):
            return self.env["credit.dunning.message"]
        # sudo: the domain lets through what was sent to the user's own customer.
        domain = self._get_letter_domain(user.commercial_partner_id, user)
        return (
            self.env["credit.dunning.message"]
            .sudo()
            .search(domain & Domain("id", "=", message_id))
        )

    def _get_statement(self, user):
        """The customer's statement of open items as PDF.

        :return: (file name, bytes)
        """
        root = self._get_root(user)
        debtor = user.commercial_partner_id
        content = self.env["credit.statement"]._render_pdf(debtor, root)
        day = fields.Date.to_string(root._credit_today())
        return self.env._("Statement %s.pdf", day), content

    # === ANSWERS === #

    def _promise(self, user, move_ids, day, note):
        """Write down what a customer promises.

        :param user: ``res.users`` of the portal
        :param list move_ids: ids of invoices that were ticked; none: all that are overdue
        :param str day: ISO
        :raise UserError: when it may not be promised, in the customer's words
        """
        account = self._get_account(user)
        if not account["may_promise"]:
            raise UserError(self.env._("Please call us about these invoices."))
        chosen = self._choose(account, move_ids, "may_promise")
        day = self._read_day(day)
        if not account["today"] <= day <= account["last_day"]:
            raise UserError(
                self.env._(
                    "Please choose a day until %s.",
                    format_date(self.env, account["last_day"]),
                )
            )
        # sudo: every invoice is one of the user's own customer, see above.
        return (
            self.env["credit.promise"]
            .sudo()
            .create(
                self._prepare_answer(user, account, note)
                | {
                    "date": day,
                    "amount": account["company"].currency_id.round(
                        sum(item["company_amount"] for item in chosen)
                    ),
                    "move_ids": [Command.set([item["move"].id for item in chosen])],
                }
            )
        )

    def _dispute(self, user, move_ids, category_id, note, files=()):
        """Write down what a customer does not accept.

        :param user: ``res.users`` of the portal
        :param list move_ids: ids of invoices that were ticked
        :param int category_id: a ``credit.dispute.category`` that is on the portal
        :param str note: what the customer says; required
        :param files: (name, bytes) of what it hands in
        :raise UserError: when it may not be disputed, in the customer's words
        """
        account = self._get_account(user)
        if not account["may_dispute"]:
            raise UserError(self.env._("Please call us about these invoices."))
        if not move_ids or not (note or "").strip():
            raise UserError(
                self.env._("Please tick the invoice and say what is wrong.")
            )
        chosen = self._choose(account, move_ids, "may_dispute")
        category = account["categories"].filtered(lambda c: c.id == category_id)
        if not category:
            raise UserError(self.env._("Please choose what it is about."))
        disputes = self._create_disputes(user, account, chosen, category, note)
        for dispute in disputes:
            dispute.message_post(
                body=to_note(note),
                author_id=user.partner_id.id,
                attachments=list(files),
                message_type="comment",
                subtype_xmlid="mail.mt_note",
            )
        return disputes

    def _create_disputes(self, user, account, chosen, category, note):
        amounts = {}
        for item in chosen:
            move = item["move"]
            amounts[move] = amounts.get(move, 0.0) + item["company_amount"]
        answer = self._prepare_answer(user, account, note)
        # sudo: every invoice is one of the user's own customer, see above.
        return (
            self.env["credit.dispute"]
            .sudo()
            .create(
                [
                    answer
                    | {
                        "move_id": move.id,
                        "amount": amount,
                        "category_id": category.id,
                    }
                    for move, amount in amounts.items()
                ]
            )
        )

    def _choose(self, account, move_ids, right):
        """The items that were ticked, as far as they are the customer's own and free."""
        free = [item for item in account["items"] if item[right]]
        if not move_ids:
            chosen = [item for item in free if item["days"] > 0]
        else:
            chosen = [item for item in free if item["move"].id in move_ids]
        if not chosen:
            raise UserError(self.env._("Please tick the invoices that you mean."))
        return chosen

    def _read_day(self, day):
        try:
            return date.fromisoformat(day or "")
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("Please choose a day.")) from error

    def _prepare_answer(self, user, account, note):
        profiles = self.env["credit.profile"].sudo()
        profile = profiles._get_or_create(account["debtor"], account["company"])
        take_turn(profile)
        return {
            "profile_id": profile.id,
            "contact_id": user.partner_id.id,
            "source": "portal",
            "note": to_note(note),
        }
