# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The committed list of terms (.pot) is the one that Odoo exports."""

import difflib

from . import databases, paths
from .speech import Stop

DATES = ('"POT-Creation-Date', '"PO-Revision-Date')


def _lines(path):
    lines = path.read_text().splitlines()
    return [line for line in lines if not line.startswith(DATES)]


def check(house, addon, database):
    """Compare the terms of an installed add-on with its committed .pot.

    :raise Stop: when they differ; the fresh list is left under .odoo/terms/
    """
    committed = paths.ROOT / addon / "i18n" / f"{addon}.pot"
    if not committed.exists():
        return
    fresh = paths.HOME / "terms" / committed.name
    fresh.parent.mkdir(exist_ok=True)
    log = paths.LOGS / f"terms_{addon}.log"
    if export(house, addon, database, fresh, log):
        raise Stop(f"exporting terms failed:\n{databases.last_words(log)}")
    old, new = _lines(committed), _lines(fresh)
    if old != new:
        changes = list(difflib.unified_diff(old, new, "committed", "fresh", "", "", 0))
        raise Stop(
            f"{committed.relative_to(paths.ROOT)} is not what Odoo exports now:\n"
            + "\n".join(changes[:40]),
            f"cp .odoo/terms/{committed.name} {addon}/i18n/, and complete fr.po",
        )


def export(house, addon, database, target, log):
    """Export the terms of an add-on; return the exit code."""
    options = ["-d", database, "-l", "pot", "-o", target, addon]
    return databases.call(house, house.command("i18n", "export", *options), "", log)
