# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random

from odoo.tests import TransactionCase, tagged

from ..engine import (
    FIRST,
    GIVEN,
    LEFT_OUT,
    PRO_RATA,
    QUEUE,
    QUEUED,
    Pot,
    Wish,
    share,
    weigh,
)


@tagged("post_install", "-at_install")
class TestPot(TransactionCase):
    """The arithmetic of a pot: never a cent more than it holds."""

    def _wishes(self, *amounts, segment=0):
        return [Wish(key, amount, segment) for key, amount in enumerate(amounts, 1)]

    def _outcomes(self, answers):
        return [(answer.outcome, answer.amount) for answer in answers]

    def test_first_come_leaves_out_what_does_not_fit(self):
        answers = share(self._wishes(60, 50, 40), Pot(100), FIRST)
        self.assertEqual(
            self._outcomes(answers), [(GIVEN, 60), (LEFT_OUT, 0), (GIVEN, 40)]
        )

    def test_who_queues_is_not_overtaken(self):
        answers = share(self._wishes(60, 50, 40), Pot(100), QUEUE)
        self.assertEqual(
            self._outcomes(answers), [(GIVEN, 60), (QUEUED, 50), (QUEUED, 40)]
        )

    def test_shares_fill_the_pot_and_never_exceed_it(self):
        wishes = self._wishes(70, 70, 70)
        pot = Pot(100)
        pot.ratio = weigh(wishes, pot)
        amounts = [answer.amount for answer in share(wishes, pot, PRO_RATA)]
        self.assertEqual(amounts, [33, 33, 33])

    def test_a_segment_has_a_cap_of_its_own(self):
        wishes = [Wish(1, 60, 7), Wish(2, 60, 7), Wish(3, 60, 8)]
        answers = share(wishes, Pot(None, {7: 100}), FIRST)
        self.assertEqual(
            [answer.outcome for answer in answers], [GIVEN, LEFT_OUT, GIVEN]
        )

    def test_a_pot_that_was_cut_gives_nothing(self):
        for full in (FIRST, PRO_RATA):
            with self.subTest(full):
                (answer,) = share(self._wishes(1), Pot(100, given={0: 150}), full)
                self.assertEqual(answer.reason, "pot_full")

    def test_random_wishes_never_exceed_pot_or_caps(self):
        chance = random.Random(4)
        for _round in range(300):
            wishes = [
                Wish(key, chance.randrange(0, 900), chance.randrange(3))
                for key in range(40)
            ]
            caps = {0: chance.randrange(5000), 1: chance.randrange(5000)}
            pot = Pot(chance.randrange(9000), dict(caps))
            full = chance.choice((FIRST, PRO_RATA, QUEUE))
            pot.ratio = weigh(wishes, pot) if full == PRO_RATA else (1, 1)
            given = {}
            for wish, answer in zip(wishes, share(wishes, pot, full), strict=True):
                if answer.outcome == GIVEN:
                    given[wish.segment] = given.get(wish.segment, 0) + answer.amount
            self.assertLessEqual(sum(given.values()), pot.total)
            for segment, cap in caps.items():
                self.assertLessEqual(given.get(segment, 0), cap)
