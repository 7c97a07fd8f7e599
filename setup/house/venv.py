# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The virtual environment with the pinned requirements."""

import os
import shutil
import subprocess
import sys

from . import paths, system
from .archive import Archive
from .shell import digest, is_stamped, run, stamp, unstamp, write
from .speech import Stop, step

SUPPORTED = ("3.13", "3.12", "3.11")
PYTHON = paths.VENV / "bin/python"


def base_python():
    """Return a Python that Odoo 19 and the lock file support."""
    if f"{sys.version_info.major}.{sys.version_info.minor}" in SUPPORTED:
        return os.path.realpath(sys.executable)
    found = (shutil.which(f"python{version}") for version in SUPPORTED)
    python = next(filter(None, found), None)
    if not python:
        raise Stop(
            f"Odoo 19 needs Python {', '.join(SUPPORTED)}; this is {sys.version}",
            "install one of these and run the command again",
        )
    return python


def has_ensurepip(python):
    probe = [python, "-c", "import ensurepip, venv"]
    return not subprocess.run(probe, capture_output=True, check=False).returncode


def create(python):
    """Create the empty environment; Debian ships venv without pip."""
    shutil.rmtree(paths.VENV, ignore_errors=True)
    if has_ensurepip(python):
        return run([python, "-m", "venv", paths.VENV])
    if system.is_root() and system.has_apt():
        system.install("python3-venv")
        return run([python, "-m", "venv", paths.VENV])
    return create_without_root(python)


def create_without_root(python):
    """Take pip from an unpacked package: nothing to install, no root."""
    remedy = system.install_command("python3-venv")
    if not system.has_apt():
        raise Stop("this Python has no venv module", remedy)
    try:
        archive = Archive(system.release()["VERSION_CODENAME"])
        archive.prepare()
        archive.unpack(["python3-pip-whl"], paths.CACHE / "pip")
        run([python, "-m", "venv", "--without-pip", paths.VENV])
        wheel = next(paths.CACHE.glob("pip/usr/share/python-wheels/pip-*.whl"))
    except (Stop, StopIteration, KeyError) as error:
        raise Stop("this Python has no venv module", remedy) from error
    run([PYTHON, wheel / "pip", "install", "pip"], log=paths.LOGS / "pip.log")


def ready():
    """Make sure that the environment holds exactly what the lock file says."""
    key = digest(paths.LOCK_FILE.read_bytes())
    if PYTHON.exists() and is_stamped("venv", key):
        return
    unstamp("venv")
    with step("virtual environment with the pinned requirements"):
        if not (PYTHON.exists() and is_stamped("venv-created", "done")):
            unstamp("venv-created")
            create(base_python())
            stamp("venv-created", "done")
        run(
            [PYTHON, "-m", "pip", "install", "-r", paths.LOCK_FILE],
            log=paths.LOGS / "pip.log",
            remedy="the whole output is in .odoo/logs/pip.log",
        )
    stamp("venv", key)


def see(source):
    """Let the environment import Odoo, wherever it lies."""
    packages = next((paths.VENV / "lib").glob("python3*/site-packages"))
    write(packages / "odoo_source.pth", f"{source.library}\n")
