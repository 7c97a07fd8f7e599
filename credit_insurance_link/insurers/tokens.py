# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tokens are kept in memory only, and asked for by one thread at a time."""

import threading

EARLY = 60  # seconds before its end a token counts as ended
SHORTEST = 5  # seconds a token is used, whatever the party says of its life


class TokenCache:
    """The token of one set of credentials."""

    def __init__(self):
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0

    def get(self, log_in, clock):
        """Return a token that lives.

        :param log_in: called without arguments for a new one: (token, seconds)
        :param clock: called for the time in seconds
        """
        with self._lock:
            if not self._token or clock() >= self._until:
                token, seconds = log_in()
                life = max(float(seconds or 0) - EARLY, SHORTEST)
                self._token, self._until = token, clock() + life
            return self._token

    def forget(self):
        """Throw the token away: the party did not accept it."""
        with self._lock:
            self._token = ""

    def values(self):
        """What never may be kept in a log."""
        return (self._token,) if self._token else ()
