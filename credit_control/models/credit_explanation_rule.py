# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..engine import EFFECTS, get_kind

ENDLESS = 10**9  # the engine's share of a limit of zero


class CreditExplanation(models.AbstractModel):
    """Put what rules found, and what would help, into the reader's words."""

    _inherit = "credit.explanation"  # pylint: disable=consider-merging-classes-inherited

    def _get_loudest_reason(self, facts):
        """The text of the reason that decided, where no uncovered amount did."""
        loud = [r for r in facts["reasons"] if r["effect"] != "inform"]
        if facts["outcome"] == "pass" or not loud:
            return ""
        return max(loud, key=lambda reason: EFFECTS.index(reason["effect"]))["text"]

    # === REASONS === #

    def _word_reason_by_code(self, reason, scale):
        """Override: what the kinds of rules found, and which exception applied."""
        values = reason.values
        if reason.code == "excepted":
            return self._word_exemption(values)
        if "kind" in values:
            return self.env["credit.rule.kind"]._word_found(
                values["kind"], self._word_values(values, scale)
            )
        return super()._word_reason_by_code(reason, scale)

    def _word_values(self, values, scale):
        kind = get_kind(values["kind"])
        units = {"measured": kind.unit, "threshold": kind.unit, **kind.value_units}
        return {
            name: self._word_value(units[name], value, scale)
            for name, value in values.items()
            if name in units
        }

    def _word_value(self, unit, value, scale):
        if value is None or (unit == "percent" and value >= ENDLESS):
            return "∞"
        if unit == "amount":
            return scale.format(self.env, value)
        kinds = self.env["credit.rule.kind"]
        return kinds._word_value(unit, value, scale.currency)

    def _word_exemption(self, values):
        # sudo: why a rule does not apply is told to whoever sees the document.
        exemption = self.env["credit.rule.exception"].sudo().browse(values["exemption"])
        sentence = exemption.exists().sentence or self._get_catalogue_name(values["of"])
        return self.env._("An exception applies: %s", sentence)

    def _word_own_message(self, reason):
        """What the rule's author wants people to read first."""
        # sudo: the message is meant for those who are held, who cannot read rules.
        rules = self.env["credit.rule"].sudo()
        rule = rules.browse(max(reason.values.get("rule") or 0, 0)).exists()
        return f"{rule.message.strip()} " if rule.message else ""

    # === WAYS OUT === #

    def _word_narrow(self, found, way):
        """Say of a way out which of several reasons it does away with."""
        kinds = self.env["credit.rule.kind"]
        names = [kinds._get_name(kind) for kind in way.values.get("kinds", ())]
        for words in found:
            if names:
                words["text"] = f"{words['text']} ({', '.join(names)})"

    def _word_other(self, company, position, way, scale):
        """Override: the ways out of the kinds of rules."""
        if way.code == "pay_overdue":
            return self._word_pay_overdue(company, position, way, scale)
        words = {
            "shorter_term": self._word_shorter_term,
            "renew_line": lambda way: self.env._("Renew the credit line."),
            "review": lambda way: self.env._(
                "Review the credit file and set the next date."
            ),
            "complete_opening": lambda way: self.env._("Complete the account opening."),
            "lift_status": self._word_status,
        }
        if way.code in words:
            return [{"text": words[way.code](way)}]
        return super()._word_other(company, position, way, scale)

    def _word_pay_overdue(self, company, position, way, scale):
        """Name the oldest overdue invoices."""
        amount = scale.format(self.env, way.amount)
        text = self.env._("Ask for payment of %s that is overdue.", amount)
        # sudo: the salesperson is told which invoices to ask for, even of colleagues.
        invoices = self.sudo()._get_oldest_invoices(company, position)
        return [
            {"text": text},
            *(
                {**invoice, "model": "account.move"}
                for invoice in invoices
                if invoice["is_overdue"]
            ),
        ]

    def _word_shorter_term(self, way):
        days = way.values["days"]
        if not days:
            return self.env._("Agree on immediate payment.")
        return self.env._("Agree on a payment term of at most %s days.", days)

    def _word_status(self, way):
        return self.env._("Have the status of the customer changed on its credit file.")
