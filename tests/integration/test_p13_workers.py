# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Several workers send one run: each message is handed out once, whatever crashes."""

from contextlib import contextmanager
from unittest.mock import patch

import inside
import psycopg2
import pytest

DEBTORS = 4


@pytest.fixture
def run_id(registry):
    """A run that is being sent, with one notice for each of some debtors."""
    with registry.cursor() as cr:
        env = inside.environment(cr)
        company = env.company
        company.credit_dunning_live = True
        run = env["credit.dunning.run"].create({"state": "sending"})
        level = env.ref("credit_control.credit_dunning_level_1")
        for number in range(DEBTORS):
            debtor = env["res.partner"].create(
                {"name": f"Late {number}", "is_company": True}
            )
            profile = env["credit.profile"]._get_or_create(debtor, company)
            env["credit.dunning.notice"].create(
                {
                    "run_id": run.id,
                    "date": run.date,
                    "profile_id": profile.id,
                    "level_id": level.id,
                    "rank": level.rank,
                }
            )
        return run.id


@pytest.fixture
def delivered(registry):
    """The notices that were handed out, in this order; nothing is looked at again."""
    found = []
    notices = registry["credit.dunning.notice"]
    nothing = lambda self: {notice: self.env["credit.reason"] for notice in self}  # noqa: E731
    with (
        patch.object(notices, "_recheck", nothing),
        patch.object(notices, "_deliver", lambda notice: found.append(notice.id)),
    ):
        yield found


@contextmanager
def worker(registry, run_id):
    """The run as one worker sees it, in a transaction of its own."""
    with registry.cursor() as cr:
        cr.execute("SET LOCAL lock_timeout = '5s'")
        yield inside.environment(cr)["credit.dunning.run"].browse(run_id)
        cr.rollback()


def claim(run, limit):
    return set(run.env["credit.dunning.notice"]._claim(run, limit).ids)


def test_two_workers_take_different_notices_and_nobody_waits(registry, run_id):
    with worker(registry, run_id) as first, worker(registry, run_id) as second:
        taken = claim(first, 3)
        others = claim(second, 10)
        assert (len(taken), len(others)) == (3, 1)
        assert not taken & others


def test_what_a_crash_leaves_is_taken_again(registry, run_id):
    with worker(registry, run_id) as crashed:
        taken = claim(crashed, 2)
        crashed._work_once(1)
    with worker(registry, run_id) as next_one:
        assert taken <= claim(next_one, 10)


def test_each_is_handed_out_once(registry, run_id, delivered):
    with worker(registry, run_id) as late:
        assert late.state == "sending"
        with worker(registry, run_id) as first:
            assert first._work_once(2) == (2, 2)
            first.env.cr.commit()
        with pytest.raises(psycopg2.errors.SerializationFailure):
            late._work_once(10)
    with worker(registry, run_id) as again:
        assert again._work_once(10) == (2, 0)
        assert again.state == "done"
        again.env.cr.commit()
    with worker(registry, run_id) as idle:
        assert not claim(idle, 10)
    assert len(delivered) == len(set(delivered)) == DEBTORS
