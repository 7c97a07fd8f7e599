# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models
from odoo.tools import format_date

from ...engine.interest import half_year
from ..readers import for_reader, job

AHEAD = 28  # days: so long before a half-year begins its rates are asked for
KINDS = {"statutory": "ecb", "contractual": "legal"}
TASK = "mail.mail_activity_data_todo"


class CreditInterestRate(models.Model):
    """Asks for rates before they are missing, so that no reminder fails for want of one."""

    _name = "credit.interest.rate"
    _inherit = ["credit.interest.rate", "mail.activity.mixin"]

    @api.model
    @job
    def _cron_watch(self):
        """Give the credit managers a task for each rate that will be needed."""
        roots = self.env["res.company"].search([("parent_id", "=", False)])
        for root in roots:
            for country, kind, since in self._get_missing(root):
                self._get_gap(country, kind, since)._ask(root)

    @api.model
    def get_warning(self):
        """What the list of rates warns of, for the web client.

        :return: str, empty when every rate is known that the main company needs soon
        """
        self.check_access("read")
        return self._word_missing(self.env.company.root_id)

    def _word_missing(self, root):
        """In words, which rates the company needs and does not have.

        :param root: root company
        :return: str, empty when nothing is missing
        """
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        names = [
            f"{kinds[kind]}, {self._get_period_name(since)} ({country.name})"
            for country, kind, since in self._get_missing(root)
        ]
        if not names:
            return ""
        return self.env._(
            "Not known yet: %(rates)s. Reminders that claim or announce late interest from "
            "that day on fail until it is entered.",
            rates="; ".join(names),
        )

    # === WHAT IS NEEDED === #

    def _get_missing(self, root):
        """The rates that a company needs now or soon and that are not known.

        :param root: root company
        :return: list of (country, kind, first day of the half-year), the earliest first
        """
        today = root._credit_today()
        periods = sorted({half_year(today), half_year(today + timedelta(AHEAD))})
        # sudo: terms of every debtor of the company, whoever looks (P7).
        source = self.sudo()
        known = {
            (rate.country_id, rate.kind, rate.date_from)
            for rate in source.search(
                [("date_from", "in", periods), ("is_missing", "=", False)]
            )
        }
        return [
            (country, kind, since)
            for since in periods
            for country, kind in source._get_needed(root)
            if (country, kind, since) not in known
        ]

    def _get_needed(self, root):
        """Which published rates the terms of a company refer to.

        :return: list of (country, kind); a country without legal rates has no floor
        """
        floors = self._read_group([("kind", "=", "legal")], ["country_id"])
        with_floor = {country for (country,) in floors}
        needed = {
            (country, KINDS[mode])
            for mode, country in self._get_terms(root)
            if mode in KINDS and country
        }
        return sorted(
            (
                (country, kind)
                for country, kind in needed
                if kind != "legal" or country in with_floor
            ),
            key=lambda pair: (pair[0].name, pair[1]),
        )

    def _get_terms(self, root):
        """The terms that apply to some debtor: set of (mode, country)."""
        home = root.account_fiscal_country_id or root.country_id
        usual = (root.credit_interest_mode, home)
        policies = self.env["credit.policy"].search(
            [("company_id", "in", (False, root.id))]
        )
        by_policy = {
            policy: (
                policy.interest_mode or usual[0],
                policy.interest_country_id or home,
            )
            for policy in policies
        }
        own = self.env["credit.profile"]._read_group(
            [
                ("company_id", "=", root.id),
                "|",
                ("interest_mode", "!=", False),
                ("interest_country_id", "!=", False),
            ],
            ["policy_id", "interest_mode", "interest_country_id"],
        )
        default = root._get_credit_policy()
        terms = set(by_policy.values()) or {usual}
        for policy, mode, country in own:
            above = by_policy.get(policy or default, usual)
            terms.add((mode or above[0], country or above[1]))
        return terms

    # === ASKING === #

    def _get_gap(self, country, kind, since):
        """The row that waits for a rate; it is made where there is none."""
        where = [
            ("country_id", "=", country.id),
            ("kind", "=", kind),
            ("date_from", "=", since),
        ]
        return self.search(where) or self.create(
            {
                "country_id": country.id,
                "kind": kind,
                "date_from": since,
                "is_missing": True,
            }
        )

    def _ask(self, root):
        """Give each credit manager of the company one task."""
        today = root._credit_today()
        asked = self.activity_ids.user_id
        for user in self._get_keepers(root) - asked:
            rate = for_reader(self, user)
            rate.activity_schedule(
                TASK,
                user_id=user.id,
                date_deadline=max(today, self.date_from),
                summary=rate.env._(
                    "Enter the late-interest rate of the %s", rate.period
                ),
                note=rate.env._(
                    "From %s on, late interest that needs it cannot be computed.",
                    format_date(rate.env, self.date_from),
                ),
            )

    def _get_keepers(self, root):
        """Hook: who is asked for rates.

        :param root: root company
        :return: ``res.users``
        """
        group = self.env.ref("credit_control.credit_control_group_manager")
        # sudo: who is in a group is no secret among colleagues.
        return group.sudo().all_user_ids.filtered(
            lambda user: (
                user.active and not user._is_superuser() and root in user.company_ids
            )
        )

    def write(self, vals):
        """Override: a rate that was entered needs no task any more."""
        result = super().write(vals)
        if "rate" in vals or "is_missing" in vals:
            known = self.filtered(lambda rate: not rate.is_missing)
            # sudo: the tasks of the other managers as well.
            known.sudo().activity_unlink([TASK])
        return result
