# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import get_kind
from .credit_condition import THRESHOLDS


class CreditRuleException(models.Model):
    """Where the rules of a policy, or some of them, do not apply.

    It never lifts what somebody set by hand: forced hold and stop list.
    """

    _name = "credit.rule.exception"
    _inherit = "credit.condition"
    _description = "Credit Exception"

    kind = fields.Selection(
        required=False,
        default=False,
        help="What must be true for the exception. Empty: it depends on the scope alone.",
    )
    when = fields.Selection(
        [("within", "Within the threshold"), ("beyond", "Beyond the threshold")],
        required=True,
        default="within",
        help="On which side of the threshold the exception applies. What nobody knows is on "
        "neither side.",
    )
    rule_ids = fields.Many2many(
        "credit.rule",
        "credit_rule_exception_rule_rel",
        "exception_id",
        "rule_id",
        string="Lifts",
        domain="[('policy_id', '=', policy_id)]",
        help="The rules that do not apply then. Empty: no rule of the policy applies, the "
        "document is free.",
    )

    def _prepare_definition(self):
        return {
            **super()._prepare_definition(),
            "beyond": self.when == "beyond",
            "lifts": sorted(self.rule_ids._origin.ids),
        }

    @api.depends("when", "rule_ids")
    def _compute_definition(self):
        return super()._compute_definition()

    @api.depends("when", "rule_ids.sentence")
    @api.depends_context("lang")
    def _compute_sentence(self):
        """Say in a sentence what the exception does."""
        return super()._compute_sentence()

    def _word_sentence(self):
        what = self.env._("Free the document")
        if self.rule_ids:
            names = [rule.kind_name for rule in self.rule_ids]
            what = self.env._("Lift “%s”", "”, “".join(names))
        if self.kind:
            words = self.env["credit.rule.kind"]
            word = words._word_within if self.when == "within" else words._word_beyond
            condition = word(self.kind, self.threshold_shown)
            what = self.env._(
                "%(what)s when %(condition)s", what=what, condition=condition
            )
        return what + self._word_where()

    # === WHAT IS REFUSED === #

    @api.constrains(
        "kind",
        "active",
        "rule_ids",
        "checkpoint_ids",
        "risk_class_ids",
        "partner_tag_ids",
        "company_ids",
        "team_ids",
        "date_from",
        "date_to",
    )
    def _check_not_everything(self):
        for exception in self.filtered("active"):
            named = any(exception[name] for name in exception._get_narrowing())
            if exception.kind or named:
                continue
            if exception.rule_ids:
                raise ValidationError(
                    self.env._(
                        "“%s” always applies, so the rule never would. Switch the rule off, "
                        "or say when or for whom the exception is.",
                        exception.sentence,
                    )
                )
            raise ValidationError(
                self.env._(
                    "This exception frees every document, so no rule of the policy would "
                    "ever apply. Say when or for whom it is, or name the rules it lifts."
                )
            )

    def _get_narrowing(self):
        """The fields of which one must be filled: dates and steps alone free everybody."""
        return ("risk_class_ids", "partner_tag_ids", "company_ids", "team_ids")

    @api.constrains("rule_ids", "policy_id")
    def _check_own_rules(self):
        for exception in self:
            if exception.rule_ids.policy_id - exception.policy_id:
                raise ValidationError(
                    self.env._("An exception lifts rules of its own policy only.")
                )

    @api.constrains("kind", "when", "rule_ids", *THRESHOLDS.values())
    def _check_contradiction(self):
        """Report an exception that applies only where its rule is silent anyway."""
        for exception in self.filtered(lambda e: e.active and e.kind):
            mute = exception.rule_ids.filtered(exception._is_silent_with)
            if mute and mute == exception.rule_ids:
                raise ValidationError(
                    self.env._(
                        "“%(exception)s” never matters: “%(rule)s” is silent then anyway.",
                        exception=exception.sentence,
                        rule=mute[0].sentence,
                    )
                )

    def _is_silent_with(self, rule):
        kind = get_kind(self.kind)
        if rule.kind != self.kind or self.when != "within":
            return False
        if kind.unit not in THRESHOLDS:
            return True
        name = THRESHOLDS[kind.unit]
        if kind.is_less:
            return self[name] >= rule[name]
        return self[name] <= rule[name]
