# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo 19 itself: an existing checkout, Debian's package, or a git clone."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import paths, system
from .archive import Archive
from .shell import digest, is_stamped, run, stamp, unstamp
from .speech import Stop, say, step

SERIES = "19.0"
REPOSITORY = "https://github.com/odoo/odoo.git"
SUITE = "sid"
# The package replaces fonts and libraries by links into these, with the file
# names they have in this suite: later ones rename the icons' font.
LINKED_SUITE = "trixie"
LINKED = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
    "fonts-montserrat",
)
# Debian leaves these out; an asset bundle with a missing file is an error on
# every page. This one blurs the background of video calls.
LEFT_OUT = ("mail/static/lib/selfie_segmentation/selfie_segmentation.js",)


@dataclass(frozen=True)
class Source:
    """One Odoo 19 on disk."""

    launcher: Path
    library: Path
    addons: tuple
    version: str


def checkout(path):
    """Describe a git checkout (or any unpacked source with odoo-bin)."""
    path = Path(path).resolve()
    if not (path / "odoo-bin").exists():
        return None
    head = path / ".git"
    version = "unknown"
    if head.exists():
        git = ["git", "-c", f"safe.directory={path}", "-C", path]
        version = run([*git, "rev-parse", "--short", "HEAD"]).strip()
    addons = (path / "addons", path / "odoo/addons")
    return Source(path / "odoo-bin", path, addons, f"git {version}")


def package(path):
    """Describe Debian's package unpacked into a folder."""
    path = Path(path).resolve()
    library = path / "usr/lib/python3/dist-packages"
    launcher = path / "usr/bin/odoo"
    if not (launcher.exists() and (library / "odoo/addons/base").exists()):
        return None
    version = path / "version"
    version = version.read_text().strip() if version.exists() else "unknown"
    return Source(launcher, library, (library / "odoo/addons",), version)


def series(source):
    """Read the series from the release file, e.g. 19.0."""
    found = {}
    exec((source.library / "odoo/release.py").read_text(), found)  # noqa: S102
    return found["series"]


def given(path):
    """Use the Odoo that ODOO_SOURCE names."""
    source = checkout(path) or package(path)
    if not source:
        raise Stop(
            f"ODOO_SOURCE={path} holds no Odoo source (no odoo-bin there)",
            "point it to a checkout of Odoo 19.0, or unset it",
        )
    if series(source) != SERIES:
        raise Stop(f"ODOO_SOURCE is Odoo {series(source)}, this suite needs {SERIES}")
    return source


def fetch_package():
    """Unpack Debian's package; whole or not at all."""
    draft = paths.PREFIX.with_name("odoo.draft")
    shutil.rmtree(draft, ignore_errors=True)
    with step("Odoo 19 from the Debian archive (about 130 MB)"):
        archive = Archive(SUITE)
        archive.prepare()
        version = archive.unpack(["odoo-19"], draft)
        (draft / "version").write_text(version)
        draft.rename(paths.PREFIX)
        shutil.rmtree(archive.home)


def unpack_linked(suite):
    """Unpack what the package links to, from one suite."""
    archive = Archive(suite)
    archive.prepare()
    archive.unpack(LINKED, paths.PREFIX)
    shutil.rmtree(archive.home)


def complete_package():
    """Add what the package links to and what it leaves out."""
    key = digest(LINKED_SUITE, *LINKED, *LEFT_OUT)
    if is_stamped("odoo-complete", key):
        return
    with step("fonts and libraries for the web client"):
        try:
            unpack_linked(LINKED_SUITE)
        except Stop as stop:
            say(f"  icons may lack: {str(stop).splitlines()[-1]}")
            unpack_linked(SUITE)
        addons = package(paths.PREFIX).addons[0]
        for name in LEFT_OUT:
            (addons / name).parent.mkdir(parents=True, exist_ok=True)
            (addons / name).touch()
    stamp("odoo-complete", key)


def fetch_clone():
    """Clone the 19.0 branch, without its history."""
    if not shutil.which("git"):
        system.install("git")
    draft = paths.CHECKOUT.with_name("odoo-git.draft")
    shutil.rmtree(draft, ignore_errors=True)
    with step("Odoo 19 by git clone (about 600 MB)"):
        run(
            ["git", "clone", "--depth", "1", "--branch", SERIES, REPOSITORY, draft],
            log=paths.LOGS / "git-clone.log",
            remedy="check the network, or set ODOO_SOURCE to an Odoo 19.0 checkout",
        )
        draft.rename(paths.CHECKOUT)


def fetch():
    """Get Odoo from where this machine can reach it."""
    if system.has_apt() and not system.is_ubuntu():
        try:
            unstamp("odoo-complete")
            return fetch_package()
        except Stop as stop:
            say(f"  not from the archive: {str(stop).splitlines()[-1]}")
    return fetch_clone()


def present():
    """Return the Odoo that an earlier run fetched, if any."""
    if paths.PREFIX.exists():
        return package(paths.PREFIX)
    return checkout(paths.CHECKOUT) if paths.CHECKOUT.exists() else None


def odoo():
    """Return Odoo 19, fetching it when it is not there yet."""
    if os.environ.get("ODOO_SOURCE"):
        return given(os.environ["ODOO_SOURCE"])
    if not present():
        fetch()
    if paths.PREFIX.exists():
        complete_package()
    return present()


def key(source):
    """Return what identifies this Odoo, for caches built with it."""
    return digest(source.library, source.version)
