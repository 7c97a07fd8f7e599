# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

KEEP_DAYS = 90  # of skips and of dry runs that nobody sent
VACUUM_LIMIT = 100_000
FIXED = frozenset({"date", "company_id"})
FLOW = frozenset({"state", "is_test", "is_daily", "date_prepared"})


class CreditDunningRun(models.Model):
    """What is sent to whom on a day, and why others are skipped; first a dry run (P13)."""

    _name = "credit.dunning.run"
    _description = "Follow-up Run"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.rooted"]
    _order = "date desc, id desc"
    _rec_name = "date"

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
            ("done", "Done"),
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
    date_prepared = fields.Datetime(readonly=True)
    is_daily = fields.Boolean(
        string="Daily Run", readonly=True, help="Made by the daily job."
    )
    notice_count = fields.Integer(compute="_compute_counts")
    skip_count = fields.Integer(compute="_compute_counts")
    amount_total = fields.Monetary(
        string="To Pay", compute="_compute_counts", help="Sum of all its messages."
    )
    is_sending = fields.Boolean(compute="_compute_is_sending")
    prepared_count = fields.Integer(string="Waiting", compute="_compute_counts")
    sent_count = fields.Integer(string="Sent", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    left_count = fields.Integer(
        string="Left Out at Sending",
        compute="_compute_counts",
        help="Skipped when they were looked at again, or cancelled.",
    )

    @api.depends("notice_ids.state", "skip_ids")
    def _compute_counts(self):
        notices = self.env["credit.dunning.notice"]._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "state"],
            ["__count", "amount_total:sum"],
        )
        skips = self.env["credit.dunning.skip"]._read_group(
            [("run_id", "in", self.ids)], ["run_id"], ["__count"]
        )
        skip_counts = {run.id: count for run, count in skips}
        for run in self:
            own = {state: count for key, state, count, _sum in notices if key == run}
            run.notice_count = sum(own.values())
            run.skip_count = skip_counts.get(run.id, 0)
            run.amount_total = sum(
                amount
                for key, state, _count, amount in notices
                if key == run and state not in ("skipped", "cancelled")
            )
            run.prepared_count = own.get("prepared", 0) + own.get("sending", 0)
            run.sent_count = own.get("sent", 0)
            run.failed_count = own.get("failed", 0)
            run.left_count = own.get("skipped", 0) + own.get("cancelled", 0)

    @api.depends("state")
    def _compute_is_sending(self):
        for run in self:
            run.is_sending = run.state == "sending"

    @api.depends("date", "company_id")
    def _compute_display_name(self):
        for run in self:
            run.display_name = format_date(self.env, run.date)

    # === ACTIONS === #

    def action_open_notices(self):
        """Open the messages of this run, by level."""
        return self._open("credit_control.credit_dunning_notice_action", group_level=1)

    def action_open_failed(self):
        """Open the messages that could not be sent."""
        return self._open("credit_control.credit_dunning_notice_action", failed=1)

    def action_open_skips(self):
        """Open what was skipped, by reason."""
        return self._open("credit_control.credit_dunning_skip_action", group_reason=1)

    def _open(self, xmlid, **filters):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("run_id", "=", self.id)]
        action["context"] = {
            f"search_default_{name}": value for name, value in filters.items()
        }
        return action

    # === LIFE === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_writer(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_writer(vals)
        if FIXED.intersection(vals) and any(run.date_prepared for run in self):
            raise UserError(self.env._("Make a new run for another day or company."))
        return super().write(vals)

    def _check_writer(self, vals):
        if not self.env.su and FLOW.intersection(vals):
            raise AccessError(
                self.env._("Only the buttons of a run change its status.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_sent(self):
        if any(run.state in ("sending", "done") for run in self):
            raise UserError(
                self.env._("What was sent is kept: only dry runs can be deleted.")
            )

    @api.autovacuum
    def _gc_skips(self):
        """Forget why others were skipped, some months later; pauses are kept."""
        old = fields.Date.subtract(fields.Date.today(), days=KEEP_DAYS)
        domain = [("date", "<", old), ("pauses", "=", False)]
        self.env["credit.dunning.skip"].search(domain, limit=VACUUM_LIMIT).unlink()

    @api.autovacuum
    def _gc_dry_runs(self):
        """Delete daily dry runs that nobody sent."""
        old = fields.Date.subtract(fields.Date.today(), days=KEEP_DAYS)
        domain = [
            ("date", "<", old),
            ("is_daily", "=", True),
            ("state", "=", "cancelled"),
        ]
        runs = self.search(domain, limit=10)
        runs.filtered(lambda run: not run.sent_count).unlink()
