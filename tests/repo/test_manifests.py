# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Manifests are valid and complete."""

import re

import pytest
from repository import ROOT, addons, manifest, name, own_addons

LOADED = ("data", "demo", "reports", "security", "views", "wizards")
eachaddon = pytest.mark.parametrize("addon", addons(), ids=name)


def listed(addon):
    values = manifest(addon)
    return [*values.get("data", []), *values.get("demo", [])]


@eachaddon
def test_version_and_licence(addon):
    values = manifest(addon)
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", values["version"])
    assert values["license"] == "LGPL-3"
    assert values["summary"].strip() and "\n" not in values["summary"].strip()
    assert values["depends"] and len(set(values["depends"])) == len(values["depends"])


@eachaddon
def test_every_listed_file_exists(addon):
    files = listed(addon)
    assert [file for file in files if not (addon / file).is_file()] == []
    assert sorted(set(files)) == sorted(files)


@eachaddon
def test_every_file_is_listed(addon):
    found = [path for folder in LOADED for path in (addon / folder).glob("**/*")]
    data = [path for path in found if path.suffix in (".xml", ".csv")]
    names = {str(path.relative_to(addon)) for path in data}
    assert sorted(names - set(listed(addon))) == []


@eachaddon
def test_every_asset_exists_and_every_source_is_an_asset(addon):
    patterns = []
    for entries in manifest(addon).get("assets", {}).values():
        for entry in entries:
            patterns += [part for part in [entry] if isinstance(part, str)]
            patterns += [part for part in entry[1:] if isinstance(entry, tuple)]
    used = set()
    for pattern in patterns:
        if pattern.startswith(f"{addon.name}/"):
            files = list(addon.parent.glob(pattern))
            assert files, f"no file for the asset {pattern}"
            used.update(files)
    sources = {path for path in addon.glob("static/src/**/*") if path.is_file()}
    assets = {path for path in sources if path.suffix in (".js", ".xml", ".scss")}
    assert sorted(map(name, assets - used)) == []


@eachaddon
def test_every_test_file_is_imported(addon):
    files = {path.stem for path in addon.glob("tests/test_*.py")}
    if files:
        text = (addon / "tests/__init__.py").read_text()
        imported = set(re.findall(r"\btest_\w+", text))
        assert files == imported


@pytest.mark.parametrize("addon", own_addons(), ids=name)
def test_readme_icon_and_packaging_are_there(addon):
    for file in ("README.rst", "pyproject.toml", "static/description/icon.png"):
        assert (addon / file).is_file(), file


def test_the_licence_is_in_the_repository():
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text()
