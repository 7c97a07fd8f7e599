# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools import SQL, split_every
from odoo.tools.sql import column_exists, create_column

BATCH = 500


def pre_init_hook(env):
    """Create the stored amounts of orders empty.

    Else the ORM would compute them for every order ever made; most are long closed.
    """
    for name, kind in (
        ("credit_open_company", "numeric"),
        ("credit_open_split", "jsonb"),
        ("credit_reserved_company", "numeric"),
    ):
        if not column_exists(env.cr, "sale_order", name):
            create_column(env.cr, "sale_order", name, kind)


def post_init_hook(env):
    """Choose the default policy and compute what open orders still owe."""
    policy = env.ref("credit_control.credit_policy_default", raise_if_not_found=False)
    if policy:
        roots = (
            env["res.company"]
            .with_context(active_test=False)
            .search(
                [("parent_id", "=", False), ("credit_default_policy_id", "=", False)]
            )
        )
        roots.credit_default_policy_id = policy
    compute_open_orders(env)
    compute_reserved_money(env)


def compute_reserved_money(env):
    """Compute what is reserved online for orders; only few have such a transaction."""
    rows = env.execute_query(
        SQL(
            """SELECT DISTINCT r.sale_order_id FROM sale_order_transaction_rel r
            JOIN payment_transaction t ON t.id = r.transaction_id
            WHERE t.state = 'authorized' OR t.state = 'done' AND t.payment_id IS NULL"""
        )
    )
    orders = env["sale.order"].browse(row[0] for row in rows)
    env.add_to_compute(orders._fields["credit_reserved_company"], orders)
    orders._recompute_recordset(["credit_reserved_company"])


def compute_open_orders(env):
    """Compute the open amount of confirmed orders that are not wholly on posted invoices."""
    rows = env.execute_query(
        SQL(
            """SELECT o.id FROM sale_order o WHERE o.state = 'sale' AND (
                o.invoice_status <> 'invoiced' OR EXISTS (
                    SELECT FROM sale_order_line s
                    JOIN sale_order_line_invoice_rel r ON r.order_line_id = s.id
                    JOIN account_move_line l ON l.id = r.invoice_line_id
                    WHERE s.order_id = o.id AND l.parent_state = 'draft'))"""
        )
    )
    field = env["sale.order"]._fields["credit_open_company"]
    for ids in split_every(BATCH, [row[0] for row in rows]):
        orders = env["sale.order"].browse(ids)
        env.add_to_compute(field, orders)
        orders._recompute_recordset(["credit_open_company"])
        env.flush_all()
        env.invalidate_all()


def uninstall_hook(env):
    """Drop what the ORM does not know (P14)."""
    env["credit.measure"]._drop_functions()
    env.cr.execute(
        "DROP FUNCTION IF EXISTS credit_reservation_enter;"
        "DROP TABLE IF EXISTS credit_reservation"
    )
