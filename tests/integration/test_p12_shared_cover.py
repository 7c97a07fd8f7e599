# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P12, no race: one cover of several customer files is never given away twice.

Two transactions move it at once, in every order of their steps (begin, move, end) and
with every mix of commit and rollback. Whoever would have to wait for the other one gives
up and tries again, as Odoo does; in the end the files together have exactly the cover.
"""

import contextlib
import itertools
import random
from decimal import Decimal

import inside
import psycopg2
import pytest

BEGIN, MOVE, END = range(3)
GRANTED = 100_000
# Odoo tries these again.
AGAIN = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.LockNotAvailable,
    psycopg2.errors.DeadlockDetected,
)


@pytest.fixture(scope="module")
def insured(installed):
    """Odoo in this process, with insurance."""
    with installed("credit_insurance_link", "cover") as registry:
        yield registry


class Entity:
    """A legal entity with three customer files that share one cover."""

    numbers = itertools.count(10_000_000)

    def __init__(self, registry, told="live"):
        from stdnum import luhn

        number = str(next(self.numbers))
        self.registry, self.name = registry, f"Entity {number}"
        self.siren = number + luhn.calc_check_digit(number)
        with self.begun() as env:
            self.files = [self.new_file(env) for _file in range(3)]
            self.policy = self.new_policy(env)
            self.buyer = self.new_buyer(env)
            self.orders = {file: self.new_order(env, file) for file in self.files}
            if told:
                self.tell(env, GRANTED)
            if told == "no lines":
                self.drop_lines(env)

    @contextlib.contextmanager
    def begun(self):
        with self.registry.cursor() as cr:
            yield inside.environment(cr)

    def new_file(self, env):
        values = {"name": self.name, "is_company": True}
        values |= {"country_id": env.ref("base.fr").id, "company_registry": self.siren}
        return env["res.partner"].create(values).id

    def new_policy(self, env):
        insurer = env["credit.insurer"].create({"name": self.name, "code": self.name})
        values = {"insurer_id": insurer.id, "policy_number": "1", "state": "live"}
        return env["credit.insurance.policy"].create(values).id

    def new_buyer(self, env):
        policy = env["credit.insurance.policy"].browse(self.policy)
        buyer = env["credit.insurer.buyer"].create(
            {
                "name": self.name,
                "insurer_id": policy.insurer_id.id,
                "insurer_buyer_id": self.name,
            }
        )
        buyer.confirm_match(self.files[0])
        return buyer.id

    def new_order(self, env, file):
        return env["sale.order"].create({"partner_id": file}).id

    def tell(self, env, amount, version="1"):
        from odoo.addons.credit_insurance_link.insurers.facts import DecisionFact

        policy = env["credit.insurance.policy"].browse(self.policy)
        fact = DecisionFact(
            external_id="C",
            version=version,
            policy_number="1",
            buyer_external_id=self.name,
            outcome="granted",
            amount=Decimal(amount),
            currency=policy.currency_id.name,
            decided_at=env.company._credit_today(),
        )
        [answer] = env["credit.cover.decision"]._ingest(policy, [fact], "api")
        assert answer["status"] in ("new", "duplicate"), answer

    def drop_lines(self, env):
        """As after a policy that was not in force: what is granted has no lines yet."""
        policy = env["credit.insurance.policy"].browse(self.policy)
        policy.state = "suspended"
        env.cr.execute(
            "UPDATE credit_insurance_policy SET state = 'live' WHERE id = %s",
            [self.policy],
        )

    def given(self):
        """(What the files have together, what the insurer granted), as committed."""
        with self.begun() as env:
            lines = env["credit.line"].search(
                [("cover_buyer_id", "=", self.buyer), ("in_force", "=", "now")]
            )
            layers = env["credit.cover.layer"].search([("buyer_id", "=", self.buyer)])
            return sum(lines.mapped("amount")), sum(layers.mapped("amount"))


# === WHAT A TRANSACTION DOES === #


def owe(place, amount=80_000):
    """One file owes more, and the cover moves to it."""

    def move(entity, env):
        file = entity.files[place]
        env.cr.execute(
            "UPDATE sale_order SET state = 'sale', credit_open_company = %s"
            " WHERE id = %s",
            [amount, entity.orders[file]],
        )
        env["credit.insurer.buyer"].browse(entity.buyer)._follow_cover()

    return move


def decide(amount, version):
    """The insurer decides anew."""

    def move(entity, env):
        entity.tell(env, amount, version)

    return move


def join(entity, env):
    """A file of the same legal entity is opened, and takes part at once."""
    file = entity.new_file(env)
    entity.orders[file] = entity.new_order(env, file)
    entity.files = [*entity.files, file]
    owe(len(entity.files) - 1)(entity, env)


def follow(entity, env):
    """Lines are brought in step, whoever asked for it."""
    env["credit.insurer.buyer"].browse(entity.buyer)._follow_cover()


class Session:
    """One transaction; it gives up where it would have to wait."""

    def __init__(self, entity, move):
        self.entity, self.move, self.cr, self.failed = entity, move, None, False

    def step(self, number, commit):
        if number == BEGIN:
            self.failed = False
            self.cr = self.entity.registry.cursor()
            self.cr.execute("SET LOCAL lock_timeout = '200ms'")
            self.cr.execute("SELECT 1 FROM credit_line LIMIT 1")  # the snapshot
        elif number == MOVE:
            self.act()
        elif self.failed or not commit:
            self.cr.close()
        else:
            self.commit()

    def act(self):
        try:
            self.move(self.entity, inside.environment(self.cr))
            self.cr.flush()
        except AGAIN:
            self.failed = True
            self.cr.rollback()

    def commit(self):
        try:
            self.cr.commit()
        except AGAIN:
            self.failed = True
        self.cr.close()


def play(entity, moves, order, commits):
    """Run the steps in an order; then what failed is done again, alone."""
    sessions = [Session(entity, move) for move in moves]
    steps = [0, 0]
    for number in order:
        sessions[number].step(steps[number], commits[number])
        steps[number] += 1
        if steps[number] > END:
            given, granted = entity.given()
            assert given <= granted, (order, commits)
    pairs = list(zip(sessions, commits, strict=True))
    for session, commit in pairs:
        if session.failed and commit:
            for number in (BEGIN, MOVE, END):
                session.step(number, True)
    assert not any(session.failed and commit for session, commit in pairs)
    given, granted = entity.given()
    assert given == granted if any(commits) else given <= granted, (order, commits)


ORDERS = sorted(set(itertools.permutations([0, 0, 0, 1, 1, 1])))
ENDS = list(itertools.product((True, False), repeat=2))
CASES = {
    "both move it": ("live", owe(1), owe(2)),
    "moved while it is cut": ("live", owe(1), decide(30_000, "2")),
    "moved while it grows": ("live", owe(2), decide(150_000, "2")),
    "two new files": ("live", join, join),
    "both make the lines": ("no lines", follow, owe(1)),
    "two first decisions": ("", decide(GRANTED, "1"), decide(40_000, "2")),
}


@pytest.mark.parametrize("case", CASES)
def test_p12_shared_cover_is_never_given_twice(insured, case):
    told, *moves = CASES[case]
    chance = random.Random(case)
    # Which one of two that do the same begins does not matter; the first order is serial.
    orders = ORDERS[1:10] if moves[0] == moves[1] else ORDERS[1:-1]
    runs = [(order, (True, True)) for order in chance.sample(orders, 6)]
    runs += [(chance.choice(orders), commits) for commits in ENDS[1:3]]
    for order, commits in runs:
        play(Entity(insured, told), moves, order, commits)
