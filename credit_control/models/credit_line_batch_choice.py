# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ast

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_round

from .credit_line import AMOUNT_CEILING

FACTORS = {"half": "HALF-UP", "down": "DOWN", "up": "UP"}


class CreditLineBatch(models.Model):
    """Which debtors a batch is about, and what becomes of their lines."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.line.batch"

    # === THE DEBTORS === #

    def _get_profile_domain(self):
        """Hook: the credit files that the chosen conditions meet.

        :return: a ``Domain`` on ``credit.profile``
        :raise UserError: when the other conditions cannot be read
        """
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("active", "=", True)
        if self.policy_ids:
            chosen = Domain("policy_id", "in", self.policy_ids.ids)
            if self.company_id._get_credit_policy() in self.policy_ids:
                chosen |= Domain("policy_id", "=", False)
            domain &= chosen
        if self.partner_tag_ids:
            domain &= Domain(
                "partner_id.category_id", "child_of", self.partner_tag_ids.ids
            )
        if self.risk_class_ids:
            domain &= Domain("risk_class_id", "in", self.risk_class_ids.ids)
        return domain & self._get_other_domain()

    def _get_other_domain(self):
        try:
            # Only literals: nothing typed into a form is ever executed.
            domain = Domain(ast.literal_eval(self.profile_domain or "[]"))
            domain.validate(self.env["credit.profile"])
        except (ValueError, SyntaxError, TypeError) as error:
            raise UserError(
                self.env._(
                    "The other conditions cannot be read. Choose them anew, with plain "
                    "values only."
                )
            ) from error
        return domain

    def _prepare_chosen_rows(self):
        """Hook: values of one row per credit file that meets the conditions."""
        profiles = self.env["credit.profile"].search(
            self._get_profile_domain(), order="id"
        )
        if not profiles:
            raise UserError(self.env._("No credit file meets these conditions."))
        return [
            {
                "batch_id": self.id,
                "partner_id": profile.partner_id.id,
                "kind_id": self.kind_id.id,
                "date_from": self.date_from,
                "date_to": self.date_to,
            }
            for profile in profiles
        ]

    # === WHAT BECOMES OF EACH === #

    def _work_out(self, rows):
        """Resolve these rows and see what they would hold and clear."""
        self._resolve_rows(rows)
        self._fill_impact(rows)

    def _resolve_rows(self, rows):
        """Find the line of each row and its amount, or say why it cannot be changed.

        Three statements for any number of rows.
        """
        profiles = self._find_profiles(rows.partner_id)
        lines = self._find_lines(list(profiles.values()), rows.kind_id)
        seen = {}
        for row in rows:
            if row.partner_id:
                seen.setdefault((row.partner_id, row.kind_id), []).append(row)
        for row in rows:
            if row.state in ("done", "undone"):
                continue
            profile = profiles.get(row.partner_id) or self.env["credit.profile"]
            kin = lines.get((profile, row.kind_id), [])
            twice = len(seen.get((row.partner_id, row.kind_id), ())) > 1
            row.update(self._resolve(row, profile, kin, twice))

    def _find_profiles(self, partners):
        found = (
            self.env["credit.profile"]
            .with_context(active_test=False)
            .search(
                [
                    ("partner_id", "in", partners.ids),
                    ("company_id", "=", self.company_id.id),
                ]
            )
        )
        return {profile.partner_id: profile for profile in found}

    def _find_lines(self, profiles, kinds):
        """Active lines by credit file and kind."""
        found = self.env["credit.line"].search(
            [
                ("profile_id", "in", [profile.id for profile in profiles]),
                ("kind_id", "in", kinds.ids),
                ("state", "=", "active"),
            ]
        )
        lines = {}
        for line in found:
            lines.setdefault((line.profile_id, line.kind_id), []).append(line)
        return lines

    def _resolve(self, row, profile, kin, twice):
        """Values of a row.

        :param profile: credit file of the row's debtor, or empty
        :param list kin: the debtor's active lines of the row's kind
        :param bool twice: whether another row is about the same debtor and kind
        :return: dict, values for the row
        """
        line = self._choose_line(kin)
        single = line[0] if len(line) == 1 else self.env["credit.line"]
        before = single._convert_to_company(single.amount) if single else 0.0
        amount, problem = self._get_new_amount(row, profile, before)
        values = {
            "profile_id": profile.id,
            "line_id": single.id,
            "is_new": not single,
            "amount_before": before,
            "amount": amount,
            "date_from_before": single.date_from,
            "date_to_before": single.date_to,
            "worth": max(before, amount)
            + sum(other._get_worth() for other in kin if other != single),
        }
        problem = (
            row.sheet_problem
            or (twice and self.env._("The same customer and kind stand here twice."))
            or self._get_debtor_problem(row, line)
            or problem
            or self._get_date_problem(row, single)
        )
        if problem:
            return {**values, "state": "problem", "problem": problem}
        return {**values, **self._get_rest(row, single, before, amount)}

    def _choose_line(self, kin):
        """The lines that may be meant: unscoped ones that have not ended."""
        if self.target == "open":
            return []
        today = self.company_id._credit_today()
        return [
            line
            for line in kin
            if not line.is_scoped and (not line.date_to or line.date_to >= today)
        ]

    def _get_debtor_problem(self, row, lines):
        if not row.partner_id:
            return self.env._("Choose the customer.")
        if not row.partner_id.active:
            return self.env._("The customer is archived.")
        if len(lines) > 1:
            return self.env._(
                "Has %(count)s lines of this kind: change them one by one.",
                count=len(lines),
            )
        if lines and lines[0].currency_id != self.currency_id:
            return self.env._(
                "The line is in %(currency)s: change it by hand.",
                currency=lines[0].currency_id.name,
            )
        return ""

    def _get_date_problem(self, row, line):
        start = row.date_from or line.date_from
        end = row.date_to or line.date_to
        if start and end and start > end:
            return self.env._("A credit line cannot end before it starts.")
        if row.date_to and row.date_to < self.company_id._credit_today():
            return self.env._("The end date is in the past.")
        if row.kind_id.needs_end_date and not end:
            return self.env._(
                "A line of kind %(kind)s needs an end date.", kind=row.kind_id.name
            )
        return ""

    def _get_rest(self, row, line, before, amount):
        """Whether something is left to do for a row without problem."""
        if not line and not self._opens_lines(row, amount):
            note = self.env._("Has no line of this kind.")
            return {"state": "skipped", "problem": note}
        dates = [
            bool(row[name]) and row[name] != line[name]
            for name in ("date_from", "date_to")
        ]
        same = line and not self.currency_id.compare_amounts(before, amount)
        if same and not any(dates):
            return {"state": "skipped", "problem": self.env._("Nothing changes.")}
        return {"state": "todo", "problem": False}

    def _opens_lines(self, row, amount):
        """Whether who has no line gets one: never a line of zero out of nothing."""
        if self.target == "only":
            return False
        return row.has_amount or self.operation in ("set", "score") or amount > 0

    def _get_new_amount(self, row, profile, before):
        """The amount after the change.

        :param float before: amount of the line now, 0 when there is none
        :return: tuple, amount, problem or an empty string
        """
        if row.has_amount:
            amount, problem = row.amount, ""
        else:
            amount, problem = self._apply_operation(profile, before)
            amount = self._round_and_limit(amount)
        if amount >= AMOUNT_CEILING:
            return 0.0, self.env._("The amount is absurdly large.")
        return amount, problem

    def _apply_operation(self, profile, before):
        """Hook: the amount of an operation before rounding.

        :return: tuple, amount, problem or an empty string
        """
        if self.operation == "set":
            return self.amount, ""
        if self.operation == "add":
            return before + self.amount, ""
        if self.operation == "percent":
            return before * (1 + self.percent / 100), ""
        return self._get_score_amount(profile)

    def _get_score_amount(self, profile):
        # A score of 0 without a date was never given, which is not the worst score.
        if not profile or not profile.score_date:
            return 0.0, self.env._("Has no score.")
        for step in self.score_ids.sorted("score", reverse=True):
            if profile.score >= step.score:
                return step.amount, ""
        return 0.0, self.env._("The score is below the table.")

    def _round_and_limit(self, amount):
        step = float(self.rounding)
        amount = self.currency_id.round(amount)
        if step:
            way = FACTORS[self.rounding_way]
            amount = float_round(amount, precision_rounding=step, rounding_method=way)
        if self.ceiling:
            amount = min(amount, self.ceiling)
        return max(amount, self.floor, 0.0)

    @api.constrains("operation", "amount", "percent")
    def _check_operation(self):
        for batch in self:
            if batch.operation == "set" and batch.amount < 0:
                raise UserError(
                    self.env._(
                        "The amount of a credit line cannot be negative. "
                        "Zero means no credit."
                    )
                )
            if batch.operation == "percent" and batch.percent < -100:
                raise UserError(self.env._("Nobody can lose more than 100 percent."))
