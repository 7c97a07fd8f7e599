# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How long it takes to look again at many open holds, as after a change of policy."""

HOLDS = 1000
SECONDS = 60  # the goal


def hold_all(env, count=HOLDS):
    """Hold quotations of all debtors, as if each had been tried.

    :return: ``credit.hold``, as many as there are quotations, at most ``count``
    """
    orders = env["sale.order"].search([("state", "=", "draft")], limit=count)
    vals_list = [
        {
            "res_model": order._name,
            "res_id": order.id,
            "name": order.name,
            "partner_id": order.partner_invoice_id.commercial_partner_id.id,
            "company_id": order.company_id.root_id.id,
            "policy_id": order.company_id._get_credit_policy().id,
            "user_id": order.user_id.id,
            "amount": order.amount_total,
            "uncovered": order.amount_total,
        }
        for order in orders
    ]
    holds = env["credit.hold"].sudo().with_context(tracking_disable=True)
    return holds.create(vals_list).with_context(tracking_disable=False)


def look_again(env, timed):
    """Look at all of them at once, then let all of them clear.

    :param timed: runs an action and returns (result, milliseconds, statements)
    :return: dict, what -> measure, with the number of holds as rows
    """
    holds = hold_all(env)
    env.flush_all()
    found = {}
    for what, action in (
        ("look", lambda: len(holds._filter_fitting())),
        ("clear", lambda: _clear(env, holds)),
    ):
        env.invalidate_all()
        _result, spent, statements = timed(action)
        found[what] = {"ms": spent, "statements": statements, "rows": len(holds)}
    return found


def _clear(env, holds):
    holds._conclude(holds, "benchmark")
    env.flush_all()
