# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A real Odoo server on a free port, for as long as a block lasts."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import databases
from .speech import Stop

STARTING = 120
STOPPING = 20


def free_port():
    """Return a TCP port of the loopback interface that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(port):
    with socket.socket() as probe:
        return bool(probe.connect_ex(("127.0.0.1", port)))


def command(house, database, port, workers, *arguments):
    """Return the command line of a server for one database."""
    options = ["-d", database, f"--db-filter=^{database}$", "--no-database-list"]
    options += ["--http-interface=127.0.0.1", f"--http-port={port}"]
    options += [f"--gevent-port={free_port()}", f"--workers={workers}"]
    return house.command("server", *options, *arguments)


@contextlib.contextmanager
def serving(house, database, *arguments, log, workers=2, port=None):
    """Run a server; several may serve one database at the same time.

    :param Path log: where the log of the server goes
    :param int workers: 0 for one process with threads
    :return: the URL, once the server answers
    """
    port = port or free_port()
    arguments = ("--logfile", log, *arguments)
    with open(log.with_suffix(".out"), "w") as output:
        process = subprocess.Popen(
            command(house, database, port, workers, *arguments),
            env=house.environ(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield wait(process, port, log)
    finally:
        stop(process)


def wait(process, port, log):
    """Wait until the server answers and return its URL."""
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(f"{url}/web/health", timeout=5).close()
            return url
        time.sleep(0.1)
    raise Stop(f"the Odoo server does not answer:\n{databases.last_words(log)}")


def stop(process):
    """Stop a server and whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(STOPPING)
    except subprocess.TimeoutExpired:
        process.kill()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
