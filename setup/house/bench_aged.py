# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The aged balance over all journal items of the benchmark's company.

Measured as the screen asks for it, with many items open: today by both dates, and a past
day, for which everything that was matched since has to be looked at. Nothing is committed.
"""

from datetime import timedelta

from .bench_dunning import owe

SECONDS = 3  # the goal for each of them
BACK = 180  # days: how old the past day is
TURNS = 3
MATCH = """
INSERT INTO account_partial_reconcile (debit_move_id, credit_move_id, amount,
    debit_amount_currency, credit_amount_currency, debit_currency_id,
    credit_currency_id, company_id, max_date)
WITH closed AS (
    SELECT l.id, l.currency_id, l.company_id, l.balance,
        row_number() OVER (PARTITION BY l.balance > 0 ORDER BY l.id) AS place
      FROM account_move_line l
      JOIN account_account a ON a.id = l.account_id
       AND a.account_type = 'asset_receivable'
     WHERE l.reconciled AND l.parent_state = 'posted' AND l.balance <> 0
       AND l.company_id = %(company)s
)
SELECT d.id, c.id, LEAST(d.balance, -c.balance), LEAST(d.balance, -c.balance),
    LEAST(d.balance, -c.balance), d.currency_id, c.currency_id, d.company_id,
    CURRENT_DATE - (d.place %% 365)::int
  FROM closed d JOIN closed c USING (place)
 WHERE d.balance > 0 AND c.balance < 0
"""


def age(env, timed):
    """Ask for the aged balance as the screen does.

    :param timed: runs an action and returns (result, milliseconds, statements)
    :return: dict, name of the question -> measure, the slowest of some turns
    """
    owe(env)
    env.cr.execute(MATCH, {"company": env.company.id})
    env.cr.execute("ANALYZE account_partial_reconcile")
    past = str(env.company.root_id._credit_today() - timedelta(BACK))
    asked = {
        "due": {},
        "invoice": {"basis": "invoice"},
        "past": {"day": past},
    }
    return {name: _ask(env, timed, options) for name, options in asked.items()}


def _ask(env, timed, options):
    balance = env["credit.aged.balance"]
    turns = [timed(lambda: balance.get_balance(**options)) for _turn in range(TURNS)]
    found, _spent, statements = turns[0]
    return {
        "ms": max(spent for _found, spent, _statements in turns),
        "statements": statements,
        "rows": found["count"],
        "open": _count_open(env, found["day"]),
    }


def _count_open(env, day):
    items = env["credit.open.item"].with_context(credit_as_of=day)
    return items.search_count([])
