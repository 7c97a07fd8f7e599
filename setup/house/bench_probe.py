# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure the three databases in one process, turn by turn.

Runs in the environment of the suite: ``python -m house.bench_probe`` with the
options of Odoo, then one ``side=database`` each. Prints one JSON document.
Statements are counted under Odoo, where psycopg2 executes them, on every
connection of the process; BEGIN and COMMIT are not among them.
"""

import gc
import json
import sys
import time
from contextlib import contextmanager

import psycopg2.extensions

from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

from .bench_aged import age
from .bench_dunning import dun_oca, dun_ours, send_ours
from .bench_fill import DEBTORS, TURNS_TO_WARM
from .bench_holds import look_again
from .bench_rules import many_rules

LIST = 80
SEARCHES = 5
CONFIRMED = ("few", "many", "history", "scoped")
BIG_TABLES = {
    "account_move",
    "account_move_line",
    "account_payment",
    "res_partner",
    "sale_order",
    "sale_order_line",
}


class Counting(psycopg2.extensions.cursor):
    """Notes every statement, whichever connection it goes through."""

    noted = []

    def execute(self, query, params=None):
        Counting.noted.append((query, params))
        return super().execute(query, params)


class Connection(sql_db.PsycoConnection):
    def cursor(self, *args, **options):
        return super().cursor(*args, cursor_factory=Counting, **options)


@contextmanager
def session(database):
    """Give an environment of the administrator in a transaction of its own."""
    with Registry(database).cursor() as cr:
        user = api.Environment(cr, api.SUPERUSER_ID, {}).ref("base.user_admin")
        yield api.Environment(cr, user.id, {"allowed_company_ids": user.company_id.ids})
        cr.rollback()


def timed(action):
    """Run something as a request would: nothing in the caches of records.

    :return: (what it returned, milliseconds, statements)
    """
    gc.collect()
    gc.disable()
    del Counting.noted[:]
    start = time.perf_counter()
    result = action()
    spent = (time.perf_counter() - start) * 1000
    gc.enable()
    return result, spent, len(Counting.noted)


def confirm(database, order_id):
    """Confirm and commit one quotation; what runs before a commit is included."""

    with session(database) as env:
        order = env["sale.order"].browse(order_id)

        def action():
            order.action_confirm()
            env.cr.commit()

        _result, spent, statements = timed(action)
        if order.state != "sale":
            raise SystemExit(f"{order.display_name} in {database} was not confirmed")
    return {"ms": spent, "statements": statements}


def quotations(database, label):
    with session(database) as env:
        domain = [("client_order_ref", "=", label), ("state", "=", "draft")]
        return env["sale.order"].search(domain, order="id").ids


def confirmations(sides, label, repeats):
    """Confirm quotations of one debtor, one on each side in turn.

    :return: dict, side -> list of measures, the same quotation at the same place
    """
    ids = quotations(next(iter(sides.values())), label)[: repeats + TURNS_TO_WARM]
    found = {side: [] for side in sides}
    names = list(sides)
    for turn, order_id in enumerate(ids):
        shift = turn % len(names)
        for side in names[shift:] + names[:shift]:
            measure = confirm(sides[side], order_id)
            if turn >= TURNS_TO_WARM:
                found[side].append(measure)
    return found


def read_list(database, field):
    """Read one figure of the partners on a page of a list.

    The company and its currency are read before: any list with amounts needs them.
    """
    with session(database) as env:
        partners = env["res.partner"].search(
            [("customer_rank", ">", 0), ("parent_id", "=", False)], limit=LIST
        )
        env.invalidate_all()
        env.company.root_id.currency_id.mapped("name")
        values, spent, statements = timed(lambda: partners.mapped(field))
        return {"ms": spent, "statements": statements, "rows": len(values)}


def search(database, domain):
    with session(database) as env:
        partners = env["res.partner"]
        found, spent, statements = timed(lambda: partners.search(domain))
        debtors = found.commercial_partner_id
        return {"ms": spent, "statements": statements, "rows": len(debtors)}


def lists(sides):
    """Available credit of a page, and the filter on those over their limit."""
    pages = {"oca": "risk_remaining_value", "ours": "credit_available"}
    filters = {
        "oca": [("risk_exception", "=", True)],
        "ours": [("credit_over_limit", "=", True)],
    }
    found = {}
    for name, call, choice in (("list", read_list, pages), ("filter", search, filters)):
        turns = [
            {side: call(sides[side], what) for side, what in choice.items()}
            for _turn in range(SEARCHES + 1)
        ]
        found[name] = {side: [turn[side] for turn in turns[1:]] for side in choice}
    return found


def plans(database):
    """Explain what reads the open items of one debtor, debtor by debtor."""
    found = {}
    with session(database) as env:
        for label in DEBTORS:
            debtor = env["res.partner"].search([("ref", "=", f"bench {label}")])
            query = owed(env, debtor)
            env.cr.execute(SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) %s", query))
            found[label] = summary(env.cr.fetchone()[0][0])
    return found


def owed(env, debtor):
    """The components of a debtor's exposure that the measurement reads."""
    exposure = env["credit.exposure"]
    contacts = env["res.partner"].search([("commercial_partner_id", "=", debtor.id)])
    return SQL(
        "SELECT SUM(amount) FROM (%s) o",
        SQL(" UNION ALL ").join(
            exposure._query_owed(
                code,
                branch,
                SQL("%s::int[]", contacts.ids),
                SQL("%s::int[]", env.company.ids),
            )
            for code, branch in exposure._get_branches().items()
            if not branch.guard or may_find(env, branch, contacts)
        ),
    )


def may_find(env, branch, contacts):
    """Ask the guard of a component, as the measurement does before reading it."""
    query = SQL(
        "SELECT EXISTS(SELECT FROM %s AND %s = ANY(%s))",
        branch.guard,
        branch.columns["contact"],
        contacts.ids,
    )
    return env.execute_query(query)[0][0]


def summary(explained):
    """Say what a plan read: time, buffers, and big tables read from end to end."""
    plan = explained["Plan"]
    whole = {
        node["Relation Name"]
        for node in nodes(plan)
        if node["Node Type"].endswith("Seq Scan") and node["Actual Loops"]
    }
    return {
        "ms": explained["Execution Time"],
        "planning": explained["Planning Time"],
        "buffers": plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
        "whole": sorted(whole & BIG_TABLES),
    }


def nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def size(database):
    """Count what the database holds."""
    tables = ("res_partner", "account_move_line", "sale_order", "sale_order_line")
    with session(database) as env:
        found = {}
        for table in tables:
            env.cr.execute(f"SELECT COUNT(*) FROM {table}")
            found[table] = env.cr.fetchone()[0]
        env.cr.execute(
            "SELECT AVG((reconciled IS NOT TRUE)::int) FROM account_move_line l"
            " JOIN account_account a ON a.id = l.account_id"
            " WHERE a.account_type = 'asset_receivable'"
        )
        found["open"] = float(env.cr.fetchone()[0])
    return found


def dunning(sides):
    """Follow-up runs of both sides, and the sending of ours, which commits."""
    found = {}
    for name, side, call in (
        ("ours", "ours", dun_ours),
        ("oca", "oca", dun_oca),
        ("send", "sending", send_ours),
    ):
        with session(sides[side]) as env:
            found[name] = call(env, timed)
    return found


def main(arguments):
    """Measure everything that needs no server."""
    sides = dict(word.split("=") for word in arguments if not word.startswith("-"))
    repeats = int(sides.pop("repeats"))
    sql_db.PsycoConnection = Connection
    config.parse_config([word for word in arguments if word.startswith("-")])
    for database in sides.values():
        Registry(database)
    sending = sides.pop("sending")
    gc.collect()
    gc.freeze()
    found = {"size": size(sides["native"])}
    found["confirm"] = {
        label: confirmations(sides, label, repeats) for label in CONFIRMED
    }
    found.update(lists(sides))
    found["plans"] = plans(sides["ours"])
    with session(sides["ours"]) as env:
        found["holds"] = look_again(env, timed)
    with session(sides["ours"]) as env:
        found["rules"] = many_rules(env, timed)
    with session(sides["ours"]) as env:
        found["aged"] = age(env, timed)
    found["dunning"] = dunning({**sides, "sending": sending})
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
