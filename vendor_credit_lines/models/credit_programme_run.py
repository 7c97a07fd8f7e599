# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..const import ANALYST
from ..engine import GIVEN, QUEUED, Wish, weigh
from .credit_grant import REASONS

AT_ONCE = 1000  # so many are done in the request, the rest in the background
BATCH = 500


class CreditProgrammeRun(models.Model):
    """Open lines for many customers: look first, then let it run, stop it, go on.

    Each customer is worked on once; who is left out stays on the list with the reason.
    """

    _name = "credit.programme.run"
    _description = "Opening of Many Lines"
    _order = "id desc"

    programme_id = fields.Many2one(
        "credit.programme", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="programme_id.company_id", store=True)
    currency_id = fields.Many2one(related="programme_id.currency_id")
    state = fields.Selection(
        [
            ("preview", "Preview"),
            ("running", "Running"),
            ("stopped", "Stopped"),
            ("done", "Done"),
        ],
        default="preview",
        required=True,
        readonly=True,
    )
    ratio_given = fields.Char(readonly=True)
    ratio_wanted = fields.Char(readonly=True)
    row_ids = fields.One2many("credit.programme.run.row", "run_id")
    todo_count = fields.Integer(string="To Do", compute="_compute_counts")
    given_count = fields.Integer(string="Opened", compute="_compute_counts")
    queued_count = fields.Integer(string="Waiting", compute="_compute_counts")
    left_count = fields.Integer(string="Left Out", compute="_compute_counts")
    silent_count = fields.Integer(string="Without Mail", compute="_compute_counts")
    amount = fields.Monetary(compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")
    room_amount = fields.Monetary(related="programme_id.room_amount")
    has_pot = fields.Boolean(related="programme_id.current_version_id.has_pot")

    def _compute_display_name(self):
        for run in self:
            day = fields.Date.to_string(run.create_date or fields.Date.today())
            run.display_name = f"{run.programme_id.name} · {day}"

    def _compute_counts(self):
        rows = self.env["credit.programme.run.row"]._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "result"],
            ["__count", "amount:sum"],
        )
        found = {
            (run.id, result): (count, amount) for run, result, count, amount in rows
        }
        silent = dict(
            self.env["credit.programme.run.row"]._read_group(
                [
                    ("run_id", "in", self.ids),
                    ("result", "!=", "left_out"),
                    ("partner_id.email", "=", False),
                ],
                ["run_id"],
                ["__count"],
            )
        )
        for run in self:
            counts = {key: found.get((run.id, key), (0, 0.0)) for key in RESULTS}
            run.todo_count = counts["todo"][0]
            run.given_count = counts["given"][0]
            run.queued_count = counts["queued"][0]
            run.left_count = counts["left_out"][0]
            run.silent_count = silent.get(run, 0)
            run.amount = sum(counts[key][1] for key in ("todo", "given", "queued"))
            total = sum(count for count, _amount in counts.values())
            run.progress = 100.0 * (total - run.todo_count) / (total or 1)

    def _check_analyst(self):
        self.ensure_one()
        self.programme_id._check_group(ANALYST)
        self.check_access("write")

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_forged(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_forged(vals)
        return super().write(vals)

    def _refuse_forged(self, *vals_list):
        if not self.env.su and any(set(vals) - {"programme_id"} for vals in vals_list):
            raise AccessError(self.env._("Use the buttons to open lines."))

    # === PREVIEW === #

    def action_preview(self):
        """List who would get how much, and who nothing and why. Nothing is given."""
        self._check_analyst()
        if self.state != "preview":
            raise UserError(self.env._("This run has started. Start another one."))
        problem = self.programme_id._check_can_give()
        if problem:
            raise UserError(problem)
        # sudo: rows are written by the run only.
        run = self.sudo()
        run.row_ids.unlink()
        version = run.programme_id.current_version_id
        # Without lines: the amounts of the list would be worthless if it were cut.
        ids = version._get_customers().search(version._get_domain(), order="id").ids
        for start in range(0, len(ids), BATCH):
            run._preview_batch(ids[start : start + BATCH])
        return self.action_open_rows()

    def _preview_batch(self, ids):
        programme = self.programme_id
        wishes = programme._get_wishes(self.env["res.partner"].browse(ids))
        unit = 10**programme.currency_id.decimal_places
        self.env["credit.programme.run.row"].create(
            [
                {
                    "run_id": self.id,
                    "partner_id": wish.key,
                    "segment_id": wish.segment or False,
                    "amount": wish.amount / unit,
                    "result": "left_out" if wish.reason else "todo",
                    "reason": wish.reason or False,
                }
                for wish in wishes
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()

    # === WORK === #

    def action_start(self):
        """Open the lines: many at once, very many in the background."""
        self._check_analyst()
        if self.state not in ("preview", "stopped"):
            raise UserError(self.env._("This run is over."))
        problem = self.programme_id._check_can_give()
        if problem:
            raise UserError(problem)
        run = self.sudo()
        if self.state == "preview":
            given, wanted = run._weigh()
            run.write({"ratio_given": str(given), "ratio_wanted": str(wanted)})
        run.state = "running"
        for _batch in range(AT_ONCE // BATCH):
            if not run._work_once()[1]:
                return True
        self.env.ref("vendor_credit_lines.ir_cron_work").sudo()._trigger()
        return True

    def _weigh(self):
        """What share of his wish everybody gets, when the pot is shared out."""
        programme = self.programme_id
        if programme.current_version_id.when_full != "pro_rata":
            return 1, 1
        rows = self.row_ids.filtered(lambda row: row.result == "todo")
        wishes = [
            Wish(row.partner_id.id, programme._cents(row.amount), row.segment_id.id)
            for row in rows
        ]
        return weigh(wishes, programme._get_pot())

    def action_stop(self):
        """Stop after the batch at work; what was opened stays."""
        self._check_analyst()
        if self.state == "running":
            self.sudo().state = "stopped"
        return True

    def action_refresh(self):
        """Show the figures of now: the page is loaded again after each button."""
        self.check_access("read")
        return True

    def _work_once(self):
        """Give to the next customers.

        :return: tuple, how many were done, how many are left
        """
        todo = Domain("run_id", "=", self.id) & Domain("result", "=", "todo")
        rows = self.env["credit.programme.run.row"].search(
            todo, limit=BATCH, order="id"
        )
        self._lock_rows(rows)
        if self.programme_id._check_can_give():
            self.state = "stopped"
            return 0, 0
        answers = self.env["credit.grant"]._give(
            self.programme_id,
            rows.partner_id,
            {partner_id: {"run_id": self.id} for partner_id in rows.partner_id.ids},
            (int(self.ratio_given), int(self.ratio_wanted)),
        )
        unit = 10**self.currency_id.decimal_places
        for row in rows:
            answer = answers[row.partner_id.id]
            row.write(
                {
                    "result": {GIVEN: "given", QUEUED: "queued"}.get(
                        answer.outcome, "left_out"
                    ),
                    "amount": answer.amount / unit,
                    "reason": answer.reason or False,
                }
            )
        left = self.env["credit.programme.run.row"].search_count(todo)
        if not left:
            self.state = "done"
        return len(rows), left

    def _lock_rows(self, rows):
        # Two workers on one run: the later one is retried and finds other rows.
        self.env.cr.execute(
            SQL(
                "UPDATE credit_programme_run_row SET result = result WHERE id = ANY(%s)",
                rows.ids,
            )
        )

    @api.model
    def _work_in_background(self):
        cron = self.env["ir.cron"]
        for run in self.search([("state", "=", "running")], order="id"):
            left = 1
            while left and run.state == "running":
                done, left = run._work_once()
                time = cron._commit_progress(done, remaining=left)
                # Memory stays flat: nothing of a finished batch is needed again.
                self.env.invalidate_all()
                if not time and left:
                    return

    # === LISTS === #

    def action_open_rows(self):
        """Open the list of customers, those left out at the end."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers"),
            "res_model": "credit.programme.run.row",
            "views": [(False, "list"), (False, "pivot")],
            "domain": [("run_id", "=", self.id)],
        }

    def action_open_left_out(self):
        action = self.action_open_rows()
        action["domain"] = [("run_id", "=", self.id), ("result", "=", "left_out")]
        action["context"] = {"group_by": ["reason"]}
        return action


RESULTS = ("todo", "given", "queued", "left_out")


class CreditProgrammeRunRow(models.Model):
    """One customer of a run: what he gets or why he gets nothing."""

    _name = "credit.programme.run.row"
    _description = "Customer in an Opening of Many Lines"
    _order = "result desc, id"
    _rec_name = "partner_id"

    run_id = fields.Many2one(
        "credit.programme.run", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    segment_id = fields.Many2one("credit.programme.segment", ondelete="cascade")
    currency_id = fields.Many2one(related="run_id.currency_id")
    amount = fields.Monetary(aggregator="sum")
    result = fields.Selection(
        [
            ("todo", "To do"),
            ("given", "Opened"),
            ("queued", "Waiting"),
            ("left_out", "Left out"),
        ],
        required=True,
        index=True,
    )
    reason = fields.Selection(REASONS)
