# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..engine.what_if import WhatIf

ANALYST = "credit_control.credit_control_group_analyst"
MANAGER = "credit_control.credit_control_group_manager"
PATIENCE = 45  # seconds after which a run pauses and tells how far it is


class CreditSimulation(models.TransientModel):
    """What if: which orders would be held or freed, before anything is changed.

    Nothing but the simulation's own rows is written. Open orders are decided twice by
    the engine of the gate; recorded decisions are replayed from their own inputs.
    """

    _name = "credit.simulation"
    _inherit = ["credit.simulation.run"]
    _description = "Credit Simulation"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    what = fields.Selection(
        [("orders", "Open orders and holds"), ("history", "Past decisions")],
        string="Look At",
        required=True,
        default="orders",
        help="Open orders: what would be held or freed today. Past decisions: what would "
        "have been held, and whether what was let through was paid in time.",
    )
    quotation_days = fields.Integer(
        string="Quotations of the Last (days)",
        default=60,
        help="Older quotations are left out. Confirmed orders and holds always count.",
    )
    history_days = fields.Integer(string="Decisions of the Last (days)", default=90)
    late_days = fields.Integer(
        string="Late After (days)",
        default=15,
        help="Invoices paid, or still open, this long after they were due are late.",
    )
    change_ids = fields.One2many("credit.simulation.change", "simulation_id")
    result_ids = fields.One2many("credit.simulation.result", "simulation_id")
    state = fields.Selection(
        [("draft", "To Run"), ("running", "Running"), ("done", "Done")],
        default="draft",
        readonly=True,
    )
    todo = fields.Json(readonly=True)
    total = fields.Integer(readonly=True)
    progress = fields.Float(compute="_compute_progress")
    held_count = fields.Integer(string="Newly Held", compute="_compute_figures")
    held_amount = fields.Monetary(
        string="Newly Held Amount", compute="_compute_figures"
    )
    freed_count = fields.Integer(string="Freed", compute="_compute_figures")
    freed_amount = fields.Monetary(compute="_compute_figures")
    same_count = fields.Integer(string="Unchanged", compute="_compute_figures")
    unknown_count = fields.Integer(
        string="Not Answerable",
        compute="_compute_figures",
        help="The rules ask for something that was not recorded at the time.",
    )
    verdict = fields.Text(string="In Short", compute="_compute_figures")
    can_apply = fields.Boolean(compute="_compute_can_apply")

    _days_sensible = models.Constraint(
        "CHECK(quotation_days BETWEEN 0 AND 3650 AND history_days BETWEEN 1 AND 3650"
        " AND late_days BETWEEN 0 AND 3650)",
        "Days are between 0 and 3650; decisions of at least one day.",
    )

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("What If")

    @api.depends("todo", "total")
    def _compute_progress(self):
        for simulation in self:
            left = len(simulation.todo or ())
            total = simulation.total
            simulation.progress = 100 * (total - left) / total if total else 0

    @api.depends("change_ids.what")
    @api.depends_context("uid")
    def _compute_can_apply(self):
        manager = self.env.user.has_group(MANAGER)
        for simulation in self:
            whats = simulation.change_ids.mapped("what")
            lines = {"lines_cut", "lines_drop"}.intersection(whats)
            simulation.can_apply = manager and bool(whats) and not lines

    @api.depends("state", "result_ids")
    @api.depends_context("lang")
    def _compute_figures(self):
        rows = self.env["credit.simulation.result"]._read_group(
            [("simulation_id", "in", self.ids)],
            ["simulation_id", "change", "payment"],
            ["__count", "amount:sum"],
        )
        for simulation in self:
            figures = {}
            for owner, change, payment, count, amount in rows:
                if owner == simulation:
                    for key in ((change, payment), change):
                        known = figures.get(key, (0, 0.0))
                        figures[key] = (known[0] + count, known[1] + amount)
            nothing = (0, 0.0)
            simulation.held_count, simulation.held_amount = figures.get("held", nothing)
            simulation.freed_count, simulation.freed_amount = figures.get(
                "freed", nothing
            )
            simulation.same_count = figures.get("same", nothing)[0]
            simulation.unknown_count = figures.get("unknown", nothing)[0]
            simulation.verdict = simulation._word_verdict(figures)

    def _word_verdict(self, figures):
        """The result in a sentence or two."""
        if self.state == "draft":
            return ""
        money = self.currency_id.format
        words = self.env._(
            "%(held)s documents (%(held_amount)s) would be held that pass, %(freed)s "
            "(%(freed_amount)s) would pass that are held.",
            held=self.held_count,
            held_amount=money(self.held_amount),
            freed=self.freed_count,
            freed_amount=money(self.freed_amount),
        )
        if self.what == "orders":
            return words
        nothing = (0, 0.0)
        late, good = (figures.get(("held", how), nothing) for how in ("late", "good"))
        return (
            words
            + " "
            + self.env._(
                "Of the newly held, %(late)s (%(late_amount)s) were late later on: the change "
                "would have caught them. %(good)s (%(good_amount)s) were paid in time: they "
                "would have been held in vain.",
                late=late[0],
                late_amount=money(late[1]),
                good=good[0],
                good_amount=money(good[1]),
            )
        )

    # === RUNNING === #

    def action_run(self):
        """Run, or go on with, the simulation; pauses after a while and tells how far."""
        self.ensure_one()
        self._check_rights(ANALYST)
        if not self.change_ids:
            raise UserError(self.env._("Say first what would be different."))
        if self.state != "running":
            self._start()
        what_if, end = self._prepare_what_if(), time.monotonic() + PATIENCE
        while self.todo and time.monotonic() < end:
            batch, left = self.todo[: self._get_batch_size()], self.todo
            run = self._run_orders if self.what == "orders" else self._run_history
            run(what_if, batch)
            self.todo = left[len(batch) :]
        self.state = "running" if self.todo else "done"
        return True

    def _check_rights(self, group):
        if not self.env.user.has_group(group):
            raise AccessError(self.env._("You may not run credit simulations."))
        if self.company_id not in self.env.user.company_ids.root_id:
            raise AccessError(self.env._("This company is not one of yours."))

    def _start(self):
        self.result_ids.unlink()
        find = self._find_debtors if self.what == "orders" else self._find_decisions
        found = find()
        self.todo, self.total = found, len(found)

    def _get_batch_size(self):
        return 500

    def _prepare_what_if(self):
        policies = {}
        for change in self.change_ids:
            if change.what not in ("lines_cut", "lines_drop"):
                policy = change._get_policy().id
                policies[policy] = policies.get(policy, change.browse()) | change
        return WhatIf(
            policies={
                policy: changes._prepare_policy_change()
                for policy, changes in policies.items()
            },
            lines=self.change_ids._prepare_line_changes(),
        )

    def action_again(self):
        """Change something and run again."""
        self.ensure_one()
        self.result_ids.unlink()
        self.write({"state": "draft", "todo": False, "total": 0})
        return True

    # === RESULTS === #

    def _open_results(self, name, *changes, **context):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_control.credit_simulation_result_action"
        )
        domain = Domain("simulation_id", "=", self.id)
        if changes:
            domain &= Domain("change", "in", list(changes))
        context["simulated"] = self.what
        return {**action, "name": name, "domain": list(domain), "context": context}

    def action_open_results(self):
        context = {"search_default_group_change": 1}
        return self._open_results(self.env._("All Results"), **context)

    def action_open_held(self):
        return self._open_results(self.env._("Newly Held"), "held")

    def action_open_freed(self):
        return self._open_results(self.env._("Freed"), "freed")

    def action_open_unknown(self):
        return self._open_results(self.env._("Not Answerable"), "unknown")

    # === APPLYING === #

    def action_apply(self):
        """Make the changes of rules and policies for real, and leave a trace.

        :raise AccessError: when the caller is no manager
        :raise UserError: when lines would change: they need a batch and its approval
        """
        self.ensure_one()
        self._check_rights(MANAGER)
        for change in self.change_ids:
            sentence = change.sentence
            change._apply()
            change._get_policy().message_post(
                body=self.env._("Applied after a simulation: %s", sentence)
            )
        policies = self.env["credit.policy"].union(
            *(change._get_policy() for change in self.change_ids)
        )
        action = {
            "type": "ir.actions.act_window",
            "res_model": "credit.policy",
            "name": self.env._("Changed Policies"),
        }
        if len(policies) == 1:
            return {**action, "res_id": policies.id, "views": [[False, "form"]]}
        domain, views = [("id", "in", policies.ids)], [[False, "list"], [False, "form"]]
        return {**action, "domain": domain, "views": views}
