# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The log of an installation must hold no warning."""

import re

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (WARNING|ERROR|CRITICAL) \S+ (.*)"
)
# The one list of lines that may appear, each with its reason.
ALLOWED = (
    # The archive's wkhtmltopdf is built on an unpatched Qt: no page headers.
    r"wkhtmltopdf",
    # The free PDF renderer of reportlab is not needed by any add-on of ours.
    r"rlPyCairo|renderPM",
)


def trouble(log):
    """Return the lines of a log that are warnings or worse and not allowed."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    found = [line for line in lines if LINE.match(line)]
    return [line for line in found if not any(re.search(p, line) for p in ALLOWED)]
