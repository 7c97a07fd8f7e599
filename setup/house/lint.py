# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lint: the hooks of .pre-commit-config.yaml over all files of the repository."""

import os
import subprocess

from . import paths, venv
from .counts import Counts


def check():
    """Run every hook and count them as tests."""
    environ = {
        **os.environ,
        "PATH": f"{paths.VENV / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(paths.CACHE / "pre-commit"),
        "PYLINTHOME": str(paths.CACHE / "pylint"),
    }
    command = [venv.PYTHON, "-m", "pre_commit", "run", "--all-files", "--color=never"]
    done = subprocess.run(
        command,
        env=environ,
        cwd=paths.ROOT,
        check=False,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    print(done.stdout, flush=True)
    lines = done.stdout.splitlines()
    passed = sum(line.endswith("Passed") for line in lines)
    failed = sum(line.endswith("Failed") for line in lines)
    return Counts(passed, failed or int(bool(done.returncode)))
