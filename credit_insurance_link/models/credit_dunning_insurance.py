# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.credit_control.models.dunning.skip_branch import SkipBranch

VIEWER = "credit_control.credit_control_group_viewer"


class CreditDunningLevel(models.Model):
    _inherit = "credit.dunning.level"

    effect = fields.Selection(
        selection_add=[("insurer", "Notice to the insurer is prepared")],
        ondelete={"insurer": "set default"},
    )


class CreditDunningNotice(models.Model):
    _inherit = "credit.dunning.notice"

    def _dunning_effect_insurer(self):
        """Prepare the notices that policies still wait for; a person sends them."""
        # sudo: the manager who set the level decided this; insurer data stay hidden.
        duties = self.env["credit.insurance.duty"].sudo()
        policies = (
            self.env["credit.insurance.policy"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("state", "!=", "draft"),
                ]
            )
        )
        duties._refresh(policies, self.partner_id)
        found = duties.search(
            [
                ("policy_id", "in", policies.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("kind", "=", "notice"),
                ("state", "=", "open"),
            ]
        )
        waiting = found.filtered(lambda duty: not duty._get_notice())
        self.env["credit.insurance.overdue"].sudo().create(
            [duty._prepare_notice() for duty in waiting]
        )


class CreditDunningItem(models.Model):
    _inherit = "credit.dunning.item"

    insurance_state = fields.Selection(
        selection=lambda self: self._selection_insurance_state(),
        string="Told to the Insurer",
        compute="_compute_insurance_state",
        groups=VIEWER,
        help="What the insurer knows of this invoice.",
    )

    @api.model
    def _selection_insurance_state(self):
        notices = self.env["credit.insurance.overdue"]
        return notices._fields["state"]._description_selection(self.env)

    def _compute_insurance_state(self):
        declared = self.env["credit.insurance.overdue"]._get_declared(self.move_line_id)
        for item in self:
            item.insurance_state = declared.get(item.move_line_id.id)


class CreditInsuranceOverdue(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.overdue"

    @api.model
    def _get_declared(self, items):
        """Hook: what insurers were told of some journal items.

        :param items: ``account.move.line``
        :return: dict, id of the item -> state of its last notice that was not withdrawn
        """
        lines = self.env["credit.insurance.overdue.line"].search(
            [
                ("move_line_id", "in", items.ids),
                ("overdue_id.state", "!=", "closed"),
            ],
            order="id",
        )
        return {line.move_line_id.id: line.overdue_id.state for line in lines}


class CreditDunningRun(models.Model):
    _inherit = "credit.dunning.run"

    @api.model
    def _get_skip_branches(self, company, day):
        """Override: what a collector or a factor chases is left to him."""
        return {
            **super()._get_skip_branches(company, day),
            "dunning_with_collector": SkipBranch(
                self._query_handed_over(company), "credit.insurance.overdue"
            ),
            "dunning_factored": SkipBranch(
                self._query_factored(company), "credit.factoring"
            ),
        }

    def _query_handed_over(self, company):
        return SQL(
            """SELECT v.partner_id, n.move_line_id, NULL::date, v.id
            FROM credit_insurance_overdue v
            JOIN credit_insurance_overdue_line n ON n.overdue_id = v.id
            WHERE v.company_id = %s AND v.kind = 'handover'
            AND v.state = 'acknowledged'""",
            company.id,
        )

    def _query_factored(self, company):
        # Law: a debtor who was told of the assignment pays the factor only (CMF L313-28).
        return SQL(
            """SELECT p.commercial_partner_id, l.id, NULL::date, f.id
            FROM credit_factoring f
            JOIN account_move_line l ON l.move_id = f.move_id
            JOIN res_partner p ON p.id = l.partner_id
            WHERE f.company_id = %s AND f.state = 'sold'
            AND f.notified_on IS NOT NULL AND l.amount_residual > 0""",
            company.id,
        )
