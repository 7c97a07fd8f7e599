# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where things are. All that is made by the set-up lives under .odoo/."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "setup"
STORY = SETUP / "house/check.py"
LOCK_FILE = SETUP / "requirements.lock"
TESTS = ROOT / "tests"
HOME = ROOT / ".odoo"
STAMPS = HOME / "stamps"
LOGS = HOME / "logs"
CACHE = HOME / "cache"
PREFIX = HOME / "odoo"
CHECKOUT = HOME / "odoo-git"
VENV = HOME / "venv"
DATA = HOME / "data"
CONFIG = HOME / "odoo.conf"


def addons():
    """List the folders of this suite's add-ons, in order of their names."""
    return sorted(path.parent for path in ROOT.glob("*/__manifest__.py"))


def test_addons():
    """List the folders of the add-ons that exist for tests only."""
    return sorted(path.parent for path in TESTS.glob("*/__manifest__.py"))


def test_suites():
    """List those of them that hold tests; others stand in for add-ons we lack."""
    return [path for path in test_addons() if (path / "tests").exists()]


def make_home():
    """Create .odoo/ and the folders that every command needs."""
    for path in (HOME, STAMPS, LOGS, CACHE, DATA):
        path.mkdir(parents=True, exist_ok=True)
