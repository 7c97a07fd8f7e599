# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from contextlib import contextmanager
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import split_every

from odoo.addons.credit_control.models.readers import for_reader, job

from ..engine import duties
from .credit_insurance_step import MANAGER

_logger = logging.getLogger(__name__)

ACTIVITY = "credit_insurance_link.mail_activity_duty"
TASK = "mail.mail_activity_data_todo"
BATCH = 500
WEEKEND = 3  # days by which a working day may lie before a deadline, at most
# Alerts that are not repeated once they were given.
ONCE = ("first", "second")


class CreditInsurancePolicy(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.policy"

    manager_id = fields.Many2one(
        "res.users",
        string="Escalated to",
        tracking=True,
        help="Is told as well, shortly before a deadline and when it was missed. Empty: "
        "every credit manager of the company.",
    )
    escalation_days = fields.Integer(
        string="Escalation (days ahead)",
        default=2,
        help="So many days before a deadline the manager is told. A missed deadline is "
        "always told.",
    )

    _escalation_positive = models.Constraint(
        "CHECK(COALESCE(escalation_days, 0) BETWEEN 0 AND 60)",
        "The escalation is between 0 and 60 days ahead.",
    )

    def _tell_trouble(self, error):
        """Ask the person in charge to look why deadlines were not worked out."""
        known = self.activity_search([TASK])
        if not known:
            user = self._get_responsible()
            words = for_reader(self, user)
            self.activity_schedule(
                TASK,
                summary=words.env._("Deadlines were not worked out: look why"),
                note=str(error),
                user_id=user.id,
            )

    def _get_insurance_year(self, day):
        """The insurance year that a day is in, counted from the policy's start.

        :return: tuple of dates, first and last day
        """
        start = self.date_start or day.replace(month=1, day=1)
        years = day.year - start.year
        first = fields.Date.add(start, years=years)
        if first > day:
            first = fields.Date.add(start, years=years - 1)
        return first, fields.Date.add(first, years=1, days=-1)


class CreditInsuranceDuty(models.Model):
    """Nobody forgets: activities to a person ahead, to his manager when it gets close."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.duty"

    @api.model
    @job
    def _cron_duties(self):
        """Every day: what is due, what was missed, who is told."""
        cron = self.env["ir.cron"]
        policies = self.env["credit.insurance.policy"].search(
            [("state", "!=", "draft")]
        )
        for left, policy in zip(
            range(len(policies) - 1, -1, -1), policies, strict=True
        ):
            self._look_after(policy)
            cron._commit_progress(1, remaining=left + 1)
        for batch in split_every(BATCH, self._find_alerted().ids, self.sudo().browse):
            batch._alert()
            cron._commit_progress(len(batch))

    def _look_after(self, policy):
        """Bring one policy up to date; when that fails, the others are told all the same."""
        with self._surviving(policy):
            self.env["credit.insurance.overdue"]._settle(policy)
            self._refresh(policy)
            self.env["credit.insurance.turnover"]._open_periods(policy)

    @contextmanager
    def _surviving(self, policy):
        """What fails about one policy is told to a person, and stops nothing else."""
        try:
            with self.env.cr.savepoint():
                yield
                self.env.flush_all()
        except OperationalError:
            # Two transactions met: the whole one is tried again.
            raise
        except Exception as error:  # pylint: disable=broad-except
            self.env.invalidate_all()
            _logger.exception("Duties of the policy %s", policy.id)
            policy._tell_trouble(error)

    @api.model
    def _find_alerted(self):
        """Open duties of which somebody may have to be told today."""
        last = fields.Date.today() + timedelta(days=duties.FIRST + WEEKEND)
        # sudo: the clock tells, nobody in person.
        return self.sudo().search([("state", "=", "open"), ("deadline", "<=", last)])

    def _alert(self):
        """Mark what was missed, and tell people of what comes up."""
        told, raised = self.browse(), self.browse()
        for duty in self:
            today = duty.company_id._credit_today()
            alert = duties.get_alert(duty.deadline, today)
            if not alert or duty.alerted_on == today:
                continue
            if alert in ONCE and duty.alert == alert:
                continue
            duty.write({"alert": alert, "alerted_on": today})
            if alert == "missed" and not duty.is_missed:
                duty.is_missed = True
            told |= duty
            if duty._is_escalation(today):
                raised |= duty
        told._tell({duty: duty._get_person() for duty in told})
        raised._escalate()

    def _is_escalation(self, today):
        ahead = self.policy_id.escalation_days if self.policy_id else 2
        left = (self.date_warn - today).days
        return left <= ahead and (not self.is_escalated or self.alert == "missed")

    def _escalate(self):
        """The manager is told too; the responsible person stays responsible."""
        self._tell({duty: duty._get_managers() for duty in self})
        self.is_escalated = True

    def _get_person(self):
        """Hook: who is told ahead; somebody stands in for who left the company.

        :return: ``res.users``
        """
        for user in (self.user_id, self.policy_id.user_id):
            if user.active:
                return user
        return self._get_managers()

    def _get_managers(self):
        """Hook: who is told when a deadline is close or was missed."""
        if self.policy_id.manager_id.active:
            return self.policy_id.manager_id
        managers = self.env.ref(MANAGER).all_user_ids
        return managers.filtered(
            lambda user: (
                self.company_id in user.company_ids and not user.share and user.active
            )
        )

    def _tell(self, users_by_duty):
        """One activity for each person and duty; what is there is brought up to date."""
        kind = self.env.ref(ACTIVITY)
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        known = {
            (activity.res_id, activity.user_id.id): activity
            for activity in activities.search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("activity_type_id", "=", kind.id),
                ]
            )
        }
        missing = []
        for duty, users in users_by_duty.items():
            for user in users:
                values = duty._prepare_activity(user)
                if activity := known.get((duty.id, user.id)):
                    activity.write(values)
                else:
                    model = self.env["ir.model"]._get_id(self._name)
                    missing.append(
                        {
                            **values,
                            "res_model_id": model,
                            "res_id": duty.id,
                            "activity_type_id": kind.id,
                            "user_id": user.id,
                            "automated": True,
                        }
                    )
        activities.create(missing)

    def _prepare_activity(self, user):
        duty = for_reader(self, user)
        words = dict(duty._fields["kind"]._description_selection(duty.env))
        text = (
            duty.env._("Missed: %(duty)s, %(customer)s, %(amount)s at stake")
            if duty.alert == "missed"
            else duty.env._("%(duty)s, %(customer)s, %(amount)s at stake")
        )
        return {
            "summary": text
            % {
                "duty": words[duty.kind],
                "customer": duty.partner_id.name or duty.policy_id.name,
                "amount": duty.currency_id.format(duty.stake_amount),
            },
            "date_deadline": duty.date_warn,
        }
