# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The table of add-ons in the README is the list of the folders."""

import re

from repository import ROOT, own_addons


def table():
    """Return the first cells of the table whose first column is the add-on."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in (ROOT / "README.md").read_text().splitlines()
        if line.strip().startswith("|")
    ]
    heads = [row for row in rows if row[0].lower() in ("add-on", "addon", "add-ons")]
    assert heads, "the README has no table whose first column is the add-on"
    start = rows.index(heads[0]) + 2
    found = []
    for row in rows[start:]:
        cell = re.search(r"[a-z0-9]+(?:_[a-z0-9]+)+", row[0])
        if not cell:
            break
        found.append(cell.group())
    return found


def test_the_readme_table_lists_the_addons():
    assert sorted(table()) == [path.name for path in own_addons()]
