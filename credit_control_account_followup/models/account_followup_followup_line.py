# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

FAR = 10**6  # days that no plan has


class FollowupLine(models.Model):
    """A level of Odoo that follows a step of a plan is changed there, and only there."""

    _inherit = "account_followup.followup.line"

    credit_level_id = fields.Many2one(
        "credit.dunning.level",
        string="Step of the Credit Plan",
        readonly=True,
        index=True,
        ondelete="set null",
    )

    def write(self, vals):
        self._check_follows()
        return super().write(vals)

    def unlink(self):
        self._check_follows()
        return super().unlink()

    def _check_follows(self):
        if not self.env.su and any(line.sudo().credit_level_id for line in self):
            raise UserError(
                self.env._(
                    "This level follows the credit plan of the company. Change the step "
                    "of the plan in Credit ▸ Configuration."
                )
            )

    def _get_followed_items(self):
        return self.env["account.move.line"].search(
            [("followup_line_id", "=", self.id)]
        )

    def _move_aside(self):
        """Give days and a name that nobody else has, for a moment."""
        for line in self:
            line.write({"delay": FAR + line.id, "name": f"#{line.id}"})
        self.flush_recordset()

    def _follow(self, step, company, taken):
        """Write this level as its step says, or create it.

        :param step: ``credit.dunning.level``
        :param company: ``res.company``
        :param set taken: English names that levels of this company have
        :return: str, its English name
        """
        english = step.with_context(lang="en_US").name
        suffix = f" ({step.delay:+d})" if english in taken else ""
        values = step._prepare_followup_line(company)
        values["name"] = english + suffix
        if self:
            self.write(values)
        else:
            self = self.create(values)  # pylint: disable=self-cls-assignment
        for code, _name in self.env["res.lang"].get_installed():
            name = step.with_context(lang=code).name + suffix
            self.with_context(lang=code).name = name
        return values["name"]
