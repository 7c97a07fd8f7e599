# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..engine import rule_kinds


class CreditRule(models.Model):
    """One thing that warns about or holds a document."""

    _name = "credit.rule"
    _description = "Credit Rule"
    _order = "sequence, id"

    policy_id = fields.Many2one(
        "credit.policy", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection="_selection_kind", required=True, default="uncovered"
    )
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
    checkpoint_ids = fields.Many2many(
        "credit.checkpoint",
        string="At",
        default=lambda self: self._default_checkpoint_ids(),
        help="The steps at which the rule looks. Empty: at every step.",
    )
    currency_id = fields.Many2one(related="policy_id.currency_id")
    threshold = fields.Monetary(
        help="Nothing happens up to this amount, in the company's currency.",
    )

    @api.model
    def _default_checkpoint_ids(self):
        """Where orders bind credit: deliveries and invoices are asked for on purpose."""
        return self.env["credit.checkpoint"].search(
            [("code", "in", ("confirmation", "change"))]
        )

    @api.model
    def _selection_kind(self):
        """The kinds that the engine knows, with their translated names."""
        names = {"uncovered": self.env._("Not covered by the credit lines")}
        return [(kind, names.get(kind, kind)) for kind in sorted(rule_kinds())]

    @api.model
    def _looks_at(self, checkpoint):
        """Whether any rule looks at a step, so that documents are measured there.

        :param str checkpoint: code
        """
        # sudo: whoever passes a step need not read the rules.
        steps = Domain("checkpoint_ids", "=", False)
        steps |= Domain("checkpoint_ids.code", "=", checkpoint)
        return bool(self.sudo().search(steps, limit=1))

    def write(self, vals):
        result = super().write(vals)
        self.env["credit.hold"]._look_again(self.env._("Credit rule changed"))
        return result

    def unlink(self):
        self.env["credit.hold"]._look_again(self.env._("Credit rule removed"))
        return super().unlink()

    @api.constrains("threshold")
    def _check_threshold(self):
        if any(rule.threshold < 0 for rule in self):
            raise ValidationError(
                self.env._("The threshold of a rule cannot be negative.")
            )
