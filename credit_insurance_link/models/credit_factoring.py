# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from .credit_insurance_step import ANALYST


class CreditFactoring(models.Model):
    """One invoice sold to a factor.

    Sold without recourse it leaves the customer's exposure as far as the factor approved
    him; the factor may hand it back, and then it counts again.
    """

    _name = "credit.factoring"
    _description = "Invoice Sold to a Factor"
    _inherit = ["credit.insurance.step"]
    _order = "sold_on desc, id desc"
    _rec_name = "move_id"
    _check_company_auto = True

    _button_fields = frozenset({"state", "returned_on"})
    _fixed_fields = frozenset({"move_id", "factor_id", "with_recourse", "sold_on"})
    _open_states = ()

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain=[("move_type", "=", "out_invoice"), ("state", "=", "posted")],
    )
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Customer"
    )
    factor_id = fields.Many2one(
        "credit.factor",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    company_id = fields.Many2one(related="factor_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    open_amount = fields.Monetary(
        compute="_compute_open_amount",
        compute_sudo=True,
        help="What the customer has not paid of it, in the company's currency.",
    )
    borne_amount = fields.Monetary(
        string="Borne by the Factor",
        compute="_compute_borne_amount",
        compute_sudo=True,
        help="This part uses none of the customer's credit.",
    )
    with_recourse = fields.Boolean(
        compute="_compute_with_recourse",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="The factor takes the money back when the customer does not pay: the invoice "
        "still uses the customer's credit.",
    )
    sold_on = fields.Date(
        required=True, default=fields.Date.context_today, tracking=True
    )
    notified_on = fields.Date(
        string="Customer Told on",
        tracking=True,
        help="From then on the customer pays the factor only (Code monétaire et "
        "financier, L313-28).",
    )
    reference = fields.Char(help="The factor's number of the sale.", tracking=True)
    returned_on = fields.Date(readonly=True)
    state = fields.Selection(
        [("sold", "Sold"), ("returned", "Handed Back")],
        default="sold",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    note = fields.Text()

    _live_uniq = models.UniqueIndex(
        "(move_id) WHERE state = 'sold'", "This invoice is sold already."
    )
    # Speed: what exposure reads at each confirmation.
    _borne_idx = models.Index(
        "(move_id) WHERE state = 'sold' AND with_recourse IS NOT TRUE"
    )

    @api.depends("factor_id")
    def _compute_with_recourse(self):
        for one in self:
            one.with_recourse = one.factor_id.with_recourse

    def _compute_open_amount(self):
        for one in self:
            one.open_amount = one.move_id.amount_residual_signed

    def _compute_borne_amount(self):
        borne = self._get_borne()
        for one in self:
            one.borne_amount = borne.get(one.id, 0.0)

    def _get_borne(self):
        """What exposure leaves out of each sold invoice, in the company's currency.

        :return: dict, id -> float
        """
        if not self.ids:
            return {}
        exposure = self.env["credit.exposure"]
        self.env.flush_all()
        rows = self.env.execute_query(exposure._query_factored(self.ids))
        return {key: float(amount) for key, amount in rows}

    @api.constrains("move_id", "factor_id")
    def _check_move(self):
        for one in self:
            move = one.move_id.sudo()
            if move.move_type != "out_invoice" or move.state != "posted":
                raise ValidationError(
                    self.env._("Only posted customer invoices can be sold.")
                )
            if move.company_id.root_id != one.company_id:
                raise ValidationError(
                    self.env._("The factor and the invoice are of different companies.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_seller()
        sold = super().create(vals_list)
        sold._credit_changed()
        return sold

    def _check_seller(self):
        # It takes an invoice off a customer's credit.
        if not self.env.su and not self.env.user.has_group(ANALYST):
            raise AccessError(self.env._("Only the credit team does this."))

    def action_return(self):
        """The factor handed the invoice back: the customer's credit carries it again."""
        for one in self:
            one._step(
                "sold", state="returned", returned_on=fields.Date.context_today(self)
            )
        self._credit_changed()
        return True

    def _credit_changed(self):
        self.env["credit.profile"]._debtors_changed(
            self.move_id.sudo().commercial_partner_id.ids,
            self.env._("Invoices were sold to a factor or handed back."),
        )
