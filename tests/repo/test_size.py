# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Functions and files stay small enough to be read."""

import ast

from repository import name, python_files

LONGEST_FUNCTION = 40
LONGEST_FILE = 400


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_functions_are_short():
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in python_files()
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_files_are_short():
    long = [
        name(path)
        for path in python_files()
        if len(path.read_text().splitlines()) > LONGEST_FILE
    ]
    assert long == []
