# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which databases the tests work on, and what is made only once."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from house import content, recipes, templates


@pytest.fixture
def made(monkeypatch, tmp_path):
    """Databases that are only names: {name: (origin, what was installed on it)}."""
    made, drafts = {}, {}

    def copy(_house, origin, draft):
        assert origin in made
        drafts[draft] = (origin, [])

    def install(_house, draft, addons, _options, _log):
        drafts[draft][1].append(sorted(addons))

    @contextmanager
    def only_one(_name):
        yield

    def rename(_house, draft, name):
        made[name] = drafts.pop(draft)

    monkeypatch.setattr(templates, "only_one", only_one)
    monkeypatch.setattr(templates.source, "key", str)
    monkeypatch.setattr(templates, "_install", install)
    played = lambda _house, draft, _script: drafts[draft][1].append("played")  # noqa: E731
    monkeypatch.setattr(templates, "_play", played)
    base = templates.databases
    monkeypatch.setattr(base, "copy", copy)
    monkeypatch.setattr(base, "drop", lambda _house, draft: None)
    monkeypatch.setattr(base, "rename", rename)
    monkeypatch.setattr(base, "exists", lambda _house, name: name in made)
    monkeypatch.setattr(base, "oldest", lambda _house, prefix: [])
    monkeypatch.setattr(
        base, "create", lambda _house, draft: drafts.update({draft: (None, [])})
    )
    return made


HOUSE = SimpleNamespace(odoo="19")


def test_level_one_of_the_others_starts_from_that_of_credit_control(made):
    first = templates.base(HOUSE, recipes.alone("credit_control"))
    stock = templates.base(HOUSE, recipes.alone("credit_control_stock"))
    assert made == {first: (None, [["sale"]]), stock: (first, [["sale_stock"]])}


def test_an_add_on_that_needs_no_more_of_odoo_has_the_same_level_one(made):
    first = templates.base(HOUSE, recipes.alone("credit_control"))
    assert templates.base(HOUSE, recipes.alone("vendor_credit_lines")) == first
    assert len(made) == 1


def test_each_add_on_is_installed_on_odoos_own_with_what_it_depends_on(made):
    first = templates.base(HOUSE, recipes.alone("credit_control"))
    second = templates.ready(HOUSE, recipes.alone("credit_insurance_link"))
    names = ["credit_control", "credit_insurance_link"]
    assert made[second] == (first, [names, "played"])


def test_pages_are_made_ready_only_where_a_browser_comes(made):
    second = templates.ready(HOUSE, recipes.alone("credit_control_pos_sale"))
    assert "played" not in made[second][1]


def test_who_gets_a_browser_test_gets_the_pages_too(made, tmp_path, monkeypatch):
    addon = tmp_path / "addon"
    (addon / "tests").mkdir(parents=True)
    test = addon / "tests/test_x.py"
    test.write_text("class TestX(TransactionCase):\n")
    assert not content.is_seen(addon)
    test.write_text("class TestX(HttpCase):\n")
    assert content.is_seen(addon)
