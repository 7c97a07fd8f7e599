# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demonstration insurer: a simulator on this machine that speaks as Atradius does.

It exists so that a newcomer can ask for cover and watch the answer arrive. It has no
address of its own, and accepts none but of this machine.
"""

from urllib.parse import urlsplit

from .atradius import Atradius
from .errors import WrongRoute

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_loopback(url):
    """Whether an address is of this machine; anything else would be a way out."""
    try:
        parts = urlsplit(url or "")
        return (
            parts.scheme == "http" and parts.hostname in LOOPBACK and not parts.username
        )
    except ValueError:
        return False


class Demo(Atradius):
    """Atradius' words to a simulator."""

    key = "demo"
    name = "Demonstration"
    hosts = {}

    def __init__(self, settings, **channel):
        if settings.environment != "sandbox" or not is_loopback(settings.base_url):
            raise WrongRoute("the demonstration insurer is on this machine only")
        super().__init__(settings, **channel)
