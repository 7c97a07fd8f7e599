# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.credit_control.models.credit_measure_query import ARG


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    credit_cover_mode = fields.Selection(
        [
            ("sum", "Insured plus Own"),
            ("insured", "Insured Only"),
            ("greater", "The Greater of Both"),
        ],
        string="Insured and Own Lines",
        default="sum",
        prefetch="credit",
        required=True,
        help="How insured lines and lines of own funds of one customer work together. "
        "“Insured only”: own lines do not count for customers about whom an insurer "
        "decided. Customers without any decision keep their own lines in each case.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "credit_cover_mode" in vals:
            cause = self.env._("Insured and own lines are combined in another way.")
            self.env["credit.hold"]._look_again(cause)
        return result


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    credit_cover_mode = fields.Selection(
        related="company_id.root_id.credit_cover_mode", readonly=False, required=True
    )


class CreditMeasure(models.AbstractModel):
    """What a line of own funds is worth beside the insured ones, in SQL (P1)."""

    _inherit = "credit.measure"

    def _sql_special(self):
        """Override of `credit_control`: nothing is plain where lines depend on others."""
        return SQL(
            """%s OR (SELECT k.credit_cover_mode <> 'sum' FROM res_company k
                WHERE k.id = %s)""",
            super()._sql_special(),
            ARG["root"],
        )

    def _sql_worth(self, root, today):
        """Override of `credit_control`: by the company's setting.

        Of the greater of both, own lines give in their order what the insured ones do
        not; see ``engine.cover.combine``.
        """
        worth = super()._sql_worth(root, today)
        return SQL(
            """CASE WHEN c.credit_cover_mode = 'sum' OR l.kind_id <> %(own)s
                OR NOT %(followed)s THEN %(worth)s
            WHEN c.credit_cover_mode = 'insured' THEN 0
            ELSE GREATEST(LEAST(%(worth)s, %(before)s + %(worth)s - %(insured)s), 0)
            END""",
            own=self.env.ref("credit_control.credit_line_kind_own").id,
            followed=SQL(
                """EXISTS (SELECT FROM credit_line i WHERE i.profile_id = l.profile_id
                AND i.cover_policy_id IS NOT NULL
                AND i.state IN ('active', 'suspended'))"""
            ),
            worth=worth,
            insured=self._sql_sum(worth, SQL("l.cover_policy_id IS NOT NULL"), today),
            before=self._sql_sum(
                worth,
                SQL(
                    """l.kind_id = o.kind_id AND (COALESCE(l.date_to, 'infinity'), l.id)
                    < (COALESCE(o.date_to, 'infinity'), o.id)"""
                ),
                today,
            ),
        )

    def _sql_sum(self, worth, which, today):
        """The worth of other lines in force of the same file.

        The subquery's line takes the name of the outer one, so that its worth is worded
        alike; the outer one is called o in there.
        """
        return SQL(
            """COALESCE((SELECT SUM(%s) FROM (SELECT l.*) o
                JOIN credit_line l ON l.profile_id = o.profile_id
                WHERE l.state = 'active' AND %s
                AND (l.date_from IS NULL OR l.date_from <= %s)
                AND (l.date_to IS NULL OR l.date_to >= %s)), 0)""",
            worth,
            which,
            today,
            today,
        )
