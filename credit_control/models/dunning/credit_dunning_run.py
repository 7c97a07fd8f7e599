# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditDunningRun(models.Model):
    """What is sent to whom on a day, and why others are skipped; first a dry run (P13)."""

    _name = "credit.dunning.run"
    _description = "Follow-up Run"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._credit_today(),
        tracking=True,
        help="The day whose messages are prepared. Runs of later days can be looked at, "
        "not sent.",
    )
    state = fields.Selection(
        [
            ("draft", "Dry run"),
            ("sending", "Sending"),
            ("done", "Sent"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
        index=True,
    )
    is_test = fields.Boolean(
        string="Test",
        readonly=True,
        help="Made while the company's follow-ups were in test mode: messages are "
        "prepared, nothing leaves, and no level counts as reached.",
    )
    notice_ids = fields.One2many("credit.dunning.notice", "run_id", readonly=True)
    skip_ids = fields.One2many("credit.dunning.skip", "run_id", readonly=True)

    # === SKIPS === #

    @api.model
    def _get_skip_branches(self, company, day):
        """Hook: who is left in peace on a day, by the code of the reason, first one wins.

        Asked when a run is prepared, for its day, and again for the debtors of a notice
        at the moment of sending, for that day (P13). Add branches by ``super()``.

        :param company: ``res.company``, a root company
        :param date day: the day of the messages
        :return: dict, code of a ``credit.reason`` -> SkipBranch
        """
        return {}
