# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rooms of setup/house that can be tested without setting anything up."""

import pytest
from house import (
    archive,
    content,
    counts,
    logs,
    server,
    source,
    stages,
    system,
    testing,
)
from house.counts import Counts
from house.speech import Stop

ONE_LINE = """
# deb http://old.example/debian trixie main
deb [arch=amd64 signed-by=/usr/share/x.gpg] http://own.example/debian trixie main other
deb http://own.example/debian-security trixie-security main
deb-src http://own.example/debian trixie main
"""
DEB822 = """
Types: deb deb-src
URIs: https://third.example/tool
Suites: nodistro
Components: main

# a comment
Types: deb
URIs: http://own.example/debian
Suites: trixie trixie-updates
Components: main
Signed-By: /usr/share/keyrings/debian.gpg

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: trixie
Components: main
"""
NOBLE = """
deb http://security.example/ubuntu noble-security main universe
deb http://own.example/ubuntu noble main universe
"""
STATS = {"passed": [0] * 7, "failed": [0], "error": [0], "skipped": [0], "": [0] * 9}


def test_one_line_sources_are_read():
    rows = list(archive.one_line_sources(ONE_LINE))
    assert rows[0] == (
        "http://own.example/debian",
        "trixie",
        ["main", "other"],
        "/usr/share/x.gpg",
    )
    assert [row[1] for row in rows] == ["trixie", "trixie-security"]


def test_deb822_sources_are_read_without_the_disabled_ones():
    rows = list(archive.deb822_sources(DEB822))
    assert [(row[0], row[1]) for row in rows] == [
        ("https://third.example/tool", "nodistro"),
        ("http://own.example/debian", "trixie"),
        ("http://own.example/debian", "trixie-updates"),
    ]
    assert rows[1][3] == "/usr/share/keyrings/debian.gpg"


@pytest.mark.parametrize("text", [ONE_LINE, DEB822], ids=["list", "sources"])
def test_the_archive_of_the_distribution_is_found(text, tmp_path, monkeypatch):
    suffix = "list" if text is ONE_LINE else "sources"
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / f"sources.list.d/all.{suffix}").write_text(text)
    monkeypatch.setattr(archive, "SOURCES", tmp_path)
    monkeypatch.setattr(system, "release", lambda: {"VERSION_CODENAME": "trixie"})
    assert archive.mirror()[0] == "http://own.example/debian"


def test_every_component_of_the_archive_is_searched(tmp_path, monkeypatch):
    """Ubuntu keeps the pip that an ordinary user's environment needs in universe."""
    (tmp_path / "sources.list").write_text(NOBLE)
    monkeypatch.setattr(archive, "SOURCES", tmp_path)
    monkeypatch.setattr(system, "release", lambda: {"VERSION_CODENAME": "noble"})
    monkeypatch.setattr(archive.paths, "CACHE", tmp_path)
    monkeypatch.setattr(archive, "run", lambda *command, **options: "")
    archive.Archive("noble").prepare()
    sources = (tmp_path / "apt-noble/private.sources").read_text()
    assert "Components: main universe\n" in sources


def test_no_archive_is_told_not_guessed(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "SOURCES", tmp_path)
    with pytest.raises(archive.Stop):
        archive.mirror()


def test_counts_are_read_and_added(tmp_path):
    report = tmp_path / "report.json"
    report.write_text('{"passed": 2, "failed": 1, "skipped": 0}')
    total = counts.read(report) + counts.from_stats(STATS)
    assert total == Counts(passed=9, failed=3, skipped=1)
    assert str(total) == "9 passed, 3 failed, 1 skipped"
    assert str(Counts(1, 0)) == "1 passed, 0 failed"


def test_a_run_without_report_counts_nothing(tmp_path):
    assert counts.read(tmp_path / "none.xml") == Counts()


def test_warnings_of_an_installation_are_found(tmp_path):
    log = tmp_path / "install.log"
    start = "2026-01-02 03:04:05,678 90"
    log.write_text(
        f"{start} INFO db odoo.modules.loading: fine WARNING\n"
        f"{start} WARNING db odoo.fields: two fields have the same label\n"
        f"{start} ERROR db odoo.sql_db: bad query\n"
        f"{start} WARNING db odoo.addons.base: You need Wkhtmltopdf, wkhtmltopdf\n"
    )
    assert [line.split()[3] for line in logs.trouble(log)] == ["WARNING", "ERROR"]


def test_paths_are_told_from_words_for_pytest(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test_x.py").touch()
    (tmp_path / "P3").touch()
    targets, words = testing.split(["test_x.py::TestX", "-k", "P3", "-x"])
    assert targets == [f"{tmp_path / 'test_x.py'}::TestX"]
    assert words == ["-k", "P3", "-x"]


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_who_asks_how_is_told_and_nothing_is_made(monkeypatch, capsys, word):
    monkeypatch.setattr(testing, "provision", lambda: pytest.fail("it was prepared"))
    assert testing.main([word]) == 0
    assert "./setup/test [PATH ...]" in capsys.readouterr().out


def test_a_foreign_path_is_refused(tmp_path):
    with pytest.raises(testing.Stop):
        testing.room(str(tmp_path))


def test_this_file_is_a_plain_test():
    kind, folder = testing.room(__file__)
    assert (kind, folder.name) == ("plain", "repo")


@pytest.fixture
def plan(monkeypatch):
    """Every stage of this repository, on a machine whose Odoo has no till."""
    split = (["credit_control", "vendor_credit_lines"], {"the_till": {"pos_sale"}})
    monkeypatch.setattr(testing.recipes, "installable", lambda _house: split)
    report = stages.Report()
    return *testing.every(None, report, []), report


def test_the_whole_run_holds_every_room_once_and_races_run_alone(plan):
    beside, alone, report = plan
    titles = [title for title, _work in (*beside, *alone)]
    assert len(set(titles)) == len(titles)
    assert set(titles) == {
        *("lint", "tests/repo", "tests/engine", "tests/insurers"),
        *("credit_control", "vendor_credit_lines", "tests/test_credit_suite"),
        *("tests/integration", "demonstration data", "./setup/run --check"),
    }
    assert [title for title, _work in alone] == [
        "tests/integration",
        "./setup/run --check",
    ]
    assert report.total == Counts(skipped=1) and "pos_sale" in report.lines[0]


def test_words_for_pytest_leave_out_what_is_no_pytest(monkeypatch):
    monkeypatch.setattr(testing.recipes, "installable", lambda _house: ([], {}))
    beside, alone = testing.every(None, stages.Report(), ["-k", "p5"])
    titles = [title for title, _work in (*beside, *alone)]
    assert "lint" not in titles and "./setup/run --check" not in titles


def test_the_fingerprint_ignores_tests_and_sees_code(tmp_path, monkeypatch):
    addon = tmp_path / "addon"
    (addon / "tests").mkdir(parents=True)
    (addon / "__manifest__.py").write_text("{'depends': []}")
    monkeypatch.setattr(content.paths, "ROOT", tmp_path)
    monkeypatch.setattr(content, "own_addons", lambda: {"addon": addon})
    first = content.fingerprint(["addon"])
    (addon / "tests/test_x.py").write_text("")
    assert content.fingerprint(["addon"]) == first
    (addon / "model.py").write_text("")
    assert content.fingerprint(["addon"]) != first


def test_a_free_port_is_free():
    assert server.is_free(server.free_port())


@pytest.fixture
def ubuntu(tmp_path, monkeypatch):
    """A machine with Ubuntu, on which root wants a browser."""
    release = tmp_path / "os-release"
    release.write_text('NAME="Ubuntu"\nID=ubuntu\nVERSION_CODENAME=noble\n')
    monkeypatch.setattr(system, "RELEASE", release)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr(system, "is_root", lambda: True)
    monkeypatch.setattr(system, "has_apt", lambda: True)
    monkeypatch.setattr(system.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(system.paths, "CACHE", tmp_path)
    monkeypatch.setattr(system.paths, "HOME", tmp_path)
    monkeypatch.setattr(system, "CHROME", (tmp_path / "from/chrome.deb").as_uri())
    return tmp_path


@pytest.fixture
def installed(ubuntu, monkeypatch):
    """What gets installed there; the package brings a browser that starts."""
    names = []

    def install(*packages):
        names.extend(packages)
        _put_browser(ubuntu, "google-chrome", "Google Chrome 156.0")

    (ubuntu / "from").mkdir()
    (ubuntu / "from/chrome.deb").write_text("package")
    monkeypatch.setattr(system, "install", install)
    return names


def _put_browser(machine, name, says, code=0):
    program = machine / "bin" / name
    program.write_text(f"#!/bin/sh\necho '{says}'\nexit {code}\n")
    program.chmod(0o755)


def test_ubuntu_gets_its_browser_from_google(ubuntu, installed):
    system.need_browser()
    assert installed[0] == str(ubuntu / "chrome.deb")
    assert (ubuntu / "chrome.deb").read_text() == "package"


@pytest.mark.parametrize("code", [0, 1], ids=["snap", "link to a missing snap"])
def test_a_browser_from_a_snap_is_not_used(ubuntu, installed, code):
    _put_browser(ubuntu, "chromium-browser", "Chromium 156.0 snap", code)
    system.need_browser()
    assert installed
    assert system.browser() == str(ubuntu / "bin/google-chrome")


def test_a_browser_that_works_is_kept(ubuntu, installed):
    _put_browser(ubuntu, "chromium", "Chromium 156.0")
    system.need_browser()
    assert not installed


def test_ubuntu_has_no_odoo_package_to_look_for(ubuntu, monkeypatch):
    monkeypatch.setattr(source, "fetch_package", lambda: "package")
    monkeypatch.setattr(source, "fetch_clone", lambda: "clone")
    assert source.fetch() == "clone"


@pytest.mark.parametrize("missing", ["network", "root", "amd64"])
def test_ubuntu_is_told_which_browser_to_get(ubuntu, monkeypatch, missing):
    if missing == "root":
        monkeypatch.setattr(system, "is_root", lambda: False)
    if missing == "amd64":
        monkeypatch.setattr(system.platform, "machine", lambda: "aarch64")
    with pytest.raises(Stop) as caught:
        system.need_browser()
    assert "chrome.deb" in caught.value.remedy
    assert " chromium" not in caught.value.remedy


def test_without_root_the_missing_packages_are_named(monkeypatch):
    monkeypatch.setattr(system, "is_root", lambda: False)
    with pytest.raises(Stop) as caught:
        system.install("git", "python3-venv")
    assert "git, python3-venv" in str(caught.value)
    assert caught.value.remedy.endswith("apt-get install git python3-venv")
