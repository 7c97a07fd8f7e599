# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Count what test runs did, and say it in one closing line.

This module is also a plugin of pytest: it writes the counts that pytest prints
into the file named by CREDIT_COUNTS, for the run that started it.
"""

import json
import os
from dataclasses import asdict, dataclass

VARIABLE = "CREDIT_COUNTS"


@dataclass(frozen=True)
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Counts(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
        )

    def __str__(self):
        text = f"{self.passed} passed, {self.failed} failed"
        return text + (f", {self.skipped} skipped" if self.skipped else "")


def from_stats(stats):
    """Return the counts of pytest's own statistics; an expected failure is one
    that somebody should look at, so it counts as skipped.
    """
    number = {name: len(reports) for name, reports in stats.items()}
    return Counts(
        number.get("passed", 0),
        number.get("failed", 0) + number.get("error", 0) + number.get("xpassed", 0),
        number.get("skipped", 0) + number.get("xfailed", 0),
    )


def read(report):
    """Read the counts that a run left, none when it died before."""
    return Counts(**json.loads(report.read_text())) if report.exists() else Counts()


def pytest_terminal_summary(terminalreporter):
    if VARIABLE in os.environ:
        counts = from_stats(terminalreporter.stats)
        with open(os.environ[VARIABLE], "w") as report:
            json.dump(asdict(counts), report)
