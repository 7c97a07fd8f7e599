# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..engine import EFFECTS, get_kind
from .credit_condition import THRESHOLDS


class CreditRule(models.Model):
    """One thing that informs about, warns about, holds or stops a document."""

    _name = "credit.rule"
    _inherit = "credit.condition"
    _description = "Credit Rule"

    effect = fields.Selection(
        [
            ("inform", "Inform"),
            ("warn", "Warn"),
            ("hold", "Hold Back"),
            ("stop", "Stop"),
        ],
        required=True,
        default="hold",
        help="Inform: shown, nothing more. Warn: shown, and recorded as a warning. Hold: the "
        "document waits for a release. Stop: it waits until the cause is gone; nobody can "
        "release it.",
    )
    message = fields.Text(
        translate=True,
        help="What salespeople are told first, before the figures. Empty: the figures only.",
    )
    exception_ids = fields.Many2many(
        "credit.rule.exception",
        "credit_rule_exception_rule_rel",
        "rule_id",
        "exception_id",
        string="Lifted by",
        readonly=True,
    )

    @api.model
    def _looks_at(self, checkpoint, partner_ids=()):
        """Whether any rule looks at a step, so that documents are measured there.

        :param str checkpoint: code
        :param partner_ids: debtors; one whom somebody stopped is looked at everywhere
        """
        # sudo: whoever passes a step need not read rules or credit files.
        steps = Domain("checkpoint_ids", "=", False)
        steps |= Domain("checkpoint_ids.code", "=", checkpoint)
        if self.sudo().search(steps, limit=1):
            return True
        stopped = Domain("partner_id", "in", list(partner_ids))
        stopped &= Domain("status", "in", ("hold", "stop"))
        profiles = self.env["credit.profile"].sudo()
        return bool(partner_ids) and bool(profiles.search(stopped, limit=1))

    @api.depends("effect")
    @api.depends_context("lang")
    def _compute_sentence(self):
        """Say in a sentence what the rule does."""
        return super()._compute_sentence()

    def _word_sentence(self):
        if not self.kind or not self.effect:
            return ""
        templates = {
            "inform": self.env._("Inform when %s"),
            "warn": self.env._("Warn when %s"),
            "hold": self.env._("Hold when %s"),
            "stop": self.env._("Stop when %s"),
        }
        words = self.env["credit.rule.kind"]
        limit = self._get_limit(get_kind(self.kind))
        condition = words._word_beyond(self.kind, self.threshold_shown, limit)
        return templates[self.effect] % condition + self._word_where()

    # === WHAT IS REFUSED === #

    @api.constrains("effect", "kind", "risk_class_ids")
    def _check_person(self):
        """A score or a risk class alone refuses nobody: a person must be able to decide.

        Regulation (EU) 2016/679 (GDPR), article 22: nobody is subject to a decision
        based solely on automated processing that significantly affects him.
        """
        for rule in self.filtered(lambda rule: rule.effect == "stop"):
            by_class = rule.kind == "always" and rule.risk_class_ids
            if get_kind(rule.kind).needs_person or by_class:
                raise ValidationError(
                    self.env._(
                        "A score or a risk class alone never stops a customer: somebody must "
                        "be able to look at the case and release it. Choose “Hold”."
                    )
                )

    @api.constrains(
        "kind",
        "effect",
        "active",
        "policy_id",
        "floor",
        "checkpoint_ids",
        "risk_class_ids",
        "partner_tag_ids",
        "company_ids",
        "team_ids",
        "date_from",
        "date_to",
        *THRESHOLDS.values(),
    )
    def _check_contradiction(self):
        """Report rules that can never be noticed beside others of their policy."""
        if not self.env.registry.ready:
            # An upgrade must not fail on rules that were accepted before.
            return
        for rule in self.filtered("active"):
            others = rule.policy_id.rule_ids.filtered("active") - rule
            for other in others.filtered(
                lambda other, rule=rule: rule.kind == other.kind
            ):
                loud, mute = (rule, other) if rule._mutes(other) else (other, rule)
                if loud._mutes(mute):
                    raise ValidationError(loud._word_contradiction(mute))

    def _mutes(self, other):
        """Whether this rule speaks, as loudly, wherever the other one does."""
        kind = get_kind(self.kind)
        own, their = self._get_limit(kind), other._get_limit(kind)
        earlier = own >= their if kind.is_less else own <= their
        as_loud = EFFECTS.index(self.effect) >= EFFECTS.index(other.effect)
        floors = not kind.has_floor or self.floor <= other.floor
        return earlier and as_loud and floors and self._covers(other)

    def _get_limit(self, kind):
        return self[THRESHOLDS[kind.unit]] if kind.unit in THRESHOLDS else 0

    def _word_contradiction(self, other):
        values = {"loud": self.sentence, "mute": other.sentence}
        if self._mutes(other) and other._mutes(self):
            return self.env._(
                "This rule is there twice: “%(loud)s”. Remove one of them.", **values
            )
        return self.env._(
            "“%(mute)s” can never be noticed, because “%(loud)s” speaks first. Change the "
            "thresholds, narrow one of them, or switch one off.",
            **values,
        )
