# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

LOGGER = "odoo.addons.credit_insurance_link.controllers.notify"


@tagged("post_install", "-at_install")
class TestNotify(HttpCase):
    """A notification makes us fetch, nothing else; only who knows the secret can."""

    def setUp(self):
        super().setUp()
        insurer = self.env["credit.insurer"].create(
            {"name": "Alpha", "code": "alpha_notify", "adapter": "atradius"}
        )
        self.connection = self.env["credit.insurance.connection"].create(
            {"insurer_id": insurer.id}
        )

    def _ping(self, secret=None, connection_id=None, **options):
        secret = self.connection.webhook_secret if secret is None else secret
        number = connection_id or self.connection.id
        return self.url_open(f"/credit_insurance/notify/{number}/{secret}", **options)

    def _count_triggers(self):
        cron = self.env.ref("credit_insurance_link.ir_cron_insurance_sync")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def test_the_secret_makes_us_fetch(self):
        before = self._count_triggers()
        answer = self._ping(
            data="{broken", headers={"Content-Type": "application/json"}
        )
        self.assertEqual(answer.status_code, 204)
        self.assertTrue(self.connection.date_ping)
        self.assertEqual(self._count_triggers(), before + 1)

    def test_without_the_secret_nothing_happens_and_nothing_is_told(self):
        before = self._count_triggers()
        for secret, number in (
            ("wrong", self.connection.id),
            ("False", self.connection.id),
            (self.connection.webhook_secret, self.connection.id + 999),
            (self.connection.webhook_secret[:-1], self.connection.id),
        ):
            self.assertEqual(self._ping(secret, number).status_code, 404)
        self.assertEqual(self._count_triggers(), before)
        self.assertFalse(self.connection.date_ping)

    def test_many_notifications_make_one_fetching(self):
        before = self._count_triggers()
        for _time in range(5):
            self.assertEqual(self._ping().status_code, 204)
        self.assertEqual(self._count_triggers(), before + 1)

    def test_a_new_address_ends_the_old_one(self):
        old = self.connection.webhook_secret
        self.connection.action_new_webhook_secret()
        self.assertEqual(self._ping(old).status_code, 404)
        self.assertEqual(self._ping().status_code, 204)

    def test_an_archived_connection_is_not_there(self):
        self.connection.active = False
        self.assertEqual(self._ping().status_code, 404)

    def test_a_failure_of_ours_is_never_theirs(self):
        broken = patch.object(
            type(self.connection), "_take_ping", side_effect=ValueError("ours")
        )
        with broken, mute_logger(LOGGER):
            self.assertEqual(self._ping().status_code, 204)
