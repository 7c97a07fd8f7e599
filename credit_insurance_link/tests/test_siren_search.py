# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..agencies.facts import CompanyFact
from ..insurers.errors import Unreachable
from .agency_common import OTHER, PLUME, AgencyCommon, Client


class Register(Client):
    """A register that answers a name from a list."""

    def find_companies(self, name):
        self.asked.append(name)
        if self.error:
            raise self.error
        return list(self.facts)


@tagged("post_install", "-at_install")
class TestSirenSearch(AgencyCommon):
    """A register proposes companies of a name; a person says which one it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register = cls.env.ref("credit_insurance_link.credit_agency_recherche")
        cls._switch_on(cls.register)
        cls.plume.write({"company_registry": False, "zip": "75002"})
        cls.near = CompanyFact(
            PLUME, "PLUME SA", True, address="2 RUE D'ICI", postcode="75002"
        )
        cls.far = CompanyFact(OTHER, "PLUME", False, postcode="13001")

    def _open(self, user=None):
        action = self.profile.with_user(user or self.analyst).action_find_siren()
        searches = self.env["credit.siren.search"].with_user(user or self.analyst)
        return searches.with_context(**action["context"]).create({})

    def _search(self, *facts, **options):
        search = self._open()
        with self._answering(Register(*facts, **options)) as register:
            action = search.action_search()
        return search, register, action

    def _get_numbers(self):
        return self.plume.credit_identifier_ids.mapped("value")

    def test_a_name_is_never_enough(self):
        search, register, _action = self._search(self.near)
        self.assertEqual(register.asked, ["Plume SA"])
        self.assertEqual(search.candidate_ids.siren, PLUME)
        self.assertFalse(self._get_numbers())
        self.assertTrue(self.profile.with_user(self.analyst).needs_siren)

    def test_the_number_that_a_person_picked_is_kept_and_told(self):
        search, _register, _action = self._search(self.far, self.near)
        self.assertEqual(search.candidate_ids.mapped("siren"), [PLUME, OTHER])
        search.candidate_ids[0].action_choose()
        self.assertEqual(self._get_numbers(), [PLUME])
        self.assertEqual(self.plume.credit_identifier_ids.state, "valid")
        self.assertFalse(self.profile.with_user(self.analyst).needs_siren)
        self.assertIn(PLUME, self.plume.message_ids[0].body)
        self.assertEqual(self.plume.message_ids[0].author_id, self.analyst.partner_id)

    def test_a_customer_has_one_number(self):
        search, _register, _action = self._search(self.near)
        self.plume.vat = "FR46443121975"
        with self.assertRaisesRegex(UserError, OTHER):
            search.candidate_ids.action_choose()
        self.assertNotIn(PLUME, self._get_numbers())

    def test_nobody_is_asked_for_two_letters_or_while_it_is_off(self):
        search = self._open()
        search.name = "Pl"
        with self._answering(Register()) as register, self.assertRaises(UserError):
            search.action_search()
        search.name = "Plume"
        self.register.with_user(self.connector).action_switch_off()
        search.invalidate_recordset()
        with self._answering(register), self.assertRaises(UserError):
            search.action_search()
        self.assertFalse(register.asked)

    def test_a_register_that_does_not_answer_is_told(self):
        search, _register, action = self._search(error=Unreachable("no connection"))
        self.assertEqual(action["params"]["type"], "danger")
        self.assertFalse(search.candidate_ids)

    def test_only_analysts_say_who_a_customer_is(self):
        search, _register, _action = self._search(self.near)
        for user in (self.viewer, self.salesman):
            with self.assertRaises(AccessError):
                search.candidate_ids.with_user(user).action_choose()
            with self.assertRaises(AccessError):
                search.with_user(user).action_search()
        self.assertFalse(self._get_numbers())
