# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from odoo import models
from odoo.tools import SQL, split_every

from ..engine import decide
from ..engine.position import Claim, Part, StackLine
from ..engine.scope import Scope
from .credit_hold import WAITING

CHECKPOINT = "confirmation"  # each quotation is looked at as if it were confirmed now
AT_ONCE = 1000  # debtors measured together


class CreditLineBatch(models.Model):
    """What a batch would hold and clear, before it is applied.

    Each document is decided alone, under the lines as they are and as they would be.
    """

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.line.batch"

    def _fill_impact(self, rows):
        """List the documents that these rows would hold or clear.

        A fixed number of statements per thousand debtors.
        """
        rows.document_ids.unlink()
        rows.write({"held_count": 0, "cleared_count": 0, "over": 0.0})
        todo = rows.filtered(lambda row: row.state == "todo")
        by_partner = dict(todo.grouped("partner_id"))
        documents = []
        for partners in split_every(AT_ONCE, by_partner):
            found = {partner.id: by_partner[partner] for partner in partners}
            documents += self._get_impact(found)
        self.env["credit.line.batch.document"].create(documents)

    def _get_impact(self, rows_by_partner):
        """Measure these debtors and decide their documents twice.

        :param dict rows_by_partner: partner id -> rows
        :return: list, values of the documents that change sides
        """
        ids = list(rows_by_partner)
        claims = self._get_claims(ids)
        keys = [("sale.order", order) for found in claims.values() for order in found]
        measure = self.env["credit.measure"]
        positions = measure._get_positions(ids, self.company_id, keys)
        asked = [claim for found in claims.values() for claim in found.values()]
        measure._learn(list(positions.values()), asked, keys)
        documents = []
        for partner_id, position in positions.items():
            rows = rows_by_partner[partner_id]
            after = self._get_position_after(position, rows)
            rows[0].over = max(-after.available(), 0) / self._get_unit()
            effects = self._compare(position, after, claims.get(partner_id, {}))
            documents += self._prepare_documents(rows[0], effects)
        return documents

    def _get_unit(self):
        return 10**self.currency_id.decimal_places

    def _get_position_after(self, position, rows):
        """The debtor with the lines that the rows would give him."""
        today = position.today
        lines = {line.key: line for line in position.lines if line.key}
        fresh = []
        for row in rows:
            cents = round(row.amount * self._get_unit())
            if row.line_id.id in lines:
                line = lines[row.line_id.id]
                lines[line.key] = replace(line, amount=cents)
            elif not row.line_id and not (row.date_from and row.date_from > today):
                fresh.append(StackLine(-row.id, cents, Scope()))
        keys = frozenset(line.key for line in fresh)
        return replace(
            position,
            lines=(*lines.values(), *fresh),
            managed=position.managed or bool(fresh),
            items=tuple(
                replace(item, eligible=item.eligible | keys) for item in position.items
            ),
        )

    def _compare(self, before, after, claims):
        """Which documents change sides.

        :return: list, (order id, effect, cents)
        """
        effects = []
        for order_id, claim in claims.items():
            was, will = (
                self._is_held(position, order_id, claim) for position in (before, after)
            )
            if was != will:
                effect = "held" if will else "cleared"
                effects.append((order_id, effect, claim.total))
        return effects

    def _is_held(self, position, order_id, claim):
        if not position.is_gated:
            return False
        claim = replace(claim, checkpoint=CHECKPOINT)
        document = position.document(("sale.order", order_id), claim)
        return decide(position.situation([document]))[0].outcome == "hold"

    def _prepare_documents(self, row, effects):
        orders = self.env["sale.order"].browse(order for order, _e, _c in effects)
        row.held_count = sum(effect == "held" for _o, effect, _c in effects)
        row.cleared_count = len(effects) - row.held_count
        return [
            {
                "batch_id": self.id,
                "row_id": row.id,
                "name": order.name,
                "res_model": "sale.order",
                "res_id": order.id,
                "effect": effect,
                "amount": cents / self._get_unit(),
                "user_id": order.user_id.id,
            }
            for order, (_id, effect, cents) in zip(orders, effects, strict=True)
        ]

    def _get_claims(self, partner_ids):
        """What the open quotations and waiting orders of these debtors ask for.

        One statement; goods are asked order by order only where a line asks for them.

        :return: dict, partner id -> {order id: Claim}
        """
        scoped = set(self._get_scoped_partners(partner_ids))
        claims, exact = {}, []
        for row in self.env.execute_query_dict(self._query_orders(partner_ids)):
            if row["partner_id"] in scoped:
                exact.append(row["id"])
                continue
            part = Part(row["cents"], row["term"], row["method"])
            claim = Claim(
                row["partner_id"], self.company_id.id, (part,), max(row["cents"], 0)
            )
            claims.setdefault(row["partner_id"], {})[row["id"]] = claim
        orders = self.env["sale.order"].browse(exact)
        for order, claim in orders._get_credit_claims(proposed=True).items():
            if claim:
                claims.setdefault(claim.partner_id, {})[order.id] = claim
        return claims

    def _get_scoped_partners(self, partner_ids):
        return (
            self.env["credit.line"]
            .search(
                [
                    ("partner_id", "in", partner_ids),
                    ("company_id", "=", self.company_id.id),
                    ("state", "=", "active"),
                    ("is_scoped", "=", True),
                ]
            )
            .partner_id.ids
        )

    def _query_orders(self, partner_ids):
        """Quotations that could be confirmed today, and orders whose hold waits."""
        self.env.flush_all()
        return SQL(
            """SELECT o.id, p.commercial_partner_id AS partner_id,
                o.payment_term_id AS term, o.preferred_payment_method_line_id AS method,
                ROUND((CASE WHEN o.currency_id = c.currency_id THEN o.amount_total
                    ELSE o.amount_total / NULLIF(o.currency_rate, 0) END)::numeric
                    * 10 ^ u.decimal_places)::bigint AS cents
            FROM sale_order o
            JOIN res_partner p ON p.id = o.partner_invoice_id
            JOIN res_company c ON c.id = o.company_id
                AND split_part(c.parent_path, '/', 1)::int = %(root)s
            JOIN res_currency u ON u.id = c.currency_id
            WHERE p.commercial_partner_id = ANY(%(partners)s)
            AND o.state IN ('draft', 'sent') AND o.amount_total > 0
            AND (o.validity_date IS NULL OR o.validity_date >= %(today)s OR EXISTS (
                SELECT FROM credit_hold h WHERE h.res_model = 'sale.order'
                AND h.res_id = o.id AND h.state = ANY(%(waiting)s)))
            ORDER BY o.id""",
            root=self.company_id.id,
            partners=partner_ids,
            today=self.company_id._credit_today(),
            waiting=list(WAITING),
        )
