# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo in this very process: several transactions, moved forward one step at a time."""

import contextlib
import os

from house import paths

KEYS = ("PGHOST", "PGPORT", "PGUSER")


@contextlib.contextmanager
def registry(house, database):
    """Load a database; its connections are closed at the end."""
    os.environ.update({key: house.environ()[key] for key in KEYS})
    from odoo import sql_db
    from odoo.modules.registry import Registry
    from odoo.service import server
    from odoo.tools import config

    arguments = ["-c", str(paths.CONFIG), "-d", database, "--max-cron-threads=0"]
    config.parse_config(arguments, setup_logging=False)
    server.load_server_wide_modules()
    try:
        yield Registry(database)
    finally:
        Registry.delete(database)
        sql_db.close_db(database)


def environment(cr):
    from odoo.api import SUPERUSER_ID, Environment

    return Environment(cr, SUPERUSER_ID, {})


def new_debtors(env, limit, orders, count=1, amount=1000):
    """Create customers with a line and quotations, one unit of ``amount`` each.

    :return: list of (id of the debtor, ids of his orders)
    """
    company = env.company
    goods = env["product.product"].create({"name": "Unit", "type": "service"})
    goods.taxes_id = False
    kind = env.ref("credit_control.credit_line_kind_own")
    found = []
    for number in range(count):
        debtor = env["res.partner"].create(
            {"name": f"Debtor {number}", "is_company": True}
        )
        profile = env["credit.profile"]._get_or_create(debtor, company)
        env["credit.line"].create(
            {
                "profile_id": profile.id,
                "kind_id": kind.id,
                "amount": limit,
                "currency_id": company.currency_id.id,
                "state": "active",
            }
        )
        line = {"product_id": goods.id, "price_unit": amount, "tax_ids": [(5,)]}
        values = {"partner_id": debtor.id, "order_line": [(0, 0, line)]}
        found.append((debtor.id, env["sale.order"].create([values] * orders).ids))
    return found
