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
from .shell import is_stamped, only_one, run, stamp
from .speech import Stop, say, step

RELEASE = Path("/etc/os-release")
CHROME = "https://dl.google.com/linux/direct/google-chrome-stable_current_amd64.deb"
# In the order in which Odoo's browser tests look for one.
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
# A snap, as on Ubuntu, sees neither hidden folders nor our /tmp; it names itself.
SNAP = "snap"


def release():
    """Read /etc/os-release as a dict."""
    pairs = (line.split("=", 1) for line in RELEASE.read_text().splitlines())
    return {pair[0]: pair[1].strip('"') for pair in pairs if len(pair) > 1}


def is_ubuntu():
    """Tell whether this is Ubuntu or made from it: no Odoo, no Chromium as packages."""
    about = release()
    return "ubuntu" in f"{about.get('ID')} {about.get('ID_LIKE')}".split()


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
    """Return the browser that Odoo's tests will start, None when there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def need_browser():
    """Make sure that the browser tests can run.

    :raise Stop: with the command to type when they cannot
    """
    with only_one("browser"):
        if not browser() or _trouble_of_browser():
            _install_browser()
    if trouble := _trouble_of_browser():
        raise Stop(
            f"the browser at {browser()} cannot be used: {trouble}",
            "install a Chromium or Chrome that is a package of its own, not a snap",
        )


def _trouble_of_browser():
    probe = subprocess.run(
        [browser(), "--version"], capture_output=True, text=True, check=False
    )
    if probe.returncode:
        return probe.stderr.strip() or "it does not start"
    return "it is a snap" if SNAP in probe.stdout.split() else ""


def _install_browser():
    fonts = ("fonts-dejavu-core", "fonts-liberation")
    chromium = _download_chrome(fonts) if is_ubuntu() else "chromium"
    install(chromium, *fonts)


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
