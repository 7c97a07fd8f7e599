# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from .credit_insurance_overdue_facts import ASKING


class CreditInsuranceOverdue(models.Model):
    """How a later due date is asked for: from an invoice, a duty or a payment plan."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.overdue"

    @api.model
    def _ask_later(self, moves, policies=None, **values):
        """Prepare notices that ask insurers for later due dates; a person sends them.

        :param moves: ``account.move``, of any customers
        :param policies: only these ``credit.insurance.policy``; None: all that cover them
        :param values: "kind", "note" of the notices; "dates": dict, id of an invoice ->
            due date that is asked for, False leaves it out; without it somebody types them
        :return: dict, an action that shows the notices
        :raise AccessError: for others than analysts
        :raise UserError: when no policy covers what is open of them
        """
        self.check_access("create")
        # sudo: which policies cover these invoices; the notices are made as the user.
        policies = policies or moves.sudo().credit_cover_tag_ids.policy_id
        notices = self.browse()
        for policy in policies.with_env(self.env):
            for partner, items in self._find_insured(policy, moves).items():
                notices |= self._ask_policy(policy, partner, items, **values)
        if not notices:
            raise UserError(
                self.env._("No policy covers what is open of these invoices.")
            )
        return notices._show()

    def _find_insured(self, policy, moves):
        """What is open and insured of some invoices: partner -> journal items."""
        today = policy.company_id._credit_today()
        # sudo: whose invoices they are, and what is open of them.
        debtors = moves.sudo().commercial_partner_id
        self.env.flush_all()
        duty = self.env["credit.insurance.duty"].sudo()
        found = {}
        for partner, line, move, *_rest in self.env.execute_query(
            duty._query_insured(policy, today, debtors)
        ):
            if move in moves.ids:
                lines = found.setdefault(self.env["res.partner"].browse(partner), [])
                lines.append(line)
        return {
            partner: self.env["account.move.line"].sudo().browse(lines)
            for partner, lines in found.items()
        }

    def _ask_policy(
        self, policy, partner, items, kind="extension", dates=None, note=""
    ):
        """The notices of one customer: those that wait already, and one for the rest."""
        waiting = self.search(
            [
                ("policy_id", "=", policy.id),
                ("partner_id", "=", partner.id),
                ("kind", "in", ASKING),
                ("state", "in", ("to_do", "sent")),
                ("line_ids.move_line_id", "in", items.ids),
            ]
        )
        items -= waiting.sudo().line_ids.move_line_id
        days = {item: dates[item.move_id.id] if dates else False for item in items}
        lines = [
            Command.create(self._prepare_line(item.id) | {"date_extended": day})
            for item, day in days.items()
            if day or not dates
        ]
        if not lines:
            return waiting
        return waiting | self.create(
            {
                "policy_id": policy.id,
                "partner_id": partner.id,
                "kind": kind,
                "note": note,
                "line_ids": lines,
            }
        )

    def _show(self):
        """The action that shows one notice, or the list of several."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_insurance_overdue_action"
        )
        action["context"] = {}
        if len(self) == 1:
            return {**action, "res_id": self.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", self.ids)]}


class AccountMove(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "account.move"

    def action_ask_extension(self):
        """Prepare what asks the insurer for a later due date of these invoices.

        :return: dict, an action that shows the notice
        :raise AccessError: for others than analysts
        :raise UserError: when no policy covers what is open of them
        """
        self.check_access("read")
        return self.env["credit.insurance.overdue"]._ask_later(self)


class CreditInsuranceDuty(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.duty"

    def action_ask_extension(self):
        """Prepare what asks for later due dates of all that is overdue of the customer.

        :return: dict, an action that shows the notice
        :raise AccessError: for others than analysts
        """
        self.ensure_one()
        self.check_access("write")
        case = (
            self.sudo()
            ._get_cases(
                self.policy_id, self.company_id._credit_today(), self.partner_id
            )
            .get(self.partner_id.id)
        )
        today = self.company_id._credit_today()
        late = [item.move for item in case.items if item.due < today] if case else []
        moves = self.env["account.move"].browse(dict.fromkeys(late))
        return self.env["credit.insurance.overdue"]._ask_later(moves, self.policy_id)


class CreditInstalmentPlan(models.Model):
    _inherit = "credit.instalment.plan"

    is_insured = fields.Boolean(
        compute="_compute_is_insured",
        groups="credit_control.credit_control_group_viewer",
    )

    @api.depends("move_ids.credit_cover_tag_ids.amount")
    def _compute_is_insured(self):
        for plan in self:
            # sudo: whether there is cover, nothing more.
            tags = plan.sudo().move_ids.credit_cover_tag_ids
            plan.is_insured = any(tag.amount > 0 for tag in tags)

    def action_tell_insurer(self):
        """Prepare the rescheduling that the insurer has to accept.

        :return: dict, an action that shows the notice
        :raise AccessError: for others than analysts
        :raise UserError: when no policy covers what is open of the invoices
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["credit.insurance.overdue"]._ask_later(
            self.move_ids,
            kind="rescheduling",
            dates=self._get_later_dates(),
            note=self._describe(),
        )

    def _get_later_dates(self):
        """When the instalments pay each invoice, the oldest first.

        :return: dict, id of an invoice -> date; False where that is not later
        """
        parts = [
            (part.date, part.amount - part.paid_amount)
            for part in self.instalment_ids.sorted("date")
            if not part._is_paid()
        ]
        # sudo: due dates and what is open of the plan's own invoices.
        moves = self.sudo().move_ids.sorted("invoice_date_due")
        owed, dates = 0.0, {}
        for move in moves:
            owed += move.amount_residual
            day = self._get_day_paid(parts, owed)
            dates[move.id] = day if day and day > move.invoice_date_due else False
        return dates

    def _get_day_paid(self, parts, owed):
        """The day on which the instalments reach an amount; the last, if they never do."""
        paid = 0.0
        for day, amount in parts:
            paid += amount
            if self.currency_id.compare_amounts(paid, owed) >= 0:
                return day
        return parts[-1][0] if parts else False

    def _describe(self):
        """The plan in words, for the insurer."""
        rows = [
            f"{format_date(self.env, part.date)}: "
            f"{format_amount(self.env, part.amount, self.currency_id)}"
            for part in self.instalment_ids.sorted("date")
        ]
        return "\n".join([self.env._("Payment plan %s", self.name), *rows])
