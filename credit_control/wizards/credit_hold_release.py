# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_round


class CreditHoldRelease(models.TransientModel):
    """Answer one hold or many: release, in whole or in part, or reject."""

    _name = "credit.hold.release"
    _description = "Answer Credit Holds"

    hold_ids = fields.Many2many("credit.hold", string="Holds", required=True)
    hold_count = fields.Integer(compute="_compute_figures")
    left_out = fields.Integer(
        readonly=True, help="Chosen in the list, but answered or closed before."
    )
    # What the person saw: an answer that came in between is not replaced unseen.
    seen = fields.Json(compute="_compute_proposal", store=True, readonly=False)
    answer = fields.Selection(
        [("release", "Release"), ("reject", "Reject")], default="release", required=True
    )
    way = fields.Selection(
        [
            ("whole", "As it is"),
            ("part", "In part"),
            ("deposit", "Against a deposit"),
            ("term", "With another payment term"),
        ],
        default="whole",
        required=True,
    )
    ways = fields.Json(compute="_compute_figures")
    currency_id = fields.Many2one("res.currency", compute="_compute_figures")
    amount = fields.Monetary(
        compute="_compute_proposal",
        store=True,
        readonly=False,
        help="What the document may come to, taxes included.",
    )
    uncovered = fields.Monetary(
        compute="_compute_figures", help="What no credit line carries: your decision."
    )
    tolerance_percent = fields.Float(
        string="Tolerance (%)", compute="_compute_proposal", store=True, readonly=False
    )
    tolerance_amount = fields.Monetary(
        string="Tolerance", compute="_compute_proposal", store=True, readonly=False
    )
    until = fields.Date(
        compute="_compute_proposal",
        store=True,
        readonly=False,
        help="Last day on which the release counts. After it the document is checked again.",
    )
    note = fields.Text(help="Kept with the release and shown to the salesperson.")
    part_amount = fields.Monetary(
        string="Release For",
        compute="_compute_proposal",
        store=True,
        readonly=False,
        help="Fills the lines from the first one, up to this amount.",
    )
    line_ids = fields.One2many(
        "credit.hold.release.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    kept_amount = fields.Monetary(
        string="Released Part", compute="_compute_kept_amount"
    )
    rest = fields.Selection(
        [
            ("split", "A second quotation, free to be changed"),
            ("hold", "A second quotation, held until it fits"),
        ],
        default="split",
        required=True,
    )
    deposit_amount = fields.Monetary(
        compute="_compute_proposal",
        store=True,
        readonly=False,
        help="Taxes included. Its invoice is posted now; the release counts once it is "
        "paid.",
    )
    payment_term_id = fields.Many2one("account.payment.term")
    result_ids = fields.One2many("credit.hold.release.result", "wizard_id")

    @api.depends("hold_ids")
    def _compute_figures(self):
        for wizard in self:
            holds = wizard.hold_ids
            wizard.hold_count = len(holds)
            # Currency: amounts of several are not added up.
            currency = holds.currency_id
            wizard.currency_id = currency if len(currency) == 1 else False
            wizard.uncovered = sum(holds.mapped("uncovered"))
            document = wizard._get_document()
            ways = document._get_credit_release_ways() if document else ()
            wizard.ways = sorted(ways)

    @api.depends("hold_ids")
    def _compute_proposal(self):
        for wizard in self:
            holds = wizard.hold_ids
            policy, first = holds.sudo().policy_id[:1], holds[:1]
            today = (first.company_id or self.env.company)._credit_today()
            wizard.seen = {str(hold._origin.id): wizard._see(hold) for hold in holds}
            wizard.amount = sum(holds.mapped("amount"))
            wizard.tolerance_percent = policy.release_tolerance_percent
            wizard.tolerance_amount = policy.release_tolerance_amount
            wizard.until = fields.Date.add(today, days=policy.release_days)
            ways = (first.explanation_shown or {}).get("ways_out", ())
            proposed = {way["code"]: way["amount"] for way in ways}
            wizard.part_amount = proposed.get("ship_part", 0.0)
            wizard.deposit_amount = proposed.get("deposit", 0.0)

    @api.depends("hold_ids", "part_amount")
    def _compute_line_ids(self):
        for wizard in self:
            document = wizard._get_document()
            offered = document._get_credit_release_lines() if document else []
            left = wizard.part_amount
            commands = [fields.Command.clear()]
            for values in offered:
                keep = wizard._get_quantity(values, left)
                left -= keep * values["unit"]
                commands.append(fields.Command.create({**values, "keep": keep}))
            wizard.line_ids = commands

    def _get_quantity(self, values, left):
        """As much of a line as the amount that is left pays for."""
        if values["unit"] <= 0:
            return values["quantity"]
        # Money: a fraction of a cent must not cost a whole unit.
        most = (max(left, 0.0) + 0.001) / values["unit"]
        # Whoever orders whole pieces gets whole pieces.
        step = 1.0 if values["quantity"].is_integer() else values["rounding"]
        keep = float_round(most, precision_rounding=step, rounding_method="DOWN")
        return min(values["quantity"], keep)

    @api.depends("line_ids.keep")
    def _compute_kept_amount(self):
        for wizard in self:
            wizard.kept_amount = sum(line.keep * line.unit for line in wizard.line_ids)

    def _get_document(self):
        """The document of a single hold, None for several."""
        hold = self.hold_ids._origin
        if len(hold) != 1:
            return None
        hold.check_access("read")
        # sudo: who may release is told what the document consists of.
        return hold.sudo().env[hold.res_model].browse(hold.res_id).exists()

    def _see(self, hold):
        return [hold.state, fields.Datetime.to_string(hold.release_date) or ""]

    # === ANSWERING === #

    def action_apply(self):
        return self._answer(confirm=False)

    def action_apply_and_confirm(self):
        return self._answer(confirm=True)

    def _answer(self, confirm):
        self.ensure_one()
        if self.hold_count == 1:
            self._answer_one(self.hold_ids, confirm)
            return {"type": "ir.actions.act_window_close"}
        return self._answer_each(confirm)

    def _answer_each(self, confirm):
        """Answer one after another; what cannot be done is told, the rest stands."""
        results = []
        for hold in self.hold_ids.sorted("id"):
            try:
                # Nothing half applied: an answer and its confirmation stand together.
                with self.env.cr.savepoint():
                    self._answer_one(hold, confirm)
                results.append(self._prepare_result(hold, "done", ""))
            except UserError as error:
                self.env.invalidate_all()
                results.append(self._prepare_result(hold, "failed", str(error)))
        self.result_ids = [fields.Command.create(values) for values in results]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Result"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [
                (
                    self.env.ref("credit_control.credit_hold_release_view_result").id,
                    "form",
                )
            ],
            "target": "new",
        }

    def _prepare_result(self, hold, outcome, message):
        return {
            "name": hold.name,
            "partner_name": hold.partner_id.display_name,
            "outcome": outcome,
            "message": message.splitlines()[0] if message else "",
        }

    def _answer_one(self, hold, confirm):
        replace = self._may_replace(hold)
        if self.answer == "reject":
            hold.reject(note=self.note or "", replace=replace)
            return
        self._release(hold, replace)
        if confirm and hold.state == "released":
            hold._confirm_documents()

    def _may_replace(self, hold):
        """Whether the answer that stands is the one the person saw."""
        hold.invalidate_recordset(["state", "release_date"])
        return (self.seen or {}).get(str(hold.id)) == self._see(hold)

    def _release(self, hold, replace):
        common = {
            "until": fields.Date.to_string(self.until) if self.until else None,
            "note": self.note or "",
            "replace": replace,
        }
        way = self.way if self.hold_count == 1 else "whole"
        if way == "part":
            quantities = {line.res_id: line.keep for line in self.line_ids}
            hold.release_part(quantities, rest=self.rest, **common)
        elif way == "deposit":
            hold.release_against_deposit(self.deposit_amount, **common)
        elif way == "term":
            hold.release_with_term(self.payment_term_id.id, **common)
        else:
            # One hold gets the amount that was entered, of many each its own.
            hold.release(
                amount=self.amount if self.hold_count == 1 else None,
                tolerance_percent=self.tolerance_percent,
                tolerance_amount=self.tolerance_amount,
                **common,
            )


class CreditHoldReleaseLine(models.TransientModel):
    """One line of the document, with what of it is released."""

    _name = "credit.hold.release.line"
    _description = "Part of a Release"

    wizard_id = fields.Many2one(
        "credit.hold.release", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    res_id = fields.Integer()
    name = fields.Char()
    quantity = fields.Float(string="Ordered", digits="Product Unit")
    rounding = fields.Float(digits=(12, 6))
    unit = fields.Float(string="Unit Price", digits=(16, 6))
    keep = fields.Float(string="Release Now", digits="Product Unit")
    amount = fields.Monetary(compute="_compute_amount")

    @api.depends("keep", "unit")
    def _compute_amount(self):
        for line in self:
            line.amount = line.keep * line.unit


class CreditHoldReleaseResult(models.TransientModel):
    """What became of one of many answers."""

    _name = "credit.hold.release.result"
    _description = "Result of an Answer"
    _order = "outcome desc, id"

    wizard_id = fields.Many2one(
        "credit.hold.release", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(string="Document")
    partner_name = fields.Char(string="Debtor")
    outcome = fields.Selection([("done", "Done"), ("failed", "Not Done")])
    message = fields.Char(string="Why")
