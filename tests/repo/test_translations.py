# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The interface is complete in English and French."""

import ast

import polib
import pytest
from repository import name, own_addons, python_files

TRANSLATED = [path for path in own_addons() if (path / "i18n").is_dir()]
eachaddon = pytest.mark.parametrize("addon", TRANSLATED, ids=name)


def terms(path):
    return {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(path))}


@eachaddon
def test_terms_and_french_are_there(addon):
    names = {path.name for path in (addon / "i18n").glob("*.po*")}
    assert {f"{addon.name}.pot", "fr.po"} <= names
    assert "en.po" not in names


@eachaddon
def test_french_has_every_term_and_no_other(addon):
    french = [e for e in polib.pofile(str(addon / "i18n/fr.po")) if not e.obsolete]
    found = {(entry.msgctxt, entry.msgid) for entry in french}
    assert found == terms(addon / "i18n" / f"{addon.name}.pot")


@eachaddon
def test_french_is_complete(addon):
    french = [e for e in polib.pofile(str(addon / "i18n/fr.po")) if not e.obsolete]
    poor = [entry.msgid for entry in french if entry.fuzzy or not entry.msgstr]
    assert poor == []


def _terms_in_f_strings(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.JoinedStr):
            for part in ast.walk(node):
                if isinstance(part, ast.Call) and ast.unparse(part.func).endswith("_"):
                    yield f"{name(path)}:{part.lineno}"


def test_no_term_stands_in_an_f_string():
    """Python 3.11 does not find it there, 3.12 does: the list would never be right."""
    found = [place for path in python_files() for place in _terms_in_f_strings(path)]
    assert found == []
