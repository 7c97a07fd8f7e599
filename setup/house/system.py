# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The machine: its package manager and the programs it must have."""

import os
import platform
import shutil
import subprocess
import urllib.request
from pathlib import Path

from . import paths
from .shell import is_stamped, run, stamp
from .speech import Stop, say, step

RELEASE = Path("/etc/os-release")
# Its chromium is a link to a snap, which sees neither hidden folders nor our /tmp.
WITHOUT_CHROMIUM = "ubuntu"
CHROME = "https://dl.google.com/linux/direct/google-chrome-stable_current_amd64.deb"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def is_root():
    return os.geteuid() == 0


def has_apt():
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def install_command(*packages):
    """Return the command that a person types to get the packages."""
    return f"sudo apt-get update && sudo apt-get install {' '.join(packages)}"


def install(*packages):
    """Install system packages as root; elsewhere name the command and stop."""
    remedy = install_command(*packages)
    if not (is_root() and has_apt()):
        raise Stop(f"this machine lacks: {', '.join(packages)}", remedy)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"system packages: {', '.join(packages)}"):
        if not is_stamped("apt-update", "done"):
            run(["apt-get", "update"], log=paths.LOGS / "apt-update.log", env=environ)
            stamp("apt-update", "done")
        run(
            ["apt-get", "install", "-y", "--no-install-recommends", *packages],
            log=paths.LOGS / "apt-install.log",
            env=environ,
            remedy=remedy,
        )


def browser():
    """Return the browser for the browser tests, None when there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def need_browser():
    """Make sure that the browser tests can run.

    :raise Stop: with the command to type when they cannot
    """
    if not browser():
        _install_browser()
    probe = subprocess.run(
        [browser(), "--version"], capture_output=True, text=True, check=False
    )
    if probe.returncode:
        raise Stop(
            f"the browser at {browser()} does not start: {probe.stderr.strip()}",
            "install a Chromium or Chrome that is not a mere link to another store",
        )


def _install_browser():
    fonts = ("fonts-dejavu-core", "fonts-liberation")
    if f"ID={WITHOUT_CHROMIUM}" in RELEASE.read_text().splitlines():
        install(_download_chrome(fonts), *fonts)
    else:
        install("chromium", *fonts)


def _download_chrome(fonts):
    """Get Google's package, which Ubuntu does not have; root only, as for any package.

    :return: str, where the file is
    :raise Stop: with what to type where that is not possible
    """
    package = paths.CACHE / Path(CHROME).name
    lack = Stop(
        "this machine lacks a browser, and Ubuntu has none as a package",
        f"download {CHROME}, then {install_command(f'./{package.name}', *fonts)}",
    )
    if not (is_root() and has_apt() and platform.machine() == "x86_64"):
        raise lack
    try:
        with step("a browser, which Ubuntu has not as a package: Google's"):
            urllib.request.urlretrieve(CHROME, package)
    except OSError as error:
        raise lack from error
    return str(package)


def want_pdf():
    """Get wkhtmltopdf where it is to be had; letters can wait without it."""
    if shutil.which("wkhtmltopdf"):
        return
    try:
        install("wkhtmltopdf")
    except Stop:
        say("  note: no wkhtmltopdf here, PDF letters are not printed.")
        if not is_root():
            say(f"  to get it: {install_command('wkhtmltopdf')}")
