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
CASTS = ", ".join(f"%({name})s::{kind}" for name, kind in ARGUMENTS.items())
BODY = """
DECLARE
    profiles int[];
    is_special boolean;
    by_goods int[];
    by_terms int[];
    sold int[];
BEGIN
    SELECT array_agg(c.id), array_agg(c.debtor) INTO contacts, owners
        FROM ({contacts}) c;
    SELECT json_agg(f), array_agg(f.id), bool_or(f.special)
        INTO files, profiles, is_special FROM ({files}) f;
    IF profiles IS NOT NULL THEN
        SELECT json_agg(l), is_special OR bool_or(l.special) INTO lines, is_special
            FROM ({lines}) l;
    END IF;
    tags := (SELECT json_agg(t) FROM ({tags}) t);
    IF EXISTS ({holds_guard}) THEN
        holds := (SELECT json_agg(h) FROM ({holds}) h);
    END IF;
    IF is_special THEN
        pools := (SELECT json_agg(p) FROM ({pools}) p);
        worths := (SELECT jsonb_agg(to_jsonb(w)) FROM ({worths}) w);
        SELECT array_agg(c.id) FILTER (WHERE w.scope @? '$[0 to 3][*]'),
            array_agg(c.id) FILTER (WHERE w.scope @? '$[4 to 5][*]')
            INTO by_goods, by_terms
            FROM jsonb_to_recordset(worths) AS w(partner_id int, scope jsonb)
            JOIN unnest(contacts, owners) AS c(id, debtor) ON c.debtor = w.partner_id;
    END IF;
    owed := '[]';
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
# What is found by few is asked for only where something cheaper to plan finds any.
GUARDED = """
    IF EXISTS ({guard}) THEN
        {statement}
    END IF;
"""
ITEMS = "owed := owed || COALESCE((SELECT jsonb_agg(i) FROM ({query}) i), '[]');"
ASKED = """
    IF '{name}' = ANY({names}) THEN
        {statement}
    END IF;
"""
TAKE = "taken := taken || COALESCE((SELECT jsonb_agg(t.t) FROM ({query}) t(t)), '[]');"
RESULT = """OUT contacts int[], OUT owners int[], OUT files json, OUT lines json,
    OUT worths jsonb, OUT pools json, OUT tags json, OUT holds json, OUT owed jsonb,
    OUT taken jsonb, OUT splits jsonb, OUT goods jsonb, OUT xid text, OUT snapshot text"""


class CreditMeasure(models.AbstractModel):
    _inherit = "credit.measure"  # pylint: disable=consider-merging-classes-inherited

    def _register_hook(self):
        super()._register_hook()
        self._get_function()

    def _measure(self, partner_ids, root, today, documents, but, products):
        """Find what decisions depend on, in one statement, seldom two.

        :return: dict, what the OUT arguments of ``RESULT`` name, rows as lists of dicts:
            "contacts" and their "owners", "files", "lines", "worths" (of special lines),
            "pools", "tags", "holds", "owed" (the open items), "taken", "splits", "goods";
            "xid" of the transaction, None while it wrote nothing, and its "snapshot"
        """
        digits, currency_id, companies = self._get_tree(root.id)
        # Speed: of one model, see the hook _get_credit_component.
        (but_model,) = {model for model, _record_id in but} or {""}
        values = {
            "debtors": partner_ids,
            "root": root.id,
            "companies": list(companies),
            "currency": currency_id,
            "unit": 10**digits,
            "today": today,
            "names": [f"{model},{record_id}" for model, record_id in documents],
            "models": sorted({model for model, _record_id in documents}),
            "records": [record_id for _model, record_id in documents],
            "but_model": but_model,
            "but_records": [record_id for _model, record_id in but],
            "products": list(products),
            "components": self._get_counted(),
        }
        return self._look(values) or self._ask(values)

    def _ask(self, values):
        """Call the function.

        :param dict values: for each of ``ARGUMENTS``
        """
        self.env.cr.execute(self._get_call(), values)
        return self.env.cr.dictfetchone()

    def _get_call(self):
        return f"SELECT * FROM {self._get_function()}({CASTS})"

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
            "files": self._query_files(),
            "lines": self._query_lines(),
            "tags": self._query_tags(),
            "holds_guard": self._query_holds_guard(),
            "holds": self._query_holds(),
            "pools": self._query_pools(),
            "worths": self._query_worths(),
            "splits": self._query_splits(),
            "goods": self._query_goods(SQL("sold")),
            "products": ARG["products"],
        }
        return BODY.format(
            **{name: self._write_out(query) for name, query in queries.items()},
            taken=self._write_taken(),
            plain_items=self._write_items(row[:3] for row in items),
            detailed_items=self._write_items((*row[:2], row[3]) for row in items),
        )

    def _write_out(self, query):
        return self.env.cr.mogrify(query.code, query.params).decode()

    def _write_asked(self, name, argument, guard, template, query):
        """A statement for where an argument has a name, and the guard finds something."""
        statement = template.format(query=self._write_out(query))
        if guard:
            guard = self._write_out(guard)
            statement = GUARDED.format(guard=guard, statement=statement)
        names = self._write_out(ARG[argument])
        return ASKED.format(name=name, names=names, statement=statement)

    def _write_taken(self):
        return "".join(
            self._write_asked(model, "models", guard, TAKE, query)
            for model, guard, query in self._get_taken_queries()
        )

    def _write_items(self, queries):
        return "".join(
            self._write_asked(code, "components", guard, ITEMS, query)
            for code, guard, query in queries
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
