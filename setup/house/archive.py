# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Packages of the machine's own Debian archive, unpacked into a folder.

Nothing is installed: a private sources list with the wanted suite, private
lists and a private cache keep the system's own untouched, so no root is needed.
"""

from pathlib import Path

from . import paths, system
from .shell import run
from .speech import Stop

SOURCES = Path("/etc/apt")
OWN_SUITES = {"stable", "testing", "unstable", "sid"}


def own_suites():
    """Return the suites of the distribution itself, not of a third party."""
    codename = system.release().get("VERSION_CODENAME", "")
    return OWN_SUITES | {codename.split("/")[0]}


def one_line_sources(text):
    """Yield (uri, suite, components, options) of the one-line format."""
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if words[:1] != ["deb"]:
            continue
        options = ""
        if words[1].startswith("["):
            end = next(i for i, word in enumerate(words) if word.endswith("]"))
            options = " ".join(words[1 : end + 1]).strip("[]")
            words = words[:1] + words[end + 1 :]
        signed = dict(
            word.split("=", 1) for word in options.split() if "=" in word
        ).get("signed-by", "")
        yield words[1], words[2], words[3:], signed


def deb822_sources(text):
    """Yield the same of the deb822 format."""
    for stanza in text.split("\n\n"):
        fields, name = {}, ""
        for line in stanza.splitlines():
            if line.startswith("#"):
                continue
            if line[:1].isspace() and name:
                fields[name] += "\n" + line
            elif ":" in line:
                name, value = line.split(":", 1)
                name = name.strip().lower()
                fields[name] = value.strip()
        if "deb" not in fields.get("types", "").split():
            continue
        if fields.get("enabled", "yes").lower() in ("no", "false"):
            continue
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                components = fields.get("components", "").split()
                yield uri, suite, components, fields.get("signed-by", "")


def all_sources():
    for path in [SOURCES / "sources.list", *sorted(SOURCES.glob("sources.list.d/*"))]:
        if path.suffix == ".list" and path.exists():
            yield from one_line_sources(path.read_text())
        elif path.suffix == ".sources":
            yield from deb822_sources(path.read_text())


def mirror():
    """Return (uri, components, signed-by) of the distribution's archive here."""
    suites = own_suites()
    for uri, suite, components, signed in all_sources():
        if suite in suites and "main" in components and "security" not in uri:
            return uri, components, signed
    raise Stop("no source of the distribution's own archive in /etc/apt")


class Archive:
    """The archive seen with one suite, through lists of its own."""

    def __init__(self, suite):
        self.suite = suite
        self.home = paths.CACHE / f"apt-{suite}"

    def options(self):
        chosen = {
            "Dir::Etc::sourcelist": self.home / "private.sources",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::State": self.home / "state",
            "Dir::State::status": self.home / "state/status",
            "Dir::Cache": self.home / "cache",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
        }
        if system.is_root():
            chosen["APT::Sandbox::User"] = "root"
        return [word for k, v in chosen.items() for word in ("-o", f"{k}={v}")]

    def prepare(self):
        """Write the private sources list and fetch its index."""
        for folder in ("state/lists/partial", "cache/archives/partial", "debs"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        (self.home / "state/status").touch()
        uri, components, signed = mirror()
        lines = ["Types: deb", f"URIs: {uri}", f"Suites: {self.suite}"]
        lines += [f"Components: {' '.join(components)}"]
        lines += [f"Signed-By: {signed}"] if signed else []
        (self.home / "private.sources").write_text("\n".join(lines) + "\n")
        run(
            ["apt-get", *self.options(), "update", "--error-on=any"],
            log=paths.LOGS / f"apt-{self.suite}.log",
        )

    def unpack(self, packages, target):
        """Download packages and unpack them into a folder.

        :return: the version of the first package
        """
        debs = self.home / "debs"
        run(["apt-get", *self.options(), "download", *packages], cwd=debs)
        for package in packages:
            run(["dpkg-deb", "-x", self._deb(package), target])
        return run(["dpkg-deb", "-f", self._deb(packages[0]), "Version"]).strip()

    def _deb(self, package):
        found = sorted((self.home / "debs").glob(f"{package}_*.deb"))
        return max(found, key=lambda path: path.stat().st_mtime)
