# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is measured, as SQL over arguments: of a database function, or of a statement."""

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
    "today": "date",
    "names": "varchar[]",  # documents whose hold is of interest, as "model,id" ...
    "models": "varchar[]",  # ... their models alone ...
    "records": "int[]",  # ... and the ids alone
    "but_model": "varchar",  # documents left out of the exposure: their model ...
    "but_records": "int[]",  # ... and their ids
    "products": "int[]",
    "components": "varchar[]",  # of exposure, those that any policy counts
}
ARG = {name: SQL(f"${index}") for index, name in enumerate(ARGUMENTS, 1)}
# What the function works out first: contacts of the debtors, ids of their credit files.
CONTACTS = SQL("contacts")
PROFILES = SQL("profiles")


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
        """Hook: whether a debtor's stack needs more than amounts, whatever its lines.

        Then ``_query_worths`` and ``_query_pools`` are asked as well.

        :return: SQL, true or not about the credit file ``f``
        """
        return SQL("FALSE")

    def _query_files(self):
        """The debtors' credit files."""
        return SQL(
            """SELECT f.id, f.partner_id, f.policy_id, f.status, f.risk_class_id,
                %s AS special
            FROM credit_profile f WHERE f.partner_id = ANY(%s) AND f.company_id = %s""",
            self._sql_special(),
            ARG["debtors"],
            ARG["root"],
        )

    def _query_tags(self):
        return SQL(
            """SELECT g.partner_id, g.category_id
            FROM res_partner_res_partner_category_rel g WHERE g.partner_id = ANY(%s)""",
            ARG["debtors"],
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

    def _query_lines(self):
        """The lines of the credit files, as if none had a scope or a foreign currency."""
        return SQL(
            """SELECT l.id, l.profile_id, l.kind_id, l.state, l.date_from, l.date_to,
                %s AS amount, l.is_scoped OR l.currency_id <> %s AS special
            FROM credit_line l WHERE l.profile_id = ANY(%s) AND l.state <> 'draft'""",
            self._sql_cents(SQL("l.amount")),
            ARG["currency"],
            PROFILES,
        )

    def _query_worths(self):
        """What the same lines are worth, and their scopes; asked for special files."""
        return SQL(
            """SELECT l.id, f.partner_id, %s AS amount,
                CASE WHEN l.is_scoped THEN %s END AS scope
            FROM credit_line l JOIN credit_profile f ON f.id = l.profile_id
            JOIN res_company c ON c.id = %s
            JOIN res_currency u ON u.id = c.currency_id
            WHERE l.profile_id = ANY(%s) AND l.state <> 'draft'""",
            self._sql_cents(self._sql_worth(ARG["root"], ARG["today"])),
            self._query_scope(),
            ARG["root"],
            PROFILES,
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
            """SELECT h.id, h.res_model, h.res_id, h.state, h.partner_id, h.release_until,
                %s AS release_amount, %s AS release_tolerance,
                FLOOR(COALESCE(h.release_tolerance_percent, 0) * 100)::int
                    AS release_tolerance_bp
            FROM credit_hold h
            WHERE h.res_id = ANY(%s) AND h.res_model || ',' || h.res_id = ANY(%s)
            AND h.state IN ('open', 'requested', 'released', 'rejected')""",
            self._sql_cents(SQL("COALESCE(h.release_amount, 0)")),
            self._sql_cents(SQL("COALESCE(h.release_tolerance_amount, 0)")),
            ARG["records"],
            ARG["names"],
        )

    def _query_holds_guard(self):
        return SQL(
            """SELECT FROM credit_hold h WHERE h.res_id = ANY(%s)
            AND h.state IN ('open', 'requested', 'released', 'rejected')""",
            ARG["records"],
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

        :return: list, of (model name, guard or None, SQL of (model, id) pairs)
        """
        guards = dict(self._ask_documents("_query_credit_taken_guard", self._sql_asked))
        asked = self._ask_documents("_query_credit_taken", self._sql_asked)
        return [
            (
                model,
                guards.get(model),
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

    def _sql_asked(self, _model):
        return ARG["records"]

    # === EXPOSURE === #

    def _get_item_queries(self):
        """The open items of the debtors, component by component.

        Each is a statement of its own, because PostgreSQL plans a few small ones faster
        than a large one, and those without rows are not planned at all.

        :return: list, of (code, guard or None, plain query, detailed query)
        """
        return [
            (
                code,
                self._query_guard(branch) if branch.guard else None,
                self._query_sums(code, branch),
                self._query_items(code, branch),
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

    def _query_sums(self, code, branch):
        """Sum the open items of one component, by contact.

        Speed: nearly every confirmation asks this and nothing more. What PostgreSQL has
        to parse and plan costs more than what it reads, so each word counts here.
        """
        columns = branch.columns
        return SQL(
            """SELECT %(code)s AS code, %(contact)s AS contact, %(date)s
                ROUND(SUM(%(amount)s) * %(unit)s)::bigint AS cents
            FROM %(tables)s WHERE %(where)s AND %(contact)s = ANY(%(contacts)s)
            AND %(company)s + 0 = ANY(%(companies)s)
            AND (%(model)s <> %(but_model)s OR %(record)s <> ALL(%(but_records)s))
            GROUP BY %(by_date)s %(contact)s %(by_sign)s""",
            code=code,
            contact=columns["contact"],
            company=columns["company"],
            amount=columns["amount"],
            model=columns["model"],
            record=columns["record"],
            date=SQL("%s AS date,", columns["date"]) if code == "uncleared" else SQL(),
            by_date=SQL("%s,", columns["date"]) if code == "uncleared" else SQL(),
            by_sign=SQL() if branch.one_sided else SQL(", %s < 0", columns["amount"]),
            tables=branch.alone or branch.tables,
            where=branch.where,
            unit=ARG["unit"],
            contacts=CONTACTS,
            companies=ARG["companies"],
            but_model=ARG["but_model"],
            but_records=ARG["but_records"],
        )

    def _query_items(self, code, branch):
        """The same with the facts that limited lines ask for.

        Item by item where goods are asked for; ``by_terms`` and ``by_goods`` name the
        contacts.
        """
        return SQL(
            """SELECT e.code, e.contact, %(term)s AS term, %(method)s AS method,
                %(date)s AS date, %(model)s AS model, %(record)s AS record,
                ROUND(SUM(e.amount) * %(unit)s)::bigint AS cents
            FROM (%(owed)s) e
            WHERE e.model <> %(but_model)s OR e.record <> ALL(%(but_records)s)
            GROUP BY 1, 2, 3, 4, 5, 6, 7, e.amount < 0""",
            term=self._sql_if("by_terms", "term"),
            method=self._sql_if("by_terms", "method"),
            model=self._sql_if("by_goods", "model"),
            record=self._sql_if("by_goods", "record"),
            date=SQL("e.date" if code == "uncleared" else "NULL::date"),
            unit=ARG["unit"],
            owed=self.env["credit.exposure"]._query_owed(
                code, branch, CONTACTS, ARG["companies"]
            ),
            but_model=ARG["but_model"],
            but_records=ARG["but_records"],
        )

    def _sql_if(self, contacts, column):
        return SQL(
            "CASE WHEN e.contact = ANY(%s) THEN %s END",
            SQL(contacts),
            SQL.identifier("e", column),
        )

    # === GOODS === #

    def _query_splits(self):
        """Of which products the documents in ``owed`` are made."""

        def wanted(model):
            return SQL(
                """ARRAY(SELECT i.record FROM jsonb_to_recordset(owed)
                    AS i(model varchar, record int) WHERE i.model = %s)""",
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
