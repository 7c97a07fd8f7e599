# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import freeze_time, tagged

from odoo.addons.credit_control.exceptions import CreditHoldError

from .common import SIREN, InsuranceCommon


@tagged("post_install", "-at_install")
class TestCoverFollow(InsuranceCommon):
    """Where cover meets orders, invoices, own lines and several customer files."""

    def _new_shop(self, name="Shop"):
        return self.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "country_id": self.france.id,
                "company_registry": SIREN,
            }
        )

    def _hold(self, order):
        with self.assertRaises(CreditHoldError), self.env.cr.savepoint():
            order.action_confirm()
        self._record_holds()
        return self.env["credit.hold"].search([("res_id", "=", order.id)])

    # === ONE COVER, SEVERAL FILES === #

    def test_p12_one_cover_reaches_all_files_of_the_entity_and_is_not_multiplied(self):
        shop = self._new_shop()
        self._new_invoice(3000, partner=shop)
        self._tell(self._fact("10000"))
        amounts = [sum(self._insured(p).mapped("amount")) for p in (self.debtor, shop)]
        self.assertEqual(amounts, [7000, 3000])
        self.assertTrue(all(self._insured(shop).mapped("cover_is_shared")))

    def test_p12_shared_cover_moves_to_where_it_is_needed(self):
        shop = self._new_shop()
        self._tell(self._fact("10000"))
        self.assertEqual(self._available(shop), 0)
        order = self._new_order(4000, partner=shop)
        hold = self._hold(order)
        self.env.cr.flush()
        self.assertEqual(hold.state, "cleared")
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        amounts = [sum(self._insured(p).mapped("amount")) for p in (self.debtor, shop)]
        self.assertEqual(amounts, [6000, 4000])
        other = self._new_order(7000)
        self.assertEqual(self._hold(other).state, "open")
        self.env.cr.flush()
        amounts = [sum(self._insured(p).mapped("amount")) for p in (self.debtor, shop)]
        self.assertEqual(amounts, [6000, 4000], "what is owed is covered first")

    # === MOVING AND MERGING === #

    def test_shared_cover_that_begins_is_divided_then_or_later(self):
        shop = self._new_shop()
        self._tell(self._fact("1000", effective_from=self._today(5)))
        self._new_invoice(600, shop)
        # The job did not run for three days.
        with freeze_time(self._today(8)):
            self.env["credit.insurer.buyer"]._cron_cover_day()
            self.assertEqual(self._insured(shop).amount, 600)

    def test_cover_does_not_go_along_with_a_debtor_who_is_moved(self):
        self._tell(self._fact("10000"))
        buyer = self._insured().cover_buyer_id
        parent = self.env["res.partner"].create({"name": "Parent", "is_company": True})
        self.debtor.write({"parent_id": parent.id, "is_company": False})
        self.assertEqual((buyer.match_state, buyer.partner_id.id), ("unmatched", False))
        self.assertFalse(self._insured(parent))
        self.assertEqual(buyer.activity_ids.user_id, self.manager)
        [answer] = self._tell(self._fact("9000", version="2"))
        self.assertEqual(answer["status"], "new")

    def test_merging_two_buyers_keeps_both_files(self):
        other = self.env["res.partner"].create({"name": "Debtor", "is_company": True})
        self._tell(self._fact("10000"))
        mine = self._insured().cover_buyer_id
        theirs = self._new_buyer(other, number="B2")
        self._tell(
            self._fact("4000", external_id="C2", buyer_external_id="B2", identifiers=())
        )
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.debtor | other).ids, self.debtor)
        self.env.invalidate_all()
        self.assertEqual(mine.partner_id, self.debtor)
        self.assertEqual(
            (theirs.match_state, len(theirs.decision_ids)), ("unmatched", 1)
        )
        self.assertEqual(sum(self._insured().mapped("amount")), 10000)

    # === CUTS === #

    def test_p12_a_cut_holds_what_comes_and_tells_whose_orders_are_hit(self):
        self.debtor.user_id = self.salesman
        self._tell(self._fact("10000"))
        order = self._new_order(8000)
        order.action_confirm()
        # Whoever takes it in reads French, the salesperson English.
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["credit.cover.decision"].with_context(lang="fr_FR")._ingest(
            self.cover_policy,
            [self._fact("5000", outcome="reduced", version="2")],
            "manual",
        )
        self.assertEqual(order.state, "sale", "what was sold stays sold")
        note = self.env["mail.message"].search(
            [("partner_ids", "in", self.salesman.partner_id.ids)], limit=1
        )
        self.assertIn(order.name, note.body)
        self.assertIn("3,000.00", note.body, "what is too much")
        self.assertNotIn("5,000", note.body, "the cover itself is not told")
        self.assertNotIn(self.insurer.name, note.body)
        self.assertEqual(self._hold(self._new_order(100)).state, "open")

    def test_a_cut_of_a_day_to_come_warns_while_cover_runs(self):
        self._tell(self._fact("5000", decided_at=self._today(-1)))
        self._tell(
            self._fact(outcome="cancelled", version="2", effective_from=self._today(9))
        )
        buyer = self._insured().cover_buyer_id
        self.assertEqual(buyer.pending_date, self._today(9))
        self.assertEqual(buyer.activity_ids.date_deadline, self._today(9))
        self.env["credit.insurer.buyer"]._cron_cover_day()
        self.assertTrue(buyer.pending_action, "its day has not come")

    def test_salespeople_learn_of_an_announced_cut_on_its_day_and_once(self):
        self.debtor.user_id = self.salesman
        self._tell(
            self._fact("5000", decided_at=self._today(-9)),
            self._fact("2000", outcome="reduced", version="2"),
        )
        buyer = self._insured().cover_buyer_id
        buyer.sudo().write(
            {"pending_action": "reduction", "pending_date": self._today()}
        )
        mine = [("partner_ids", "in", self.salesman.partner_id.ids)]
        before = self.env["mail.message"].search_count(mine)
        for _run in range(2):
            self.env["credit.insurer.buyer"]._cron_cover_day()
        self.assertEqual(self.env["mail.message"].search_count(mine), before + 1)
        self.assertFalse(buyer.pending_action)

    def test_more_cover_clears_what_waits(self):
        self._tell(self._fact("1000"))
        hold = self._hold(self._new_order(3000))
        self.assertEqual(hold.state, "open")
        self._tell(self._fact("5000", version="2"))
        self.env.cr.flush()
        self.assertEqual(hold.state, "cleared")

    def test_an_announced_withdrawal_warns_while_cover_runs(self):
        self._tell(
            self._fact(
                "5000", pending_action="withdrawal", pending_date=self._today(20)
            )
        )
        self.assertEqual(self._available(), 5000)
        buyer = self._insured().cover_buyer_id
        self.assertEqual(buyer.pending_action, "withdrawal")
        activity = buyer.activity_ids
        self.assertEqual(activity.date_deadline, self._today(20))
        self.assertEqual(activity.user_id, self.manager)
        self._tell(self._fact("5000", version="2"))
        self.assertFalse(buyer.pending_action)

    # === INVOICES === #

    def test_p12_a_cut_does_not_touch_what_was_delivered_before(self):
        self._tell(self._fact("5000", decided_at=self._today(-40)))
        invoice = self._new_invoice(1000, delivery_date=self._today(-10))
        tag = invoice.credit_cover_tag_ids
        self.assertEqual((tag.amount, tag.date), (5000, self._today(-10)))
        self._tell(
            self._fact(
                outcome="cancelled", version="2", effective_from=self._today(-20)
            )
        )
        self.assertEqual(tag.amount, 5000)
        later = self._new_invoice(1000)
        self.assertEqual(later.credit_cover_tag_ids.amount, 0)
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(invoice.credit_cover_tag_ids.amount, 5000)

    def test_a_payment_term_beyond_the_policy_is_noted_on_the_tag(self):
        self._tell(self._fact("5000", max_terms_days=30))
        late = self._today(45)
        invoice = self._new_invoice(10, invoice_date_due=late)
        self.assertFalse(invoice.credit_cover_tag_ids.is_within_terms)

    def test_p5_an_invoice_without_any_policy_is_posted_as_ever(self):
        self.cover_policy.state = "draft"
        self.assertFalse(self._new_invoice(10).credit_cover_tag_ids)

    # === INSURED AND OWN === #

    def test_p1_insured_and_own_lines_by_the_companys_setting(self):
        self._give_line(6000)
        self._give_line(3000)
        self._tell(self._fact("7000"))
        for mode, limit in (("sum", 16000), ("insured", 7000), ("greater", 9000)):
            self.company.credit_cover_mode = mode
            self.env["credit.measure"]._forget()
            self.assertEqual(self._available(), limit, mode)
            profile = self.env["credit.profile"]._get_or_create(
                self.debtor, self.company
            )
            profile.invalidate_recordset()
            self.assertEqual(profile.limit_amount, limit, mode)
            totals = self._get_totals()
            self.assertEqual(totals, limit, mode)

    def _get_totals(self):
        lines = self.env["credit.measure"]._query_all_lines(self.company, self._today())
        rows = self.env.execute_query_dict(lines)
        return sum(row["worth"] for row in rows if row["counts"])

    def test_own_lines_count_where_no_insurer_decided(self):
        self._give_line(6000)
        self.company.credit_cover_mode = "insured"
        self.assertEqual(self._available(), 6000)
        self._tell(self._fact(outcome="refused"))
        self.assertEqual(self._available(), 0)

    def test_cover_in_another_currency_is_compared_at_the_days_rate(self):
        dollar = self.env.ref("base.USD")
        if dollar == self.currency:
            dollar = self.env.ref("base.EUR")
        dollar.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", dollar.id)]).unlink()
        policy = self.cover_policy.copy(
            {"policy_number": "7", "currency_id": dollar.id, "state": "live"}
        )
        fact = self._fact("1000", policy_number="7", currency=dollar.name)
        self._tell(fact, policy=policy)
        policy._follow_all()
        line = self.env["credit.line"].search([("cover_policy_id", "=", policy.id)])
        self.assertEqual(line.mapped("state"), ["draft"])
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "name": self._today(),
                "rate": 2.0,
                "company_id": self.company.id,
            }
        )
        self.env["credit.insurer.buyer"]._cron_cover_day()
        self.assertEqual((line.state, self._available()), ("active", 500))
