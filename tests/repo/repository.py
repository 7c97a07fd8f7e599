# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the repository consists of, for the checks in this folder."""

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tracked():
    """List the files that git knows and that are still there."""
    command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", "-z"]
    output = subprocess.run(command, check=True, capture_output=True, text=True)
    names = [ROOT / name for name in output.stdout.split("\0") if name]
    return [path for path in names if path.is_file() and not path.is_symlink()]


def text_files():
    """Yield (path, text) of the tracked files that are text."""
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data:
            yield path, data.decode("utf-8")


def addons():
    """List the folders of the add-ons, the test-only ones included."""
    manifests = [*ROOT.glob("*/__manifest__.py"), *ROOT.glob("tests/*/__manifest__.py")]
    return sorted(path.parent for path in manifests)


def own_addons():
    """List the folders of the add-ons that people install."""
    return [path for path in addons() if path.parent == ROOT]


def manifest(addon):
    return ast.literal_eval((addon / "__manifest__.py").read_text())


def name(path):
    """Name a path in the list of tests."""
    return str(path.relative_to(ROOT))


def python_files():
    """List the tracked Python files, the commands without suffix included."""
    return [
        path
        for path in tracked()
        if path.suffix == ".py"
        or path.read_bytes().startswith(b"#!/usr/bin/env python3")
    ]
