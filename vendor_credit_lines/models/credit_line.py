# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class CreditLine(models.Model):
    _inherit = "credit.line"

    grant_id = fields.Many2one(
        "credit.grant",
        string="Programme's Grant",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    programme_id = fields.Many2one(related="grant_id.programme_id")

    @api.constrains(
        "amount", "currency_id", "state", "date_to", "profile_id", "grant_id"
    )
    def _check_grant(self):
        """What a programme gave is never more than what left its pot."""
        for line in self.filtered(
            lambda line: line.grant_id and line.state == "active"
        ):
            if not line._fits_grant():
                raise ValidationError(
                    self.env._(
                        "%(line)s comes from the programme %(programme)s: it may be cut, "
                        "suspended or ended, but not raised or prolonged by hand.",
                        line=line.display_name,
                        programme=line.grant_id.programme_id.name,
                    )
                )

    def _fits_grant(self):
        # sudo: who may write the line need not see the programme.
        grant = self.grant_id.sudo()
        in_time = not grant.date_to or (self.date_to and self.date_to <= grant.date_to)
        return (
            grant.state == "active"
            and self.partner_id == grant.partner_id
            and self.currency_id == grant.currency_id
            and self.currency_id.compare_amounts(self.amount, grant.amount) <= 0
            and bool(in_time)
        )

    def write(self, vals):
        if "grant_id" in vals and not self.env.su:
            raise AccessError(self.env._("Only a programme says what it gave."))
        fixed = {"kind_id", *self._get_scope_fields()}.intersection(vals)
        if fixed and not self.env.su and self.sudo().grant_id:
            raise AccessError(
                self.env._("What a programme's line may pay for is up to its terms.")
            )
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get("grant_id") for vals in vals_list):
            raise AccessError(self.env._("Only a programme says what it gave."))
        return super().create(vals_list)
