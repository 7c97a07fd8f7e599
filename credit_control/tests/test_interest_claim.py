# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_interest import InterestCommon

UNTIL = date(2025, 6, 30)


@tagged("post_install", "-at_install")
class TestInterestClaim(InterestCommon):
    """Late interest is proposed, then claimed or waived, and never twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_interest_journal_id = cls.env["account.journal"].create(
            {"name": "Late interest", "code": "LINT", "type": "sale"}
        )
        cls.accountant = cls._new_user("credit_acc", "account.group_account_invoice")
        cls.Claim = cls.env["credit.interest.claim"]
        cls.move = cls._late_invoice(10_000)

    @classmethod
    def _propose(cls, until=UNTIL, moves=None, **options):
        items = cls._get_item(moves or cls.move).ids
        return cls.Claim._propose(cls.company, items, until, **options)

    def _as(self, claim, user):
        return claim.with_user(user)

    def test_a_claim_is_booked_without_taxes(self):
        claim = self._propose()
        self.assertEqual((claim.interest, claim.indemnity), (165.73, 40.0))
        self._as(claim, self.accountant).action_claim()
        move = claim.move_id
        self.assertEqual((move.state, move.move_type), ("posted", "out_invoice"))
        self.assertEqual(move.amount_total, 205.73)
        self.assertFalse(move.line_ids.tax_ids)
        self.assertEqual(move.journal_id, self.company.credit_interest_journal_id)
        self.assertIn("46", move.invoice_line_ids[0].name)

    def test_what_was_claimed_is_not_claimed_again(self):
        self._propose()._book()
        again = self._propose(date(2025, 7, 10))
        # 165.7260 for May and June, 33.2877 for July: 199.01 in all, rounded once.
        self.assertEqual((again.interest, again.indemnity), (33.28, 0.0))
        self.assertFalse(self._propose(UNTIL))

    def test_interest_bears_no_interest(self):
        claim = self._propose()
        claim._book()
        self.assertEqual(self._get_interest(claim.move_id, date(2030, 1, 1)), 0)

    def test_a_cancelled_debit_note_claims_nothing(self):
        claim = self._propose()
        claim._book()
        claim.move_id.button_draft()
        claim.move_id.button_cancel()
        self.assertEqual(self._propose().amount, 205.73)

    def test_waived_interest_is_not_proposed_again(self):
        claim = self._propose()
        analyst = self._as(claim, self.analyst)
        with self.assertRaises(UserError):
            analyst.waive("  ")
        analyst.waive("Goodwill")
        self.assertEqual((claim.state, claim.reason), ("waived", "Goodwill"))
        self.assertFalse(self._propose())

    def test_a_booked_claim_is_reversed_by_a_credit_note(self):
        claim = self._propose()
        claim._book()
        with self.assertRaises(AccessError):
            self._as(claim, self.analyst).waive("Not mine to reverse")
        self._as(claim, self.accountant).waive("Our mistake")
        self.assertEqual(claim.state, "reversed")
        self.assertEqual(claim.reversal_id.move_type, "out_refund")
        self.assertEqual(claim.move_id.payment_state, "reversed")
        self.assertFalse(self._propose())

    def test_invoices_paid_late_are_final(self):
        self._settle(self.move, 10_000, date(2025, 5, 25))
        items = self.Claim._get_late_items(self.company, date(2025, 5, 1), UNTIL)
        self.assertIn(self._get_item(self.move).id, items)
        claim = self._propose()
        self.assertTrue(claim.is_final)
        self.assertEqual(claim.interest, 36.03)
        late = self.Claim._get_late_items(self.company, date(2025, 6, 1), UNTIL)
        self.assertNotIn(self._get_item(self.move).id, late)

    def test_a_new_proposal_takes_the_place_of_the_old_one(self):
        old = self._propose()
        new = self._propose(indemnity=False)
        self.assertFalse(old.exists())
        self.assertEqual(new.amount, 165.73)
        self.assertFalse(self._propose(minimum=500))

    def test_only_accountants_claim_and_nobody_writes(self):
        claim = self._propose()
        for user in (self.viewer, self.analyst, self.salesman):
            with self.assertRaises(AccessError):
                self._as(claim, user).action_claim()
        for user in (self.manager, self.accountant):
            with self.assertRaises(AccessError):
                self._as(claim, user).write({"state": "claimed"})
        with self.assertRaises(AccessError):
            self._as(claim, self.viewer).waive("No")

    def test_a_claim_is_booked_once(self):
        claim = self._propose()
        accountant = self._as(claim, self.accountant)
        accountant.action_claim()
        with self.assertRaises(UserError):
            accountant.action_claim()

    def test_without_a_journal_the_setting_is_named(self):
        self.company.credit_interest_journal_id = False
        with self.assertRaisesRegex(UserError, "journal of late interest"):
            self._propose()._book()

    def test_p5_a_claim_is_never_held_but_goods_under_its_cover_are(self):
        self.policy.rule_ids.checkpoint_ids = [Command.clear()]
        self._give_line(100)
        claim = self._propose()
        claim._book()
        self.assertEqual(claim.move_id.state, "posted")
        claim.move_id.button_draft()
        claim.move_id.invoice_line_ids[0].price_unit += 5_000
        with self.assertRaises(UserError):
            claim.move_id.action_post()

    def _new_notice(self, move, kind="reminder", **values):
        level = self.env["credit.dunning.level"].search([("kind", "=", kind)], limit=1)
        level.write(values)
        item = self._get_item(move)
        run = self.env["credit.dunning.run"].create({"company_id": self.company.id})
        profile = self.env["credit.profile"]._get_or_create(
            move.partner_id, self.company
        )
        notices = self.env["credit.dunning.notice"].sudo()
        return notices.create(
            {
                "run_id": run.id,
                "profile_id": profile.id,
                "level_id": level.id,
                "date": UNTIL,
                "item_ids": [Command.create({"move_line_id": item.id})],
            }
        )

    def test_a_reminder_that_claims_is_booked_when_it_is_sent(self):
        notice = self._new_notice(self.move, interest="claim", indemnity="announce")
        notice._mark_sent()
        claim = self.Claim.search([("notice_id", "=", notice.id)])
        self.assertEqual((claim.state, claim.interest), ("claimed", 165.73))
        self.assertEqual((claim.indemnity, claim.move_id.state), (0.0, "posted"))

    def test_letter_notice_and_booking_are_one_amount(self):
        """Interest, indemnity and fee; what was claimed before is taken off in all three."""
        self._propose(date(2025, 6, 10))._book()
        self.debtor.write({"street": "1 rue du Port", "city": "Lyon"})
        notice = self._new_notice(
            self.move, "formal_notice", interest="claim", indemnity="claim"
        )
        item = notice.item_ids
        item.write(
            {"kind": "step", "amount_residual": 10_000, "amount_currency": 10_000}
        )
        notice.write({"amount_total": 10_000, "fee_amount": 12.5, "days_late": 46})
        notice._set_claims()
        # 165.73 until 30 June, of which 93.67 were claimed until 10 June, and the 40 €.
        self.assertEqual((notice.interest_amount, notice.indemnity_amount), (72.06, 0))
        self.assertEqual(notice.amount_claimed, 10_084.56)
        values = notice._in_language()._get_letter_values()
        shown = [claim["amount"] for claim in values["claims"]]
        self.assertEqual([amount[:5] for amount in shown], ["72.06", "12.50"])
        self.assertIn("10,084.56", values["grand_total"])
        parts = [float(part["amount"].replace(",", "")) for part in values["slices"]]
        self.assertAlmostEqual(sum(parts), 72.056)
        notice._mark_sent()
        claim = self.Claim.search([("notice_id", "=", notice.id)])
        self.assertEqual((claim.interest, claim.fee), (72.06, 12.5))
        self.assertEqual(claim.move_id.amount_total, 84.56)
        self.assertIn("93.67", claim.line_ids.computation)

    def test_a_fee_alone_is_booked_too(self):
        notice = self._new_notice(self.move, interest="none", indemnity="none")
        notice.fee_amount = 12.5
        notice._mark_sent()
        claim = self.Claim.search([("notice_id", "=", notice.id)])
        self.assertEqual((claim.amount, claim.move_id.amount_total), (12.5, 12.5))
        self.assertFalse(claim.move_id.line_ids.tax_ids)

    def test_a_fee_that_is_announced_only_is_told_and_not_booked(self):
        notice = self._new_notice(
            self.move, interest="none", indemnity="none", fee="announce"
        )
        notice.write({"amount_total": 100, "fee_amount": 12.5})
        self.assertEqual(notice.amount_claimed, 100)
        (fee,) = notice._in_language()._get_claims()
        self.assertEqual(fee["claimed"], 0)
        self.assertIn("not asked for yet", fee["text"])
        notice._mark_sent()
        self.assertFalse(self.Claim.search([("notice_id", "=", notice.id)]))

    def test_p13_what_was_claimed_since_the_dry_run_is_not_asked_for_again(self):
        notice = self._prepared_notice()
        shown = notice.interest_amount
        self.assertGreater(shown, 0)
        self._propose(notice.date)._book()
        self.assertFalse(notice._recheck()[notice])
        self.assertEqual((notice.interest_amount, notice.indemnity_amount), (0, 0))

    def test_a_missing_rate_fails_its_own_notice_only(self):
        strangers = self.env["res.partner"].create(
            [{"name": f"{number}", "is_company": True} for number in range(4)]
        )
        profiles = self.env["credit.profile"].create(
            [{"partner_id": stranger.id} for stranger in strangers]
        )
        profiles.interest_country_id = self.env.ref("base.es")
        profiles.write({"interest_mode": "contractual", "interest_rate": 12})
        profiles[1].write(
            {
                "interest_mode": "statutory",
                "interest_country_id": self.env.ref("base.it"),
            }
        )
        for stranger in strangers:
            self._late_invoice(500, partner=stranger)
        source = type(self.env["credit.interest"])
        worked = source._get_interest
        with patch.object(
            source, "_get_interest", autospec=True, side_effect=worked
        ) as asked:
            run = self._prepared_notice().run_id.sudo()
        self.assertEqual(asked.call_count, 1)
        failed = run.notice_ids.filtered(lambda notice: notice.state == "failed")
        self.assertEqual(failed.profile_id, profiles[1])
        self.assertIn("Italy", failed.error)
        others = run.notice_ids - failed
        self.assertEqual(len(others), 4)
        self.assertTrue(all(notice.interest_amount > 0 for notice in others))

    def test_p13_a_claim_that_grew_since_the_dry_run_waits_for_the_next_one(self):
        notice = self._prepared_notice()
        self.assertFalse(notice._recheck()[notice])
        self.profile.interest_rate = 15
        self.assertEqual(notice._recheck()[notice].code, "dunning_changed")

    def test_p13_a_payment_does_not_hide_that_a_claim_grew(self):
        notice = self._prepared_notice()
        self._settle(self.move, 100, self.company._credit_today())
        self.profile.interest_rate = 15
        self.assertEqual(notice._recheck()[notice].code, "dunning_changed")

    def test_p13_a_message_that_goes_out_again_claims_nothing_anew(self):
        """What it claimed stays as it was told, and is booked once, fee included."""
        notice = self._sent_notice()
        told, claims = notice.amount_claimed, self._claims_of(notice)
        self.assertEqual(claims.fee, 12.5)
        self.assertAlmostEqual(claims.amount, told - 10_000)
        message = notice.dunning_message_ids
        for again in (message.action_retry, notice.run_id.action_retry):
            message._mark_failed("away")
            self.assertEqual(notice.state, "failed")
            again()
            self.assertEqual((message.state, notice.state), ("sent", "sent"))
            self.assertEqual(self._claims_of(notice), claims)
            self.assertEqual(notice.amount_claimed, told)

    def test_p13_what_was_waived_since_is_not_asked_for_again(self):
        notice = self._sent_notice()
        self._claims_of(notice).waive("A gesture")
        message = notice.dunning_message_ids
        message._mark_failed("away")
        message.action_retry()
        self.assertEqual((message.state, notice.state), ("cancelled", "skipped"))
        self.assertEqual(notice.reason_id.code, "dunning_changed")

    def _claims_of(self, notice):
        return self.Claim.search([("notice_id", "=", notice.id)])

    def _sent_notice(self):
        """A reminder that claimed interest, indemnity and a fee."""
        self.company.credit_dunning_live = True
        notice = self._prepared_notice(fee_amount=12.5)
        notice.run_id.action_send()
        return notice

    def _prepared_notice(self, **values):
        """A reminder of today on the portal, at a rate that no table needs to know."""
        level = self.env["credit.dunning.level"].create(
            {
                "plan_id": self.env["credit.dunning.plan"].create({"name": "P"}).id,
                "name": "Claim",
                "delay": 10,
                "interest": "claim",
                "indemnity": "claim",
                "by_email": False,
                "by_portal": True,
                **values,
            }
        )
        self.company._get_credit_policy().dunning_plan_id = level.plan_id
        self.profile.write(
            {
                "interest_mode": "contractual",
                "interest_rate": 12,
                "interest_country_id": self.env.ref("base.es").id,
            }
        )
        run = self.env["credit.dunning.run"].create({"company_id": self.company.id})
        run.action_prepare()
        return run.sudo().notice_ids.filtered(
            lambda notice: notice.partner_id == self.debtor
        )

    def test_proposals_about_other_items_stay(self):
        other = self._late_invoice(500)
        mine, theirs = self._propose(), self._propose(moves=other)
        self.assertTrue(mine.exists())
        both = self._propose(moves=self.move | other)
        self.assertEqual((mine | theirs).exists(), self.Claim)
        self.assertEqual(len(both.line_ids), 2)

    def test_the_law_is_quoted_that_applies(self):
        claim = self._propose()
        self.assertIn("L441-10", claim._get_legal_note())
        self.debtor.is_company = False
        self.assertIn("1231-6", claim._get_legal_note())
        self.assertNotIn("L441-10", claim._get_legal_note())
        self.debtor.vat = "FR23334175221"
        self.assertIn("L441-10", claim._get_legal_note())
        self.profile.interest_country_id = self.env.ref("base.es")
        self.assertNotIn("L441-10", claim._get_legal_note())

    def test_a_reminder_that_announces_books_nothing(self):
        notice = self._new_notice(self.move, interest="announce", indemnity="none")
        notice._mark_sent()
        self.assertFalse(self.Claim.search([("partner_id", "=", self.debtor.id)]))

    def test_what_cannot_be_booked_stays_proposed_and_the_reminder_sent(self):
        self.company.credit_interest_journal_id = False
        notice = self._new_notice(self.move, interest="claim")
        notice._mark_sent()
        claim = self.Claim.search([("notice_id", "=", notice.id)])
        self.assertEqual((claim.state, notice.state), ("proposed", "sent"))

    def test_consumers_owe_the_legal_rate_from_a_formal_notice_on(self):
        person = self.env["res.partner"].create({"name": "Consumer"})
        move = self._late_invoice(1_000, partner=person)
        self.assertEqual(self._get_interest(move, date(2025, 7, 11)), 0)
        notice = self._new_notice(move, "formal_notice", interest="none")
        notice.write({"state": "sent", "date_sent": "2025-07-01 10:00:00"})
        # 1,000 for ten days at 2.76 %: not the rate of creditors who are private persons,
        # not the threefold floor of contracts.
        self.assertEqual(self._get_interest(move, date(2025, 7, 11)), 0.76)

    def test_consumers_owe_the_rate_that_their_law_has_for_them(self):
        germany = self.env.ref("base.de")
        self.env["credit.interest.rate"].create(
            {
                "country_id": germany.id,
                "kind": "legal_individual",
                "date_from": "2025-07-01",
                "rate": 1.27,
                "points": 5,
            }
        )
        self.company.account_fiscal_country_id = germany
        person = self.env["res.partner"].create({"name": "Verbraucher"})
        move = self._late_invoice(1_000, partner=person)
        notice = self._new_notice(move, "formal_notice", interest="none")
        notice.write({"state": "sent", "date_sent": "2025-07-01 10:00:00"})
        # 1,000 for ten days at 6.27 %.
        self.assertEqual(self._get_interest(move, date(2025, 7, 11)), 1.72)
