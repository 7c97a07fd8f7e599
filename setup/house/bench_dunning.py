# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A follow-up run over everything that is overdue, beside OCA's credit control run.

Both choose a level for each overdue item and write a line for it; ours also opens credit
files, chooses contacts, takes credits off and notes why others are skipped. Nothing is
committed but what is sent, in transactions of some messages each: none of them may be
long, however many messages a run has.
"""

from datetime import timedelta

LATER = 400  # days: by then everything that is open is overdue
SHARE = 0.2  # the goal: of OCA's time
ITEMS_PER_STATEMENT = 100  # the goal
ITEMS = 67_000  # overdue, or as many as there are
SENT = 10_000  # e-mails
EACH = 3  # items on each
LONGEST = 5_000  # milliseconds that a transaction may take


def owe(env, count=ITEMS):
    """Open paid invoices again, the same on each side: as if nobody had paid for months."""
    env.cr.execute(
        """UPDATE account_move_line l SET reconciled = FALSE, amount_residual = l.balance,
            amount_residual_currency = l.amount_currency
        WHERE l.id IN (SELECT x.id FROM account_move_line x
            JOIN account_account a ON a.id = x.account_id
                AND a.account_type = 'asset_receivable'
            WHERE x.parent_state = 'posted' AND x.balance > 0 AND x.company_id = %s
            AND x.partner_id IS NOT NULL
            ORDER BY x.id LIMIT %s)""",
        [env.company.id, count],
    )
    env.cr.execute("ANALYZE account_move_line")
    env.invalidate_all()


def dun_oca(env, timed):
    """Let OCA's module write its lines, with its policy of three steps."""
    owe(env)
    policy = env.ref("account_credit_control.credit_control_3_time")
    accounts = env["account.account"].search(
        [("account_type", "=", "asset_receivable")]
    )
    policy.write({"account_ids": [(6, 0, accounts.ids)]})
    env.company.credit_policy_id = policy
    runs = env["credit.control.run"].sudo()
    run = runs.create({"date": _day(env), "policy_ids": [(6, 0, policy.ids)]})
    env.flush_all()

    def action():
        run.generate_credit_lines()
        env.flush_all()

    _result, spent, statements = timed(action)
    return {"ms": spent, "statements": statements, "rows": len(run.line_ids)}


def dun_ours(env, timed):
    """Prepare a dry run, as the button does."""
    owe(env)
    run = env["credit.dunning.run"].sudo().create({"date": _day(env)})
    env.flush_all()

    def action():
        run.action_prepare()
        env.flush_all()

    _result, spent, statements = timed(action)
    rows = env["credit.dunning.item"].search_count([("notice_id.run_id", "=", run.id)])
    return {"ms": spent, "statements": statements, "rows": rows}


def spread(env, count):
    """Give the overdue items to so many debtors with an e-mail address each."""
    debtors = env["res.partner"].create(
        [
            {
                "name": f"Late {number}",
                "is_company": True,
                "email": f"l{number}@example.com",
            }
            for number in range(count)
        ]
    )
    env.cr.execute(
        """UPDATE account_move_line l SET partner_id = (%s::int[])[x.place]
        FROM (SELECT o.id, 1 + row_number() OVER (ORDER BY o.id) %% %s AS place
            FROM account_move_line o JOIN account_account a ON a.id = o.account_id
            AND a.account_type = 'asset_receivable'
            WHERE o.reconciled IS NOT TRUE AND o.balance > 0 AND o.company_id = %s
            AND o.no_followup IS NOT TRUE) x
        WHERE l.id = x.id""",
        [debtors.ids, count, env.company.id],
    )
    env.cr.execute(
        """UPDATE account_move_line SET date_maturity = CURRENT_DATE - 30
        WHERE partner_id >= %s AND reconciled IS NOT TRUE""",
        [debtors.ids[0]],
    )
    env.invalidate_all()


def send_ours(env, timed, count=SENT):
    """Queue an e-mail for each of many debtors, committing some at a time.

    :return: dict, with the longest transaction as ms
    """
    owe(env, count * EACH)
    spread(env, count)
    env.company.root_id.sudo().credit_dunning_live = True
    level = env.ref("credit_control.credit_dunning_level_1")
    level.write({"by_portal": False, "attach_invoices": False})
    run = env["credit.dunning.run"].sudo().create({})
    run.action_prepare()
    run.state = "sending"
    env.cr.commit()
    total, longest, statements, done, left = 0, 0, 0, 1, 1
    while left and done:
        (done, left), spent, used = timed(lambda: _send_some(run))
        longest, total = max(longest, spent), total + spent
        statements += used
    return {
        "ms": longest,
        "total": total,
        "statements": statements,
        "rows": run.sent_count,
    }


def _send_some(run):
    found = run._work_once()
    run.env.cr.commit()
    return found


def _day(env):
    return env.cr.now().date() + timedelta(LATER)
