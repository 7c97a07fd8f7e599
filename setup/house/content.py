# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the add-ons are made of: manifests, dependencies, fingerprints."""

import ast

from . import paths
from .shell import digest

# Editing these changes no database.
OUTSIDE = {"tests", "readme", "__pycache__", "README.rst", "pyproject.toml"}


def manifest(addon):
    """Read the manifest of an add-on folder."""
    return ast.literal_eval((addon / "__manifest__.py").read_text())


def own_addons():
    """Return the folders of all add-ons of the repository by name."""
    return {path.name: path for path in (*paths.addons(), *paths.test_addons())}


def files(addon):
    """List the files of an add-on that an installation reads."""
    return [
        path
        for path in sorted(addon.rglob("*"))
        if path.is_file()
        and path.suffix != ".pyc"
        and not OUTSIDE & set(path.relative_to(addon).parts)
    ]


def fingerprint(names):
    """Return a short hash of the add-ons' installable content."""
    own = own_addons()
    parts = []
    for name in sorted(names):
        for path in files(own[name]):
            parts += [path.relative_to(paths.ROOT), path.read_bytes()]
    return digest(*parts)


def ours(names):
    """Return the add-ons of ours among the dependencies, themselves included."""
    own, found, waiting = own_addons(), set(), list(names)
    while waiting:
        name = waiting.pop()
        if name in own and name not in found:
            found.add(name)
            waiting += manifest(own[name]).get("depends", [])
    return found


def foreign(names):
    """Return the add-ons of others that ours depend on directly."""
    own = own_addons()
    depends = {d for name in ours(names) for d in manifest(own[name])["depends"]}
    return depends - set(own)


def stand_ins(names):
    """Return the test-only add-ons that stand in for what ours depend on."""
    return ours(names) & {path.name for path in paths.test_addons()}


def is_seen(addon):
    """Tell whether the tests of an add-on folder open pages in a browser."""
    tests = (addon / "tests").glob("*.py")
    return any("HttpCase" in path.read_text() for path in tests)


def missing(house, names):
    """Return the add-ons of others that this Odoo does not have."""
    folders = house.odoo.addons
    return {
        name
        for name in foreign(names)
        if not any((folder / name / "__manifest__.py").exists() for folder in folders)
    }
