# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, api, fields, models

from ..engine.interest import half_year

QUIET = {"mail_activity_quick_update": True}  # nobody gets mail about activities


class CreditDemo(models.AbstractModel):
    """Steps of the demonstration data that no record can express."""

    _name = "credit.demo"
    _description = "Credit Demonstration Data"

    @api.model
    def _open_books(self, company_id):
        """Give the wholesaler a chart of accounts: the French one where there is one."""
        company = self.env["res.company"].browse(company_id)
        self._open_warehouse(company)
        if not company.chart_template:
            self._load_chart(company)
        self._open_cash_desk(company)

    def _load_chart(self, company):
        currency = company.currency_id
        french = self.env["ir.module.module"]._get("l10n_fr_account")
        code = "fr" if french.state == "installed" else "generic_coa"
        # Not try_loading, which warns while add-ons are being installed.
        self.env["account.chart.template"]._load(code, company, install_demo=False)
        company.currency_id = currency

    @api.model
    def _open_warehouse(self, company):
        """Where goods are delivered from; only with Inventory installed."""
        warehouses = self.env.get("stock.warehouse")
        if warehouses is not None and not warehouses.search(
            [("company_id", "=", company.id)]
        ):
            warehouses.create(
                {"name": company.name, "code": "LUM", "company_id": company.id}
            )

    @api.model
    def _open_cash_desk(self, company):
        """Let customers pay online; only with Odoo's demonstration provider installed."""
        demo = self.env["payment.provider"].search([("code", "=", "demo")])
        own = demo.filtered(lambda provider: provider.company_id == company)
        own = own or demo[:1].copy({"company_id": company.id})
        own.write({"state": "test", "is_published": True})

    @api.model
    def _tax_products(self, company_id, category_ids):
        company = self.env["res.company"].browse(company_id)
        products = self.env["product.template"].search(
            [("categ_id", "child_of", category_ids)]
        )
        products.write({"taxes_id": [Command.link(company.account_sale_tax_id.id)]})

    @api.model
    def _confirm(self, *order_ids):
        for order_id in order_ids:
            self._get_order(order_id).action_confirm()

    @api.model
    def _invoice(self, order_id, days):
        """Invoice an order as of some days ago."""
        order = self._get_order(order_id)
        moves = order._create_invoices()
        moves.invoice_date = fields.Date.today() - timedelta(days=days)
        moves.action_post()

    @api.model
    def _pay(self, order_id, amount=None):
        """Record a payment of an order's invoices; without amount, all that is open."""
        moves = self._get_order(order_id).invoice_ids
        wizard = (
            self.env["account.payment.register"]
            .with_company(moves.company_id)
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({})
        )
        if amount:
            wizard.amount = amount
        wizard._create_payments()

    @api.model
    def _try(self, order_id, days):
        """Record what the gate answered when the order was tried some days ago.

        The order is not confirmed here: the gate's second connection does not see tables
        that the running installation has not committed yet.
        """
        order = self._get_order(order_id).sudo()
        claim = order._get_credit_claims(proposed=True)[order]
        company = order.company_id.root_id
        position = order._credit_measure(company, {order: claim})[claim.partner_id]
        order._credit_know([position], [claim], [(order._name, order.id)])
        asked = order._credit_ask(position, claim)
        [(situation, verdict)] = order._credit_judge(position, [asked], [None])
        decision = self.env["credit.decision"]._prepare(
            company, order, situation, verdict, position
        )
        if verdict.outcome != "hold":
            return
        explanation = order._credit_explain(company, verdict, position)
        values = order._prepare_credit_hold(company, explanation, position, verdict)
        hold = self.env["credit.hold"]
        hold._record_now([{**values, "decision": decision}], order.user_id.id)
        tried = fields.Datetime.now() - timedelta(days=days)
        hold._get_current(order._name, order.ids)[order.id].date_held = tried

    @api.model
    def _ask(self, order_id, note):
        order = self._get_order(order_id)
        holds = self.env["credit.hold"].with_user(order.user_id).with_context(**QUIET)
        holds.request_release(order._name, order.id, note)

    @api.model
    def _answer(self, order_id, user_id, method, note):
        """Let a user release or reject a hold."""
        order = self._get_order(order_id)
        hold = self.env["credit.hold"]._get_current(order._name, order.ids)[order.id]
        getattr(hold.with_user(user_id), method)(note=note)

    @api.model
    def _propose_change(self, line_id, user_id, amount, reason):
        """Let a user change a line; beyond his authority the change waits."""
        changes = (
            self.env["credit.line.change"].with_user(user_id).with_context(**QUIET)
        )
        values = {"line_id": line_id, "amount": amount, "reason": reason}
        changes.create(values).action_apply()

    @api.model
    def _submit_opening(self, opening_id):
        """Let the salesperson of an account opening submit it."""
        opening = self.env["credit.opening"].browse(opening_id)
        opening.with_user(opening.user_id).with_context(**QUIET).action_submit()

    @api.model
    def _answers(self):
        """What customers answered about their oldest invoices."""
        profile, moves = self._get_file("mistral")
        self._call(profile, moves)
        profile, moves = self._get_file("canal")
        for move in moves[:1]:
            self._open_dispute(profile, move)

    def _call(self, profile, moves):
        """A call of some days ago, whose call back is due today."""
        reason = self.env.ref("credit_control.credit_reason_block_missing")
        person = self.env.ref("credit_control.res_partner_mistral_aide_demo")
        call = self.env["credit.dunning.contact"].create(
            {
                "profile_id": profile.id,
                "amount_overdue": sum(moves.mapped("amount_residual")),
                "contact_id": person.id,
                "user_id": self.env.ref("credit_control.res_users_accountant_demo").id,
                "result": "blocked",
                "reason_id": reason.id,
                "call_back": fields.Date.today(),
                "note": "N'a reçu que le bordereau : facture renvoyée le jour même.",
                "source": "call",
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE credit_dunning_contact SET create_date = create_date - interval "
            "'5 days' WHERE id = %s",
            (call.id,),
        )
        profile.blockage_reason_id = reason

    def _open_dispute(self, profile, move):
        category = self.env.ref("credit_control.credit_dispute_category_quantity")
        dispute = self.env["credit.dispute"].create(
            {
                "profile_id": profile.id,
                "move_id": move.id,
                "amount": min(350.0, move.amount_residual),
                "category_id": category.id,
                "user_id": self.env.ref("credit_control.res_users_accountant_demo").id,
                "note": "Deux cartons manquaient à la livraison.",
            }
        )
        self.env["credit.dispute.offer"].create(
            {"dispute_id": dispute.id, "amount": dispute.amount}
        )

    @api.model
    def _remind(self, company_id):
        """Prepare the reminders of today and write their texts."""
        run = self.env["credit.dunning.run"].create({"company_id": company_id})
        run.action_prepare()
        for notice in run.notice_ids:
            notice.action_preview()

    def _get_file(self, name):
        """The credit file of a demo customer, and its open invoices, the oldest first."""
        profile = self.env.ref(f"credit_control.credit_profile_{name}_demo")
        moves = self.env["account.move"].search(
            [
                ("commercial_partner_id", "=", profile.partner_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("amount_residual", ">", 0),
            ],
            order="invoice_date_due, id",
        )
        return profile, moves

    def _get_order(self, order_id):
        order = self.env["sale.order"].browse(order_id)
        return order.with_company(order.company_id)

    @api.model
    def _late_interest(self, company_id):
        """A journal for late interest, and what is owed so far."""
        company = self.env["res.company"].browse(company_id)
        journal = self.env["account.journal"].create(
            {
                "name": "Intérêts de retard",
                "code": "INTR",
                "type": "sale",
                "company_id": company.id,
            }
        )
        company.credit_interest_journal_id = journal
        today = company._credit_today()
        if not self._is_rate_known(company, today):
            return
        claims = self.env["credit.interest.claim"]
        items = claims._get_late_items(company, today - timedelta(days=90), today)
        claims._propose(company, items, today)

    def _is_rate_known(self, company, day):
        """Whether the rates that the add-on brings reach this country and day."""
        country = company.account_fiscal_country_id or company.country_id
        return self.env["credit.interest.rate"].search_count(
            [
                ("country_id", "=", country.id),
                ("kind", "=", "ecb"),
                ("date_from", "=", half_year(day)),
            ],
            limit=1,
        )
