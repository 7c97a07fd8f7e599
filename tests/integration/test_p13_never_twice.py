# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P13: no follow-up leaves twice, whatever crashes; real transactions, real SMTP."""

import itertools
from contextlib import contextmanager

import inside
import mail_server
import pytest

NUMBERS = itertools.count(1)


class Crash(BaseException):
    """The process is killed here: nobody catches it, nothing is committed."""


@pytest.fixture(scope="module")
def post(registry):
    """A mail server, as Odoo's only one, for a company that sends."""
    with mail_server.serving() as server:
        with registry.cursor() as cr:
            env = inside.environment(cr)
            env["ir.mail_server"].create(
                {"name": "loopback", "smtp_host": "127.0.0.1", "smtp_port": server.port}
            )
            env.company.root_id.write(
                {"credit_dunning_live": True, "email": "us@example.com"}
            )
        yield server


@pytest.fixture(autouse=True)
def fresh(post):
    post.accepted.clear()
    post.refused.clear()


@pytest.fixture
def notice(registry, post):
    return new_notice(registry)


def new_notice(registry, address=None):
    """Commit a prepared notice that goes out by e-mail."""
    number = next(NUMBERS)
    with registry.cursor() as cr:
        env = inside.environment(cr)
        company = env.company.root_id
        partner = env["res.partner"].create(
            {
                "name": f"Late {number}",
                "is_company": True,
                "email": address or f"late{number}@example.com",
            }
        )
        item = {"name": f"INV{number}", "amount_residual": 10, "amount_currency": 10}
        run = env["credit.dunning.run"].create({"company_id": company.id})
        notice = env["credit.dunning.notice"].create(
            {
                "run_id": run.id,
                "date": run.date,
                "profile_id": env["credit.profile"]._get_or_create(partner, company).id,
                "level_id": env.ref("credit_control.credit_dunning_level_1").id,
                "recipient_id": partner.id,
                "amount_total": 10,
                "item_ids": [(0, 0, item)],
            }
        )
        return notice.id


def hand_out(env, notice):
    """What a run does with one notice, after it has looked again."""
    record = env["credit.dunning.notice"].browse(notice)
    assert record._deliver_safely(), record.error
    record._mark_sent()
    return record.dunning_message_ids.filtered(lambda msg: msg.channel == "email")


def run_queue(registry):
    """Run Odoo's mail queue as its cron does, in a worker of its own."""
    with registry.cursor() as cr:
        inside.environment(cr)["mail.mail"].process_email_queue()


def read_email(registry, notice):
    with registry.cursor() as cr:
        env = inside.environment(cr)
        messages = env["credit.dunning.message"].search(
            [("notice_id", "=", notice), ("channel", "=", "email")]
        )
        return messages.read(["state", "error", "mail_reference"])


def test_p13_what_is_queued_leaves_once(registry, post, notice):
    with registry.cursor() as cr:
        hand_out(inside.environment(cr), notice)
    run_queue(registry)
    run_queue(registry)
    assert len(post.accepted) == 1
    (email,) = read_email(registry, notice)
    assert email["state"] == "sent"
    assert email["mail_reference"] in post.accepted[0]


def test_p13_crash_between_queueing_and_recording(registry, post, notice):
    """The queue and the record of it are one transaction: both or nothing."""
    with pytest.raises(Crash), registry.cursor() as cr:
        hand_out(inside.environment(cr), notice)
        raise Crash
    run_queue(registry)
    assert post.accepted == []
    assert read_email(registry, notice) == []
    with registry.cursor() as cr:
        hand_out(inside.environment(cr), notice)
    run_queue(registry)
    assert len(post.accepted) == 1


def crash_after_smtp(registry, monkeypatch):
    """Run the queue; the process dies when the mail server has accepted a mail."""

    def die(*_args, **_kwargs):
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(registry["mail.mail"], "_postprocess_sent_message", die)
        with pytest.raises(Crash):
            run_queue(registry)


@contextmanager
def still_owed(registry, monkeypatch):
    """The invoices of these notices are names only: let them stand when looked at again."""
    notices = registry["credit.dunning.notice"]
    nothing = lambda self: {notice: self.env["credit.reason"] for notice in self}  # noqa: E731
    with monkeypatch.context() as patch:
        patch.setattr(notices, "_recheck", nothing)
        yield


def test_p13_crash_between_smtp_and_recording(registry, post, notice, monkeypatch):
    with registry.cursor() as cr:
        message = hand_out(inside.environment(cr), notice)
        message_id, mail = message.id, message.mail_mail_id.id
    crash_after_smtp(registry, monkeypatch)
    assert len(post.accepted) == 1
    with registry.cursor() as cr:
        # Odoo's own record says that it has not left: alone it would send it again.
        assert inside.environment(cr)["mail.mail"].browse(mail).state == "outgoing"
    run_queue(registry)
    assert len(post.accepted) == 1
    (email,) = read_email(registry, notice)
    assert email["state"] == "failed"
    assert "may have left" in email["error"]
    with registry.cursor() as cr, still_owed(registry, monkeypatch):
        env = inside.environment(cr)
        env["credit.dunning.message"].browse(message_id).action_retry()
    run_queue(registry)
    assert len(post.accepted) == 2
    assert read_email(registry, notice)[0]["state"] == "sent"


def test_p13_two_workers_with_the_same_mail(registry, post, notice):
    """The second one sees the mail as waiting, because the first has not committed."""
    with registry.cursor() as cr:
        mail = hand_out(inside.environment(cr), notice).mail_mail_id.id
    with registry.cursor() as first, registry.cursor() as second:
        one = inside.environment(first)["mail.mail"].browse(mail)
        other = inside.environment(second)["mail.mail"].browse(mail)
        assert (one.state, other.state) == ("outgoing", "outgoing")
        one.send()
        message = other._get_dunning_message()
        assert not other.env["credit.dunning.handover"]._claim(message)
        second.rollback()
    assert len(post.accepted) == 1
    assert read_email(registry, notice)[0]["state"] == "sent"


def test_p13_refused_address_is_reported_the_rest_goes_out(registry, post):
    post.refused.add("nobody@example.com")
    bad, good = new_notice(registry, "nobody@example.com"), new_notice(registry)
    with registry.cursor() as cr:
        for notice in (bad, good):
            hand_out(inside.environment(cr), notice)
    run_queue(registry)
    assert len(post.accepted) == 1
    (refused,), (sent,) = read_email(registry, bad), read_email(registry, good)
    assert (refused["state"], sent["state"]) == ("failed", "sent")
    assert "550" in refused["error"] or "no such mailbox" in refused["error"]
    with registry.cursor() as cr:
        notices = inside.environment(cr)["credit.dunning.notice"].browse([bad, good])
        assert notices.mapped("state") == ["failed", "sent"]
