# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date

from .credit_dunning_run_gather import Debtor
from .credit_dunning_words import fill, leave_out_sentences

LAST_CALLS = 5
LAST_NOTICES = 3
MOST_PEOPLE = 8


class CreditDunningCall(models.AbstractModel):
    """What the caller sees of a debtor."""

    _inherit = "credit.dunning.call"  # pylint: disable=consider-merging-classes-inherited

    def _get_card(self, root, partner_id):
        """Hook: what is shown of a debtor; dates are ISO, amounts in main units.

        :param root: root company
        :param int partner_id: commercial partner
        :return: dict with ``partner``, ``people``, ``items``, ``amount`` (overdue, credits
            taken off), ``script``, ``level``, ``calls``, ``notices`` (the last reminders),
            ``promises`` and what the results offer: ``categories``, ``reasons``, ``dates``
        """
        debtor = self.env["res.partner"].browse(partner_id)
        profile = self.env["credit.profile"]._get_or_create(debtor, root)
        items = self._get_items(root, debtor)
        level = self._get_level(profile)
        return {
            "partner": self._prepare_partner(debtor, profile),
            "currency_id": root.currency_id.id,
            "people": self._get_people(debtor, profile),
            "items": items,
            "amount": root.currency_id.round(
                sum(item["amount"] for item in items if not item["excuse"])
            ),
            "level": level.name or "",
            "script": self._get_script(level, profile, items),
            "calls": self._get_calls(profile),
            "notices": self._get_notices(profile),
            "promises": self._get_promises(profile),
            "categories": self._get_choices("credit.dispute.category", []),
            "reasons": self._get_choices("credit.reason", [("is_blockage", "=", True)]),
            "dates": self._get_dates(root),
        }

    def _prepare_partner(self, debtor, profile):
        return {
            "id": debtor.id,
            "name": debtor.display_name,
            "place": " ".join(filter(None, (debtor.zip, debtor.city))),
            "country": debtor.country_id.code or "",
            "lang": debtor.lang or "",
            "status": profile.status,
            "score": profile.score if profile.score_date else None,
            "blockage": profile.blockage_reason_id.name or "",
            "profile_id": profile.id,
        }

    def _get_people(self, debtor, profile):
        """Who to call: who decides first, then who was reached last."""
        people = debtor | debtor.child_ids.filtered(
            lambda person: person.type in ("contact", "invoice", "other")
        )
        reached = {}
        for call in profile.contact_ids.sorted("id", reverse=True):
            if call.result not in ("no_answer", "wrong_number"):
                reached.setdefault(call.contact_id.id, call.create_date)
        ranked = people.sorted(
            lambda person: (
                not person.credit_decides,
                not person.phone,
                -(reached[person.id].timestamp() if person.id in reached else 0),
                person.type != "invoice",
                person.id,
            )
        )
        return [
            self._prepare_person(person, reached.get(person.id))
            for person in ranked[:MOST_PEOPLE]
        ]

    def _prepare_person(self, person, reached):
        return {
            "id": person.id,
            "name": person.name or person.display_name,
            "function": person.function or "",
            "phone": person.phone or "",
            "email": person.email or "",
            "decides": person.credit_decides,
            "reached": fields.Date.to_string(reached) if reached else "",
        }

    def _get_items(self, root, debtor):
        """Overdue items and credits, the oldest first, with what excuses them."""
        self.env.flush_all()
        rows = self.env.execute_query_dict(self._query_items(root, debtor.id))
        excuses = self._get_excuses(root, debtor)
        moves = self.env["account.move"].browse([row["res_id"] for row in rows])
        moves.fetch(["name", "ref"])
        return [
            {
                "id": row["line_id"],
                "move_id": row["res_id"],
                "name": row["name"] or "",
                "date_due": fields.Date.to_string(row["date_due"]),
                "days": row["late"],
                "amount": float(row["amount"]),
                "excuse": excuses.get(row["line_id"]) or excuses.get(None) or "",
            }
            for row in sorted(
                rows, key=lambda row: (row["amount"] < 0, row["date_due"])
            )
        ]

    def _get_excuses(self, root, debtor):
        """Why runs leave items in peace: id of the item, None for all -> reason."""
        found = {debtor.id: Debtor(debtor.id)}
        self.env["credit.dunning.run"]._fill_skips(
            found, root, root._credit_today(), debtor.ids
        )
        reasons = {r.code: r.name for r in self.env["credit.reason"].search([])}
        return {
            key: reasons.get(excuse.code, excuse.code)
            for key, excuse in found[debtor.id].skips.items()
        }

    def _get_level(self, profile):
        """Hook: the step whose script is shown: the one reached, or the first with one."""
        plan = (
            profile.dunning_plan_id
            or (
                profile.policy_id or profile.company_id._get_credit_policy()
            ).dunning_plan_id
            or self.env.ref("credit_control.credit_dunning_plan_default", False)
        )
        levels = plan.level_ids.filtered("phone_script") if plan else plan
        if not levels:
            return self.env["credit.dunning.level"]
        return min(
            levels,
            key=lambda level: (abs(level.rank - profile.dunning_level), level.rank),
        )

    def _get_script(self, level, profile, items):
        """The script of a level with the debtor's figures in it."""
        words = self._get_script_words(level, profile, items)
        script = level.phone_script or self._get_plain_script()
        source = self.env["credit.interest"]
        if source._is_told_in_vain(script, profile.partner_id, profile.company_id):
            script = leave_out_sentences(script, "indemnity")
        return fill(script, words)

    def _get_script_words(self, level, profile, items):
        """What the gaps of a script are filled with, in the caller's language.

        :return: dict, name of the gap -> str
        """
        open_items = [item for item in items if not item["excuse"]]
        oldest = next(iter(open_items), {})
        total = sum(item["amount"] for item in open_items)
        move = self.env["account.move"].browse(oldest.get("move_id"))
        company, currency = profile.company_id, profile.currency_id
        today, days = company._credit_today(), level.deadline_days or 8
        return {
            "contact": self.env.user.name,
            "company": company.name,
            "customer": profile.partner_id.name or "",
            "level": level.name or "",
            "date": self._format_day(today),
            "total": currency.format(total),
            "indemnity": currency.format(company.credit_indemnity_amount),
            "invoice": oldest.get("name", ""),
            "invoice_date": self._format_day(move.invoice_date or move.date),
            "due_date": self._format_day(oldest.get("date_due")),
            "days_late": str(oldest.get("days", "")),
            "deadline": self._format_day(fields.Date.add(today, days=days)),
            "deadline_days": str(days),
        }

    def _get_plain_script(self):
        return self.env._(
            "Good morning, this is {contact} of {company}. {total} are overdue; the oldest "
            "invoice, {invoice}, was due on {due_date}.\n"
            "1. Have you received our invoices?\n"
            "2. On which day do you pay?\n"
            "3. If not: what is missing, what do you not accept?"
        )

    def _format_day(self, day):
        return format_date(self.env, day) if day else ""

    def _get_calls(self, profile):
        results = dict(
            self.env["credit.dunning.contact"]
            ._fields["result"]
            ._description_selection(self.env)
        )
        calls = self.env["credit.dunning.contact"].search(
            [("profile_id", "=", profile.id)], limit=LAST_CALLS
        )
        return [
            {
                "id": call.id,
                "date": fields.Datetime.to_string(call.create_date),
                "user": call.user_id.name,
                "person": call.contact_id.name or "",
                "result": results[call.result],
                "reason": call.reason_id.name or "",
                "note": call.note or "",
                "call_back": fields.Date.to_string(call.call_back) or "",
            }
            for call in calls
        ]

    def _get_notices(self, profile):
        notices = self.env["credit.dunning.notice"].search(
            [
                ("profile_id", "=", profile.id),
                ("state", "=", "sent"),
                ("is_test", "=", False),
            ],
            limit=LAST_NOTICES,
        )
        return [
            {
                "id": notice.id,
                "date": fields.Date.to_string(notice.date),
                "level": notice.level_id.name,
                "channels": notice.channels,
            }
            for notice in notices
        ]

    def _get_promises(self, profile):
        broken = profile.promise_ids.filtered(lambda p: p.state == "broken")
        return {
            "count": profile.promise_count,
            "rate": profile.promise_reliability,
            "broken": len(broken),
        }

    def _get_choices(self, model, domain):
        records = self.env[model].search(domain)
        return [{"id": record.id, "name": record.name} for record in records]

    def _get_dates(self, root):
        """Working days that are proposed for a promise and for calling back."""
        today = root._credit_today()
        friday = fields.Date.add(today, days=(4 - today.weekday()) % 7 or 7)
        month = fields.Date.end_of(today, "month")
        days = {fields.Date.add(today, days=days) for days in (2, 7, 15, 30)}
        back = {fields.Date.add(today, days=days) for days in (1, 2, 7, 14)}
        return {
            "today": fields.Date.to_string(today),
            "promise": self._get_working_days(days | {friday, month}, today),
            "call_back": self._get_working_days(back, today),
        }

    def _get_working_days(self, days, today):
        # Nobody pays or is called at the weekend: the Monday after.
        days = {
            day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)
            for day in days
        }
        return [fields.Date.to_string(day) for day in sorted(days) if day > today]
