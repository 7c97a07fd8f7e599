# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which insurers are spoken to over HTTP. Others are served by files and by hand."""

from .allianz import Allianz
from .atradius import Atradius
from .coface import Coface
from .demo import Demo

ADAPTERS = {adapter.key: adapter for adapter in (Allianz, Atradius, Coface, Demo)}
