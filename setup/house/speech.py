# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the commands say: to stderr, so that stdout stays the tool's own."""

import contextlib
import sys
import time


class Stop(Exception):
    """The set-up cannot go on: what is missing, and what to do about it."""

    def __init__(self, what, remedy=""):
        super().__init__(what)
        self.remedy = remedy


def say(text):
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(title):
    """Say what is being done, and afterwards how long it took."""
    say(f"- {title} ...")
    start = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - start:.1f} s: {title}")


def explained(main):
    """Run a command; a Stop is told in plain words instead of a traceback."""
    try:
        return main()
    except Stop as stop:
        say(f"\nCannot go on: {stop}")
        if stop.remedy:
            say(f"What to do: {stop.remedy}")
        return 2
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130
