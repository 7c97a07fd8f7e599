# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import duties


class CreditCoverTag(models.Model):
    """What is delivered to a buyer in arrears, after the stop of cover, is not insured.

    A payment soon enough after the stop restores the cover from the stop on, where the
    policy says so [C one real policy: within 30 days].
    """

    _inherit = "credit.cover.tag"  # pylint: disable=consider-merging-classes-inherited

    stopped_on = fields.Date(
        string="Cover Stopped on",
        readonly=True,
        help="Delivered after this day, it is not insured: the buyer was in arrears.",
    )
    stop_line_id = fields.Many2one(
        "account.move.line",
        string="Stopped by",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The oldest overdue item at the delivery.",
    )
    restored_on = fields.Date(
        string="Restored on",
        readonly=True,
        help="Paid within the policy's days after the stop: insured after all.",
    )

    _stopped_idx = models.Index(
        "(policy_id) WHERE stopped_on IS NOT NULL AND restored_on IS NULL"
    )

    def _runs(self):
        """Whether arrears left this delivery insured."""
        return not self.stopped_on or bool(self.restored_on)

    @api.model
    def _restore(self, policy, partners=None):
        """Restore the cover of deliveries whose stop was paid for in time.

        :param policy: one ``credit.insurance.policy``
        :param partners: only what these debtors paid, None for all
        """
        if not policy.restore_days:
            return
        tags = self._find_paid_in_time(policy, partners)
        files = tags.move_id.commercial_partner_id._get_credit_kin()
        cases = policy._get_cases(files)
        for tag in tags:
            mine = files[tag.move_id.commercial_partner_id]
            tag._restore_or_wait([cases[p.id] for p in mine if p.id in cases])

    def _find_paid_in_time(self, policy, partners):
        """The stopped deliveries whose stop was paid for within the policy's days.

        What was paid too late is not looked at again: it stays lost, whatever night it is.
        """
        domain = [
            ("policy_id", "=", policy.id),
            ("stopped_on", "!=", False),
            ("restored_on", "=", False),
            ("stop_line_id.reconciled", "=", True),
            ("id", "in", self._query_paid_in_time(policy)),
        ]
        if partners is not None:
            domain.append(("stop_line_id.partner_id", "child_of", partners.ids))
        return self.search(domain)

    @api.model
    def _query_paid_in_time(self, policy):
        return SQL(
            """(SELECT t.id FROM credit_cover_tag t
            LEFT JOIN account_partial_reconcile x ON x.debit_move_id = t.stop_line_id
            WHERE t.policy_id = %(policy)s AND t.stopped_on IS NOT NULL
            AND t.restored_on IS NULL
            GROUP BY t.id
            HAVING COALESCE(MAX(x.max_date), %(today)s) <= t.stopped_on + %(days)s)""",
            policy=policy.id,
            today=policy.company_id._credit_today(),
            days=policy.restore_days,
        )

    def _get_paid_on(self):
        """The day on which what had stopped the cover was paid."""
        return max(
            self.stop_line_id.matched_credit_ids.mapped("max_date"),
            default=self.company_id._credit_today(),
        )

    def _restore_or_wait(self, cases):
        """Restore, or wait for what else stops it."""
        stop = self.env["credit.insurance.duty"]._get_stop(cases, self.date)
        if stop:
            self.write({"stopped_on": stop.deadline, "stop_line_id": stop.key})
        else:
            self.restored_on = self._get_paid_on()


class CreditInsurancePolicy(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.policy"

    def _mark_stopped(self, rows, files):
        """Note in the values of tags which deliveries came after the stop of cover.

        :param list rows: values of ``credit.cover.tag`` under this policy
        :param dict files: buyer -> customer files of its legal entity
        :return: list, the same rows
        """
        if not rows:
            return rows
        cases = self._get_cases(files)
        by_buyer = {
            buyer.id: [cases[p.id] for p in partners if p.id in cases]
            for buyer, partners in files.items()
        }
        for row in rows:
            mine = by_buyer[row["buyer_id"]]
            stop = self.env["credit.insurance.duty"]._get_stop(mine, row["date"])
            row["stopped_on"] = stop and stop.deadline
            row["stop_line_id"] = stop and stop.key
        return rows

    def _get_cases(self, files):
        """What is insured and open of some legal entities.

        :param dict files: anything -> customer files
        :return: dict, partner id -> Case
        """
        partners = self.env["res.partner"].union(*files.values())
        if not partners:
            return {}
        duty, today = self.env["credit.insurance.duty"], self.company_id._credit_today()
        return duty.sudo()._get_cases(self, today, partners)


class CreditInsuranceDuty(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.duty"

    @api.model
    def _get_debts(self, case):
        """The open items of a case, as the engine wants them."""
        told = case.facts
        return [
            duties.Debt(
                item.line,
                item.due,
                told.accepted.get(item.line),
                told.asked.get(item.line),
            )
            for item in case.items
        ]

    @api.model
    def _get_stop(self, cases, day):
        """The stop of cover that a delivery came after.

        :param cases: list of Case, of all files of one legal entity under one policy
        :param date day: of the delivery
        :return: ``engine.duties.Duty`` or False
        """
        stops = []
        for case in cases:
            facts = case.facts.facts
            late = [d for d in self._get_debts(case) if facts.known_on or d.due < day]
            stop = duties.get_stop(self._get_terms(case.policy), late, facts)
            if stop and stop.deadline < day:
                stops.append(stop)
        return min(stops, key=lambda stop: stop.deadline, default=False)

    @api.model
    def _refresh(self, policies, partners=None):
        """Override: what is paid soon enough restores the cover that had stopped."""
        result = super()._refresh(policies, partners)
        tags = self.env["credit.cover.tag"].sudo()
        for policy in policies.sudo():
            tags._restore(policy, partners)
        return result
