# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import SIREN, InsuranceCommon


@tagged("post_install", "-at_install")
class TestCoverExclusion(InsuranceCommon):
    """Whom a policy leaves out: no discretionary cover, and no request unwarned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cover_policy.discretionary_max_amount = 10000
        cls.buyer = cls._new_buyer()
        cls.buyer.with_user(cls.analyst).discretionary_amount = 8000
        cls.profile = cls.env["credit.profile"]._get_or_create(cls.debtor, cls.company)
        cls.profile = cls.profile.with_user(cls.analyst)

    def _leave_out(self, why):
        """Let the policy leave the debtor out, as the people would whose task it is."""
        if why == "public":
            self.profile.is_public_body = True
        elif why == "affiliate":
            self.profile.is_affiliate = True
        elif why == "person":
            self.debtor.is_company = False
        else:
            row = {"country_id": self.france.id, "is_excluded": True}
            policy = self.cover_policy.with_user(self.manager)
            policy.country_ids = [Command.create(row)]

    def _take_in(self, why):
        if why == "country":
            self.cover_policy.with_user(self.manager).country_ids.is_excluded = False
            return
        names = {"public": "exclude_public", "affiliate": "exclude_affiliates"}
        name = names.get(why, "exclude_persons")
        self.cover_policy.with_user(self.manager)[name] = False

    def test_who_is_left_out_has_no_discretionary_cover_until_he_is_taken_in(self):
        for why in ("public", "affiliate", "person", "country"):
            with self.subTest(why), self.env.cr.savepoint() as savepoint:
                self.assertEqual(self._insured().amount, 8000)
                self._leave_out(why)
                self.assertFalse(self._insured())
                policy, buyer = self.cover_policy, self.buyer
                found = policy._get_cover_on(buyer, self._today())
                self.assertEqual(found["amount"], 0)
                self._take_in(why)
                self.assertEqual(self._insured().amount, 8000)
                savepoint.rollback()

    def test_our_own_companies_are_affiliates_without_being_marked(self):
        self.env["res.company"].create({"name": "Sister", "partner_id": self.debtor.id})
        self.assertIn("our own group", self.buyer.exclusion)

    def test_any_file_of_the_legal_entity_leaves_all_of_it_out(self):
        shop = self.env["res.partner"].create(
            {
                "name": "Shop",
                "is_company": True,
                "country_id": self.france.id,
                "company_registry": SIREN,
            }
        )
        self.env["credit.profile"].with_user(self.analyst).create(
            {"partner_id": shop.id, "company_id": self.company.id, "is_affiliate": True}
        )
        self.assertFalse(self._insured() | self._insured(shop))

    def test_p12_what_the_insurer_decided_all_the_same_counts(self):
        self.profile.is_public_body = True
        self._tell(self._fact("20000"))
        self.assertEqual(self._insured().amount, 20000)

    def test_it_is_shown_why(self):
        shown = (self.profile, "cover_exclusion"), (self.buyer, "exclusion")
        for record, name in shown:
            self.assertFalse(record[name])
        self.profile.is_public_body = True
        self.env.invalidate_all()
        for record, name in shown:
            self.assertIn("0012345: it is a public body", record[name])

    def test_nothing_is_asked_unless_somebody_says_so(self):
        self.profile.is_public_body = True
        asks = self.env["credit.cover.request"].with_user(self.analyst)
        values = {"policy_id": self.cover_policy.id, "buyer_id": self.buyer.id}
        request = asks.create({**values, "amount_requested": 50000})
        with self.assertRaisesRegex(UserError, "public body.*All the Same"):
            request.action_send()
        request.is_exception = True
        request.action_send()
        self.assertEqual(request.state, "to_send")
        self.assertEqual(self._ask("top").state, "to_send")

    def _ask(self, comment):
        """Ask with the dialog of the credit file."""
        dialog = Form(
            self.env["credit.cover.ask"]
            .with_user(self.analyst)
            .with_context(default_profile_id=self.profile.id)
        )
        self.assertIn("public body", dialog.exclusion)
        dialog.amount, dialog.layer, dialog.comment = 1000, "topup", comment
        dialog.is_exception = True
        shown = dialog.save().action_ask()
        return self.env["credit.cover.request"].browse(shown["res_id"])

    def test_giving_cover_back_needs_no_exception(self):
        self._tell(self._fact("20000"))
        self.profile.is_public_body = True
        request = (
            self.env["credit.cover.request"]
            .with_user(self.analyst)
            .create(
                {
                    "policy_id": self.cover_policy.id,
                    "buyer_id": self.buyer.id,
                    "type": "cancel",
                }
            )
        )
        request.action_send()
        self.assertEqual(request.state, "to_send")
