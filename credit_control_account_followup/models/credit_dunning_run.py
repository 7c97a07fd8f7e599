# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.credit_control.models.dunning.skip_branch import SkipBranch

FLAG = "dunning_no_followup"  # Odoo's own flag on items


class CreditDunningRun(models.Model):
    """Runs know what was set in Odoo's follow-ups, and Odoo knows whom runs spare."""

    _inherit = "credit.dunning.run"

    def _query_steps(self):
        """Override: a higher level that somebody set in Odoo counts as reached."""
        return SQL(
            """SELECT GREATEST(s.rank, e.rank) AS rank, s.date,
                CASE WHEN e.rank > COALESCE(s.rank, 0) THEN e.level_id
                    ELSE s.level_id END AS level_id,
                s.before, s.handed, s.paused
            FROM (%s) s LEFT JOIN (
                SELECT d.rank, d.id AS level_id FROM account_move_line x
                JOIN account_followup_followup_line w ON w.id = x.followup_line_id
                JOIN credit_dunning_level d ON d.id = w.credit_level_id
                WHERE x.id = o.id) e ON TRUE""",
            super()._query_steps(),
        )

    @api.model
    def _get_skip_branches(self, company, day):
        branches = super()._get_skip_branches(company, day)
        if company.credit_followup_plan_id:
            branches["followup_manual"] = SkipBranch(self._query_manual(company))
        return branches

    def _query_no_followup(self, companies):
        """Override: what we left out ourselves has a better reason than the flag."""
        return SQL(
            """SELECT f.* FROM (%s) f(partner_id, move_line_id, until, res_id)
            JOIN account_move_line x ON x.id = f.move_line_id
            WHERE x.credit_no_followup IS NOT TRUE""",
            super()._query_no_followup(companies),
        )

    def _query_manual(self, company):
        # sudo: whom Odoo's follow-ups leave to a person; the run must know it (P13).
        partners = self.env["res.partner"].sudo().with_company(company)
        manual = partners.with_context(active_test=False)._search(
            [("followup_reminder_type", "=", "manual")]
        )
        return SQL(
            """SELECT p.commercial_partner_id, NULL::int, NULL::date, NULL::int
            FROM res_partner p WHERE p.id IN (%s) AND p.id = p.commercial_partner_id""",
            manual.subselect("id"),
        )

    # === EXCLUSIONS === #

    @api.model
    def _sync_followup_exclusions(self, companies, partner_ids=None):
        """Set Odoo's flag on items that runs spare, and take it back when that ends.

        :param companies: ``res.company``, root companies
        :param partner_ids: only these commercial partners; None for all
        """
        # sudo: the flag follows the answers; items stay as they are otherwise.
        items = self.env["account.move.line"].sudo()
        self.env.flush_all()
        for company in companies.root_id:
            spared = set()
            if company.credit_followup_plan_id:
                rows = self.env.execute_query(self._query_spared(company, partner_ids))
                spared = {item_id for (item_id,) in rows}
            domain = [
                ("credit_no_followup", "=", True),
                ("company_id", "child_of", company.id),
            ]
            if partner_ids is not None:
                domain.append(("partner_id.commercial_partner_id", "in", partner_ids))
            flagged = items.search(domain)
            back = flagged.filtered(lambda item, ids=spared: item.id not in ids)
            back.write({"credit_no_followup": False})
            back.no_followup = False
            fresh = items.browse(spared - set(flagged.ids)).filtered(
                lambda item: not item.no_followup
            )
            fresh.no_followup = True
            fresh.write({"credit_no_followup": True})
        self.env.cr.cache.pop("res_partner_all_followup", None)

    def _query_spared(self, company, partner_ids):
        """Open items of whom a pausing reason spares today."""
        branches = self._get_skip_branches(company, company._credit_today()).values()
        pausing = [branch.query for branch in branches if branch.pauses]
        nobody = SQL("SELECT NULL::int, NULL::int, NULL::date, NULL::int WHERE FALSE")
        return SQL(
            """SELECT DISTINCT l.id FROM (%(spared)s)
                AS b(partner_id, move_line_id, until, res_id)
            JOIN res_partner p ON p.commercial_partner_id = b.partner_id
            JOIN account_move_line l ON l.partner_id = p.id
                AND (b.move_line_id IS NULL OR l.id = b.move_line_id)
                AND l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
                AND l.amount_residual > 0 AND l.company_id = ANY(%(companies)s)
            JOIN account_account a ON a.id = l.account_id
                AND a.account_type = 'asset_receivable'
            WHERE TRUE %(own)s""",
            spared=SQL(" UNION ALL ").join(pausing or [nobody]),
            companies=self._get_tree_ids(company),
            own=self._sql_own(SQL("b.partner_id"), partner_ids),
        )

    @api.model
    def _prepare_daily(self):
        # Promises and exclusions also end by themselves: once a day all are looked at.
        driven = self.env["res.company"].search(
            [("credit_followup_plan_id", "!=", False), ("parent_id", "=", False)]
        )
        self._sync_followup_exclusions(driven)
        return super()._prepare_daily()
