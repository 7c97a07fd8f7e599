# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run programs, remember what was done, and let one process do it at a time."""

import contextlib
import fcntl
import hashlib
import os
import subprocess

from . import paths
from .speech import Stop, say


def run(command, *, log=None, remedy="", **options):
    """Run a program quietly and return its output.

    :param Path log: where the output is kept; it is told when the run fails
    :raise Stop: with the end of the output when the program fails
    """
    command = [str(part) for part in command]
    options.setdefault("stdin", subprocess.DEVNULL)
    try:
        done = subprocess.run(
            command,
            text=True,
            errors="replace",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **options,
        )
    except OSError as error:
        raise Stop(f"{command[0]} does not run: {error}", remedy) from error
    if log:
        log.write_text(done.stdout)
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-25:])
        raise Stop(f"{' '.join(command[:4])} failed:\n{tail}", remedy)
    return done.stdout


def digest(*parts):
    """Return a short fingerprint of texts and bytes."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part if isinstance(part, bytes) else str(part).encode())
        total.update(b"\0")
    return total.hexdigest()[:16]


def write(path, text):
    """Write a file in one go: another process sees the old or the new one."""
    if path.exists() and path.read_text() == text:
        return
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(path)


def is_stamped(name, key):
    """Tell whether a step was finished for this very key."""
    stamp = paths.STAMPS / name
    return stamp.exists() and stamp.read_text() == key


def stamp(name, key):
    """Remember that a step is finished."""
    write(paths.STAMPS / name, key)


def unstamp(name):
    """Forget a step: it is about to be done again."""
    (paths.STAMPS / name).unlink(missing_ok=True)


@contextlib.contextmanager
def only_one(name):
    """Let one process at a time into a step; the others wait."""
    with open(paths.HOME / f"{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"  waiting for another command that is busy with: {name}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
