# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.credit_control.models.callers import is_id

from ..credit_cover_decision import OUTCOMES
from ..credit_cover_request import LAYERS
from .credit_insurance_import import ANALYST


class CreditInsuranceImportRow(models.Model):
    """What one line of an insurer's file says of one layer of one buyer's cover."""

    _name = "credit.insurance.import.row"
    _description = "Row of a Portfolio"
    _order = "import_id desc, number, id"
    _rec_name = "name"

    import_id = fields.Many2one(
        "credit.insurance.import",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, required=True, index=True
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    number = fields.Integer(string="Line", readonly=True)
    key = fields.Char(readonly=True)
    fingerprint = fields.Char(readonly=True)
    status = fields.Selection(
        [
            ("new", "New"),
            ("changed", "Changed"),
            ("unchanged", "Unchanged"),
            ("disappeared", "Disappeared"),
        ],
        readonly=True,
    )
    state = fields.Selection(
        [
            ("todo", "To Apply"),
            ("done", "Applied"),
            ("problem", "Problem"),
            ("rejected", "Rejected"),
            ("review", "To Review"),
        ],
        string="Progress",
        readonly=True,
    )
    review = fields.Selection(
        [("open", "To Review"), ("keep", "Cover Goes On"), ("cancel", "Cover Ended")],
        readonly=True,
    )
    faults = fields.Json(readonly=True, help="Field, code and text of what is wrong.")
    problem = fields.Text(
        string="Why It Was Refused", readonly=True, help="By the door of decisions."
    )
    name = fields.Char(string="Buyer", readonly=True)
    buyer_number = fields.Char(string="Insurer's Number", readonly=True)
    national_id = fields.Char(string="National Number", readonly=True)
    layer = fields.Selection(LAYERS, readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    has_amount = fields.Boolean(readonly=True)
    amount = fields.Monetary(string="Granted", readonly=True)
    previous_amount = fields.Monetary(string="Before", readonly=True)
    decided_at = fields.Date(string="Decided on", readonly=True)
    date_expiry = fields.Date(string="Until", readonly=True)
    match_state = fields.Selection(
        [
            ("number", "By Number"),
            ("reference", "By Our Reference"),
            ("person", "By a Person"),
            ("name", "Name Proposes"),
            ("ambiguous", "Ambiguous"),
            ("none", "Not Found"),
        ],
        string="Match",
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null"
    )
    proposal = fields.Char(
        readonly=True,
        help="Customers whose name resembles. A name is never enough: choose one, or "
        "correct the numbers.",
    )
    decision_id = fields.Many2one(
        "credit.cover.decision", readonly=True, index="btree_not_null"
    )
    said = fields.Json(readonly=True)

    _todo_idx = models.Index("(import_id, id) WHERE state = 'todo'")
    _key_idx = models.Index("(import_id, key)")

    # === REVIEW === #

    def action_keep(self):
        """Say that cover goes on: the file was only a part of the portfolio."""
        self._check_reviewable()
        # sudo: rights were checked above; rows are written by the flow only.
        self.sudo().write({"review": "keep", "state": "done"})
        return True

    def action_cancel_cover(self):
        """Say that the insurer ended this cover; the decision is recorded."""
        self._check_reviewable()
        for portfolio, rows in self.grouped("import_id").items():
            # sudo: as above.
            portfolio.sudo()._end_cover(rows.sudo())
        return True

    def _check_reviewable(self):
        self.check_access("read")
        self._check_analyst()
        if any(row.review != "open" for row in self):
            raise UserError(self.env._("This was reviewed already."))
        if any(row.import_id.state != "done" for row in self):
            raise UserError(self.env._("Apply the portfolio first."))

    def _check_analyst(self):
        if not self.env.su and not self.env.user.has_group(ANALYST):
            raise AccessError(self.env._("Only credit analysts review portfolios."))

    def choose_customer(self, partner_id: int):
        """Say which customer a row is about; a person does.

        :param partner_id: any contact of the customer
        :return: bool, True
        :raise AccessError: for others than analysts
        :raise UserError: for an unknown contact, or a row that was applied already
        """
        self.check_access("read")
        self._check_analyst()
        ids = partner_id if is_id(partner_id) else []
        partner = self.env["res.partner"].browse(ids).exists()
        partner.check_access("read")
        if not partner:
            raise UserError(self.env._("Choose a customer."))
        if any(row.state not in ("todo", "problem") for row in self):
            raise UserError(self.env._("This was applied already."))
        debtor = partner.commercial_partner_id
        # sudo: rights were checked above; rows are written by the flow only.
        self.sudo().write({"partner_id": debtor.id, "match_state": "person"})
        return True
