# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import format_date, formatLang

from ..engine import allocate
from ..engine.position import DEFAULT_LINE

MAX_INVOICES = 3  # named in a way out; the rest is in the exposure list


class CreditExplanation(models.AbstractModel):
    """Put verdicts into the reader's words: figures, reasons, ways out (P9).

    The result is plain data, so that the dialog, the order form, the hold, the portal
    and the API tell the same story.
    """

    _name = "credit.explanation"
    _description = "Credit Explanation"

    @api.model
    def _explain(self, company, position, verdict, asked, document):
        """Explain a verdict about a document.

        :param company: root company
        :param Position position: the debtor
        :param Verdict verdict: of the engine
        :param Document asked: what the engine was asked
        :param dict document: model, id, name and amount (cents) of the document
        :return: dict, amounts in main units of the company's currency
        """
        scale = _Scale(company.currency_id)
        facts = self._get_figures(company, position, scale)
        stack = self._get_stack(position, verdict.before, verdict.after, scale)
        room, left = position.room(verdict, asked)
        facts.update(
            outcome=verdict.outcome,
            observed=verdict.observed,
            released=verdict.released,
            document={**document, "amount": scale(document["amount"])},
            exposure=scale(verdict.before.net),
            available=scale(room),
            left=scale(left),
            uncovered=scale(verdict.added),
            over=scale(verdict.after.uncovered),
            stack=stack,
        )
        facts["reasons"] = [
            self._word_reason(reason, scale) for reason in verdict.reasons
        ]
        facts["ways_out"] = self._word_ways_out(company, position, verdict, scale)
        facts["headline"] = self._get_headline(facts)
        return facts

    @api.model
    def _explain_position(self, company, position):
        """Explain where a debtor stands, without any document."""
        scale = _Scale(company.currency_id)
        now = allocate(position.items, position.engine_lines)
        facts = self._get_figures(company, position, scale)
        facts.update(
            outcome="pass",
            observed=False,
            released=False,
            document=False,
            exposure=scale(now.net),
            available=scale(position.available()),
            left=scale(position.available()),
            uncovered=0.0,
            over=scale(now.uncovered) if position.managed else 0.0,
            stack=self._get_stack(position, now, now, scale),
            reasons=[],
            ways_out=[],
            hold=False,
            can_request=False,
            can_release=False,
        )
        facts["headline"] = self._get_headline(facts)
        return facts

    def _get_figures(self, company, position, scale):
        partner = self.env["res.partner"].browse(position.partner_id)
        return {
            "managed": position.managed,
            "mode": position.policy["mode"],
            "currency_id": scale.currency.id,
            "currency": scale.currency.name,
            "digits": scale.currency.decimal_places,
            "partner_id": partner.id,
            "partner_name": partner.display_name,
            "company_id": company.id,
            "profile_id": position.profile_id or False,
            "limit": scale(position.limit),
        }

    def _get_stack(self, position, before, after, scale):
        lines = self.env["credit.line"].browse(
            [line.key for line in position.lines if line.key != DEFAULT_LINE]
        )
        by_id = {line.id: line for line in lines}
        return [
            {
                **self._get_line_words(by_id.get(line.key)),
                "key": line.key,
                "amount": scale(line.amount),
                "used": scale(
                    min(before.used.get(line.key, 0), after.used.get(line.key, 0))
                ),
                "this": scale(
                    max(after.used.get(line.key, 0) - before.used.get(line.key, 0), 0)
                ),
                "free": scale(line.amount - after.used.get(line.key, 0)),
            }
            for line in position.lines
        ]

    def _get_line_words(self, line):
        if not line:
            return {
                "name": self.env._("Default line of the policy"),
                "kind": "default",
                "color": "#8a8f98",
                "date_to": False,
                "scope": False,
            }
        return {
            "name": line.label,
            "kind": line.kind_id.code,
            "color": line.kind_id.color,
            "date_to": line.date_to.isoformat() if line.date_to else False,
            "scope": line.scope_summary or False,
        }

    # === WORDS === #

    def _get_headline(self, facts):
        """One sentence for the top of the form, the dialog and the list."""
        money = self._money(facts)
        if facts["released"]:
            return self.env._(
                "Released: this document goes through although it exceeds."
            )
        if facts["uncovered"] <= 0 and (told := self._get_loudest_reason(facts)):
            return told
        if not facts["managed"]:
            return self.env._(
                "%s is not managed: nothing is held.", facts["partner_name"]
            )
        if facts["document"] and facts["uncovered"] > 0:
            if not facts["limit"]:
                return self.env._(
                    "%(partner)s has no credit: %(amount)s must be paid first.",
                    partner=facts["partner_name"],
                    amount=money(facts["uncovered"]),
                )
            return self.env._(
                "%(uncovered)s of this document exceeds the credit of %(partner)s.",
                uncovered=money(facts["uncovered"]),
                partner=facts["partner_name"],
            )
        if facts["left"] < 0 and not facts["document"]:
            return self.env._(
                "%(partner)s is %(over)s over its credit.",
                partner=facts["partner_name"],
                over=money(-facts["left"]),
            )
        return self.env._("%s left on the credit lines.", money(facts["left"]))

    def _money(self, facts):
        currency = self.env["res.currency"].browse(facts["currency_id"])
        return lambda amount: formatLang(self.env, amount, currency_obj=currency)

    def _word_reason(self, reason, scale):
        """Hook: the text of a reason; a kind of rule of an add-on words its own."""
        amount = reason.values.get("added", reason.values.get("amount"))
        worded = {
            "code": reason.code,
            "effect": reason.effect,
            "amount": scale(amount) if isinstance(amount, int) else False,
        }
        words = self._word_reason_by_code(reason, scale)
        words = words or self._get_catalogue_name(reason.code)
        return {**worded, "text": self._word_own_message(reason) + words}

    def _word_reason_by_code(self, reason, scale):
        """Hook: the sentence for a code, or False for the catalogue's name."""
        values = reason.values
        if reason.code == "uncovered":
            return self.env._(
                "%(added)s is not covered by the credit lines (%(limit)s in all).",
                added=scale.format(self.env, values["added"]),
                limit=scale.format(self.env, values["limit"]),
            )
        if reason.code == "no_credit":
            return self.env._(
                "This customer has no credit; %(added)s would have to be paid first.",
                added=scale.format(self.env, values["added"]),
            )
        if reason.code == "released":
            return self.env._(
                "Released up to %s.", scale.format(self.env, values["ceiling"])
            )
        if reason.code == "release_expired":
            return self.env._(
                "The release ended on %s.", format_date(self.env, values["until"])
            )
        if reason.code == "release_exceeded":
            return self.env._(
                "Released up to %(ceiling)s, but the document is now %(total)s.",
                ceiling=scale.format(self.env, values["ceiling"]),
                total=scale.format(self.env, values["total"]),
            )
        return False

    def _get_catalogue_name(self, code):
        # sudo: the catalogue of reasons holds no secrets, and everybody is told why.
        reason = self.env["credit.reason"].sudo().search([("code", "=", code)], limit=1)
        return reason.name or code

    def _word_ways_out(self, company, position, verdict, scale):
        words = {
            "deposit": self._word_deposit,
            "ship_part": self._word_part,
            "pay_open": self._word_pay,
            "ask_more": self._word_more,
            "release": self._word_release,
        }
        ways = []
        for way in verdict.ways_out:
            found = words.get(way.code, self._word_other)(company, position, way, scale)
            self._word_narrow(found[:1], way)
            ways += [
                {
                    "code": way.code,
                    "amount": scale(way.amount),
                    "model": False,
                    "id": False,
                    **w,
                }
                for w in found
            ]
        return ways

    def _word_deposit(self, company, position, way, scale):
        amount = scale.format(self.env, way.amount)
        return [{"text": self.env._("Take a deposit of %s.", amount)}]

    def _word_part(self, company, position, way, scale):
        amount = scale.format(self.env, way.amount)
        document = next((item["label"] for item in way.values.get("items", ())), "")
        model = self.env.get(document.split(",")[0])
        if hasattr(model, "_word_credit_part"):
            return [{"text": model._word_credit_part(amount)}]
        return [{"text": self.env._("Sell only %s of it now.", amount)}]

    def _word_pay(self, company, position, way, scale):
        """Name the oldest invoices whose payment would be enough."""
        amount = scale.format(self.env, way.amount)
        # sudo: the salesperson is told which invoices to ask for, even of colleagues.
        invoices = self._get_oldest_invoices(company, position)
        ways = [{"text": self._word_payment(amount)}]
        for invoice in invoices:
            ways.append(
                {
                    "text": invoice["text"],
                    "amount": invoice["amount"],
                    "model": "account.move",
                    "id": invoice["id"],
                }
            )
        return ways

    def _word_payment(self, amount):
        return self.env._("Ask for payment of %s that is open.", amount)

    def _get_oldest_invoices(self, company, position):
        # Speed: rows of a view have no index on their ids, so they are read at once.
        rows = self.env["credit.exposure"].search_fetch(
            self._get_invoices_domain(company, position),
            ["res_id", "amount", "currency_id", "date_due", "name"],
            order="date_due, date, id",
            limit=MAX_INVOICES,
        )
        today = position.today
        return [
            {
                "id": row.res_id,
                "amount": row.amount,
                "is_overdue": today > row.date_due,
                "text": self._word_invoice(row, (today - row.date_due).days),
            }
            for row in rows
        ]

    @api.model
    def _get_invoices_domain(self, company, position):
        """Hook: the open items of which a customer may be asked to pay the oldest."""
        return [
            ("partner_id", "=", position.partner_id),
            ("company_id", "=", company.id),
            ("component_id.code", "=", "receivable"),
            ("amount", ">", 0),
            ("res_model", "=", "account.move"),
        ]

    def _word_invoice(self, row, days):
        values = {
            "name": row.name or "",
            "amount": formatLang(self.env, row.amount, currency_obj=row.currency_id),
            "days": days,
        }
        if days == 1:
            return self.env._("%(name)s: %(amount)s, 1 day overdue", **values)
        if days > 1:
            return self.env._("%(name)s: %(amount)s, %(days)s days overdue", **values)
        return self.env._("%(name)s: %(amount)s, not due yet", **values)

    def _word_more(self, company, position, way, scale):
        amount = scale.format(self.env, way.amount)
        return [{"text": self.env._("Get credit lines for %s more.", amount)}]

    def _word_release(self, company, position, way, scale):
        names = self._get_releaser_names(company)
        if not names:
            return [{"text": self.env._("Ask the credit manager for a release.")}]
        return [{"text": self.env._("Ask for a release: %s.", ", ".join(names))}]

    def _word_other(self, company, position, way, scale):
        """Hook: the words of a way out that an add-on's kind of rule offers."""
        return [{"text": f"{way.code}: {scale.format(self.env, way.amount)}"}]

    def _get_releaser_names(self, company):
        group = self.env.ref(
            "credit_control.credit_control_group_manager", raise_if_not_found=False
        )
        # sudo: names of colleagues only.
        users = group.sudo().all_user_ids if group else self.env["res.users"]
        users = users.filtered(
            lambda u: u.active and not u.share and company in u.company_ids
        )
        return users[:3].mapped("name")


class _Scale:
    """From cents to main units; the only place where cents become floats."""

    def __init__(self, currency):
        self.currency = currency
        self.unit = 10**currency.decimal_places

    def __call__(self, cents):
        return cents / self.unit

    def format(self, env, cents):
        return formatLang(env, cents / self.unit, currency_obj=self.currency)
