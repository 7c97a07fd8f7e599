# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import logging
import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg2

from odoo import models
from odoo.exceptions import UserError

from ..insurers.adapter import PolicyKey, Settings
from ..insurers.breaker import Breaker
from ..insurers.errors import BadCredentials, Busy, Unreachable
from ..insurers.registry import ADAPTERS
from ..insurers.tokens import TokenCache

_logger = logging.getLogger(__name__)

CREDENTIALS = (
    "client_id",
    "client_secret",
    "app_key",
    "api_key",
    "username",
    "password",
)
# Tokens live in the memory of each process, never in the database. The key holds a
# hash of the credentials: new ones never use an old token.
_TOKENS = {}
_TOKENS_LOCK = threading.Lock()


class CreditInsuranceConnection(models.Model):
    """The line to an insurer: opened for a talk, what was said is kept."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.connection"

    # === THE LINE === #

    @contextmanager
    def _open_line(self, *, policy=None, request=None, is_probe=False):
        """Hand out an adapter; what it exchanged and how the line is are kept.

        They are kept in transactions of their own: a failure must not roll back what
        tells of it, and a crash after a sending must leave its trace.

        :param policy: the one policy that the talk is about
        :param bool is_probe: a human asks to try, whatever the breaker says
        :raise InsurerError: from the adapter
        """
        self.ensure_one()
        self._check_environment(policy)
        before = self._get_breaker()
        adapter = self._make_adapter(
            breaker=before.probing(datetime.now(UTC).timestamp())
            if is_probe
            else before,
            on_exchange=lambda exchange: self._keep_exchange(exchange, policy, request),
        )
        try:
            yield adapter
        finally:
            adapter.close()
            self._keep_breaker(before, adapter.channel.breaker)

    def _make_adapter(self, **channel):
        """The adapter of this connection.

        :raise UserError: the insurer is not spoken to over HTTP
        """
        if self.adapter not in ADAPTERS:
            raise UserError(
                self.env._(
                    "%s has no connection: use a file, or type it by hand.",
                    self.insurer_id.name,
                )
            )
        # sudo: credentials are used here, and shown to nobody.
        given = {name: self.sudo()[name] or "" for name in CREDENTIALS}
        settings = Settings(self.environment, given, self.base_url or "")
        return ADAPTERS[self.adapter](
            settings, tokens=self._get_tokens(settings), **channel
        )

    def _get_tokens(self, settings):
        words = "\n".join((settings.environment, *settings.credentials.values()))
        digest = hashlib.sha256(words.encode()).hexdigest()
        key = (self.env.cr.dbname, self.id, settings.base_url, digest)
        with _TOKENS_LOCK:
            return _TOKENS.setdefault(key, TokenCache())

    def _get_policy_key(self, policy):
        """How the insurer is told which policy is meant."""
        return PolicyKey(
            number=policy.policy_number,
            business_unit=policy.business_unit or "",
            extension=policy.extension or "",
            customer_reference=policy.customer_ref or "",
            currency=policy.currency_id.name,
        )

    # === WHAT IS KEPT === #

    def _get_breaker(self):
        self._forget_breaker()
        return Breaker(
            state=self.breaker_state,
            failures=self.breaker_failures,
            since=_to_seconds(self.breaker_since),
            retry_at=_to_seconds(self.breaker_retry_at),
            pause=self.breaker_pause,
            reason=self.breaker_reason or "",
        )

    def _forget_breaker(self):
        """Its state is written by other transactions than ours."""
        self.invalidate_recordset([name for name in self._fields if "breaker" in name])

    def _keep_breaker(self, before, after):
        if before == after:
            return
        try:
            self._write_breaker(before, after)
        except psycopg2.OperationalError:
            # Another process wrote it at this very moment: its news is as good.
            _logger.info("The state of %s was written by another process", self.id)
        self._forget_breaker()

    def _write_breaker(self, before, after):
        with self.env.registry.cursor() as cr:
            # sudo: whoever used the line, its state is for all to see.
            mine = self.with_env(self.env(cr=cr)).sudo()
            # Nobody waits for this row: who changes the connection just now wins.
            if not mine.try_lock_for_update(allow_referencing=True):
                return
            mine.write(
                {
                    "breaker_state": after.state,
                    "breaker_failures": after.failures,
                    "breaker_since": _to_datetime(after.since),
                    "breaker_retry_at": _to_datetime(after.retry_at),
                    "breaker_pause": int(after.pause),
                    "breaker_reason": after.reason,
                }
            )
            if after.state != before.state:
                mine._tell_breaker(after)

    def _tell_breaker(self, breaker):
        if breaker.state == "locked":
            body = self.env._("The login was refused: %s", breaker.reason)
        elif breaker.state == "open":
            body = self.env._("The line is paused: %s", breaker.reason)
        elif breaker.state == "closed":
            body = self.env._("The line works again.")
        else:
            return
        self.message_post(body=body)

    def _keep_exchange(self, exchange, policy, request):
        with self.env.registry.cursor() as cr:
            # sudo: the log is written by the machine only.
            log = self.env(cr=cr)["credit.insurance.exchange"].sudo()
            log.create(log._prepare_exchange(self, exchange, policy, request))

    def _word_error(self, error):
        """An InsurerError for the person who asked: what it means, then its own words."""
        name = self.insurer_id.name
        if isinstance(error, BadCredentials):
            meaning = self.env._(
                "%s refuses the login. Nothing is sent until the credentials are "
                "corrected and a login is accepted.",
                name,
            )
        elif isinstance(error, Unreachable | Busy):
            meaning = self.env._("%s does not answer now. Try again later.", name)
        else:
            meaning = self.env._("The login at %s could not be tried.", name)
        return self.env._(
            "%(meaning)s\n\n%(message)s (correlation %(correlation)s)",
            meaning=meaning,
            message=error.message,
            correlation=error.correlation_id or "-",
        )


def _to_seconds(moment):
    return moment.replace(tzinfo=UTC).timestamp() if moment else 0.0


def _to_datetime(seconds):
    return (
        datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None) if seconds else False
    )
