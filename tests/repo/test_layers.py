# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Imports and dependencies point one way."""

import ast
import sys

import pytest
from repository import ROOT, addons, manifest, name

ALLOWED = {
    "credit_control": set(),
    "credit_control_stock": {"credit_control"},
    "credit_control_pos_sale": {"credit_control"},
    # Enterprise's account_followup; here a stand-in bears its name.
    "credit_control_account_followup": {"credit_control", "account_followup"},
    "credit_insurance_link": {"credit_control"},
    "vendor_credit_lines": {"credit_control"},
}
OWN = {path.name for path in addons()}
ENGINE = sorted((ROOT / "credit_control/engine").glob("**/*.py"))


def imports(path):
    """Yield (dots, module) of every import of a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
            module = node.module or ""
            whole = names if module == "odoo.addons" else [""]
            yield from ((node.level, f"{module}.{word}".strip(".")) for word in whole)


def addons_of_ours(path):
    """Return the add-ons of ours that a file imports."""
    modules = [module for dots, module in imports(path) if not dots]
    parts = [module.split(".") for module in modules]
    return {part[2] for part in parts if part[:2] == ["odoo", "addons"]} & OWN


@pytest.mark.parametrize("addon", addons(), ids=name)
def test_dependencies_point_down(addon):
    allowed = ALLOWED.get(addon.name, OWN) if addon.parent == ROOT else OWN
    assert set(manifest(addon)["depends"]) & OWN <= allowed


@pytest.mark.parametrize("addon", addons(), ids=name)
def test_imports_follow_the_dependencies(addon):
    allowed = set(manifest(addon)["depends"]) | {addon.name}
    for path in addon.glob("**/*.py"):
        assert addons_of_ours(path) <= allowed, path


@pytest.mark.parametrize("word", sorted(set(ALLOWED) - {"credit_control"}))
def test_the_core_does_not_know_its_siblings(word):
    files = (ROOT / "credit_control").glob("**/*")
    code = [path for path in files if path.suffix in (".py", ".xml", ".csv", ".js")]
    assert [name(path) for path in code if word in path.read_text()] == []


def test_the_engine_is_there():
    assert ENGINE


@pytest.mark.parametrize("path", ENGINE, ids=name)
def test_the_engine_is_plain_python(path):
    foreign = {
        module.split(".")[0]
        for dots, module in imports(path)
        if not dots and module.split(".")[0] not in sys.stdlib_module_names
    }
    assert foreign == set()
    depth = len(path.relative_to(ROOT / "credit_control/engine").parts)
    assert max((dots for dots, _module in imports(path)), default=0) <= depth
