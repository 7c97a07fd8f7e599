# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What answers add to the files that exist."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..credit_profile import PENDING


class CreditReason(models.Model):
    _inherit = "credit.reason"

    is_blockage = fields.Boolean(
        string="Explains a Delay",
        help="May be chosen for why a customer does not pay, or is not followed up.",
    )


class CreditProfile(models.Model):
    _inherit = "credit.profile"  # pylint: disable=consider-merging-classes-inherited

    instalment_plan_ids = fields.One2many(
        "credit.instalment.plan", "profile_id", string="Payment Plans"
    )
    exclusion_ids = fields.One2many(
        "credit.dunning.exclusion", "profile_id", string="Exclusions"
    )
    contact_ids = fields.One2many(
        "credit.dunning.contact", "profile_id", string="Calls"
    )
    blockage_reason_id = fields.Many2one(
        "credit.reason",
        string="Reason of Blockage",
        tracking=True,
        ondelete="restrict",
        domain=[("is_blockage", "=", True)],
        help="Why the customer does not pay, as it said last.",
    )
    promise_reliability = fields.Integer(
        compute="_compute_promise_reliability",
        compute_sudo=True,
        help="Kept promises over promises that were kept, paid late or broken, by amount, "
        "whose day was in the last 12 months. Renewed, withdrawn and waiting promises do "
        "not count.",
    )
    promise_count = fields.Integer(
        compute="_compute_promise_reliability", compute_sudo=True
    )

    @api.depends("promise_ids.state", "promise_ids.amount", "promise_ids.date")
    def _compute_promise_reliability(self):
        for company, profiles in self.grouped("company_id").items():
            found = company and self.env["credit.promise"]._get_reliability(
                profiles.partner_id.ids, company
            )
            for profile in profiles:
                row = found and found.get(profile.partner_id.id)
                profile.promise_count = row["count"] if row else 0
                rate = row and row["rate"]
                profile.promise_reliability = round(100 * rate) if rate else 0

    def _join(self, other):
        """Override: what was answered goes to the file of who took over."""
        for name in self._get_answer_fields():
            self[name].sudo().write({"profile_id": other.id})
        return super()._join(other)

    @api.model
    def _get_answer_fields(self):
        return [
            "promise_ids",
            "dispute_ids",
            "instalment_plan_ids",
            "exclusion_ids",
            "contact_ids",
        ]

    def _reevaluate_pending(self):
        """Override: what was promised is judged before holds are looked at again."""
        partner_ids = self._get_answering(self.env.cr.precommit.data.get(PENDING, ()))
        if not partner_ids:
            return super()._reevaluate_pending()
        self.env["credit.promise"]._judge_debtors(partner_ids)
        self.env["credit.dispute"]._settle_debtors(partner_ids)
        self.env["credit.instalment.plan"]._follow_debtors(partner_ids)
        return super()._reevaluate_pending()

    @api.model
    def _get_answering(self, partner_ids):
        """Who of these debtors has promises, disputes or plans that may change now."""
        if not partner_ids:
            return []
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT d.id FROM unnest(%s::int[]) d(id)
                WHERE EXISTS (SELECT FROM credit_promise q WHERE q.partner_id = d.id
                    AND (q.state IN ('open', 'broken') OR q.date_settled IS NOT NULL))
                OR EXISTS (SELECT FROM credit_dispute q WHERE q.partner_id = d.id
                    AND q.state = 'open')
                OR EXISTS (SELECT FROM credit_instalment_plan q
                    WHERE q.partner_id = d.id AND q.state IN ('running', 'kept'))""",
                list(partner_ids),
            )
        )
        return [row[0] for row in rows]


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    credit_dispute_authority = fields.Monetary(
        string="Authority in Disputes",
        default=500.0,
        help="Up to here an analyst or accountant agrees to a credit note alone, unless "
        "the authorities say otherwise.",
        prefetch="credit",
    )
    credit_portal_promises = fields.Boolean(
        string="Promises on the Portal",
        default=True,
        help="Customers may promise a day of payment themselves.",
        prefetch="credit",
    )
    credit_portal_promise_days = fields.Integer(
        string="Latest Promise (days)",
        default=15,
        help="How far ahead a customer may promise on the portal.",
        prefetch="credit",
    )
    credit_portal_disputes = fields.Boolean(
        string="Disputes on the Portal",
        default=True,
        help="Customers may dispute an invoice themselves; its follow-ups wait.",
        prefetch="credit",
    )
    credit_call_weight_late = fields.Float(
        string="Weight of Lateness", default=1.0, digits=(3, 1), prefetch="credit"
    )
    credit_call_weight_amount = fields.Float(
        string="Weight of the Amount", default=1.0, digits=(3, 1), prefetch="credit"
    )
    credit_call_weight_score = fields.Float(
        string="Weight of the Score", default=1.0, digits=(3, 1), prefetch="credit"
    )
    credit_call_minutes = fields.Integer(
        string="Debtor Kept for (minutes)",
        default=20,
        help="So long a debtor on somebody's call screen is not given to another.",
        prefetch="credit",
    )

    _credit_answer_sensible = models.Constraint(
        "CHECK(COALESCE(credit_portal_promise_days, 0) >= 0"
        " AND COALESCE(credit_call_minutes, 1) >= 1"
        " AND COALESCE(credit_call_weight_late, 0) BETWEEN 0 AND 5"
        " AND COALESCE(credit_call_weight_amount, 0) BETWEEN 0 AND 5"
        " AND COALESCE(credit_call_weight_score, 0) BETWEEN 0 AND 5)",
        "Weights are between 0 and 5, days zero or more, minutes one or more.",
    )
