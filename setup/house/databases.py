# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases with their filestore: copy, rename, drop."""

import contextlib
import os
import shutil
import subprocess

from . import paths, postgres

CLONE = "t_"


def filestore(name):
    return paths.DATA / "filestore" / name


def exists(house, name):
    return bool(
        house.server.query(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")
    )


def create(house, name):
    """Make an empty database as Odoo wants it."""
    house.server.client("createdb", "-T", "template0", "-E", "UTF8", name)


def drop(house, name):
    """Drop a database, whoever is still connected, and its filestore."""
    # Not dropdb --force: it fails when autovacuum, a superuser's, is at work.
    house.server.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{name}' AND usename = current_user"
    )
    house.server.client("dropdb", "--if-exists", name)
    shutil.rmtree(filestore(name), ignore_errors=True)


def rename(house, old, new):
    house.server.query(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
    if filestore(old).exists():
        filestore(old).rename(filestore(new))


def copy(house, origin, target):
    """Clone a database; the filestore is linked, Odoo never rewrites its files."""
    drop(house, target)
    house.server.client("createdb", "-T", origin, target)
    if filestore(origin).exists():
        shutil.copytree(filestore(origin), filestore(target), copy_function=os.link)


def clone_name(label):
    return f"{CLONE}{label}_{os.getpid()}"


@contextlib.contextmanager
def clone(house, origin, label):
    """Give a copy of a database that is dropped at the end.

    :param str label: a word in the name of the copy, for people
    """
    name = clone_name(label)
    copy(house, origin, name)
    try:
        yield name
    finally:
        drop(house, name)


def sweep(house):
    """Drop the copies of test runs that were killed, on our own server."""
    if postgres.is_given():
        return
    for name in oldest(house, CLONE):
        pid = name.rpartition("_")[2]
        if pid.isdigit() and not os.path.exists(f"/proc/{pid}"):
            drop(house, name)


def oldest(house, prefix):
    """List the databases whose name starts with the prefix, the oldest first."""
    rows = house.server.query("SELECT datname FROM pg_database ORDER BY oid")
    return [row for row in rows if row.startswith(prefix)]


def odoo(house, name, *arguments, log):
    """Run the Odoo command line on a database until it ends.

    :param Path log: where its log goes; what it prints goes beside it
    :return: the exit code
    """
    options = ["-d", name, "--stop-after-init", "--no-http", "--logfile", log]
    return call(house, house.command(*options, *arguments), "", log)


def shell(house, name, script, *, log):
    """Run a Python script in the Odoo shell of a database.

    :return: the exit code
    """
    options = ["-d", name, "--no-http", "--logfile", log, "--shell-interface=python"]
    return call(house, house.command("shell", *options), script, log)


def call(house, command, script, log):
    """Run a command in the house; what it prints goes beside the log."""
    with open(log.with_suffix(".out"), "w") as output:
        done = subprocess.run(
            command,
            env=house.environ(),
            check=False,
            input=script,
            text=True,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return done.returncode


def last_words(log, count=30):
    """Return the end of a log and of what was printed beside it."""
    found = [path for path in (log, log.with_suffix(".out")) if path.exists()]
    texts = [path.read_text(errors="replace").splitlines() for path in found]
    return "\n".join(line for lines in texts for line in lines[-count:])
