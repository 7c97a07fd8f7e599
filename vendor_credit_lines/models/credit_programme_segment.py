# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditProgrammeSegment(models.Model):
    """A group of eligible customers: the first that fits decides amount and cap."""

    _name = "credit.programme.segment"
    _description = "Segment of a Credit Programme"
    _order = "sequence, id"

    version_id = fields.Many2one(
        "credit.programme.version", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    domain = fields.Char(default="[]", string="Customers")
    score_min = fields.Integer(
        string="Score from",
        help="100: always on time; two points less for each day late on average.",
    )
    amount = fields.Float(digits=(16, 2), string="Line Amount")
    has_cap = fields.Boolean(string="Capped")
    cap_amount = fields.Float(
        digits=(16, 2),
        string="Cap",
        help="All lines of this segment together never exceed it.",
    )

    _amounts_positive = models.Constraint(
        "CHECK(amount >= 0 AND cap_amount >= 0)", "Amounts cannot be negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        segments = super().create(vals_list)
        segments.version_id._check_open()
        return segments

    def write(self, vals):
        self.version_id._check_open()
        result = super().write(vals)
        self.version_id._check_open()
        if "domain" in vals:
            # The filters run with the rights of who wrote the last of them.
            self.version_id.write({"domain_user_id": self.env.uid})
            self.version_id._check_domain()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self.version_id._check_open()
