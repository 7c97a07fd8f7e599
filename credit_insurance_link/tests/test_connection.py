# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_open

from ..insurers.registry import ADAPTERS
from ..models.credit_insurance_connection import ENVIRONMENT_KEY
from ..models.credit_insurance_line import CREDENTIALS
from .connection_common import ConnectionCommon


@tagged("post_install", "-at_install")
class TestConnection(ConnectionCommon):
    """Who may use it, who sees what, and that environments never mix."""

    def _set_environment(self, kind):
        self.env["ir.config_parameter"].set_param(ENVIRONMENT_KEY, kind)

    def test_p12_a_sandbox_is_refused_in_the_real_database(self):
        self.party.add_cover(55, 20000)
        self._set_environment("production")
        sync = self._run_sync()
        self.assertEqual(sync.state, "failed")
        self.assertFalse(self.party.calls)
        self.assertFalse(self._get_cover())
        with self.assertRaises(UserError):
            self.cover_policy.with_user(self.analyst).action_fetch()

    def test_p12_production_is_refused_in_a_test_database(self):
        self.insurer.adapter = "atradius"
        production = self.connection.copy(
            {"environment": "production", "base_url": False}
        )
        with self.assertRaises(UserError):
            production.action_try()

    def test_p12_a_policy_of_the_other_environment_is_refused(self):
        self.cover_policy.environment = "production"
        with self.assertRaises(UserError):
            self.connection._check_environment(self.cover_policy)

    def test_a_neutralized_copy_is_a_sandbox(self):
        self._set_environment("production")
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        self.assertEqual(self.connection._get_environment(), "sandbox")

    def test_p14_a_copied_database_talks_to_nobody(self):
        request = self._new_request()
        request.action_send()
        self.env.flush_all()
        with file_open("credit_insurance_link/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(self.connection.active)
        self.assertEqual({self.connection[name] for name in CREDENTIALS}, {False})
        self.assertFalse(self.connection.webhook_secret)
        self._run_outbox()
        self.assertFalse(self.party.calls)
        self.assertEqual(request.state, "draft")

    def test_credentials_are_for_their_group(self):
        secret = [*CREDENTIALS, "webhook_secret", "webhook_url"]
        self.connection.with_user(self.setter).read(secret)
        for user in (self.viewer, self.analyst, self.manager):
            mine = self.connection.with_user(user)
            self.assertEqual(mine.breaker_state, "closed")
            for name in secret:
                with self.assertRaises(AccessError):
                    mine.read([name])
            self.assertFalse(set(secret) & set(mine.fields_get()))

    def test_a_viewer_reads_what_he_may(self):
        self.party.add_cover(55, 20000)
        sync = self._run_sync()
        for record in (self.connection, self.cover_policy, sync, self._new_request()):
            self.assertTrue(record.with_user(self.viewer).read())

    def test_credentials_cannot_be_exported(self):
        told = self.connection.with_user(self.setter).fields_get(CREDENTIALS)
        self.assertFalse(any(field["exportable"] for field in told.values()))

    def test_salespeople_see_nothing_of_insurers(self):
        for name in ("connection", "exchange", "sync", "sync.problem"):
            model = self.env[f"credit.insurance.{name}"].with_user(self.salesman)
            with self.assertRaises(AccessError):
                model.search([])

    def test_only_the_group_changes_connections(self):
        for user in (self.viewer, self.analyst, self.manager):
            mine = self.connection.with_user(user)
            with self.assertRaises(AccessError):
                mine.is_sync_on = False
            with self.assertRaises(AccessError):
                mine.action_try()
            with self.assertRaises(AccessError):
                mine.action_new_webhook_secret()

    def test_an_address_elsewhere_is_refused(self):
        for url in (
            "http://example.com",
            "https://127.0.0.1@example.com",
            "http://127.0.0.1.example.com:80",
            "file:///etc/passwd",
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.connection.base_url = url

    def test_a_real_insurer_has_no_address_of_ours(self):
        with self.assertRaises(ValidationError):
            self.insurer.adapter = "atradius"
            self.connection.base_url = self.party.url + "/"

    def test_a_refused_login_locks_until_somebody_tries(self):
        right = self.connection.client_secret
        self.connection.client_secret = "wrong-secret"
        self.env.flush_all()
        self.assertEqual(self._run_sync().state, "failed")
        self.assertEqual(self.connection.breaker_state, "locked")
        calls = len(self.party.calls)
        self._run_sync()
        self.assertEqual(len(self.party.calls), calls)
        with self.assertRaisesRegex(UserError, "refuses the login"):
            self.connection.with_user(self.setter).action_try()
        self.connection.client_secret = right
        self.connection.with_user(self.setter).action_try()
        self.assertEqual(self.connection.breaker_state, "closed")
        self.assertIn("refused", self.connection.message_ids.mapped("body")[1])

    def test_the_breaker_opens_and_is_seen(self):
        self.party.go_wrong(*[self.faults.BROKEN] * 40)
        for _time in range(5):
            self._run_sync()
        self.assertEqual(self.connection.breaker_state, "open")
        self.assertTrue(self.connection.breaker_retry_at)
        calls = len(self.party.calls)
        self._run_sync()
        self.assertEqual(len(self.party.calls), calls)

    def test_no_secret_is_kept(self):
        self.party.add_cover(55, 20000)
        self._run_sync()
        log = self.env["credit.insurance.exchange"].search([])
        self.assertTrue(log)
        kept = repr(log.read()) + repr([one._unpack() for one in log if one.payload])
        for secret in (*self.kit.CREDENTIALS.values(), *self.party.tokens):
            self.assertNotIn(secret, kept)


@tagged("post_install", "-at_install")
class TestExchange(ConnectionCommon):
    """What was said can be read again, and nothing happens twice."""

    def setUp(self):
        super().setUp()
        self.party.add_cover(55, 20000)
        self._run_sync()
        self.exchange = self.env["credit.insurance.exchange"].search(
            [("purpose", "=", "decisions")]
        )

    def test_a_replay_of_what_is_known_changes_nothing(self):
        before = self.env["credit.cover.decision"].search_count([])
        self.exchange.with_user(self.analyst).action_replay()
        self.assertIn("known already: 1", self.exchange.replay_result)
        self.assertEqual(self.env["credit.cover.decision"].search_count([]), before)
        self.assertEqual(self._get_cover(), {"55": 20000})

    def test_what_was_not_taken_is_taken_by_a_replay(self):
        self.party.add_buyer(56, "443121975", "Other")
        self.party.add_cover(56, 30000)
        door = type(self.env["credit.cover.decision"])
        with patch.object(door, "_ingest", side_effect=KeyError("broken")):
            self._run_sync()
        self.assertEqual(self._get_cover(), {"55": 20000})
        exchange = self.env["credit.insurance.exchange"].search(
            [("purpose", "=", "decisions")], limit=1
        )
        exchange.with_user(self.analyst).action_replay()
        self.assertIn("New: 1", exchange.replay_result)
        self.assertEqual(self._get_cover(), {"55": 20000, "56": 30000})

    def test_the_log_names_calls_in_the_readers_words(self):
        """P9: what was asked is said in words; a word that nobody knows is "other"."""
        log = self.env["credit.insurance.exchange"]
        known = dict(log._fields["purpose"].selection)
        for key, adapter in ADAPTERS.items():
            self.assertLessEqual(adapter.replayable, set(known), key)
        self.assertEqual(log._get_purpose("decisions"), "decisions")
        self.assertEqual(log._get_purpose("weather"), "other")
        asked = set(log.search([]).mapped("purpose"))
        self.assertGreaterEqual(asked, {"login", "decisions"})

    def test_replay_is_for_analysts(self):
        with self.assertRaises(AccessError):
            self.exchange.with_user(self.viewer).action_replay()

    def test_p12_the_answer_of_another_environment_is_not_replayed(self):
        self.env["ir.config_parameter"].set_param(ENVIRONMENT_KEY, "production")
        with self.assertRaises(UserError):
            self.exchange.with_user(self.analyst).action_replay()

    def test_a_login_cannot_be_replayed(self):
        login = self.env["credit.insurance.exchange"].search(
            [("purpose", "=", "login")]
        )
        self.assertFalse(login[:1].is_replayable)
        with self.assertRaises(UserError):
            login[:1].with_user(self.analyst).action_replay()

    def test_nobody_writes_the_log(self):
        for user in (self.analyst, self.manager, self.setter):
            with self.assertRaises(AccessError):
                self.exchange.with_user(user).write({"response": "{}"})
            with self.assertRaises(AccessError):
                self.exchange.with_user(user).unlink()
