# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lint: the hooks of .pre-commit-config.yaml over all files of the repository."""

import os
import shutil
import subprocess

from . import paths, venv
from .counts import Counts
from .speech import say

NODE_HOOKS = ("prettier", "eslint")
PATIENCE = 120  # seconds for npm's packages; they take ten


def environment():
    """Return the environment in which the hooks find their tools."""
    return {
        **os.environ,
        "PATH": f"{paths.VENV / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(paths.CACHE / "pre-commit"),
        "PYLINTHOME": str(paths.CACHE / "pylint"),
    }


def pre_commit(environ, *arguments, before=()):
    """Run pre-commit and return what became of it, output included.

    :param before: words to put before the command
    """
    return subprocess.run(
        [*before, venv.PYTHON, "-m", "pre_commit", *arguments, "--color=never"],
        env=environ,
        cwd=paths.ROOT,
        check=False,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def skipped(environ):
    """Name the hooks that need node, where this machine cannot get them."""
    # A network that swallows packets would let npm try for many minutes.
    quick = {**environ, "npm_config_fetch_retries": "0"}
    patience = ("timeout", str(PATIENCE))
    if shutil.which("npm"):
        if not pre_commit(quick, "install-hooks", before=patience).returncode:
            return ()
    say(
        f"  note: without npm and its packages these do not run: {', '.join(NODE_HOOKS)}"
    )
    return NODE_HOOKS


def check():
    """Run every hook and count them as tests."""
    environ = environment()
    done = pre_commit(
        {**environ, "SKIP": ",".join(skipped(environ))}, "run", "--all-files"
    )
    print(done.stdout, flush=True)
    lines = done.stdout.splitlines()
    passed = sum(line.endswith("Passed") for line in lines)
    failed = sum(line.endswith("Failed") for line in lines)
    return Counts(passed, failed or int(bool(done.returncode)))
