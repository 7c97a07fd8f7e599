# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from odoo.addons.credit_control.engine import available

from ..engine import GIVEN, share

MOST = 4  # hints of one kind; more would be noise


class SaleOrder(models.Model):
    """While quoting: what is still missing for a line, and the room per brand."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    credit_programme_hint = fields.Html(
        string="Credit Programmes",
        compute="_compute_credit_programme_hint",
        compute_sudo=True,
        sanitize=False,
    )

    @api.depends("credit_preview", "order_line.product_id", "order_line.price_subtotal")
    @api.depends_context("lang", "uid")
    def _compute_credit_programme_hint(self):
        # Computed as superuser: customers on the portal are told nothing.
        told = self.env.user._may_see_credit()
        for order in self:
            hints = []
            if told and order.state in ("draft", "sent") and order.partner_invoice_id:
                hints = order._get_earning_hints() + order._get_room_hints()
            order.credit_programme_hint = word_list(hints)

    # === WHAT IS MISSING === #

    def _get_earning_hints(self):
        """What the order earns, or would earn with more of the sponsor's goods."""
        triggers = self.env["credit.programme.trigger"]
        live = triggers.browse(key for key, _own in triggers._get_live_ids())
        root = self.company_id.root_id
        hints = []
        for trigger in live.filtered(
            lambda trigger: trigger.version_id.programme_id.company_id == root
        ):
            hint = self._get_earning_hint(trigger)
            if hint:
                hints.append(("fa-gift text-success", hint))
        return hints[:MOST]

    def _get_earning_hint(self, trigger):
        programme = trigger.version_id.programme_id
        debtor = self.partner_invoice_id.commercial_partner_id._origin
        if not debtor or programme._check_can_give():
            return ""
        (wish,) = programme._get_wishes(debtor)
        full = programme.current_version_id.when_full
        (answer,) = share([wish], programme._get_pot(), full)
        if answer.outcome != GIVEN:
            return ""
        missing = trigger.min_amount - trigger._sum_orders(self)[self]
        period = trigger.version_id._get_periods(debtor)[debtor.id]
        return self._word_earning(trigger, missing, answer.amount, period[1])

    def _word_earning(self, trigger, missing, cents, last):
        programme = trigger.version_id.programme_id
        currency = programme.currency_id
        values = {
            "missing": formatLang(self.env, missing, currency_obj=currency),
            "goods": trigger._get_goods_words(),
            "line": formatLang(
                self.env, cents / 10**currency.decimal_places, currency_obj=currency
            ),
            "day": format_date(self.env, last) if last else "",
            "programme": programme.name,
        }
        if currency.compare_amounts(missing, 0.0) <= 0:
            return self.env._(
                "Confirming this order opens a line of %(line)s: %(programme)s.",
                **values,
            )
        if last:
            return self.env._(
                "With %(missing)s more of %(goods)s, this customer gets a line of %(line)s "
                "until %(day)s: %(programme)s.",
                **values,
            )
        return self.env._(
            "With %(missing)s more of %(goods)s, this customer gets a line of %(line)s: "
            "%(programme)s.",
            **values,
        )

    # === ROOM PER BRAND === #

    def _get_room_hints(self):
        """How much may still be sold of the goods that have lines of their own."""
        debtor = self.partner_invoice_id.commercial_partner_id._origin
        company = self.company_id.root_id
        if not debtor:
            return []
        key = ("sale.order", self._origin.id or 0)
        position = self.env["credit.measure"]._get_positions(
            [debtor.id], company, [key], [key]
        )[debtor.id]
        words = self._get_scope_words(position)
        return [
            ("fa-tag text-muted", self._word_room(company, words[scope], cents))
            for scope, cents in self._get_rooms(position).items()
            if scope in words
        ][:MOST]

    def _get_rooms(self, position):
        """Room per scope of goods: what a new order of such goods may come to."""
        term = self.payment_term_id._origin.id or None
        method = self.preferred_payment_method_line_id._origin.id or None
        usable = [
            line
            for line in position.lines
            if (not line.scope.terms or term in line.scope.terms)
            and (not line.scope.methods or method in line.scope.methods)
        ]
        open_keys = {line.key for line in usable if not line.scope.has_goods}
        rooms = {}
        for line in usable:
            if not line.scope.has_goods or line.scope in rooms:
                continue
            same = {other.key for other in usable if other.scope == line.scope}
            eligible = frozenset(open_keys | same)
            rooms[line.scope] = available(
                position.items, position.engine_lines, eligible
            )
        return rooms

    def _get_scope_words(self, position):
        lines = self.env["credit.line"].browse(
            line.key for line in position.lines if line.scope.has_goods
        )
        by_id = {line.id: line for line in lines}
        return {
            line.scope: by_id[line.key].scope_summary
            for line in position.lines
            if line.key in by_id
        }

    def _word_room(self, company, goods, cents):
        amount = cents / 10**company.currency_id.decimal_places
        return self.env._(
            "%(goods)s: %(amount)s may still be ordered, all lines together, this order "
            "included.",
            goods=goods,
            amount=formatLang(self.env, amount, currency_obj=company.currency_id),
        )


def word_list(hints):
    """Put hints into a list; False without any."""
    if not hints:
        return False
    rows = [
        Markup(
            '<li class="mb-1"><i class="fa fa-fw %s me-2" aria-hidden="true"></i>%s</li>'
        )
        % hint
        for hint in hints
    ]
    return Markup('<ul class="list-unstyled mb-0">%s</ul>') % Markup("").join(rows)
