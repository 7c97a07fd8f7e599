# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fetch what a decision depends on: one statement, whatever the history."""

from datetime import date

from odoo import models
from odoo.tools import SQL

from ..engine.position import DEFAULT_LINE, Position, StackLine, merge
from ..engine.scope import Goods, Scope, split_exactly


class CreditMeasure(models.AbstractModel):
    """Where exposure meets lines. Every figure anywhere comes through here (P1).

    Nothing here depends on the user: plain SQL, no record rules, the root company's
    date and currency (P7).
    """

    _name = "credit.measure"
    _description = "Credit Measurement"

    def _get_positions(self, partner_ids, company, documents=(), but=(), products=()):
        """Measure debtors, in one statement.

        :param partner_ids: ids of commercial partners
        :param company: any company of the tree; the root counts
        :param documents: (model, id) pairs whose hold or release is of interest
        :param but: (model, id) pairs left out of the exposure
        :param products: ids of what is being sold, for lines limited to certain goods
        :return: dict, partner id -> Position
        """
        root = company.root_id
        today = root._credit_today()
        self.env.flush_all()
        found = self._measure(list(partner_ids), root, today, documents, but, products)
        common = {
            "company_id": root.id,
            "today": today,
            "digits": self._get_tree(root.id)[0],
            "session": (found["xid"], found["snapshot"]),
            "taken": frozenset(map(tuple, found["taken"])),
            "goods": self._prepare_goods(found["goods"] or ()),
        }
        positions = {
            row["partner_id"]: self._prepare_position(row, common)
            for row in found["stacks"] or ()
        }
        self._add_items(positions, found)
        return positions

    def _prepare_position(self, row, common):
        policy = self._get_policy(
            row["policy_id"], common["company_id"], common["today"]
        )
        lines, managed = self._prepare_lines(row, policy)
        holds = row["holds"] or ()
        return Position(
            partner_id=row["partner_id"],
            profile_id=row["profile_id"],
            policy=policy,
            managed=managed,
            lines=lines,
            holds={(hold["res_model"], hold["res_id"]): hold for hold in holds},
            status=row["status"],
            belongs=row["belongs"],
            **common,
        )

    def _prepare_lines(self, row, policy):
        """Return the lines in force and whether the debtor is managed at all (P6)."""
        started = [line for line in row["lines"] or () if line["started"]]
        if started:
            counting = [line for line in started if line["counts"]]
            return tuple(map(self._prepare_line, counting)), True
        if policy["no_line"] == "default":
            return (StackLine(DEFAULT_LINE, policy["default_amount"], Scope()),), True
        return (), policy["no_line"] == "no_credit"

    def _prepare_line(self, line):
        scope = (
            Scope(*(frozenset(ids) for ids in line["scope"]))
            if line["scope"]
            else Scope()
        )
        return StackLine(line["id"], line["amount"], scope)

    def _fetch_goods(self, product_ids):
        """What scopes look at, of these products.

        :return: dict, product id -> Goods
        """
        query = self._query_goods(SQL("%s::int[]", list(product_ids)))
        return self._prepare_goods(self.env.execute_query_dict(query))

    def _prepare_goods(self, rows):
        return {
            row["id"]: Goods(
                product=row["id"],
                categories=frozenset(
                    map(int, filter(None, (row["parent_path"] or "").split("/")))
                ),
                tags=frozenset(row["tags"]),
                vendors=frozenset(row["vendors"]),
            )
            for row in rows
        }

    def _add_items(self, positions, found):
        """Spread the sums over products where goods are asked for; count them."""
        splits = {
            (model, record): {
                int(key) or None: int(part) for key, part in split.items()
            }
            for model, record, split in found["splits"] or ()
            if split
        }
        items = {partner_id: [] for partner_id in positions}
        for contact, code, term, method, day, model, record, cents in found["items"]:
            position = positions[found["debtors"][str(contact)]]
            if not self._counts(position, code, day):
                continue
            position.counted[code] = position.counted.get(code, 0) + cents
            weights = splits.get((model, record)) or {None: 1}
            for product, amount in split_exactly(cents, weights).items():
                eligible = position.eligible(term, method, product)
                items[position.partner_id].append((amount, eligible, code))
        for partner_id, rows in items.items():
            positions[partner_id].items = merge(rows)

    def _counts(self, position, code, day):
        policy = position.policy
        if code not in policy["components"]:
            return False
        days = policy["uncleared_days"]
        if not (day and days):
            return True
        return (position.today - date.fromisoformat(day)).days < days
