# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What may go wrong when we talk to an insurer, told apart by what to do next."""


class InsurerError(Exception):
    """A call that did not do what it was for.

    ``message`` is for people; ``status`` the HTTP status, 0 without an answer;
    ``is_maybe_done`` whether the insurer may have acted on it all the same: then nobody
    repeats it before having searched by own reference.
    """

    counts = True  # whether it is one of the failures that open the circuit breaker
    is_final = False  # whether it was tried often enough

    def __init__(self, message, *, status=0, is_maybe_done=False, correlation_id=""):
        super().__init__(message)
        self.message = message
        self.status = status
        self.is_maybe_done = is_maybe_done
        self.correlation_id = correlation_id


class Unreachable(InsurerError):
    """No answer: no connection, or it broke, or it took too long."""


class Busy(InsurerError):
    """429, 408 or a server fault; ``retry_after`` seconds, None when not told."""

    def __init__(self, message, *, retry_after=None, **details):
        super().__init__(message, **details)
        self.retry_after = retry_after


class Garbled(InsurerError):
    """An answer that cannot be read: half-written, too large, not JSON, other shape."""


class NotReady(InsurerError):
    """A 2xx that is not success: the work is not finished; ask again later."""

    counts = False


class Refused(InsurerError):
    """The insurer understood and said no, in its own words; nothing changed there."""

    counts = False


class NotFound(Refused):
    """What was asked for is not there."""


class WrongRoute(InsurerError):
    """The address is wrong (Atradius' gateway answers 403), not the credentials."""

    counts = False


class BadCredentials(InsurerError):
    """Login refused. Never tried again by itself: Coface locks accounts [A]."""

    counts = False


class Unauthorized(InsurerError):
    """401: the token ran out, or the login is refused; the template tells which."""

    counts = False


class BreakerOpen(InsurerError):
    """No call was made: the circuit breaker is open."""

    counts = False


class Unsupported(InsurerError):
    """This insurer's interface is not verified for this: use a file or the form."""

    counts = False
