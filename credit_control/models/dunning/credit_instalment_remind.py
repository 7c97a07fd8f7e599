# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import models
from odoo.tools import format_date, plaintext2html

from ..readers import for_reader

TEMPLATES = {
    "reminded_before": "credit_control.mail_template_instalment",
    "reminded_after": "credit_control.mail_template_instalment_late",
}


class CreditInstalment(models.Model):
    _inherit = "credit.instalment"  # pylint: disable=consider-merging-classes-inherited

    def _get_due_reminder(self, day):
        """Which reminder this instalment gets on a day.

        :return: str, the field that notes it, empty for none
        """
        plan = self.plan_id
        before, after = timedelta(plan.remind_before), timedelta(plan.remind_after)
        if self._is_paid():
            return ""
        if (
            before
            and not self.reminded_before
            and self.date - before <= day < self.date
        ):
            return "reminded_before"
        if after and not self.reminded_after and day >= self.date + after:
            return "reminded_after"
        return ""


class CreditInstalmentPlan(models.Model):
    """Remind of the instalment that comes, or of the one that is missed (P13)."""

    _inherit = "credit.instalment.plan"  # pylint: disable=consider-merging-classes-inherited

    def _follow_safely(self):
        """Look at one plan; when its template is wrong, the others go on."""
        try:
            with self.env.cr.savepoint():
                self._follow()
                self.env.flush_all()
        except OperationalError:
            # Two transactions met: the whole one is tried again.
            raise
        except Exception as error:  # pylint: disable=broad-except
            # Whatever one plan's template does, the others get their reminder.
            self.invalidate_recordset()
            self._assign_call(
                lambda plan: plan.env._("The reminder of the payment plan failed"),
                str(error),
            )

    def _remind(self):
        """Send the reminders of today, unless the customer is left in peace.

        The date and the e-mail are written in one transaction: never twice.
        """
        today = self.company_id._credit_today()
        due = {part: part._get_due_reminder(today) for part in self.instalment_ids}
        due = {part: field for part, field in due.items() if field}
        if not due or self._is_excused(today, max(part.date for part in due)):
            return
        for part, field in due.items():
            part[field] = today
            self._send_reminder(part, TEMPLATES[field])

    def _is_excused(self, day, until):
        """Whether something besides this plan keeps its customer from being reminded.

        Money that waits to be matched, for instance; the reasons are those of runs.

        :param date day: whose reasons count
        :param date until: of the last instalment that it would be reminded of
        """
        partner = self.partner_id
        runs = self.env["credit.dunning.run"]
        debtor = runs._gather(self.company_id, day, partner.ids).get(partner.id)
        if not debtor:
            return False
        own = [row["id"] for row in debtor.owed if row["move_id"] in self.move_ids.ids]
        excuses = filter(None, map(debtor.skips.get, [None, *own]))
        if any(excuse.code != "in_plan" for excuse in excuses):
            return True
        credit = -sum(row["cents"] for row in debtor.credits)
        return credit > 0 and credit >= self._get_missing_cents(day, until)

    def _get_missing_cents(self, day, until):
        """What is missing of the instalments until a day, in the company's cents."""
        parts = self.instalment_ids.filtered(lambda part: part.date <= until)
        missing = sum(part.amount - part.paid_amount for part in parts)
        own = self.company_id.currency_id
        missing = self.currency_id._convert(missing, own, self.company_id, day)
        return round(missing * 10**own.decimal_places)

    def _send_reminder(self, part, template_ref):
        """In test mode the text is shown on the plan, and nothing leaves."""
        day = format_date(self.env, part.date)
        if not self.company_id.credit_dunning_live:
            words = self.env._("Test mode: no reminder of %s was sent", day)
        elif not part.partner_id.email:
            words = self._word_no_address(part)
            self._assign_call(lambda plan: plan._word_no_address(part))
        else:
            self.env.ref(template_ref).send_mail(part.id)
            words = self.env._("Reminder sent: instalment of %s", day)
        self._message_log(body=words)

    def _word_no_address(self, part):
        day = format_date(self.env, part.date)
        return self.env._("No e-mail address for the reminder of %s", day)

    def _assign_call(self, word, note=""):
        """Give who approved the plan a task, unless it waits already: call the customer.

        :param word: function of the plan in that person's language: what happened
        :param str note: plain text
        """
        person = self.approved_by_id
        if not person.active:
            person = self.profile_id._get_status_keeper()
        plan = for_reader(self, person)
        summary = word(plan)
        if summary in self.activity_ids.mapped("summary"):
            return
        plan.activity_schedule(
            "mail.mail_activity_data_call",
            user_id=person.id,
            summary=summary,
            note=plaintext2html(note),
        )
