# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    credit_insolvency_status = fields.Selection(
        [
            ("normal", "Nothing"),
            ("watch", "Warn"),
            ("hold", "Forced Hold"),
            ("stop", "Stop List"),
        ],
        string="Insolvency Stops Orders",
        default="stop",
        prefetch="credit",
        required=True,
        help="What happens to a debtor's orders when insolvency proceedings open. "
        "Follow-ups are frozen and the deadlines of the law start in any case.",
    )
