# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is measured, as SQL over the arguments of one database function."""

from odoo import models
from odoo.tools import SQL

from .credit_line import SCOPE_FIELDS

# The arguments of the function. They are written into the queries by number, so that
# the text of a query never changes and PostgreSQL plans it once per session.
ARGUMENTS = {
    "debtors": "int[]",
    "root": "int",
    "companies": "int[]",  # of the root company's tree
    "currency": "int",  # of the root company ...
    "unit": "numeric",  # ... and how many of its smallest parts make one
    "policy": "int",  # of debtors whose credit file names none
    "today": "date",
    "names": "varchar[]",  # documents whose hold is of interest, as "model,id" ...
    "records": "int[]",  # ... and the ids alone
    "but_names": "varchar[]",  # what is left out of the exposure, as "model,id" ...
    "but_records": "int[]",  # ... and the ids alone
    "products": "int[]",
}
ARG = {name: SQL(f"${index}") for index, name in enumerate(ARGUMENTS, 1)}
# What the function works out first.
CONTACTS = SQL("contacts")


class CreditMeasure(models.AbstractModel):
    _inherit = "credit.measure"  # pylint: disable=consider-merging-classes-inherited

    # === LINES, POLICY, HOLDS === #

    def _query_contacts(self):
        """Every contact of the debtors, with its debtor."""
        return SQL(
            """SELECT id, commercial_partner_id AS debtor FROM res_partner
            WHERE commercial_partner_id = ANY(%s)""",
            ARG["debtors"],
        )

    def _sql_special(self):
        """Hook: whether a debtor's stack needs more than amounts: a scope, a rate.

        Then the special ``_query_stacks`` works it out again.

        :return: SQL, true or not about the credit file ``f`` and its lines ``s``
        """
        return SQL("COALESCE(s.special, FALSE)")

    def _query_stacks(self, special):
        """One row per debtor: policy, status, lines, holds.

        :param bool special: with scopes and rates of lines. ``asks_goods`` tells whether
            a line is limited to certain goods, ``asks_terms`` to terms or methods.
        """
        return SQL(
            """SELECT d.partner_id, f.id AS profile_id,
                COALESCE(f.policy_id, %(policy)s) AS policy_id,
                COALESCE(f.status, 'normal') AS status, %(belongs)s AS belongs,
                s.lines, %(holds)s AS holds, %(asks)s
            FROM unnest(%(debtors)s) AS d(partner_id)
            LEFT JOIN credit_profile f
                ON f.partner_id = d.partner_id AND f.company_id = %(root)s
            CROSS JOIN LATERAL (%(lines)s OFFSET 0) s""",
            debtors=ARG["debtors"],
            root=ARG["root"],
            policy=ARG["policy"],
            belongs=self._query_belongs(ARG["root"]),
            asks=SQL(
                """jsonb_path_exists(s.lines, '$[*].scope[0 to 3][*]') AS asks_goods,
                jsonb_path_exists(s.lines, '$[*].scope[4 to 5][*]') AS asks_terms"""
            )
            if special
            else SQL(
                "FALSE AS asks_goods, FALSE AS asks_terms, %s AS special",
                self._sql_special(),
            ),
            lines=self._query_lines(special),
            holds=self._query_holds(),
        )

    def _sql_cents(self, amount, unit=ARG["unit"]):
        # An amount of the company's currency has no more digits than its cents.
        return SQL("ROUND(%s * %s)::bigint", amount, unit)

    def _sql_worth(self, root, today):
        """A line's worth at today's rate, rounded to cents as Odoo converts.

        NULL when its currency has no rate yet: then nobody knows what it is worth.

        :param root: id of the root company, or the SQL of one
        :param today: the date, or its SQL
        """

        def rate(currency):
            return SQL(
                """(SELECT q.rate FROM res_currency_rate q
                WHERE q.currency_id = %s AND q.name <= %s
                AND (q.company_id IS NULL OR q.company_id = %s)
                ORDER BY q.company_id, q.name DESC LIMIT 1)""",
                currency,
                today,
                root,
            )

        return SQL(
            """CASE WHEN l.currency_id = c.currency_id THEN l.amount
            ELSE ROUND((l.amount * COALESCE(%s, 1) / %s)::numeric, u.decimal_places) END""",
            rate(SQL("c.currency_id")),
            rate(SQL("l.currency_id")),
        )

    def _query_lines(self, special):
        worth, scope, tables = SQL("l.amount"), SQL("NULL::jsonb"), SQL()
        if special:
            worth = self._sql_worth(ARG["root"], ARG["today"])
            scope = SQL("CASE WHEN l.is_scoped THEN %s END", self._query_scope())
            tables = SQL(
                """JOIN res_company c ON c.id = %s
                JOIN res_currency u ON u.id = c.currency_id""",
                ARG["root"],
            )
        return SQL(
            """SELECT jsonb_agg(jsonb_build_object(
                'id', l.id,
                'amount', %(cents)s,
                'started', l.date_from IS NULL OR l.date_from <= %(today)s,
                'counts', l.state = 'active' AND %(worth)s IS NOT NULL
                    AND (l.date_to IS NULL OR l.date_to >= %(today)s),
                'scope', %(scope)s
            ) ORDER BY k.sequence, k.id, l.date_to, l.id) AS lines,
                BOOL_OR(l.is_scoped OR l.currency_id <> %(currency)s) AS special
            FROM credit_line l JOIN credit_line_kind k ON k.id = l.kind_id %(tables)s
            WHERE l.profile_id = f.id AND l.state <> 'draft'""",
            cents=self._sql_cents(worth),
            worth=worth,
            today=ARG["today"],
            scope=scope,
            currency=ARG["currency"],
            tables=tables,
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

    def _query_holds(self):
        return SQL(
            """(SELECT jsonb_agg(jsonb_build_object(
                'id', h.id, 'res_model', h.res_model, 'res_id', h.res_id,
                'state', h.state, 'partner_id', h.partner_id,
                'release_until', h.release_until,
                'release_amount', %s, 'release_tolerance', %s,
                'release_tolerance_bp',
                    FLOOR(COALESCE(h.release_tolerance_percent, 0) * 100)::int))
            FROM credit_hold h
            WHERE h.res_id = ANY(%s) AND h.res_model || ',' || h.res_id = ANY(%s)
            AND h.state IN ('open', 'requested', 'released', 'rejected'))""",
            self._sql_cents(SQL("COALESCE(h.release_amount, 0)")),
            self._sql_cents(SQL("COALESCE(h.release_tolerance_amount, 0)")),
            ARG["records"],
            ARG["names"],
        )

    # === WHAT DOCUMENTS TELL === #

    def _ask_documents(self, hook, ids):
        """Let each model of documents say how its facts are read.

        :param str hook: a method that takes the SQL of an array of ids
        :param ids: function of a model's name that returns that SQL
        :return: list, of (model name, SQL)
        """
        asked = [
            (name, getattr(self.env[name], hook)(ids(name)))
            for name, model in sorted(self.env.registry.items())
            if hasattr(model, hook) and not model._abstract
        ]
        return [(name, query) for name, query in asked if query]

    def _get_taken_queries(self):
        """Documents for which money was taken, model by model.

        :return: list, of (model name, SQL of (model, id) pairs)
        """
        asked = self._ask_documents("_query_credit_taken", lambda _name: ARG["records"])
        return [
            (
                model,
                SQL(
                    """SELECT jsonb_build_array(%(model)s, q.id) FROM (%(query)s) q(id)
                    WHERE %(model)s || ',' || q.id = ANY(%(names)s)""",
                    model=model,
                    query=query,
                    names=ARG["names"],
                ),
            )
            for model, query in asked
        ]

    # === EXPOSURE === #

    def _get_item_queries(self):
        """The open items of the debtors, component by component.

        Each is a statement of its own, because PostgreSQL plans a few small ones faster
        than a large one, and those without rows are not planned at all.

        :return: list, of (guard or None, plain query, detailed query)
        """
        return [
            (
                self._query_guard(branch) if branch.guard else None,
                self._query_items(code, branch, detailed=False),
                self._query_items(code, branch, detailed=True),
            )
            for code, branch in self.env["credit.exposure"]._get_branches().items()
        ]

    def _query_guard(self, branch):
        return SQL(
            "SELECT FROM %s AND %s = ANY(%s)",
            branch.guard,
            branch.columns["contact"],
            CONTACTS,
        )

    def _query_items(self, code, branch, detailed):
        """Sum the open items of one component, by contact.

        :param bool detailed: with the facts that limited lines ask for, item by item
            where goods are asked for; ``by_terms`` and ``by_goods`` name the contacts
        """
        # Speed: without the detailed columns the planner leaves out journal entries.
        columns = dict.fromkeys(("term", "method", "record"), SQL("NULL::int"))
        columns["model"] = SQL("NULL::varchar")
        if detailed:
            columns = {
                "term": self._sql_if("by_terms", "term"),
                "method": self._sql_if("by_terms", "method"),
                "model": self._sql_if("by_goods", "model"),
                "record": self._sql_if("by_goods", "record"),
            }
        return SQL(
            """SELECT e.contact, e.code, %(term)s AS term, %(method)s AS method,
                %(date)s AS date, %(model)s AS model, %(record)s AS record,
                ROUND(SUM(e.amount) * %(unit)s)::bigint AS cents
            FROM (%(owed)s) e
            WHERE NOT (e.record = ANY(%(records)s)
                AND e.model || ',' || e.record = ANY(%(names)s))
            GROUP BY 1, 2, 3, 4, 5, 6, 7, e.amount < 0""",
            date=SQL("e.date" if code == "uncleared" else "NULL::date"),
            unit=ARG["unit"],
            owed=self.env["credit.exposure"]._query_owed(
                code, branch, CONTACTS, ARG["companies"]
            ),
            names=ARG["but_names"],
            records=ARG["but_records"],
            **columns,
        )

    def _sql_if(self, contacts, column):
        return SQL(
            "CASE WHEN e.contact = ANY(%s) THEN %s END",
            SQL(contacts),
            SQL.identifier("e", column),
        )

    # === GOODS === #

    def _query_splits(self):
        """Of which products the documents in ``items`` are made."""

        def wanted(model):
            return SQL(
                """ARRAY(SELECT (i.value->>6)::int FROM jsonb_array_elements(items) i
                WHERE i.value->>5 = %s)""",
                model,
            )

        return SQL(" UNION ALL ").join(
            SQL("SELECT %s AS model, q.* FROM (%s) q(id, split)", model, query)
            for model, query in self._ask_documents("_query_credit_split", wanted)
        )

    def _query_goods(self, products):
        """The facts of products that scopes look at.

        :param SQL products: an array of their ids
        """
        return SQL(
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
            products,
        )
