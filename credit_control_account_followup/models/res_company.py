# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Which plan drives Odoo's follow-up levels; with it, our engine sends."""

    _inherit = "res.company"

    credit_followup_plan_id = fields.Many2one(
        "credit.dunning.plan",
        string="Plan of Odoo's Follow-ups",
        domain="[('company_id', 'in', (False, id))]",
        help="The levels of Odoo's follow-ups are taken from this plan, and reminders are "
        "sent by Credit ▸ Follow-ups alone. Empty: Odoo sends, our runs stay dry runs.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.filtered("credit_followup_plan_id")._sync_followup_levels()
        return companies

    def write(self, vals):
        if not vals.get("credit_followup_plan_id", True):
            vals = {"credit_dunning_live": False, **vals}
        result = super().write(vals)
        if "credit_followup_plan_id" in vals:
            self._sync_followup_levels()
            self.env["credit.dunning.run"]._sync_followup_exclusions(self)
        return result

    @api.constrains("credit_dunning_live", "credit_followup_plan_id")
    def _check_one_engine(self):
        for company in self:
            if company.credit_dunning_live and not company.credit_followup_plan_id:
                raise ValidationError(
                    self.env._(
                        "Odoo's own follow-ups send reminders in %s. Choose the plan that "
                        "drives them first, so that no customer is reminded twice.",
                        company.name,
                    )
                )

    # === LEVELS === #

    def _sync_followup_levels(self):
        """Make Odoo's levels those of the plan.

        A level of Odoo that the plan has not is deleted, unless an item has reached it:
        then it stays as it is. Days and names are unique in a company and may change
        places within a plan, so levels are moved aside before they are written.
        """
        for company in self:
            steps = company.credit_followup_plan_id.level_ids
            lines = company._get_followup_lines()
            if not steps:
                lines.credit_level_id = False
                continue
            pairs = company._match_followup_lines(lines, steps)
            paired = lines.browse(line.id for line in pairs.values())
            kept = company._drop_followup_lines(lines - paired, pairs)
            kept.credit_level_id = False
            paired._move_aside()
            taken = set(kept.mapped("name"))
            for step in steps.sorted("delay"):
                line = pairs.get(step, lines.browse())
                taken.add(line._follow(step, company, taken))

    def _get_followup_lines(self):
        # sudo: whoever chooses or changes the plan decided; the levels only follow.
        lines = self.env["account_followup.followup.line"].sudo()
        return lines.with_context(lang="en_US").search([("company_id", "=", self.id)])

    def _match_followup_lines(self, lines, steps):
        """Which level of Odoo stands for which step: linked, same days, same name.

        :return: dict, ``credit.dunning.level`` -> level of Odoo
        """
        pairs = {}
        steps = steps.with_context(lang="en_US")
        for key in (
            lambda one: one.credit_level_id if one._name == lines._name else one,
            lambda one: one.delay,
            lambda one: one.name,
        ):
            free = {key(line): line for line in lines if line not in pairs.values()}
            for step in steps:
                if step not in pairs and key(step) in free:
                    pairs[step] = free.pop(key(step))
        return pairs

    def _drop_followup_lines(self, lines, pairs):
        """Delete levels without a step, unless an item has reached them.

        :return: the levels that stay
        """
        days = {step.delay: line for step, line in pairs.items()}
        for line in lines.filtered(lambda line: line.delay in days):
            # Its days belong to a step now: so do the items that have reached it.
            line._get_followed_items().followup_line_id = days[line.delay]
        kept = lines.filtered(lambda line: line._get_followed_items())
        (lines - kept).unlink()
        return kept


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_followup_plan_id = fields.Many2one(
        related="company_id.credit_followup_plan_id", readonly=False
    )
