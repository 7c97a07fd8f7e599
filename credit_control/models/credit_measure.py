# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fetch what a decision depends on: two statements, whatever the history."""

from odoo import models
from odoo.tools import SQL

from ..engine.position import DEFAULT_LINE, Position, StackLine, merge
from ..engine.scope import Goods, Scope, split_exactly
from .credit_line import SCOPE_FIELDS


class CreditMeasure(models.AbstractModel):
    """Where exposure meets lines. Every figure anywhere comes through here (P1).

    Nothing here depends on the user: plain SQL, no record rules, the root company's
    date and currency (P7).
    """

    _name = "credit.measure"
    _description = "Credit Measurement"

    def _get_positions(self, partner_ids, company, documents=(), but=()):
        """Measure debtors.

        Two statements; two more when a line is limited to certain goods. The number
        does not grow with debtors, documents or history.

        :param partner_ids: ids of commercial partners
        :param company: any company of the tree; the root counts
        :param documents: (model, id) pairs whose hold or release is of interest
        :param but: (model, id) pairs left out of the exposure
        :return dict: partner id -> Position
        """
        root = company.root_id
        self.env.flush_all()
        positions = self._get_stacks(list(partner_ids), root, list(documents))
        rows = self._get_exposure_rows(positions, root, list(but))
        self._add_items(positions, rows)
        return positions

    def _get_goods(self, positions, product_ids):
        """Let positions know these products, where a line asks for goods."""
        wanted = [p for p in positions if p.has_goods_scope]
        ids = {i for i in product_ids if i and wanted}
        missing = ids - set().union(*(p.goods for p in wanted)) if wanted else set()
        if missing:
            goods = self._fetch_goods(missing)
            for position in wanted:
                position.goods.update(goods)

    # === LINES, POLICY, HOLDS === #

    def _get_stacks(self, partner_ids, root, documents):
        today = root._credit_today()
        rows = self.env.execute_query_dict(
            self._query_stacks(partner_ids, root, documents, today)
        )
        return {
            row["partner_id"]: self._prepare_position(row, root, today) for row in rows
        }

    def _prepare_position(self, row, root, today):
        policy = {
            "id": row["policy_id"],
            "mode": row["mode"] or "hold",
            "components": row["components"] or [],
            "rules": row["rules"] or (),
            "exemptions": row["exemptions"] or (),
            "uncleared_days": row["uncleared_days"] or 0,
        }
        lines, managed = self._prepare_lines(row)
        holds = row["holds"] or ()
        return Position(
            partner_id=row["partner_id"],
            company_id=root.id,
            profile_id=row["profile_id"],
            policy=policy,
            managed=managed,
            lines=lines,
            today=today,
            holds={(hold["res_model"], hold["res_id"]): hold for hold in holds},
            taken=frozenset(map(tuple, row["taken"] or ())),
            digits=row["digits"],
            status=row["status"],
            belongs=row["belongs"],
        )

    def _prepare_lines(self, row):
        """Return the lines in force and whether the debtor is managed at all (P6)."""
        started = [line for line in row["lines"] or () if line["started"]]
        if started:
            counting = [line for line in started if line["counts"]]
            return tuple(map(self._prepare_line, counting)), True
        if row["no_line"] == "default":
            return (StackLine(DEFAULT_LINE, row["default_amount"], Scope()),), True
        return (), row["no_line"] == "no_credit"

    def _prepare_line(self, line):
        scope = (
            Scope(*(frozenset(ids) for ids in line["scope"]))
            if line["scope"]
            else Scope()
        )
        return StackLine(line["id"], line["amount"], scope)

    def _query_stacks(self, partner_ids, root, documents, today):
        return SQL(
            """SELECT d.partner_id, f.id AS profile_id, y.id AS policy_id, y.mode, y.no_line,
                y.uncleared_days, u.decimal_places AS digits,
                %(default_amount)s AS default_amount,
                %(components)s AS components, %(rules)s AS rules,
                %(exemptions)s AS exemptions, %(belongs)s AS belongs,
                COALESCE(f.status, 'normal') AS status,
                %(lines)s AS lines, %(holds)s AS holds, %(taken)s AS taken
            FROM unnest(%(partners)s::int[]) AS d(partner_id)
            JOIN res_company c ON c.id = %(root)s
            JOIN res_currency u ON u.id = c.currency_id
            LEFT JOIN credit_profile f
                ON f.partner_id = d.partner_id AND f.company_id = c.id
            LEFT JOIN credit_policy y ON y.id = COALESCE(f.policy_id, c.credit_policy_id, (
                SELECT id FROM credit_policy WHERE active
                AND (company_id IS NULL OR company_id = c.id)
                ORDER BY sequence, id LIMIT 1))""",
            partners=partner_ids,
            root=root.id,
            default_amount=self._sql_cents(SQL("COALESCE(y.default_amount, 0)")),
            components=SQL(
                """ARRAY(SELECT e.code FROM credit_exposure_component e
                JOIN credit_exposure_component_credit_policy_rel r
                    ON r.credit_exposure_component_id = e.id
                WHERE r.credit_policy_id = y.id)"""
            ),
            rules=self._query_conditions("credit_rule", today),
            exemptions=self._query_conditions("credit_rule_exception", today),
            belongs=self._query_belongs(root.id),
            lines=self._query_lines(root, today),
            holds=self._query_holds(documents),
            taken=self._query_taken(documents),
        )

    def _sql_cents(self, amount):
        # An amount of the company's currency has no more digits than its cents.
        return SQL("ROUND(%s * 10 ^ u.decimal_places)::bigint", amount)

    def _sql_worth(self, root, today):
        """A line's worth at today's rate, rounded to cents as Odoo converts.

        NULL when its currency has no rate yet: then nobody knows what it is worth.
        """

        def rate(currency):
            return SQL(
                """(SELECT q.rate FROM res_currency_rate q
                WHERE q.currency_id = %s AND q.name <= %s
                AND (q.company_id IS NULL OR q.company_id = %s)
                ORDER BY q.company_id, q.name DESC LIMIT 1)""",
                currency,
                today,
                root.id,
            )

        return SQL(
            """CASE WHEN l.currency_id = c.currency_id THEN l.amount
            ELSE ROUND((l.amount * COALESCE(%s, 1) / %s)::numeric, u.decimal_places) END""",
            rate(SQL("c.currency_id")),
            rate(SQL("l.currency_id")),
        )

    def _query_lines(self, root, today):
        worth = self._sql_worth(root, today)
        return SQL(
            """(SELECT jsonb_agg(jsonb_build_object(
                'id', l.id,
                'amount', %(cents)s,
                'started', l.date_from IS NULL OR l.date_from <= %(today)s,
                'counts', l.state = 'active' AND %(worth)s IS NOT NULL
                    AND (l.date_to IS NULL OR l.date_to >= %(today)s),
                'scope', CASE WHEN l.is_scoped THEN %(scope)s END
            ) ORDER BY k.sequence, k.id, l.date_to, l.id)
            FROM credit_line l JOIN credit_line_kind k ON k.id = l.kind_id
            WHERE l.profile_id = f.id AND l.state <> 'draft')""",
            cents=self._sql_cents(worth),
            worth=worth,
            today=today,
            scope=self._query_scope(),
        )

    def _query_scope(self):
        """The ids of a line's scope, in the order of the fields of ``Scope``."""
        fields = self.env["credit.line"]._fields
        return SQL(
            "jsonb_build_array(%s)",
            SQL(", ").join(
                SQL(
                    "to_jsonb(ARRAY(SELECT %s FROM %s WHERE %s = l.id))",
                    SQL.identifier(fields[name].column2),
                    SQL.identifier(fields[name].relation),
                    SQL.identifier(fields[name].column1),
                )
                for name in SCOPE_FIELDS
            ),
        )

    def _query_holds(self, documents):
        if not documents:
            return SQL("NULL::jsonb")
        return SQL(
            """(SELECT jsonb_agg(jsonb_build_object(
                'id', h.id, 'res_model', h.res_model, 'res_id', h.res_id,
                'state', h.state, 'partner_id', h.partner_id,
                'release_until', h.release_until,
                'release_amount', %s, 'release_tolerance', %s,
                'release_tolerance_bp',
                    FLOOR(COALESCE(h.release_tolerance_percent, 0) * 100)::int))
            FROM credit_hold h
            JOIN unnest(%s::varchar[], %s::int[]) AS w(model, id)
                ON w.model = h.res_model AND w.id = h.res_id
            WHERE h.state IN ('open', 'requested', 'released', 'rejected'))""",
            self._sql_cents(SQL("COALESCE(h.release_amount, 0)")),
            self._sql_cents(SQL("COALESCE(h.release_tolerance_amount, 0)")),
            [model for model, _id in documents],
            [record_id for _model, record_id in documents],
        )

    def _query_taken(self, documents):
        queries = self._ask_documents("_query_credit_taken", documents)
        if not queries:
            return SQL("NULL::jsonb")
        return SQL(
            "(SELECT jsonb_agg(jsonb_build_array(t.model, t.id)) FROM (%s) t)",
            SQL(" UNION ALL ").join(
                SQL("SELECT %s::varchar AS model, q.id FROM (%s) q(id)", model, query)
                for model, query in queries
            ),
        )

    def _ask_documents(self, hook, documents):
        """Let each model of documents say how its facts are read.

        :param str hook: a method of documents that takes ids and returns SQL or None
        :param documents: (model, id) pairs, of any model
        :return list: of (model name, SQL)
        """
        by_model = {}
        for model, record_id in documents:
            by_model.setdefault(model, set()).add(record_id)
        queries = [
            (model, getattr(self.env[model], hook)(sorted(ids)))
            for model, ids in by_model.items()
            if hasattr(self.env[model], hook)
        ]
        return [(model, query) for model, query in queries if query]

    # === EXPOSURE === #

    def _get_exposure_rows(self, positions, root, but):
        """Sum the open items; item by item only where a line asks for goods."""
        # Speed: no joins inside, because the planner underrates how many items there are.
        by_goods = [p.partner_id for p in positions.values() if p.has_goods_scope]
        by_item = SQL("e.partner_id = ANY(%s)", by_goods) if by_goods else SQL("FALSE")
        return self.env.execute_query_dict(
            SQL(
                """SELECT g.partner_id, m.code, g.term, g.method, g.date, g.model, g.record,
                    ROUND(g.amount * 10 ^ (
                        SELECT u.decimal_places FROM res_company c
                        JOIN res_currency u ON u.id = c.currency_id
                        WHERE c.id = %(root)s))::bigint AS amount
                FROM (
                    SELECT e.partner_id, e.component_id, %(term)s AS term,
                        %(method)s AS method,
                        CASE WHEN e.component_id = (SELECT id FROM credit_exposure_component
                            WHERE code = 'uncleared') THEN e.date END AS date,
                        CASE WHEN %(by_item)s THEN e.res_model END AS model,
                        CASE WHEN %(by_item)s THEN e.res_id END AS record,
                        SUM(e.amount) AS amount
                    FROM (%(exposure)s) e
                    WHERE e.partner_id = ANY(%(partners)s) AND e.company_id = %(root)s
                    %(but)s
                    GROUP BY 1, 2, 3, 4, 5, 6, 7, e.amount < 0
                ) g
                JOIN credit_exposure_component m ON m.id = g.component_id""",
                exposure=self.env["credit.exposure"]._table_query,
                term=self._sql_if_asked(positions, "terms", "payment_term_id"),
                method=self._sql_if_asked(
                    positions, "methods", "payment_method_line_id"
                ),
                by_item=by_item,
                partners=list(positions),
                root=root.id,
                but=self._sql_but(but),
            )
        )

    def _sql_if_asked(self, positions, criterion, column):
        # Speed: without these columns the planner leaves the journal entries out.
        asked = any(
            getattr(line.scope, criterion)
            for position in positions.values()
            for line in position.lines
        )
        return SQL.identifier("e", column) if asked else SQL("NULL::int")

    def _sql_but(self, but):
        if not but:
            return SQL()
        return SQL(
            """AND NOT EXISTS (SELECT FROM unnest(%s::varchar[], %s::int[]) AS w(model, id)
            WHERE w.model = e.res_model AND w.id = e.res_id)""",
            [model for model, _id in but],
            [record_id for _model, record_id in but],
        )

    def _add_items(self, positions, rows):
        split = self._split_by_product([row for row in rows if row["record"]])
        products = {product for parts in split.values() for product in parts}
        self._get_goods(list(positions.values()), products)
        items = {partner_id: [] for partner_id in positions}
        for row in rows:
            position = positions[row["partner_id"]]
            if not self._counts(position, row):
                continue
            code = row["code"]
            position.counted[code] = position.counted.get(code, 0) + row["amount"]
            weights = split.get((row["model"], row["record"])) or {None: 1}
            for product, amount in split_exactly(row["amount"], weights).items():
                eligible = position.eligible(row["term"], row["method"], product)
                items[position.partner_id].append((amount, eligible, code))
        for partner_id, found in items.items():
            positions[partner_id].items = merge(found)

    def _counts(self, position, row):
        policy = position.policy
        if row["code"] not in policy["components"]:
            return False
        days = policy["uncleared_days"]
        return not (row["date"] and days) or (position.today - row["date"]).days < days

    def _split_by_product(self, rows):
        """Say of which products documents are made: (model, id) -> {product: weight}."""
        documents = [(row["model"], row["record"]) for row in rows]
        queries = self._ask_documents("_query_credit_split", documents)
        if not queries:
            return {}
        found = self.env.execute_query(
            SQL(" UNION ALL ").join(
                SQL("SELECT %s::varchar, q.* FROM (%s) q(id, split)", model, query)
                for model, query in queries
            )
        )
        return {
            (model, record): {
                int(key) or None: int(value) for key, value in split.items()
            }
            for model, record, split in found
            if split
        }

    def _fetch_goods(self, product_ids):
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT p.id, g.parent_path,
                    ARRAY(SELECT product_tag_id FROM product_tag_product_template_rel r
                        WHERE r.product_template_id = t.id
                        UNION SELECT product_tag_id FROM product_tag_product_product_rel r
                        WHERE r.product_product_id = p.id) AS tags,
                    ARRAY(SELECT s.partner_id FROM product_supplierinfo s
                        WHERE s.product_tmpl_id = t.id
                        AND (s.product_id IS NULL OR s.product_id = p.id)) AS vendors
                FROM product_product p
                JOIN product_template t ON t.id = p.product_tmpl_id
                LEFT JOIN product_category g ON g.id = t.categ_id
                WHERE p.id = ANY(%s)""",
                list(product_ids),
            )
        )
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
