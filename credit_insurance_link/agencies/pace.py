# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keep to the number of calls that a service allows per second."""

import time


class Pace:
    """Wait before a call when the one before it was too recent."""

    def __init__(self, per_second, clock=time.monotonic, sleep=time.sleep):
        """
        :param float per_second: calls that the service allows
        """
        self.gap = 1 / per_second
        self.clock, self.sleep = clock, sleep
        self.free_at = 0.0

    def wait(self):
        """Wait until the next call may leave, and take its place."""
        now = self.clock()
        if now < self.free_at:
            self.sleep(self.free_at - now)
            now = self.free_at
        self.free_at = now + self.gap
