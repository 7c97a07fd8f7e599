# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Jobs write in the company's language, and tasks in that of their person.

See ``credit_control/models/readers.py``.
"""

import ast

from repository import name, own_addons, python_files

# Words that were chosen for the person before: they are kept in a field.
WORDED_BEFORE = {"_queue_phone", "_ask_person"}
PEOPLE = ("for_reader", "_in_words_of_person")


def functions():
    """Yield (path, function) of what the add-ons run, tests left out."""
    folders = tuple(own_addons())
    for path in python_files():
        inside = any(folder in path.parents for folder in folders)
        if inside and "tests" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef):
                    yield path, node


def calls(function):
    """Name what a function calls."""
    found = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {getattr(called, "attr", getattr(called, "id", None)) for called in found}


def test_every_job_declares_itself():
    jobs = [(path, node) for path, node in functions() if node.name[:6] == "_cron_"]
    undeclared = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path, node in jobs
        if "job" not in [getattr(mark, "id", None) for mark in node.decorator_list]
    ]
    assert len(jobs) > 20
    assert undeclared == []


def test_every_task_is_worded_for_its_person():
    tasks = [(path, node) for path, node in functions()]
    tasks = [found for found in tasks if "activity_schedule" in calls(found[1])]
    unread = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path, node in tasks
        if node.name not in WORDED_BEFORE and not calls(node).intersection(PEOPLE)
    ]
    assert len(tasks) > 20
    assert unread == []
