# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two losses of a programme that are claimed at once are not both its first."""

import inside
import psycopg2
import pytest

GRANTED = 5000


@pytest.fixture(scope="module")
def sponsored(installed):
    """Odoo in this process, with vendors' programmes."""
    with installed("vendor_credit_lines", "sponsored") as registry:
        yield registry


@pytest.fixture
def losses(sponsored):
    """Two claims of 500; the sponsor bears the first tenth of 10,000, then a half."""
    with sponsored.cursor() as cr:
        env = inside.environment(cr)
        sponsor = env["res.partner"].create(
            {"name": "Sponsor", "is_company": True, "email": "sponsor@example.com"}
        )
        programme = env["credit.programme"].create(
            {
                "name": "Licences",
                "sponsor_id": sponsor.id,
                "amount": GRANTED,
                "first_loss_percent": 5,
                "sponsor_percent": 50,
                "date_to": env.company._credit_today(),
            }
        )
        programme.action_submit()
        programme.with_user(env.ref("base.user_admin")).action_approve()
        debtors = inside.new_debtors(env, 100, 0, count=2)
        partners = env["res.partner"].browse([debtor for debtor, _orders in debtors])
        env["credit.grant"]._give(programme, partners)
        rows = [{"grant_id": grant.id, "amount": 500} for grant in programme.grant_ids]
        return env["credit.programme.claim"].create(rows).ids


def test_two_losses_claimed_at_once_are_not_both_the_first(sponsored, losses):
    first, second = losses
    with sponsored.cursor() as one, sponsored.cursor() as other:
        for cr in (one, other):
            cr.execute("SELECT 1 FROM credit_programme LIMIT 1")  # the snapshot
        send(one, first)
        one.commit()
        # Odoo plays it again.
        with pytest.raises(psycopg2.errors.SerializationFailure):
            send(other, second)
        other.rollback()
        assert send(other, second) == (500, 0, 250)
    with sponsored.cursor() as cr:
        assert shares(cr, first) == (0, 500, 500)
        assert mails(cr, losses) == {first: 1, second: 1}


def test_nobody_waits_for_the_programme_while_a_claim_is_printed(
    sponsored, losses, monkeypatch
):
    claims, seen = sponsored["credit.programme.claim"], []
    own = claims._print

    def look(claim, *args):
        with sponsored.cursor() as cr:
            cr.execute(
                "SELECT 1 FROM credit_programme WHERE id = %s FOR NO KEY UPDATE NOWAIT",
                [claim.programme_id.id],
            )
            seen.append(cr.rowcount)
        return own(claim, *args)

    monkeypatch.setattr(claims, "_print", look)
    with sponsored.cursor() as cr:
        send(cr, losses[0])
    assert seen == [1]


def send(cr, number):
    inside.environment(cr)["credit.programme.claim"].browse(number).action_send()
    return shares(cr, number)


def mails(cr, numbers):
    """How many mails hold the file of each claim."""
    claims = inside.environment(cr)["credit.programme.claim"].browse(numbers)
    sent = claims.env["mail.mail"].search([("model", "=", claims._name)])
    return {
        claim.id: len(sent.filtered(lambda m, c=claim: m.attachment_ids == c.file_id))
        for claim in claims
    }


def shares(cr, number):
    """(Lost before, of it as first loss, the sponsor's share)."""
    claim = inside.environment(cr)["credit.programme.claim"].browse(number)
    return claim.earlier_amount, claim.first_amount, claim.sponsor_amount
