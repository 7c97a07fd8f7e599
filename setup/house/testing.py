# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""./setup/test: lint, repo checks, every add-on's tests, cross-add-on tests."""

import os
import signal
from functools import partial
from pathlib import Path

from . import databases, lanes, lint, paths, recipes, stages
from .provision import provision
from .speech import Stop

# Options of pytest whose value is a word of its own, never a path to run.
WITH_VALUE = {"-k", "-m", "-o", "-p", "-W", "--deselect", "--ignore", "--maxfail"}
USAGE = """usage: ./setup/test [PATH ...] [option of pytest ...]

Lint, checks of the repository, all tests; ends with the counts.
With paths only these: ./setup/test credit_control/tests/test_gate.py -k p5
With options but no path, every stage gets them: ./setup/test -k p3"""
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


def stage(house, kind, folder, targets=(), words=()):
    """Return one room's tests as a stage: its title, and what runs it."""
    play = {"addon": stages.addon, "suite": stages.suite, "plain": stages.plain}
    place = folder if kind == "plain" else folder.name
    title = str(folder.relative_to(paths.ROOT))
    return title, partial(play[kind], house, place, list(targets), list(words))


def chosen(house, targets, words):
    """List the stages that the user named, nothing else."""
    rooms = {}
    for target in targets:
        kind, folder = room(target)
        whole = Path(target) == folder
        rooms.setdefault((kind, folder), []).extend([] if whole else [target])
    return [
        stage(house, kind, folder, named, words)
        for (kind, folder), named in rooms.items()
    ]


def every(house, report, words):
    """List every stage there is.

    :return: those that may run side by side; those of races, which run alone
    """
    can, cannot = recipes.installable(house)
    for name, missing in cannot.items():
        report.skip(name, f"this Odoo has no {', '.join(sorted(missing))}")
    rooms = [("plain", folder) for folder in plain_folders()]
    alone = [place for place in rooms if place[1].name in LAST]
    rooms = [place for place in rooms if place not in alone]
    rooms += [("addon", paths.ROOT / name) for name in can]
    rooms += [("suite", folder) for folder in paths.test_suites()]
    beside = [stage(house, *place, words=words) for place in rooms]
    alone = [stage(house, *place, words=words) for place in alone]
    if not words:
        beside.insert(0, ("lint", lint.check))
        if can and paths.STORY.exists():
            beside.append(("demonstration data", partial(stages.demo, house)))
            alone.append(("./setup/run --check", partial(stages.story, house)))
    return beside, alone


def main(arguments):
    """Run the tests and return the exit code."""
    if {"-h", "--help"}.intersection(arguments):
        print(USAGE)
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    targets, words = split(arguments)
    house = provision()
    databases.sweep(house)
    report = stages.Report()
    if targets:
        lanes.play(report, chosen(house, targets, words), 1)
        return report.close()
    beside, alone = every(house, report, words)
    # Who adds words for pytest (--pdb, -x) wants to see it run.
    lanes.play(report, beside, 1 if words else lanes.LANES)
    lanes.play(report, alone, 1)
    return report.close()
