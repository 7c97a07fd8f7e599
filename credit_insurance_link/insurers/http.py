# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One way to call an outside party over HTTP, used by all adapters.

``Channel.send`` is the template: breaker, token, attempts, reading, judging, logging.
What differs between parties is their dialect (see ``Dialect``); tests of adapters
replace nothing here: they talk to a real server over loopback.
"""

import logging
import random
import time
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime

import requests

from . import masking, reading
from .breaker import Breaker
from .errors import (
    BadCredentials,
    BreakerOpen,
    Busy,
    Garbled,
    InsurerError,
    Unauthorized,
    Unreachable,
)
from .tokens import TokenCache

_logger = logging.getLogger(__name__)

CONNECT_TIMEOUT = 5  # seconds
READ_TIMEOUT = 30  # seconds between two pieces of an answer
WHOLE_TIMEOUT = 180  # seconds for the whole answer
ATTEMPTS = 4
FIRST_WAIT = 0.5  # seconds; doubles
LONGEST_WAIT = 20  # a party that wants more is asked again by the next job
MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Call:
    """One call to make.

    ``is_safe`` tells that it may be made twice (a search by POST is); a call that is
    not safe, or that is billed each time, is sent once. ``purpose`` names what the answer
    is, for log and replay.
    """

    method: str
    url: str
    purpose: str = ""
    params: dict = field(default_factory=dict)
    body: object = None
    headers: dict = field(default_factory=dict)
    basic: tuple | None = None
    is_safe: bool = False
    is_billed: bool = False
    is_login: bool = False
    max_bytes: int = 2 * MEGABYTE

    @property
    def may_repeat(self):
        # Money: what is billed each time is not asked for again by itself.
        is_free = self.is_safe or self.is_login or self.method == "GET"
        return is_free and not self.is_billed


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, read and parsed; ``data`` is None for an empty body."""

    status: int
    headers: dict
    text: str
    data: object
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One attempt as it may be kept: masked, without headers."""

    purpose: str
    method: str
    url: str
    correlation_id: str
    attempt: int
    started: datetime
    seconds: float
    status: int
    request: str
    response: str
    error: str


class Dialect:
    """What a party has of its own; adapters inherit this."""

    def login_call(self):
        """Return the Call that gets a token, None when there is no login."""
        return None

    def read_token(self, reply):
        """Return (token, seconds it lives) from the answer to the login."""
        raise NotImplementedError

    def headers(self, token, correlation_id):
        """Return the headers of every call but the login."""
        return {}

    def judge(self, call, reply):
        """Raise an InsurerError unless the answer is the success it should be.

        By the body, not by the status alone: a 2xx may be a refusal.
        """
        reading.judge_status(call, reply)


class Channel:
    """The line to one party for one set of credentials."""

    def __init__(
        self,
        dialect,
        *,
        name,
        secrets=(),
        breaker=None,
        tokens=None,
        on_exchange=None,
        trust_env=True,
    ):
        """
        :param str name: what logs call the party
        :param secrets: values that never may be kept
        :param tokens: the TokenCache to share, with all of the same credentials
        :param on_exchange: called with the Exchange of each attempt
        """
        self.dialect = dialect
        self.name = name
        self.secrets = tuple(secrets)
        self.breaker = breaker or Breaker()
        self.tokens = tokens or TokenCache()
        self.on_exchange = on_exchange
        self.session = requests.Session()
        self.session.trust_env = trust_env
        self.sleep = time.sleep
        self.clock = time.time

    def close(self):
        self.session.close()

    # === THE TEMPLATE === #

    def send(self, call):
        """Make a call and return the Reply that is a success.

        :raise InsurerError: what went wrong, told apart by what to do next
        """
        self._pass_breaker()
        correlation_id = str(uuid.uuid4())
        try:
            reply = self._send_patiently(call, correlation_id)
        except InsurerError as error:
            error.correlation_id = correlation_id
            self._count_failure(error)
            raise
        self.breaker = self.breaker.succeeded()
        return reply

    def _pass_breaker(self):
        now = self.clock()
        if not self.breaker.may_call(now):
            raise BreakerOpen(self.breaker.reason)
        self.breaker = self.breaker.before_call(now)

    def _count_failure(self, error):
        now = self.clock()
        if isinstance(error, BadCredentials):
            self.breaker = self.breaker.locked(error.message, now)
        elif error.counts:
            self.breaker = self.breaker.failed(error.message, now)
        elif error.status:
            self.breaker = self.breaker.succeeded()

    def _send_patiently(self, call, correlation_id):
        """Repeat what may be repeated, with growing pauses."""
        is_renewed = False
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._send_with_token(call, correlation_id, attempt)
            except Unauthorized as error:
                # The token may have run out early: a new one, once. Never in a loop.
                if is_renewed or call.is_login:
                    raise BadCredentials(error.message, status=401) from error
                is_renewed = True
                self.tokens.forget()
            except (Unreachable, Busy, Garbled) as error:
                if not self._may_try_again(call, error, attempt):
                    raise
                self.sleep(self._get_pause(error, attempt))

    def _may_try_again(self, call, error, attempt):
        if error.is_final or attempt >= ATTEMPTS or not call.may_repeat:
            return False
        return (getattr(error, "retry_after", None) or 0) <= LONGEST_WAIT

    def _get_pause(self, error, attempt):
        """Seconds to wait: what the party asks for, or a random part of a growing time."""
        wanted = getattr(error, "retry_after", None)
        if wanted is not None:
            return wanted
        longest = min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT)
        return longest * (0.5 + random.random() / 2)

    def _send_with_token(self, call, correlation_id, attempt):
        if call.is_login:
            return self._attempt(call, {}, correlation_id, attempt)
        headers = self.dialect.headers(self._get_token(correlation_id), correlation_id)
        return self._attempt(call, headers, correlation_id, attempt)

    def _get_token(self, correlation_id):
        login = self.dialect.login_call()
        if login is None:
            return ""
        return self.tokens.get(lambda: self._log_in(login, correlation_id), self.clock)

    def _log_in(self, login, correlation_id):
        try:
            reply = self._send_patiently(login, correlation_id)
        except InsurerError as error:
            error.is_final = True
            raise
        try:
            token, seconds = self.dialect.read_token(reply)
        except (AttributeError, KeyError, TypeError, ValueError):
            token, seconds = "", 0
        if not token or not isinstance(token, str):
            raise Garbled("the login was answered without a token", status=reply.status)
        return token, seconds

    # === ONE ATTEMPT === #

    def _attempt(self, call, headers, correlation_id, attempt):
        """Send once, read, judge; log whatever comes of it."""
        started, before = datetime.now(UTC), time.monotonic()
        reply, error = None, ""
        try:
            reply = self._read_reply(call, headers, correlation_id)
            self.dialect.judge(call, reply)
            return reply
        except InsurerError as trouble:
            error = f"{type(trouble).__name__}: {trouble.message}"
            raise
        finally:
            seconds = time.monotonic() - before
            self._log(call, correlation_id, attempt, started, seconds, reply, error)

    def _read_reply(self, call, headers, correlation_id):
        limit = time.monotonic() + WHOLE_TIMEOUT
        try:
            with closing(self._open(call, headers)) as response:
                raw = reading.read_bytes(response, call.max_bytes, limit)
        except requests.exceptions.RequestException as error:
            raise reading.to_unreachable(call, error) from error
        text = reading.to_text(call, response, raw)
        return Reply(
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            text=text,
            data=reading.to_data(call, response.status_code, text),
            correlation_id=correlation_id,
        )

    def _open(self, call, headers):
        # No redirects: credentials go to the party that they are for, nowhere else.
        return self.session.request(
            call.method,
            call.url,
            params=call.params or None,
            json=call.body,
            headers={"Accept": "application/json", **headers, **call.headers},
            auth=call.basic,
            timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
            allow_redirects=False,
            stream=True,
        )

    def _log(self, call, correlation_id, attempt, started, seconds, reply, error):
        secrets = (*self.secrets, *self.tokens.values())
        exchange = Exchange(
            purpose=call.purpose,
            method=call.method,
            url=masking.mask_url(reading.full_url(call), secrets),
            correlation_id=correlation_id,
            attempt=attempt,
            started=started,
            seconds=seconds,
            status=reply.status if reply else 0,
            request=masking.mask_body(call.body, secrets),
            response=self._mask_reply(call, reply, secrets),
            error=masking.mask_text(error, secrets),
        )
        _logger.info(
            "%s: %s %s -> %s in %.2f s [%s] %s",
            self.name,
            exchange.method,
            exchange.url,
            exchange.status or "no answer",
            seconds,
            correlation_id,
            exchange.error,
        )
        if self.on_exchange:
            self.on_exchange(exchange)

    def _mask_reply(self, call, reply, secrets):
        if reply is None:
            return ""
        if call.is_login and reply.status < 400:
            return masking.MASK
        return masking.mask_body(reply.text, secrets)
