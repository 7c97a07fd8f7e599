# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from odoo import api, fields, models


class ResCompany(models.Model):
    """Speed: nearly each request of Odoo reads its company, its user and a partner.

    So all our fields there that few ask for have ``prefetch="credit"``: they are read
    together, and only when one of them is asked for.
    """

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    credit_default_policy_id = fields.Many2one(
        "credit.policy",
        string="Default Credit Policy",
        domain="[('company_id', 'in', (False, id))]",
        help="Applies to every debtor whose credit file names no other policy.",
    )
    credit_authority_analyst = fields.Monetary(
        string="Authority of Analysts",
        default=10_000.0,
        help="Up to here an analyst changes lines and releases documents alone.",
        prefetch="credit",
    )
    credit_authority_manager = fields.Monetary(
        string="Authority of Managers",
        default=1_000_000.0,
        help="Up to here a credit manager changes lines and releases documents alone.",
        prefetch="credit",
    )
    credit_opening_keep_months = fields.Integer(
        string="Keep Refused Openings (months)",
        default=12,
        help="After this time the sheet of a refused account forgets who the customer "
        "was. Zero: never by itself.",
        prefetch="credit",
    )

    _credit_opening_keep_months_positive = models.Constraint(
        "CHECK(COALESCE(credit_opening_keep_months, 0) >= 0)",
        "Refused account openings are kept a number of months, zero or more.",
    )

    def _get_credit_root(self):
        """The main companies of these companies' trees.

        Speed: Odoo works ``root_id`` out anew in each request, with all parents beside
        it; each confirmation would wait for that.

        :return: ``res.company``, in the caller's environment
        """
        # sudo: nothing of a main company is told but which one it is.
        paths = ((one.id, one.parent_path) for one in self.sudo())
        return self.browse(
            dict.fromkeys(
                int(path.split("/")[0]) if path else id_ for id_, path in paths
            )
        )

    def _get_credit_policy(self):
        """The policy of debtors whose credit file names none.

        :return: ``credit.policy``, at most one
        """
        root = self._get_credit_root().sudo()
        return root.credit_default_policy_id or self.env["credit.policy"].sudo().search(
            [("company_id", "in", (False, root.id))], limit=1
        )

    def _credit_today(self):
        """The date on which lines begin and end: the root company's, whoever looks.

        :return: date, today in the time zone of the root company's address
        """
        return self._credit_day(datetime.now(UTC).replace(tzinfo=None))

    def _credit_day(self, moment):
        """The root company's date at a moment.

        :param datetime moment: as Odoo stores it, in UTC without time zone
        :return: date
        """
        zone = self._get_credit_root().sudo().partner_id.tz or "UTC"
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["credit.measure"]._forget()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if {"currency_id", "parent_id"}.intersection(vals):
            self.env["credit.measure"]._forget()
        return result
