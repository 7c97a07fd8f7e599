# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The circuit breaker: after some failures in a row nobody knocks for a while."""

from dataclasses import dataclass, replace

STATES = ("closed", "open", "half_open", "locked")
FAILURES = 5  # in a row, until it opens
FIRST_PAUSE = 60  # seconds; doubles with each probe that fails
LONGEST_PAUSE = 1800


@dataclass(frozen=True, slots=True)
class Breaker:
    """Whether an outside party may be called; times are seconds since the epoch.

    closed: calls go out. open: none goes out before ``retry_at``. half_open: one probe
    is out. locked: the login was refused; only a human opens it again.
    """

    state: str = "closed"
    failures: int = 0
    since: float = 0.0
    retry_at: float = 0.0
    pause: float = 0.0
    reason: str = ""

    def may_call(self, now):
        """Whether a call may go out now."""
        return self.state in ("closed", "half_open") or (
            self.state == "open" and now >= self.retry_at
        )

    def before_call(self, now):
        """The state while the call is out: the first one after a pause is a probe."""
        if self.state == "open" and now >= self.retry_at:
            return replace(self, state="half_open", since=now)
        return self

    def succeeded(self):
        """Any answer that makes sense closes it."""
        return Breaker()

    def failed(self, reason, now):
        """Count a failure; open after some in a row, or at once after a probe."""
        if self.state == "locked":
            return self
        failures = self.failures + 1
        if self.state != "half_open" and failures < FAILURES:
            return replace(self, failures=failures, reason=reason)
        pause = min(self.pause * 2 or FIRST_PAUSE, LONGEST_PAUSE)
        return Breaker("open", failures, now, now + pause, pause, reason)

    def locked(self, reason, now):
        """The login was refused: stop until a human says go on."""
        return Breaker("locked", self.failures + 1, now, 0.0, 0.0, reason)

    def probing(self, now):
        """A human says try: the next call is a probe."""
        return replace(self, state="half_open", since=now)
