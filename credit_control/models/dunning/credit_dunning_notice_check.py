# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CreditDunningNotice(models.Model):
    """Look at a notice again, at the moment of sending (P13)."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.dunning.notice"

    def _recheck(self):
        """Look at notices again, at the moment of sending (P13).

        The step is that of the notice's day, the reasons to leave somebody in peace are
        those of today. What was paid or credited since is taken off; a notice never asks
        for more than was shown, and what grew is left to the next run.

        :return: dict, notice -> ``credit.reason``, empty when it may be sent; the amounts
            of a notice that may be sent are brought up to date
        """
        reasons = {}
        for run, notices in self.grouped("run_id").items():
            debtors = run._gather(
                run.company_id, run.date, notices.partner_id.ids, at_sending=True
            )
            for notice in notices:
                code = notice._recheck_one(debtors.get(notice.partner_id.id))
                reasons[notice] = notice._get_reason(code)
        return reasons

    def _look_again(self):
        """Look at notices whose messages are to be sent once more (P13).

        Their own step, where another message of theirs arrived, does not count here.

        :return: dict as of ``_recheck``
        """
        sent = self.filtered(lambda notice: notice.state == "sent")
        sent = sent.with_context(tracking_disable=True)
        sent.state = "failed"
        reasons = self._recheck()
        sent.state = "sent"
        return reasons

    def _get_reason(self, code):
        reasons = self.env["credit.reason"].sudo()
        if not code:
            return reasons
        codes = (code, f"dunning_{code}")
        return reasons.search([("code", "in", codes)], order="code", limit=1)

    def _recheck_one(self, debtor):
        """Why this notice may not be sent as it was shown, or an empty string."""
        shown = self.item_ids.filtered(lambda item: item.kind != "credit")
        rows = {row["id"]: row for row in debtor.owed} if debtor else {}
        open_items = shown.filtered(lambda item: item.move_line_id.id in rows)
        if not open_items:
            return "paid"
        if self._was_sent(open_items, rows):
            return "already_sent"
        message = debtor.outcome.message
        if not message:
            return self._get_first_reason(debtor, set(open_items.move_line_id.ids))
        if message.level.key != self.level_id.id:
            return "changed"
        return self._refresh(debtor, open_items, rows)

    def _was_sent(self, items, rows):
        """Whether another run sent this step in the meantime."""
        for item in items.filtered(lambda item: item.kind == "step"):
            row = rows[item.move_line_id.id]
            if row["level_id"] == item.level_id.id and row["since"] <= 0:
                return True
        return False

    def _get_first_reason(self, debtor, keys):
        for skip in debtor.outcome.skips:
            if not skip.items or keys.intersection(skip.items):
                return skip.reason
        return "changed"

    def _refresh(self, debtor, items, rows):
        """Bring amounts up to date, unless they grew or too little is left."""
        message = debtor.outcome.message
        unit = 10**self.currency_id.decimal_places
        kept = {*message.steps, *message.listed}.intersection(items.move_line_id.ids)
        if message.lead not in kept:
            return "changed"
        owed = {key: rows[key]["cents"] for key in kept}
        total = sum(owed.values()) + sum(row["cents"] for row in debtor.credits)
        shown = {item.move_line_id.id: item.amount_residual for item in items}
        if total > round(self.amount_total * unit) or any(
            cents > round(shown[key] * unit) for key, cents in owed.items()
        ):
            return "changed"
        if total <= 0:
            return "credited"
        if total < message.level.minimum:
            return "below_minimum"
        if self._differs(debtor, kept, rows, unit):
            if self.date_sent:
                # Its letter may be with the customer: it stays as it was.
                return "changed"
            self._rewrite(debtor, kept, total)
        return ""

    def _differs(self, debtor, kept, rows, unit):
        """Whether anything is not as it was shown."""
        now = {key: rows[key]["cents"] for key in kept}
        now.update((row["id"], row["cents"]) for row in debtor.credits)
        shown = {
            item.move_line_id.id: round(item.amount_residual * unit)
            for item in self.item_ids
        }
        return now != shown

    def _rewrite(self, debtor, kept, total):
        """Write the items anew, with what is open of what was shown."""
        run = self.run_id
        shown = [row for row in debtor.owed if row["id"] in kept]
        debtor.owed = shown
        self.item_ids.unlink()
        run._insert_items(self, [debtor])
        self.invalidate_recordset(["item_ids"])
        unit = 10**self.currency_id.decimal_places
        overdue = sum(row["cents"] for row in shown)
        self.write(
            {
                "amount_overdue": overdue / unit,
                "amount_credit": (total - overdue) / unit,
                "amount_total": total / unit,
            }
        )
        self._set_leads()
        self._set_claims()
