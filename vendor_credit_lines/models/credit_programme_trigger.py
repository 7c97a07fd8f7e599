# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from odoo.addons.credit_control.engine.scope import Scope

from ..engine import GIVEN, LEFT_OUT

SCOPE = ("product_ids", "category_ids", "product_tag_ids", "vendor_ids")


class CreditProgrammeTrigger(models.Model):
    """An order that opens a line: the sponsor's goods for a certain amount."""

    _name = "credit.programme.trigger"
    _description = "Trigger of a Credit Programme"
    _order = "sequence, id"

    version_id = fields.Many2one(
        "credit.programme.version", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    product_ids = fields.Many2many("product.product", string="Products")
    category_ids = fields.Many2many("product.category", string="Categories")
    product_tag_ids = fields.Many2many("product.tag", string="Brands and Tags")
    vendor_ids = fields.Many2many(
        "res.partner", "credit_programme_trigger_vendor_rel", string="Vendors"
    )
    min_amount = fields.Float(
        digits=(16, 2),
        required=True,
        string="Order of at Least",
        help="Without taxes, in the programme's currency.",
    )
    period_days = fields.Integer(
        string="Within Days",
        help="Zero: one order must reach the amount. Otherwise the confirmed orders of so "
        "many days count together.",
    )
    same_order = fields.Boolean(
        string="Also for This Order",
        help="The line opens before the order is checked, so that it may pay for the very "
        "order that earned it. Otherwise that order needs other credit.",
    )
    prolong = fields.Boolean(
        help="A further order that is large enough starts the months again.",
    )

    _amount_positive = models.Constraint(
        "CHECK(min_amount > 0)", "The amount of a trigger is above zero."
    )
    _days_positive = models.Constraint(
        "CHECK(period_days BETWEEN 0 AND 730)", "Count orders of two years at most."
    )

    @api.constrains("version_id", *SCOPE)
    def _check_duplicate(self):
        """Two triggers for the same goods would leave open which one opened the line."""
        for trigger in self:
            others = trigger.version_id.trigger_ids - trigger
            scopes = [other._get_scope_ids() for other in others]
            if trigger._get_scope_ids() in scopes:
                raise ValidationError(
                    self.env._(
                        "“%s” asks for the same goods as another trigger. Keep one.",
                        trigger.name,
                    )
                )

    def _get_scope_ids(self):
        return tuple(frozenset(self[name].ids) for name in SCOPE)

    @api.model_create_multi
    def create(self, vals_list):
        triggers = super().create(vals_list)
        triggers.version_id._check_open()
        return triggers

    def write(self, vals):
        self.version_id._check_open()
        result = super().write(vals)
        self.version_id._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self.version_id._check_open()

    # === WHICH TRIGGERS ARE LIVE === #

    @api.model
    @tools.ormcache()
    def _get_live_ids(self):
        """Triggers of open programmes: (id, same order) pairs.

        Speed: asked at each confirmation, changed a few times a year.
        """
        programmes = (
            self.env["credit.programme"].sudo().search([("state", "=", "open")])
        )
        triggers = programmes.current_version_id.trigger_ids.sorted()
        return tuple((trigger.id, trigger.same_order) for trigger in triggers)

    @api.model
    @tools.ormcache()
    def _were_ever(self):
        """Whether orders may have opened lines at all."""
        approved = self.sudo().search_count(
            [("version_id.version_state", "in", ("approved", "old"))], limit=1
        )
        return bool(approved)

    # === WHAT ORDERS EARN === #

    def _get_scope(self):
        products, categories, tags, vendors = self._get_scope_ids()
        return Scope(products, categories, tags, vendors)

    def _sum_orders(self, orders):
        """What orders hold of the trigger's goods, without taxes.

        :return: dict, order -> amount in the programme's currency
        """
        products = orders.order_line.product_id._origin
        goods = self.env["credit.measure"]._fetch_goods(products.ids)
        scope, programme = self._get_scope(), self.version_id.programme_id
        sums = {}
        for order in orders:
            amount = sum(
                line.price_subtotal
                for line in order.order_line
                if line.product_id
                and scope.meets(None, None, goods[line.product_id._origin.id])
            )
            day = (order.date_order or fields.Datetime.now()).date()
            sums[order] = order.currency_id._convert(
                amount, programme.currency_id, order.company_id, day
            )
        return sums

    def _get_goods_words(self):
        """The trigger's goods for readers; its name when it asks for any goods."""
        parts = [self[name].mapped("display_name") for name in SCOPE]
        return " · ".join(", ".join(part) for part in parts if part) or self.name

    def _is_enough(self, amount):
        currency = self.version_id.programme_id.currency_id
        return currency.compare_amounts(amount, self.min_amount) >= 0

    def _get_earning_orders(self, orders):
        """The orders that earn a line: debtor -> orders.

        :param orders: confirmed orders of the programme's company
        """
        found = {}
        sums = {order: amount for order, amount in self._sum_orders(orders).items()}
        for debtor, theirs in orders.grouped(get_debtor).items():
            earning = theirs.filtered(lambda order: self._is_enough(sums[order]))
            if not earning and self.period_days and any(sums[o] > 0 for o in theirs):
                earning = self._get_period_orders(debtor)
            if earning:
                found[debtor] = earning
        return found

    def _get_period_orders(self, debtor):
        """The confirmed orders of the last days, if together they are enough."""
        company = self.version_id.programme_id.company_id
        orders = self.env["sale.order"].search(
            [
                ("state", "=", "sale"),
                ("company_id", "child_of", company.id),
                ("partner_invoice_id.commercial_partner_id", "=", debtor.id),
                (
                    "date_order",
                    ">=",
                    fields.Datetime.now() - timedelta(self.period_days),
                ),
            ]
        )
        sums = self._sum_orders(orders)
        orders = orders.filtered(lambda order: sums[order] > 0)
        return orders if self._is_enough(sum(sums.values())) else orders.browse()

    def _is_earned(self, grant):
        """Whether the orders of a grant still hold what opened its line."""
        orders = grant.order_ids.filtered(lambda order: order.state == "sale")
        sums = self._sum_orders(orders).values()
        return any(map(self._is_enough, sums)) or (
            bool(self.period_days) and self._is_enough(sum(sums))
        )

    def _fire(self, orders):
        """Open or prolong the lines that orders earn.

        :param orders: any orders; those that are not confirmed earn nothing
        """
        self.ensure_one()
        programme = self.version_id.programme_id
        since = self.version_id.date_from or self.version_id.approved_on.date()
        orders = orders.filtered(
            lambda order: (
                order.state == "sale"
                and order.company_id.root_id == programme.company_id
                and order.date_order.date() >= since
            )
        )
        if not orders or programme._check_can_give():
            return
        earned = self._get_earning_orders(orders)
        new = self._prolong_lines(earned)
        if new:
            values = {
                debtor.id: {
                    "trigger_id": self.id,
                    "order_ids": [(6, 0, earned[debtor].ids)],
                }
                for debtor in new
            }
            answers = self.env["credit.grant"]._give(programme, new, values)
            self._note_on_orders(earned, answers)

    def _prolong_lines(self, earned):
        """Start the months of open lines again; who has none is returned."""
        new = self.env["res.partner"].union(*earned) if earned else []
        if not earned:
            return new
        grants = self.env["credit.grant"].search(
            [
                ("programme_id", "=", self.version_id.programme_id.id),
                ("partner_id", "in", new.ids),
                ("state", "=", "active"),
            ]
        )
        for grant in grants if self.prolong else ():
            orders = earned[grant.partner_id] - grant.order_ids
            if orders:
                grant._prolong(orders)
        return new - grants.partner_id

    def _note_on_orders(self, earned, answers):
        programme = self.version_id.programme_id
        for debtor, orders in earned.items():
            answer = answers.get(debtor.id)
            if not answer or answer.outcome == LEFT_OUT:
                continue
            amount = answer.amount / 10**programme.currency_id.decimal_places
            words = (
                self.env._("This order opens a line of %(amount)s: %(programme)s.")
                if answer.outcome == GIVEN
                else self.env._(
                    "This order earns a line of %(amount)s that waits for room in the "
                    "pot: %(programme)s."
                )
            )
            body = words % {
                "amount": programme.currency_id.format(amount),
                "programme": programme.name,
            }
            for order in orders:
                order.message_post(body=body)


def get_debtor(order):
    """Who owes an order: the commercial partner of its invoice address."""
    return order.partner_invoice_id.commercial_partner_id
