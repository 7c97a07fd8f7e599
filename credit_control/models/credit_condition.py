# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_date

from ..engine import get_kind

# Criterion of the engine's scopes -> field that holds the records.
SCOPES = {
    "risk_class": "risk_class_ids",
    "tag": "partner_tag_ids",
    "company": "company_ids",
    "team": "team_ids",
}
THRESHOLDS = {
    "amount": "threshold",
    "days": "threshold_days",
    "percent": "threshold_percent",
    "number": "threshold_number",
}


class CreditCondition(models.AbstractModel):
    """When something applies: kind and threshold, step, scope and dates.

    Rules and exceptions share it, so that both are read and entered alike.
    """

    _name = "credit.condition"
    _description = "Credit Condition"
    _order = "sequence, id"

    policy_id = fields.Many2one(
        "credit.policy", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection="_selection_kind",
        required=True,
        default="uncovered",
        help="What is looked at.",
    )
    kind_name = fields.Char(compute="_compute_kind")
    kind_help = fields.Char(compute="_compute_kind")
    unit = fields.Char(compute="_compute_kind")
    has_floor = fields.Boolean(compute="_compute_kind")
    currency_id = fields.Many2one(related="policy_id.currency_id")
    threshold = fields.Monetary(
        string="Amount",
        help="In the company's currency. Exactly this amount is still within.",
    )
    threshold_days = fields.Integer(
        string="Days", help="Exactly this many days are still within."
    )
    threshold_percent = fields.Float(
        string="Percent",
        digits=(16, 2),
        help="Exactly this percentage is still within.",
    )
    threshold_number = fields.Integer(
        string="Number", help="Exactly this number is still within."
    )
    threshold_shown = fields.Char(string="Threshold", compute="_compute_sentence")
    floor = fields.Monetary(
        string="Ignore Residues Below",
        help="Open items smaller than this are trivial residues: they are never overdue.",
    )
    checkpoint_ids = fields.Many2many(
        "credit.checkpoint",
        string="At",
        default=lambda self: self._default_checkpoint_ids(),
        help="The steps at which it looks. Empty: at every step.",
    )
    risk_class_ids = fields.Many2many(
        "credit.risk.class", string="Risk Classes", help="Empty: all risk classes."
    )
    partner_tag_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Tags",
        help="Customers with any of these tags. Empty: all customers.",
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        domain=[("parent_id", "=", False)],
        help="Empty: every company that uses the policy.",
    )
    team_ids = fields.Many2many(
        "crm.team", string="Sales Teams", help="Empty: all sales teams."
    )
    date_from = fields.Date(string="From", help="First day. Empty: at once.")
    date_to = fields.Date(string="Until", help="Last day. Empty: no end.")
    version = fields.Integer(default=1, readonly=True, copy=False)
    definition = fields.Json(compute="_compute_definition", store=True)
    sentence = fields.Char(string="What It Does", compute="_compute_sentence")

    @api.model
    def _default_checkpoint_ids(self):
        """Where orders bind credit: deliveries and invoices are asked for on purpose."""
        return self.env["credit.checkpoint"].search(
            [("code", "in", ("confirmation", "change"))]
        )

    @api.model
    def _selection_kind(self):
        """The kinds that the engine knows, with their translated names."""
        return list(self.env["credit.rule.kind"]._get_titles().items())

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_kind(self):
        words = self.env["credit.rule.kind"]
        for condition in self:
            kind = condition.kind and get_kind(condition.kind)
            condition.unit = kind.unit if kind else "none"
            condition.has_floor = bool(kind) and kind.has_floor
            condition.kind_name = kind and words._get_name(condition.kind)
            condition.kind_help = kind and words._get_help(condition.kind)

    # === WHAT THE ENGINE READS === #

    @api.depends(
        "kind",
        "threshold_days",
        "threshold_percent",
        "threshold_number",
        "checkpoint_ids.code",
        "version",
        *SCOPES.values(),
    )
    def _compute_definition(self):
        for condition in self:
            condition.definition = condition._prepare_definition()

    def _prepare_definition(self):
        """Hook: what the engine reads; amounts are added in the company's cents."""
        kind = get_kind(self.kind) if self.kind else None
        scope = {
            criterion: sorted(self[name]._origin.ids)
            for criterion, name in SCOPES.items()
            if self[name]
        }
        definition = {
            "kind": self.kind or "",
            "checkpoints": sorted(self.checkpoint_ids.mapped("code")),
            "scope": scope,
            "version": self.version,
        }
        if not kind or kind.unit != "amount":
            definition["threshold"] = self._get_threshold(kind.unit if kind else "none")
        if not kind or not kind.has_floor:
            definition["floor"] = 0
        return definition

    def _get_threshold(self, unit):
        if unit == "percent":
            return round(self.threshold_percent * 100)
        return self[THRESHOLDS[unit]] if unit in THRESHOLDS else 0

    # === WORDS === #

    @api.depends(
        "kind",
        "floor",
        "checkpoint_ids.name",
        "date_from",
        "date_to",
        "currency_id",
        *THRESHOLDS.values(),
        *SCOPES.values(),
    )
    @api.depends_context("lang")
    def _compute_sentence(self):
        for condition in self:
            condition.threshold_shown = condition._word_threshold()
            condition.sentence = condition._word_sentence()

    @api.depends("sentence")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for condition in self:
            condition.display_name = condition.sentence

    def _word_threshold(self):
        kind = get_kind(self.kind) if self.kind else None
        if not kind or kind.unit == "none":
            return ""
        value = self[THRESHOLDS[kind.unit]]
        if kind.unit in ("amount", "percent"):
            value = round(value * 100) if kind.unit == "percent" else value
        return self.env["credit.rule.kind"]._word_value(
            kind.unit, value, self.currency_id or self.env.company.currency_id
        )

    def _word_sentence(self):
        raise NotImplementedError

    def _word_where(self):
        """For whom, at which steps and when, as the end of a sentence."""
        parts = []
        if self.checkpoint_ids:
            parts.append(self.env._("at: %s", self._join(self.checkpoint_ids)))
        for name in SCOPES.values():
            if self[name]:
                label = self._fields[name]._description_string(self.env)
                parts.append(f"{label}: {self._join(self[name])}")
        if self.date_from:
            day = format_date(self.env, self.date_from)
            parts.append(self.env._("from %s", day))
        if self.date_to:
            parts.append(self.env._("until %s", format_date(self.env, self.date_to)))
        return f" ({'; '.join(parts)})" if parts else ""

    def _join(self, records):
        # sudo: names only, of what a colleague put into the policy.
        return ", ".join(records.sudo().mapped("display_name"))

    # === WHAT IS REFUSED === #

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for condition in self:
            if (
                condition.date_from
                and condition.date_to
                and condition.date_from > condition.date_to
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” would end before it begins: exchange the dates.",
                        condition.sentence,
                    )
                )

    @api.constrains("floor", *THRESHOLDS.values())
    def _check_threshold(self):
        for condition in self:
            if any(condition[name] < 0 for name in ("floor", *THRESHOLDS.values())):
                raise ValidationError(
                    self.env._(
                        "A threshold cannot be negative: “%s”", condition.sentence
                    )
                )

    @api.constrains("company_ids", "policy_id")
    def _check_companies(self):
        for condition in self:
            own, named = condition.policy_id.company_id, condition.company_ids
            if own and named and own not in named:
                raise ValidationError(
                    self.env._(
                        "The policy belongs to %(own)s, so nothing happens for %(named)s.",
                        own=own.name,
                        named=condition._join(named),
                    )
                )

    # === CHANGES === #

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_forged(*vals_list)
        conditions = super().create(vals_list)
        self.env["credit.measure"]._forget()
        # What is switched off changes nothing yet: it is told when somebody switches it on.
        conditions.filtered("active")._tell_policy(self.env._("Added: %s"))
        self._look_again()
        return conditions

    def write(self, vals):
        self._refuse_forged(vals)
        self.env["credit.measure"]._forget()
        if set(vals) == {"sequence"}:
            return super().write(vals)
        before = {condition: condition.sentence for condition in self}
        result = super().write(vals)
        for condition in self:
            super(CreditCondition, condition).write({"version": condition.version + 1})
            if not condition.active:
                condition._tell_policy(self.env._("Switched off: %s"))
            else:
                condition._tell_policy(
                    self.env._("Changed: %(before)s → %(after)s"), before[condition]
                )
        self._look_again()
        return result

    def unlink(self):
        self.env["credit.measure"]._forget()
        self._tell_policy(self.env._("Removed: %s"))
        self._look_again()
        return super().unlink()

    def _refuse_forged(self, *vals_list):
        # What the engine reads is computed from what people see, never entered.
        if any({"definition", "version"}.intersection(vals) for vals in vals_list):
            raise AccessError(
                self.env._("What the engine reads is computed, never entered.")
            )

    def _look_again(self):
        self.env["credit.hold"]._look_again(self.env._("Credit rule changed"))

    def _tell_policy(self, words, before=None):
        """Keep the history of rules in the policy's chatter."""
        for condition in self:
            sentence = condition.sentence
            if before is None:
                body = words % sentence
            elif before == sentence:
                body = self.env._("Changed: %s", sentence)
            else:
                body = words % {"before": before, "after": sentence}
            condition.policy_id._message_log(body=body)

    # === COMPARING === #

    def _covers(self, other):
        """Whether this looks at everything that another condition looks at."""
        names = ("checkpoint_ids", *SCOPES.values())
        if any(
            self[name] and (not other[name] or other[name] - self[name])
            for name in names
        ):
            return False
        starts = not self.date_from or (
            other.date_from and other.date_from >= self.date_from
        )
        ends = not self.date_to or (other.date_to and other.date_to <= self.date_to)
        return bool(starts and ends)

    def _is_unlimited(self):
        """Whether it looks at every document of the policy."""
        names = ("checkpoint_ids", *SCOPES.values(), "date_from", "date_to")
        return not any(self[name] for name in names)
