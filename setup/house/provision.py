# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Everything a command needs, in order: environment, Odoo, server, configuration."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from . import paths, postgres, source, venv
from .shell import only_one, write


@dataclass(frozen=True)
class House:
    """What a provisioned suite consists of."""

    odoo: source.Source
    server: postgres.Server

    def environ(self):
        """Return the environment in which Odoo finds its configuration."""
        return {**self.server.environ(), "ODOO_RC": str(paths.CONFIG)}

    def command(self, *arguments):
        """Return the Odoo command line."""
        return [str(part) for part in (venv.PYTHON, self.odoo.launcher, *arguments)]


def is_addons_path(path):
    return any(path.glob("*/__manifest__.py"))


def configuration(odoo, server):
    """Return the text of the configuration file; it holds no password."""
    own = [path for path in (paths.ROOT, paths.TESTS) if is_addons_path(path)]
    addons = ",".join(str(path) for path in (*odoo.addons, *own))
    lines = [
        "[options]",
        f"addons_path = {addons}",
        f"data_dir = {paths.DATA}",
        f"db_host = {server.host or False}",
        f"db_port = {server.port}",
        f"db_user = {server.user}",
        "http_interface = 127.0.0.1",
        "limit_time_cpu = 600",
        "limit_time_real = 1200",
        "limit_time_real_cron = 1200",
    ]
    return "\n".join(lines) + "\n"


def provision():
    """Make sure that everything is there; seconds when it already is."""
    paths.make_home()
    with only_one("set-up"):
        with ThreadPoolExecutor() as pool:
            fetched = pool.submit(source.odoo)
            venv.ready()
            odoo = fetched.result()
        venv.see(odoo)
        server = postgres.ready()
        write(paths.CONFIG, configuration(odoo, server))
    return House(odoo, server)


def main(arguments):
    """Become the Odoo command line with this suite's configuration."""
    house = provision()
    command = house.command(*arguments)
    os.execve(command[0], command, house.environ())
