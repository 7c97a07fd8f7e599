# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fetch what a decision depends on: as many statements, whatever the history."""

from datetime import date

from odoo import models
from odoo.tools import SQL

from ..engine.position import DEFAULT_LINE, Position, StackLine, merge
from ..engine.scope import Goods, Scope, split_exactly

# What is known of a debtor without a credit file.
FILE = ("id", "policy_id", "status", "risk_class_id")


class CreditMeasure(models.AbstractModel):
    """Where exposure meets lines. Every figure anywhere comes through here (P1).

    Nothing here depends on the user: plain SQL, no record rules, the root company's
    date and currency (P7).
    """

    _name = "credit.measure"
    _description = "Credit Measurement"

    def _get_positions(self, partner_ids, company, documents=(), but=(), products=()):
        """Measure debtors, in one statement, seldom two.

        :param partner_ids: ids of commercial partners
        :param company: any company of the tree; the root counts
        :param documents: (model, id) pairs whose hold or release is of interest
        :param but: (model, id) pairs of one model left out of the exposure
        :param products: ids of what is being sold, for lines limited to certain goods
        :return: dict, partner id -> Position
        """
        root = company._get_credit_root()
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
            "holds": {
                (hold["res_model"], hold["res_id"]): hold
                for hold in found["holds"] or ()
            },
        }
        positions = {
            row["partner_id"]: self._prepare_position(row, common)
            for row in self._prepare_files(partner_ids, found, root)
        }
        self._add_items(positions, found)
        return positions

    def _prepare_files(self, partner_ids, found, root):
        """Put together what was found about each debtor, with or without a credit file.

        :param dict found: see :meth:`_measure`
        :return: list, of dicts
        """
        files = {row["partner_id"]: row for row in found["files"] or ()}
        pools = {row["partner_id"]: row for row in found["pools"] or ()}
        worths = {row["id"]: row for row in found["worths"] or ()}
        lines, tags = {}, {}
        for line in found["lines"] or ():
            line |= worths.get(line["id"], {"scope": None})
            lines.setdefault(line["profile_id"], []).append(line)
        for tag in found["tags"] or ():
            tags.setdefault(tag["partner_id"], []).append(tag["category_id"])
        fallback = root._get_credit_policy().id or None
        rows = []
        for partner_id in partner_ids:
            row = files.get(partner_id) or dict.fromkeys(FILE, None)
            rows.append(
                {
                    "partner_id": partner_id,
                    "profile_id": row["id"],
                    "policy_id": row["policy_id"] or fallback,
                    "status": row["status"] or "normal",
                    "lines": lines.get(row["id"], ()),
                    "pool": pools.get(partner_id),
                    "belongs": self._prepare_belongs(root, row, tags.get(partner_id)),
                }
            )
        return rows

    def _prepare_belongs(self, root, row, tags):
        """What the debtor belongs to, for the scopes of rules.

        :param dict row: of the credit file
        :return: dict, criterion -> ids
        """
        risk_class = row["risk_class_id"]
        return {
            "company": [root.id],
            "risk_class": [risk_class] if risk_class else [],
            "tag": sorted(tags or ()),
        }

    def _prepare_position(self, row, common):
        policy = self._get_policy(
            row["policy_id"], common["company_id"], common["today"]
        )
        lines, managed = self._prepare_lines(row["lines"], policy, common["today"])
        return Position(
            partner_id=row["partner_id"],
            profile_id=row["profile_id"],
            policy=policy,
            managed=managed,
            lines=lines,
            status=row["status"],
            belongs=row["belongs"],
            **common,
        )

    def _prepare_lines(self, lines, policy, today):
        """Return the lines in force and whether the debtor is managed at all (P6)."""
        day = today.isoformat()
        started = [line for line in lines if (line["date_from"] or day) <= day]
        if started:
            counting = [
                line
                for line in started
                if line["state"] == "active"
                and line["amount"] is not None
                and (line["date_to"] or day) >= day
            ]
            counting.sort(key=self._get_line_rank)
            return tuple(map(self._prepare_line, counting)), True
        if policy["no_line"] == "default":
            return (StackLine(DEFAULT_LINE, policy["default_amount"], Scope()),), True
        return (), policy["no_line"] == "no_credit"

    def _get_line_rank(self, line):
        """In the order of the kinds; of one kind what ends first is used up first."""
        ranks = self._get_kind_ranks()
        end = line["date_to"]
        return ranks.get(line["kind_id"], len(ranks)), not end, end or "", line["id"]

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
        owners = dict(zip(found["contacts"] or (), found["owners"] or (), strict=True))
        for row in found["owed"]:
            position, code = positions[owners[row["contact"]]], row["code"]
            if not self._counts(position, code, row.get("date")):
                continue
            cents = row["cents"]
            position.counted[code] = position.counted.get(code, 0) + cents
            split = splits.get((row.get("model"), row.get("record")))
            for product, amount in split_exactly(cents, split or {None: 1}).items():
                eligible = position.eligible(
                    row.get("term"), row.get("method"), product
                )
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
