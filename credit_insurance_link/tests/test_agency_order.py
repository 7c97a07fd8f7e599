# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.tests import tagged

from .agency_common import PLUME, AgencyCommon


@tagged("post_install", "-at_install")
class TestAgencyOrder(AgencyCommon):
    """Whoever ordered a score: a doubt about it reaches a person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency = cls.env.ref("credit_insurance_link.credit_agency_icon")

    def _order(self, user_id):
        orders = self.env["credit.agency.order"].with_user(user_id).sudo()
        return orders._place(self.agency, self.plume, PLUME)

    def _doubtful(self, user_id):
        order = self._order(user_id)
        order._doubt()
        return order

    def test_who_ordered_is_asked(self):
        order = self._doubtful(self.manager.id)
        self.assertEqual(order.activity_ids.user_id, self.manager)

    def test_who_keeps_the_file_is_asked_about_what_the_watch_ordered(self):
        self.profile.analyst_id = self.analyst
        order = self._doubtful(SUPERUSER_ID)
        self.assertFalse(order.user_id.active)
        self.assertEqual(order.activity_ids.user_id, self.analyst)

    def test_without_file_a_manager_is_asked_about_what_the_watch_ordered(self):
        self.profile.sudo().unlink()
        person = self._doubtful(SUPERUSER_ID).activity_ids.user_id
        self.assertTrue(person.active)
        self.assertTrue(person.has_group("credit_control.credit_control_group_manager"))

    def test_a_score_that_is_not_published_for_long_is_asked_about_once(self):
        order = self._order(self.manager.id)
        order.write({"state": "ordered", "date_sent": fields.Datetime.now()})
        order._wait(False)
        self.assertFalse(order.activity_ids)
        order.date_sent -= timedelta(days=15)
        for _look in range(2):
            order._wait(False)
        self.assertEqual(order.activity_ids.user_id, self.manager)
        self.assertEqual((len(order.activity_ids), order.state), (1, "ordered"))
