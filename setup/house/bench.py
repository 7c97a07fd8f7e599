# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""./setup/bench: native Odoo, OCA's modules and this suite, side by side."""

import argparse
import contextlib
import json
import signal
import subprocess

from . import bench_data, bench_load, bench_report, databases, paths, venv
from .bench_fill import REPEATS, TURNS_TO_WARM
from .provision import provision
from .speech import Stop, say, step


def options(arguments):
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="./setup/bench",
        description="Measure credit_control beside native Odoo and OCA's modules."
        " Exits with 1 when a goal is missed.",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a small database: for development, its ratios say little",
    )
    parser.add_argument(
        "--alone", action="store_true", help="leave out the parallel sessions"
    )
    return parser.parse_args(arguments)


def probe(house, sides):
    """Measure in one process of the suite's environment."""
    command = [
        venv.PYTHON,
        *("-m", "house.bench_probe"),
        f"--config={paths.CONFIG}",
        bench_data.addons_path(house),
        "--log-level=warn",
        f"repeats={REPEATS - TURNS_TO_WARM}",
        *(f"{side}={database}" for side, database in sides.items()),
    ]
    environ = {**house.environ(), "PYTHONPATH": str(paths.SETUP)}
    environ["PYTHONDONTWRITEBYTECODE"] = "1"
    log = paths.LOGS / "bench_probe.log"
    with open(log, "w") as errors:
        done = subprocess.run(
            [str(word) for word in command],
            env=environ,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    if done.returncode:
        raise Stop(f"measuring failed:\n{databases.last_words(log)}")
    return json.loads(done.stdout)


@contextlib.contextmanager
def copies(house, templates):
    """Copy the sides, so that the templates stay as they are."""
    with contextlib.ExitStack() as stack:
        yield {
            side: stack.enter_context(databases.clone(house, template, f"bench_{side}"))
            for side, template in templates.items()
        }


def measure(house, templates, alone):
    """Measure each side alone, then with many clients."""
    with copies(house, {**templates, "sending": templates["ours"]}) as sides:
        with step("one session at a time, the three sides in turn"):
            found = probe(house, sides)
    if alone:
        return found, {}
    # Fresh copies: the follow-up runs, of which native Odoo has none, leave dead rows
    # behind in the index of what is open.
    with copies(house, templates) as sides:
        with step("16 clients against 8 worker processes, the sides in turn"):
            return found, bench_load.play(house, sides)


def main(arguments):
    """Run the benchmark and return the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen = options(arguments)
    house = provision()
    databases.sweep(house)
    size = bench_data.QUICK if chosen.quick else bench_data.FULL
    templates = bench_data.sides(house, size)
    table = bench_report.report(*measure(house, templates, chosen.alone))
    table.show()
    if table.missed:
        say(f"\n{len(table.missed)} goals are missed.")
    return int(bool(table.missed))
