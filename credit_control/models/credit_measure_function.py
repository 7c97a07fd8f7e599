# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The measurement as one function of the database.

Speed: PostgreSQL takes longer to plan these queries than to run them for one debtor, and
Odoo discards all plans whenever a request takes a connection from its pool. So what most
debtors lack (a limited line, a foreign currency, a draft invoice) is a statement of its
own, planned only where it is needed, and all of them cost one way to the server.
The function's name is a digest of its text, so a server with other code or other add-ons
simply uses another function, and nothing has to be kept in step when an add-on extends a
query.
"""

import hashlib

from odoo import api, models, sql_db
from odoo.tools import SQL, ormcache

from .credit_measure_query import ARG, ARGUMENTS

PREFIX = "credit_measure_"
# The class of the advisory lock of those who create a function ("meas").
LOCK_CLASS = 0x6D656173
BODY = """
DECLARE
    contacts int[];
    by_goods int[];
    by_terms int[];
    sold int[];
BEGIN
    SELECT array_agg(c.id), jsonb_object_agg(c.id, c.debtor)
        INTO contacts, debtors FROM ({contacts}) c;
    stacks := (SELECT jsonb_agg(to_jsonb(s)) FROM ({plain_stacks}) s);
    IF stacks @? '$[*] ? (@.special == true)' THEN
        stacks := (SELECT jsonb_agg(to_jsonb(s)) FROM ({special_stacks}) s);
        SELECT array_agg(c.id) FILTER (WHERE s.asks_goods),
            array_agg(c.id) FILTER (WHERE s.asks_terms)
            INTO by_goods, by_terms
            FROM jsonb_to_recordset(stacks)
                AS s(partner_id int, asks_goods boolean, asks_terms boolean)
            JOIN ({contacts}) c ON c.debtor = s.partner_id;
    END IF;
    items := '[]';
    IF by_goods IS NULL AND by_terms IS NULL THEN
{plain_items}
    ELSE
{detailed_items}
    END IF;
    taken := '[]';
{taken}
    IF by_goods IS NOT NULL THEN
        splits := (SELECT jsonb_agg(jsonb_build_array(s.model, s.id, s.split))
            FROM ({splits}) s);
        sold := {products} || ARRAY(SELECT DISTINCT p.product::int
            FROM jsonb_array_elements(splits) s,
                jsonb_object_keys(NULLIF(s.value->2, 'null')) p(product));
        goods := (SELECT jsonb_agg(to_jsonb(g)) FROM ({goods}) g);
    END IF;
    xid := pg_current_xact_id_if_assigned()::text;
    snapshot := pg_current_snapshot()::text;
END
"""
ITEMS = """
    {guard}
        items := items || COALESCE((SELECT jsonb_agg(jsonb_build_array(contact, code, term,
            method, date, model, record, cents)) FROM ({query}) i), '[]');
    {end}
"""
TAKEN = """
    IF array_to_string({names}, ' ') LIKE '%{model},%' THEN
        taken := taken || COALESCE((SELECT jsonb_agg(t.t) FROM ({query}) t(t)), '[]');
    END IF;
"""
RESULT = """OUT debtors jsonb, OUT stacks jsonb, OUT items jsonb, OUT taken jsonb,
    OUT splits jsonb, OUT goods jsonb, OUT xid text, OUT snapshot text"""


class CreditMeasure(models.AbstractModel):
    _inherit = "credit.measure"  # pylint: disable=consider-merging-classes-inherited

    def _register_hook(self):
        super()._register_hook()
        self._get_function()

    def _measure(self, partner_ids, root, today, documents, but, products):
        """Call the function.

        :return: dict, "debtors" (contact -> debtor), "stacks", "items", "taken", "splits",
            "goods" as plain lists; "xid" of the transaction, None while it
            wrote nothing, and its "snapshot"
        """
        digits, currency_id, companies = self._get_tree(root.id)
        arguments = (
            partner_ids,
            root.id,
            list(companies),
            currency_id,
            10**digits,
            root._get_credit_policy().id or None,
            today,
            [f"{model},{record_id}" for model, record_id in documents],
            [record_id for _model, record_id in documents],
            [f"{model},{record_id}" for model, record_id in but],
            [record_id for _model, record_id in but],
            list(products),
        )
        return self.env.execute_query_dict(
            SQL(
                "SELECT * FROM %s(%s)",
                SQL.identifier(self._get_function()),
                SQL(", ").join(
                    SQL("%s::" + kind, value)
                    for kind, value in zip(ARGUMENTS.values(), arguments, strict=True)
                ),
            )
        )[0]

    @ormcache(cache="stable")
    def _get_function(self):
        """Return the name of the function, created where the database lacks it."""
        body = self._get_function_body()
        name = PREFIX + hashlib.sha256(body.encode()).hexdigest()[:16]
        # A transaction of its own: it stands whatever becomes of the caller's.
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK_CLASS])
            cr.execute("SELECT to_regproc(%s)", [name])
            if not cr.fetchone()[0]:
                cr.execute(self._get_function_definition(name, body))
        return name

    def _get_function_body(self):
        """The text of the function, with every value written out."""
        items = self._get_item_queries()
        queries = {
            "contacts": self._query_contacts(),
            "plain_stacks": self._query_stacks(special=False),
            "special_stacks": self._query_stacks(special=True),
            "splits": self._query_splits(),
            "goods": self._query_goods(SQL("sold")),
            "products": ARG["products"],
        }
        return BODY.format(
            **{name: self._write_out(query) for name, query in queries.items()},
            taken=self._write_taken(),
            plain_items=self._write_items((guard, plain) for guard, plain, _ in items),
            detailed_items=self._write_items((guard, full) for guard, _, full in items),
        )

    def _write_out(self, query):
        return self.env.cr.mogrify(query.code, query.params).decode()

    def _write_taken(self):
        return "".join(
            TAKEN.format(
                names=self._write_out(ARG["names"]),
                model=model,
                query=self._write_out(query),
            )
            for model, query in self._get_taken_queries()
        )

    def _write_items(self, queries):
        return "".join(
            ITEMS.format(
                guard=f"IF EXISTS ({self._write_out(guard)}) THEN" if guard else "",
                query=self._write_out(query),
                end="END IF;" if guard else "",
            )
            for guard, query in queries
        )

    def _get_function_definition(self, name, body):
        arguments = ", ".join(ARGUMENTS.values())
        return f"""CREATE FUNCTION {name}({arguments}, {RESULT})
            LANGUAGE plpgsql STABLE AS $body${body}$body$"""

    @api.autovacuum
    def _gc_functions(self):
        """Drop what other code or other add-ons left behind."""
        self._drop_functions(but=self._get_function())

    def _drop_functions(self, but=""):
        rows = self.env.execute_query(
            SQL(
                "SELECT oid::regprocedure::text FROM pg_proc"
                " WHERE starts_with(proname, %s) AND proname <> %s",
                PREFIX,
                but,
            )
        )
        for (function,) in rows:
            # The name and types come from PostgreSQL itself, quoted where needed.
            self.env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s", SQL(function)))
