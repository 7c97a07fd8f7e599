# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Load the insurers' rooms by their path: their add-on imports Odoo, they do not."""

import importlib.util
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))


def load(folder, name):
    """Make a room of the add-on importable as a package of its own."""
    if name in sys.modules or not (folder / "__init__.py").exists():
        return
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])


load(ROOT / "credit_insurance_link/insurers", "insurers")
load(ROOT / "credit_insurance_link/engine", "insurance_engine")


def load_whole():
    """Make all rooms importable under one roof, as their relative imports want it."""
    if "insurance_link" not in sys.modules:
        roof = types.ModuleType("insurance_link")
        roof.__path__ = [str(ROOT / "credit_insurance_link")]
        sys.modules["insurance_link"] = roof


load_whole()
