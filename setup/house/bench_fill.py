# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the benchmark's company holds besides what ``populate`` multiplied.

Runs inside an Odoo shell. Plain SQL where a real company would have taken
years: populated documents are all open, so nine of ten are closed here.
"""

AMOUNT = 1000.0  # of each quotation that will be confirmed
PLENTY = 10**9  # a limit that nobody reaches
RACE_FITS = 20  # of RACE_ORDERS quotations fit on the limit of the raced debtor
RACE_ORDERS = 120
ROUNDS = 3
TURNS_TO_WARM = 4
REPEATS = 30 + TURNS_TO_WARM
WARM_UP = 48
# Debtor -> share of the open and closed documents of a size that become his.
DEBTORS = {
    "few": (0.0, 0.0),
    "many": (1.0, 0.1),
    "history": (0.0, 1.0),
    "scoped": (0.2, 0.05),
    "crowd": (0.2, 0.1),
    "limited": (0.2, 0.1),
}
SPREAD = "spread"  # one quotation for each of many debtors
LEAST = 3  # open documents that everybody has

CLOSE = """
-- Nine entries of ten are paid, and what they were for is settled.
UPDATE account_move_line l
   SET reconciled = TRUE, amount_residual = 0, amount_residual_currency = 0
  FROM account_account a
 WHERE a.id = l.account_id AND l.move_id % 10 <> 0
   AND a.account_type IN ('asset_receivable', 'liability_payable');
UPDATE account_move
   SET payment_state = 'paid', amount_residual = 0, amount_residual_signed = 0
 WHERE id % 10 <> 0 AND move_type <> 'entry';
UPDATE account_payment SET state = 'paid', is_matched = TRUE WHERE id % 10 <> 0;
-- Nine confirmed orders of ten are invoiced.
UPDATE sale_order_line SET qty_invoiced = product_uom_qty, qty_to_invoice = 0,
       untaxed_amount_to_invoice = 0, invoice_status = 'invoiced'
 WHERE state = 'sale' AND order_id % 10 <> 0;
UPDATE sale_order SET invoice_status = 'invoiced'
 WHERE state = 'sale' AND id % 10 <> 0;
-- Who bought is a customer.
UPDATE res_partner SET customer_rank = 1 WHERE id = commercial_partner_id
   AND id IN (SELECT partner_id FROM account_move UNION SELECT partner_id FROM sale_order);
-- What is installed on the copies brings no demonstration data of its own.
UPDATE ir_module_module SET demo = FALSE;
"""
MOVES = """
WITH chosen AS (
    SELECT id FROM account_move
     WHERE state = 'posted' AND move_type = 'out_invoice' AND company_id = %(company)s
       AND (id %% 10 = 0) = %(open)s AND NOT partner_id = ANY(%(taken)s)
     ORDER BY id LIMIT %(count)s
), moved AS (
    UPDATE account_move SET partner_id = %(partner)s, commercial_partner_id = %(partner)s
     WHERE id IN (SELECT id FROM chosen)
)
UPDATE account_move_line SET partner_id = %(partner)s
 WHERE move_id IN (SELECT id FROM chosen)
"""
ORDERS = """
WITH chosen AS (
    SELECT id FROM sale_order
     WHERE state = 'sale' AND company_id = %(company)s
       AND (id %% 10 = 0) = %(open)s AND NOT partner_id = ANY(%(taken)s)
     ORDER BY id LIMIT %(count)s
), moved AS (
    UPDATE sale_order SET partner_id = %(partner)s, partner_invoice_id = %(partner)s,
           partner_shipping_id = %(partner)s
     WHERE id IN (SELECT id FROM chosen)
)
UPDATE sale_order_line SET order_partner_id = %(partner)s
 WHERE order_id IN (SELECT id FROM chosen)
"""
OWED = """
SELECT p.commercial_partner_id, SUM(o.amount) FROM (
    SELECT l.partner_id, l.amount_residual AS amount
      FROM account_move_line l JOIN account_account a ON a.id = l.account_id
     WHERE l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
       AND a.account_type = 'asset_receivable' AND l.company_id = %(company)s
    UNION ALL
    SELECT partner_invoice_id, amount_total FROM sale_order
     WHERE state = 'sale' AND id %% 10 = 0 AND company_id = %(company)s
) o JOIN res_partner p ON p.id = o.partner_id
GROUP BY 1
"""


def seed(env):
    """Give ``populate`` payments to multiply; the demonstration data has none."""
    partners = env["res.partner"].search([("customer_rank", ">", 0)], limit=2)
    env["account.payment"].create(
        [
            {"payment_type": "inbound", "partner_type": "customer"}
            | {"partner_id": partner.id, "amount": 50.0}
            for partner in partners
        ]
    ).action_post()


def fill(env, many, history):
    """Close documents, make the measured debtors and their quotations.

    :param int many: open invoices of the debtor with many open items
    :param int history: closed invoices of the debtor with a long history
    """
    env.cr.execute(CLOSE)
    env.invalidate_all()
    partners = _make_debtors(env)
    for name, partner in partners.items():
        share, past = DEBTORS[name]
        opened = max(round(many * share), LEAST)
        closed = max(round(history * past), LEAST)
        _give(env, partner, partners.values(), True, opened, opened // 3)
        _give(env, partner, partners.values(), False, closed, closed // 2)
    env.invalidate_all()
    _set_limits(env, partners)
    _make_quotations(env, partners)


def _make_debtors(env):
    return {
        name: env["res.partner"].create(
            {"name": f"Bench {name}", "ref": f"bench {name}", "is_company": True}
            | {"customer_rank": 1}
        )
        for name in DEBTORS
    }


def _give(env, partner, partners, is_open, moves, orders):
    values = {
        "partner": partner.id,
        "taken": [other.id for other in partners],
        "company": env.company.id,
        "open": is_open,
    }
    env.cr.execute(MOVES, {**values, "count": moves})
    env.cr.execute(ORDERS, {**values, "count": max(orders, 1)})


def _set_limits(env, partners):
    """One debtor of ten is over his limit; the others have room, the measured plenty."""
    env.cr.execute(OWED, {"company": env.company.id})
    owed = dict(env.cr.fetchall())
    for partner in env["res.partner"].browse(owed):
        amount = max(round(float(owed[partner.id])), 1000)
        partner.credit_limit = (
            amount // 2 if partner.id % 10 == 0 else amount + RACE_ORDERS * AMOUNT
        )
    for partner in partners.values():
        partner.credit_limit = PLENTY


def _make_quotations(env, partners):
    category = env["product.category"].create({"name": "Bench"})
    product = env["product.product"].create(
        {"name": "Bench service", "type": "service", "list_price": AMOUNT}
        | {"default_code": "bench", "invoice_policy": "order"}
        | {"categ_id": category.id}
    )
    for name, partner in partners.items():
        count = {"crowd": RACE_ORDERS * ROUNDS, "limited": RACE_ORDERS}.get(
            name, REPEATS
        )
        _quote(env, product, name, [partner] * count)
    _quote(env, product, "warm", [partners["few"]] * WARM_UP)
    _quote(env, product, SPREAD, list(spread(env)) * ROUNDS)


def _quote(env, product, label, partners):
    line = (0, 0, {"product_id": product.id, "price_unit": AMOUNT})
    env["sale.order"].create(
        [
            {"partner_id": partner.id, "client_order_ref": label, "order_line": [line]}
            for partner in partners
        ]
    )


def spread(env):
    """Return as many ordinary debtors as there are orders in a race."""
    return env["res.partner"].search(
        [("customer_rank", ">", 0), ("credit_limit", ">", 0), ("parent_id", "=", False)]
        + [("ref", "not like", "bench %"), ("id", "not in", _over(env))],
        order="id",
        limit=RACE_ORDERS,
    )


def _over(env):
    env.cr.execute("SELECT id FROM res_partner WHERE id % 10 = 0")
    return [row[0] for row in env.cr.fetchall()]


def limit_oca(env):
    """Let everything count in OCA's risk; limits are Odoo's own field."""
    debtors = env["res.partner"].search([("customer_rank", ">", 0)])
    included = ("invoice_draft", "invoice_open", "invoice_unpaid", "sale_order")
    debtors.write({f"risk_{name}_include": True for name in included})
    limited = env["res.partner"].search([("ref", "=", "bench limited")])
    limited.credit_limit = limited.risk_total + _race_limit(env)


def limit_ours(env):
    """Turn Odoo's limits into credit lines of our own."""
    quiet = env["res.partner"].with_context(tracking_disable=True)
    debtors = quiet.search([("customer_rank", ">", 0), ("credit_limit", ">", 0)])
    root = env.company.root_id
    profiles = debtors.env["credit.profile"].create(
        [{"partner_id": debtor.id, "company_id": root.id} for debtor in debtors]
    )
    kind = env.ref("credit_control.credit_line_kind_own")
    env["credit.line"].with_context(tracking_disable=True).create(
        [
            {"profile_id": profile.id, "kind_id": kind.id, "state": "active"}
            | {"amount": profile.partner_id.credit_limit}
            | {"currency_id": root.currency_id.id}
            for profile in profiles
        ]
    )
    _scope(env, profiles, kind)
    _limit(env, profiles)


def _scope(env, profiles, kind):
    """Limit half of a debtor's credit to the category of the measured goods."""
    profile = profiles.filtered(lambda file: file.partner_id.ref == "bench scoped")
    product = env["product.product"].search([("default_code", "=", "bench")])
    profile.line_ids.amount = PLENTY / 2
    env["credit.line"].create(
        {"profile_id": profile.id, "kind_id": kind.id, "state": "active"}
        | {"amount": PLENTY / 2, "currency_id": profile.currency_id.id}
        | {"category_ids": [(6, 0, product.categ_id.ids)]}
    )


def _limit(env, profiles):
    profile = profiles.filtered(lambda file: file.partner_id.ref == "bench limited")
    profile.line_ids.amount = profile.exposure + _race_limit(env)


def _race_limit(env):
    order = env["sale.order"].search([("client_order_ref", "=", "limited")], limit=1)
    return order.amount_total * RACE_FITS
