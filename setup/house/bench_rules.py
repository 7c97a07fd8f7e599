# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What twenty active rules cost, compared with the one that every policy starts with."""

from .bench_fill import TURNS_TO_WARM

RULES = 20
STATEMENTS = 3  # the goal: so many more than with one rule
TURNS = 7


def many_rules(env, timed, label="few"):
    """Confirm copies of one quotation, first with one rule, then with twenty.

    Nothing is committed. The rules only inform, so that each of them is measured.

    :param timed: runs an action and returns (result, milliseconds, statements)
    :return: dict, number of rules -> list of measures
    """
    order = env["sale.order"].search([("client_order_ref", "=", label)], limit=1)
    policy = order.company_id._get_credit_policy()
    rules = policy.rule_ids
    (rules - rules.filtered(lambda rule: rule.kind == "uncovered")).active = False
    found = {_count(policy): _confirm(order, timed)}
    rules.active = True
    kinds = rules._fields["kind"].get_values(env)
    fresh = [kind for kind in kinds if kind not in rules.mapped("kind")]
    env["credit.rule"].create(
        [
            {"policy_id": policy.id, "kind": kind, "effect": "inform"}
            for kind in fresh[: RULES - len(rules)]
        ]
    )
    policy.invalidate_recordset()
    policy.rule_ids.effect = "inform"
    found[_count(policy)] = _confirm(order, timed)
    return found


def _count(policy):
    return len(policy.rule_ids.filtered("active"))


def _confirm(order, timed):
    measures = []
    for turn in range(TURNS + TURNS_TO_WARM):
        copy = order.copy()
        order.env.flush_all()
        order.env.invalidate_all()
        _result, spent, statements = timed(copy.action_confirm)
        if turn >= TURNS_TO_WARM:
            measures.append({"ms": spent, "statements": statements})
    return measures
