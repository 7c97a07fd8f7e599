# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P3, P4: what Odoo repeats after a serialization failure is decided and held once."""

import inside
import pytest


@pytest.fixture(autouse=True)
def no_waiting(registry, monkeypatch):
    """Odoo sleeps between its tries; nobody has to wait for that here."""
    from odoo.service import model

    monkeypatch.setattr(model.random, "uniform", lambda low, high: 0.0)


def run(registry, action, failures=1):
    """Run an action as a server does, with a real conflict at its first tries.

    The conflict: a row that was changed by another transaction after our snapshot.

    :return: how often the action ran
    """
    from odoo.service.model import retrying

    tries = []
    with registry.cursor() as cr:
        env = inside.environment(cr)

        def attempt():
            tries.append(action(env))
            if len(tries) <= failures:
                with registry.cursor() as other:
                    other.execute("UPDATE res_company SET write_date = write_date")
                cr.execute("UPDATE res_company SET write_date = write_date")

        retrying(attempt, env)
    return len(tries)


def count(registry, table, order):
    with registry.cursor() as cr:
        env = inside.environment(cr)
        domain = [("res_model", "=", "sale.order"), ("res_id", "=", order)]
        return env[table].search_count(domain)


def new_order(registry, limit):
    with registry.cursor() as cr:
        ((_debtor, (order,)),) = inside.new_debtors(inside.environment(cr), limit, 1)
    return order


def test_p4_repeated_confirmation_is_decided_once(registry):
    order = new_order(registry, 1000)
    tries = run(
        registry, lambda env: env["sale.order"].browse(order).action_confirm(), 3
    )
    assert tries == 4
    assert count(registry, "credit.decision", order) == 1
    assert count(registry, "credit.hold", order) == 0
    with registry.cursor() as cr:
        assert inside.environment(cr)["sale.order"].browse(order).state == "sale"


def test_p4_repeated_hold_is_one_hold(registry):
    """An import catches the hold and goes on; then the whole request is repeated."""
    from odoo.addons.credit_control.exceptions import CreditHoldError

    order = new_order(registry, 999)

    def action(env):
        with pytest.raises(CreditHoldError), env.cr.savepoint():
            env["sale.order"].browse(order).action_confirm()

    assert run(registry, action, failures=2) == 3
    assert count(registry, "credit.hold", order) == 1
    with registry.cursor() as cr:
        assert inside.environment(cr)["sale.order"].browse(order).state == "draft"


def test_p4_hold_caught_in_a_savepoint_is_recorded_at_the_commit(registry):
    from odoo.addons.credit_control.exceptions import CreditHoldError

    order = new_order(registry, 999)

    def action(env):
        with pytest.raises(CreditHoldError), env.cr.savepoint():
            env["sale.order"].browse(order).action_confirm()

    assert run(registry, action, failures=0) == 1
    assert count(registry, "credit.hold", order) == 1
    assert count(registry, "credit.decision", order) == 1
