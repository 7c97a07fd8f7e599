# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Load the engine by its path: its add-on imports Odoo, the engine does not."""

import importlib.util
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

ENGINE = Path(__file__).resolve().parents[2] / "credit_control" / "engine"

if "engine" not in sys.modules:
    spec = importlib.util.spec_from_file_location(
        "engine", ENGINE / "__init__.py", submodule_search_locations=[str(ENGINE)]
    )
    sys.modules["engine"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["engine"])

settings.register_profile(
    "engine",
    database=None,
    deadline=None,
    derandomize=True,
    max_examples=300,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("engine")
