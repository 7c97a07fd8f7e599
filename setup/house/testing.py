# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""./setup/test: lint, repo checks, every add-on's tests, cross-add-on tests."""

import os
import signal
from pathlib import Path

from . import databases, lint, paths, recipes, running, stages, templates
from .counts import Counts
from .provision import provision
from .speech import Stop

# Options of pytest whose value is a word of its own, never a path to run.
WITH_VALUE = {"-k", "-m", "-o", "-p", "-W", "--deselect", "--ignore", "--maxfail"}
# First what is quick, last what starts servers.
FIRST, LAST = ("repo", "engine"), ("integration",)


def split(arguments):
    """Split what the user typed into paths to run and words for pytest."""
    targets, words, value = [], [], False
    for argument in arguments:
        path = Path(os.path.abspath(argument.split("::")[0]))
        if not value and not argument.startswith("-") and path.exists():
            targets.append(str(path) + argument[len(argument.split("::")[0]) :])
        else:
            words.append(argument)
        value = argument in WITH_VALUE
    return targets, words


def plain_folders():
    """List the folders of tests/ that are no add-ons, in the order to run."""
    folders = [path for path in paths.TESTS.glob("*") if any(path.rglob("test_*.py"))]
    own = {path for path in folders if not (path / "__manifest__.py").exists()}
    order = {name: index for index, name in enumerate((*FIRST, "", *LAST))}
    return sorted(own, key=lambda path: (order.get(path.name, len(FIRST)), path))


def room(target):
    """Return which stage a path belongs to: (kind, folder)."""
    path = Path(target.split("::")[0])
    for addon in paths.addons():
        if path.is_relative_to(addon):
            return "addon", addon
    for addon in paths.test_addons():
        if path.is_relative_to(addon):
            return "suite", addon
    for folder in plain_folders():
        if path.is_relative_to(folder):
            return "plain", folder
    raise Stop(f"{target} is no test of this repository")


def run(house, report, kind, folder, targets, words):
    """Run one room's tests as a stage."""
    play = {"addon": stages.addon, "suite": stages.suite, "plain": stages.plain}
    place = folder if kind == "plain" else folder.name
    with report.stage(str(folder.relative_to(paths.ROOT))) as count:
        count(play[kind](house, place, targets, words))


def run_chosen(house, report, targets, words):
    """Run what the user named, nothing else."""
    rooms = {}
    for target in targets:
        kind, folder = room(target)
        whole = Path(target) == folder
        rooms.setdefault((kind, folder), []).extend([] if whole else [target])
    for (kind, folder), chosen in rooms.items():
        run(house, report, kind, folder, chosen, words)


def run_demo(house, report):
    """Install the demonstration data, and play the main job on it."""
    with report.stage("demonstration data and ./setup/run --check") as count:
        template = templates.ready(house, recipes.demo(house))
        count(stages.check_install(template))
        code = running.check(house)
        count(Counts(failed=1) if code else Counts(passed=1))


def run_all(house, report, words):
    """Run every stage there is."""
    if not words:
        with report.stage("lint") as count:
            count(lint.check())
    plain = plain_folders()
    for folder in plain:
        if folder.name not in LAST:
            run(house, report, "plain", folder, [], words)
    can, cannot = recipes.installable(house)
    for name, missing in cannot.items():
        report.skip(name, f"this Odoo has no {', '.join(sorted(missing))}")
    for name in can:
        run(house, report, "addon", paths.ROOT / name, [], words)
    for folder in paths.test_suites():
        run(house, report, "suite", folder, [], words)
    for folder in plain:
        if folder.name in LAST:
            run(house, report, "plain", folder, [], words)
    if can and not words and paths.STORY.exists():
        run_demo(house, report)


def main(arguments):
    """Run the tests and return the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    targets, words = split(arguments)
    house = provision()
    databases.sweep(house)
    report = stages.Report()
    if targets:
        run_chosen(house, report, targets, words)
    else:
        run_all(house, report, words)
    return report.close()
