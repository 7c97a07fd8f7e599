# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Of two people who answer a hold at once exactly one does; the other is told."""

from contextlib import contextmanager

import inside
import psycopg2
import pytest


@pytest.fixture
def hold_id(registry):
    """A hold that a refused confirmation left behind."""
    from odoo.addons.credit_control.exceptions import CreditHoldError

    with registry.cursor() as cr:
        env = inside.environment(cr)
        [(_debtor, [order_id])] = inside.new_debtors(env, 400, 1)
    with registry.cursor() as cr:
        order = inside.environment(cr)["sale.order"].browse(order_id)
        with pytest.raises(CreditHoldError):
            order.action_confirm()
        cr.rollback()
    with registry.cursor() as cr:
        hold = inside.environment(cr)["credit.hold"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order_id)]
        )
        assert hold.state == "open"
        return hold.id


@contextmanager
def manager(registry, hold_id):
    """The hold as a manager sees it, in a transaction of its own."""
    with registry.cursor() as cr:
        env = inside.environment(cr)
        user = env.ref("base.user_admin")
        hold = env(user=user.id)["credit.hold"].browse(hold_id)
        # His transaction begins: he sees the hold as it is now.
        assert hold.state == "open"
        yield hold
        cr.rollback()


def test_while_another_answers_he_is_told_at_once(registry, hold_id):
    from odoo.exceptions import UserError

    with manager(registry, hold_id) as first, manager(registry, hold_id) as second:
        first.release()
        with pytest.raises(UserError, match="right now"):
            second.reject()


def test_who_comes_after_the_answer_starts_again_and_sees_it(registry, hold_id):
    from odoo.exceptions import UserError

    with manager(registry, hold_id) as second:
        with manager(registry, hold_id) as first:
            first.release()
            first.env.cr.commit()
        with pytest.raises(psycopg2.errors.SerializationFailure):
            second.reject()
    with registry.cursor() as cr:
        env = inside.environment(cr)
        hold = env(user=env.ref("base.user_admin").id)["credit.hold"].browse(hold_id)
        with pytest.raises(UserError, match="answered already"):
            hold.reject()
        assert hold.state == "released"
