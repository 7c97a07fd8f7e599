# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What no file of the repository may hold."""

import re

import pytest
from repository import ROOT, name, python_files, text_files

# Put together here, so that this file does not hold what it forbids.
HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "debian" + ".org",
    "archive.ubuntu" + ".com",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
)
PLACES = re.compile(r"(?<![\w.~}])/(?:" + "wo" + "rk|ro" + "ot|ho" + "me|t" + "mp)/")
LEFT_OPEN = re.compile(r"\b(?:TO" + "DO|FIX" + r"ME)\b")
SECRET = re.compile("PRIVATE" + " KEY-----|AK" + "IA[0-9A-Z]{16}")
# On a screen ``id`` is the record that is edited: such a choice is always empty.
OWN_ID = re.compile(r"'=', " + r"id\)")
FREE = {"LICENSE"}
FORMATTED_ELSEWHERE = {".po", ".pot", ".svg"}


def holders(test):
    """Return the files whose text fails a test."""
    return [
        name(path)
        for path, text in text_files()
        if path.name not in FREE and test(path, text)
    ]


@pytest.mark.parametrize("host", HOSTS)
def test_no_registry_host(host):
    assert holders(lambda path, text: host in text.lower()) == []


def test_no_path_of_one_machine():
    assert holders(lambda path, text: PLACES.search(text)) == []


def test_nothing_left_open():
    assert holders(lambda path, text: LEFT_OPEN.search(text)) == []


def test_no_secret():
    assert holders(lambda path, text: SECRET.search(text)) == []


def test_no_choice_compares_with_the_record_that_is_edited():
    assert holders(lambda path, text: OWN_ID.search(text)) == []


def test_no_trailing_space():
    def poor(path, text):
        rows = text.splitlines()
        return path.suffix not in FORMATTED_ELSEWHERE and any(
            row != row.rstrip() for row in rows
        )

    assert holders(poor) == []


def test_files_end_with_one_newline():
    def poor(path, text):
        return text and (not text.endswith("\n") or text.endswith("\n\n"))

    assert holders(poor) == []


def test_unix_line_ends_and_no_tabs_in_code():
    def poor(path, text):
        code = path.suffix in (".py", ".xml", ".js", ".scss")
        return "\r" in text or (code and "\t" in text)

    assert holders(poor) == []


def test_every_python_file_names_owner_and_licence():
    def poor(path):
        lines = path.read_text().splitlines()
        start = 1 if lines and lines[0].startswith("#!") else 0
        head = lines[start : start + 2]
        return lines and not (
            len(head) == 2
            and head[0].startswith("# Copyright 2026 The credit_control authors")
            and "LGPL-3.0 or later" in head[1]
        )

    files = [path for path in python_files() if path.name != "__manifest__.py"]
    files = [path for path in files if path.name != "__init__.py"]
    assert [name(path) for path in files if poor(path)] == []


def test_xml_files_start_with_the_agreed_header():
    header = '<?xml version="1.0" encoding="UTF-8" ?>\n'
    files = [
        (path, text)
        for path, text in text_files()
        if path.suffix == ".xml" and "static" not in path.relative_to(ROOT).parts
    ]
    assert [name(path) for path, text in files if not text.startswith(header)] == []
