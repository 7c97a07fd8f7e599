# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The stages of the tests: each one checks, counts, and lets the next one run."""

import contextlib
import os
import subprocess
import time

from . import databases, logs, paths, recipes, running, system, templates, terms, venv
from .counts import VARIABLE, Counts, read
from .speech import Stop, say

NO_TESTS = 5


def pytest(house, label, targets, arguments, *, odoo=None):
    """Run pytest once, its output shown as it comes.

    :param str label: names the report
    :param list arguments: what the caller adds for pytest
    :param str odoo: the database for tests that run inside Odoo (pytest-odoo)
    :return: the counts
    """
    report = paths.LOGS / f"pytest_{label}_{os.getpid()}.json"
    command = [venv.PYTHON, "-m", "pytest", "-c", paths.SETUP / "pytest.ini"]
    command += [f"--rootdir={paths.ROOT}", "-p", "house.counts"]
    if odoo:
        command += [f"--odoo-database={odoo}", "--odoo-http"]
        command += ["--odoo-log-level=error", "--odoo-extra=max-cron-threads=0"]
    else:
        command += ["-p", "no:odoo"]
    environ = {**house.environ(), "PYTHONPATH": str(paths.SETUP)}
    environ[VARIABLE] = str(report)
    command = [str(part) for part in (*command, *arguments, *targets)]
    code = subprocess.run(
        command, env=environ, check=False, stdin=subprocess.DEVNULL, cwd=paths.ROOT
    ).returncode
    counts = read(report)
    report.unlink(missing_ok=True)
    if code == NO_TESTS and arguments:
        return counts
    if code and not counts.failed:
        say(f"  pytest ended with exit code {code}")
        return counts + Counts(failed=1)
    return counts


def plain(house, folder, targets, arguments):
    """Tests without Odoo, or that start their own Odoo servers."""
    return pytest(house, folder.name, targets or [folder], arguments)


def check_install(name):
    """Count the installation of our add-ons: its log must hold no warning."""
    trouble = logs.trouble(templates.log_file(name))
    if trouble:
        say("  the installation logged:\n" + "\n".join(trouble[:20]))
    return Counts(failed=1) if trouble else Counts(passed=1)


def addon(house, name, targets, arguments):
    """An add-on's own tests, installed alone with what it depends on."""
    folder = paths.ROOT / name
    tested = (folder / "tests").exists()
    if tested:
        system.need_browser()
    recipe = recipes.alone(name)
    template = templates.ready(house, recipe)
    counts = Counts() if targets else check_install(template)
    if not targets and not tested:
        return counts
    with databases.clone(house, template, recipe.label) as database:
        if not targets:
            counts += check_terms(house, name, database)
        chosen = targets or [folder / "tests"]
        return counts + pytest(house, name, chosen, arguments, odoo=database)


def check_terms(house, name, database):
    """Count the check of the list of terms, where the add-on has one."""
    if not (paths.ROOT / name / "i18n" / f"{name}.pot").exists():
        return Counts()
    try:
        terms.check(house, name, database)
    except Stop as stop:
        say(f"  {stop}\n  what to do: {stop.remedy}")
        return Counts(failed=1)
    return Counts(passed=1)


def suite(house, name, targets, arguments):
    """The tests of a test-only add-on, with all of ours and a web shop."""
    system.need_browser()
    recipe = recipes.suite(house)
    template = templates.ready(house, recipe)
    counts = Counts() if targets else check_install(template)
    with databases.clone(house, template, recipe.label) as database:
        chosen = targets or [paths.TESTS / name / "tests"]
        return counts + pytest(house, name, chosen, arguments, odoo=database)


def demo(house):
    """Count the installation of the demonstration data."""
    return check_install(templates.ready(house, recipes.demo(house)))


def story(house):
    """Play the main job on the demonstration data, as one test."""
    return Counts(failed=1) if running.check(house) else Counts(passed=1)


class Report:
    """What the stages found; a failed one does not keep the next from running."""

    def __init__(self):
        self.lines = []
        self.total = Counts()

    @contextlib.contextmanager
    def stage(self, title):
        """Run a stage: the block calls the given function with its counts."""
        say(f"\n=== {title}")
        start, counts = time.monotonic(), []
        try:
            yield counts.append
        except Stop as stop:
            say(f"  {stop}" + (f"\n  what to do: {stop.remedy}" if stop.remedy else ""))
            counts.append(Counts(failed=1))
        self.note(title, sum(counts, Counts()), time.monotonic() - start)

    def note(self, title, total, took):
        """Add the counts of a stage and the seconds it took."""
        self.total += total
        self.lines.append(f"{title:<45} {str(total):<36} {took:6.1f} s")

    def add(self, other):
        """Take over what another report found."""
        self.lines += other.lines
        self.total += other.total

    def skip(self, title, reason):
        """Show that something could not be run here, and why."""
        self.total += Counts(skipped=1)
        self.lines.append(f"{title:<45} skipped: {reason}")

    def close(self):
        """Print the stages and the closing line; return the exit code."""
        print("\n=== stages", *self.lines, "", sep="\n")
        print(self.total, flush=True)
        return 1 if self.total.failed else 0
