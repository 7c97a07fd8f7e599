# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import get_kind
from ..engine.what_if import LineChange, PolicyChange
from ..models.credit_condition import THRESHOLDS

RULES = ("rule_off", "rule_on", "rule_edit", "rule_add")


class CreditSimulationChange(models.TransientModel):
    """One thing that would be different; nothing is different before it is applied."""

    _name = "credit.simulation.change"
    _description = "Change in a Credit Simulation"
    _order = "id"

    simulation_id = fields.Many2one(
        "credit.simulation", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="simulation_id.company_id")
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    what = fields.Selection(
        [
            ("lines_cut", "Cut lines by percent"),
            ("lines_drop", "Drop lines"),
            ("rule_edit", "Change a rule"),
            ("rule_off", "Switch a rule off"),
            ("rule_on", "Switch a rule on"),
            ("rule_add", "Add a rule"),
            ("policy", "Change a policy"),
        ],
        required=True,
        default="lines_cut",
    )
    policy_id = fields.Many2one(
        "credit.policy", domain="[('company_id', 'in', (False, company_id))]"
    )
    rule_id = fields.Many2one("credit.rule", context={"active_test": False})
    kind = fields.Selection(selection="_selection_kind", default="uncovered")
    unit = fields.Char(compute="_compute_unit")
    effect = fields.Selection(selection="_selection_effect", default="hold")
    threshold = fields.Monetary(string="Amount")
    threshold_days = fields.Integer(string="Days")
    threshold_percent = fields.Float(string="Percent", digits=(16, 2))
    threshold_number = fields.Integer(string="Number")
    checkpoint_ids = fields.Many2many(
        "credit.checkpoint", string="At", help="Empty: at every step."
    )
    line_kind_id = fields.Many2one(
        "credit.line.kind", string="Kind of Line", help="Empty: lines of every kind."
    )
    origin = fields.Char(
        string="Origin Contains",
        help="Only lines whose origin contains this: an insurer, a vendor's programme. "
        "Empty: whatever their origin.",
    )
    percent = fields.Integer(string="Cut by (%)", default=30)
    mode = fields.Selection(selection="_selection_mode", help="Empty: as it is.")
    no_line = fields.Selection(
        selection="_selection_no_line",
        string="Debtors Without Line",
        help="Empty: as it is.",
    )
    has_default = fields.Boolean(string="Another Default Line")
    default_amount = fields.Monetary(string="Default Line")
    sentence = fields.Char(string="What Would Change", compute="_compute_sentence")

    @api.model
    def _selection_kind(self):
        return self.env["credit.rule"]._selection_kind()

    def _describe_selection(self, model, name):
        return self.env[model]._fields[name]._description_selection(self.env)

    @api.model
    def _selection_effect(self):
        return self._describe_selection("credit.rule", "effect")

    @api.model
    def _selection_mode(self):
        return self._describe_selection("credit.policy", "mode")

    @api.model
    def _selection_no_line(self):
        return self._describe_selection("credit.policy", "no_line")

    @api.depends("kind", "rule_id", "what")
    def _compute_unit(self):
        for change in self:
            rule = change.rule_id if change.what == "rule_edit" else False
            kind = rule.kind if rule else change.kind
            change.unit = get_kind(kind).unit if kind else "none"

    @api.onchange("rule_id")
    def _onchange_rule_id(self):
        rule = self.rule_id
        if rule and self.what in RULES:
            self.policy_id, self.kind, self.effect = (
                rule.policy_id,
                rule.kind,
                rule.effect,
            )
            for name in THRESHOLDS.values():
                self[name] = rule[name]

    @api.constrains("what", "percent", "rule_id", "policy_id", *THRESHOLDS.values())
    def _check_complete(self):
        for change in self:
            message = change._get_lack()
            if message:
                raise ValidationError(message)

    def _get_lack(self):
        if self.what == "lines_cut" and not 0 < self.percent <= 100:
            return self.env._("Lines are cut by 1 to 100 percent.")
        if self.what == "lines_drop" and not (self.line_kind_id or self.origin):
            return self.env._(
                "Say which lines are dropped: their kind or their origin."
            )
        if self.what in ("rule_edit", "rule_off", "rule_on") and not self.rule_id:
            return self.env._("Choose the rule that would change.")
        if self.what in ("rule_add", "policy") and not self.policy_id:
            return self.env._("Choose the policy that would change.")
        if any(self[name] < 0 for name in (*THRESHOLDS.values(), "default_amount")):
            return self.env._("A threshold cannot be negative.")
        return ""

    # === WORDS === #

    @api.depends(
        "what",
        "rule_id",
        "policy_id",
        "kind",
        "effect",
        "line_kind_id",
        "origin",
        "percent",
        "mode",
        "no_line",
        "has_default",
        "default_amount",
        "checkpoint_ids",
        *THRESHOLDS.values(),
    )
    @api.depends_context("lang")
    def _compute_sentence(self):
        for change in self:
            change.sentence = getattr(change, f"_word_{change.what}")()

    def _word_lines(self):
        names = [self.line_kind_id.name, self.origin and f"“{self.origin}”"]
        return " · ".join(filter(None, names)) or self.env._("all lines")

    def _word_lines_cut(self):
        return self.env._(
            "%(lines)s: cut by %(percent)s %%",
            lines=self._word_lines(),
            percent=self.percent,
        )

    def _word_lines_drop(self):
        return self.env._("%s: dropped", self._word_lines())

    def _word_rule_off(self):
        return self.env._("Switched off: %s", self.rule_id.sentence or "")

    def _word_rule_on(self):
        return self.env._("Switched on: %s", self.rule_id.sentence or "")

    def _word_rule_edit(self):
        rule = self.rule_id.new(self._prepare_rule_vals(), origin=self.rule_id)
        return self.env._(
            "%(before)s → %(after)s",
            before=self.rule_id.sentence or "",
            after=rule.sentence or "",
        )

    def _word_rule_add(self):
        vals = {**self._prepare_rule_vals(), "kind": self.kind}
        vals["policy_id"] = self.policy_id.id
        vals["checkpoint_ids"] = [fields.Command.set(self.checkpoint_ids.ids)]
        rule = self.env["credit.rule"].new(vals)
        return self.env._(
            "%(policy)s: %(rule)s",
            policy=self.policy_id.name or "",
            rule=rule.sentence or "",
        )

    def _word_policy(self):
        selections = [
            ("mode", self._selection_mode()),
            ("no_line", self._selection_no_line()),
        ]
        parts = [dict(words)[self[name]] for name, words in selections if self[name]]
        if self.has_default:
            parts.append(
                self.env._(
                    "default line %s", self.currency_id.format(self.default_amount)
                )
            )
        return f"{self.policy_id.name or ''}: {' · '.join(parts)}"

    # === WHAT THE ENGINE IS TOLD === #

    def _prepare_rule_vals(self):
        names = [name for unit, name in THRESHOLDS.items() if unit == self.unit]
        return {"effect": self.effect, **{name: self[name] for name in names}}

    def _get_threshold(self):
        """The threshold in the engine's unit: cents, days, basis points, a number."""
        if self.unit not in THRESHOLDS:
            return 0
        value = self[THRESHOLDS[self.unit]]
        if self.unit == "amount":
            return round(value * 10**self.currency_id.decimal_places)
        return round(value * 100) if self.unit == "percent" else value

    def _prepare_line_changes(self):
        return tuple(
            LineChange(
                percent=100 if change.what == "lines_drop" else change.percent,
                kind=change.line_kind_id.id or None,
                origin=(change.origin or "").strip(),
            )
            for change in self
            if change.what in ("lines_cut", "lines_drop")
        )

    def _prepare_policy_change(self):
        """All that would be different in one policy."""
        rules, added, policy = {}, [], {}
        for change in self:
            if change.what == "rule_off":
                rules[change.rule_id.id] = None
            elif change.what == "rule_edit":
                rules[change.rule_id.id] = {
                    "effect": change.effect,
                    "threshold": change._get_threshold(),
                }
            elif change.what in ("rule_on", "rule_add"):
                added.append(change._prepare_added_rule())
            else:
                policy.update(change._prepare_policy_figures())
        return PolicyChange(rules=rules, added=tuple(added), **policy)

    def _prepare_added_rule(self):
        if self.what == "rule_on":
            rule, unit = self.rule_id, 10**self.currency_id.decimal_places
            return {
                "key": rule.id,
                "effect": rule.effect,
                "threshold": round(rule.threshold * unit),
                "floor": round(rule.floor * unit),
                **rule.definition,
            }
        return {
            # Above every rule's own key, so that exceptions and words treat it as one.
            "key": 2**31 - self.id,
            "kind": self.kind,
            "effect": self.effect,
            "threshold": self._get_threshold(),
            "checkpoints": self.checkpoint_ids.mapped("code"),
        }

    def _prepare_policy_figures(self):
        unit = 10**self.currency_id.decimal_places
        return {
            "observe": self.mode == "observe" if self.mode else None,
            "no_line": self.no_line or None,
            "default": round(self.default_amount * unit) if self.has_default else None,
        }

    # === APPLYING === #

    def _apply(self):
        """Make the change, with the rights and under the checks of whoever asks."""
        self.ensure_one()
        if self.what in ("lines_cut", "lines_drop"):
            raise UserError(
                self.env._("Lines are changed in a batch, with its own approval.")
            )
        if self.what == "rule_add":
            vals = {**self._prepare_rule_vals(), "kind": self.kind}
            vals["checkpoint_ids"] = [fields.Command.set(self.checkpoint_ids.ids)]
            self.env["credit.rule"].create({**vals, "policy_id": self.policy_id.id})
        elif self.what == "rule_edit":
            self.rule_id.write(self._prepare_rule_vals())
        elif self.what in ("rule_on", "rule_off"):
            self.rule_id.active = self.what == "rule_on"
        else:
            vals = {name: self[name] for name in ("mode", "no_line") if self[name]}
            if self.has_default:
                vals["default_amount"] = self.default_amount
            self.policy_id.write(vals)

    def _get_policy(self):
        return self.rule_id.policy_id if self.rule_id else self.policy_id
