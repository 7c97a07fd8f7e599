# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditSimulationResult(models.TransientModel):
    """One document, now and under the changes of a simulation."""

    _name = "credit.simulation.result"
    _description = "Result of a Credit Simulation"
    _order = "change, amount desc, id"

    simulation_id = fields.Many2one(
        "credit.simulation", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    name = fields.Char(string="Document", readonly=True)
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Document Record", model_field="res_model", readonly=True
    )
    decision_id = fields.Many2one("credit.decision", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Debtor", readonly=True)
    policy_id = fields.Many2one("credit.policy", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    stage = fields.Selection(
        [
            ("quotation", "Quotation"),
            ("confirmed", "Confirmed order"),
            ("waiting", "Waiting hold"),
            ("past", "Past decision"),
        ],
        readonly=True,
    )
    now = fields.Selection(
        [("pass", "Passes"), ("hold", "Held")], string="As It Is", readonly=True
    )
    then = fields.Selection(
        [("pass", "Passes"), ("hold", "Held"), ("unknown", "Not answerable")],
        string="With the Change",
        readonly=True,
    )
    change = fields.Selection(
        [
            ("held", "Newly held"),
            ("freed", "Freed"),
            ("same", "Unchanged"),
            ("unknown", "Not answerable"),
        ],
        string="Effect",
        readonly=True,
    )
    payment = fields.Selection(
        [
            ("good", "Paid in time"),
            ("late", "Late"),
            ("open", "Not due or not invoiced"),
        ],
        readonly=True,
    )
    amount = fields.Monetary(readonly=True, aggregator="sum")
    uncovered_now = fields.Monetary(string="Uncovered", readonly=True, aggregator="sum")
    uncovered_then = fields.Monetary(
        string="Left Uncovered", readonly=True, aggregator="sum"
    )
    reasons = fields.Char(string="Why", readonly=True)

    def action_open_document(self):
        """Open the document; what one may see of it is up to its own rights."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [[False, "form"]],
        }

    def action_open_decision(self):
        """Open the record of the decision that was replayed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.decision",
            "res_id": self.decision_id.id,
            "views": [[False, "form"]],
        }
