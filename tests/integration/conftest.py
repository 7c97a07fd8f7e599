# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases and real server processes for the tests of this folder."""

import contextlib

import inside
import pytest
from house import databases, paths, provision, recipes, server, templates
from scene import Scene


@pytest.fixture(scope="session")
def house():
    return provision.provision()


@pytest.fixture(scope="session")
def alone(house):
    """Name the template with credit_control and what it depends on."""
    return templates.ready(house, recipes.alone("credit_control"))


@pytest.fixture(scope="session")
def suite(house):
    """Name the template with all add-ons, stock and a web shop."""
    return templates.ready(house, recipes.suite(house))


@pytest.fixture(scope="session")
def serve(house):
    """Return a block that runs servers on a copy of a template; yields their URLs."""

    @contextlib.contextmanager
    def run(template, label, workers, count=1):
        with contextlib.ExitStack() as stack:
            database = stack.enter_context(databases.clone(house, template, label))
            options = ("--max-cron-threads=0", "--log-level=warn")
            urls = [
                stack.enter_context(
                    server.serving(
                        house,
                        database,
                        *options,
                        log=log_file(f"{label}_{number}"),
                        workers=workers,
                    )
                )
                for number in range(count)
            ]
            yield database, urls

    return run


def log_file(label):
    log = paths.LOGS / f"integration_{label}.log"
    log.unlink(missing_ok=True)
    return log


@pytest.fixture(scope="session")
def registry(installed):
    """Odoo in this process, for tests that move transactions step by step."""
    with installed("credit_control", "steps") as registry:
        yield registry


@pytest.fixture(scope="session")
def installed(house):
    """Return a block: Odoo in this process, on a copy where one add-on is installed."""

    @contextlib.contextmanager
    def run(addon, label):
        template = templates.ready(house, recipes.alone(addon))
        with databases.clone(house, template, label) as database:
            with inside.registry(house, database) as registry:
                yield registry

    return run


@pytest.fixture(scope="session")
def error_lines():
    """Return a function that lists the errors in the logs of servers by their label."""

    def read(label):
        logs = sorted(paths.LOGS.glob(f"integration_{label}_*.log"))
        lines = [line for log in logs for line in log.read_text().splitlines()]
        return [line for line in lines if " ERROR " in line or " CRITICAL " in line]

    return read


@pytest.fixture(scope="session")
def shop(serve, suite):
    """One server with stock, portal and shop, for all tests that do not race."""
    with serve(suite, "shop", workers=2) as (database, urls):
        yield Scene(urls[0], database)
