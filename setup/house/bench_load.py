# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many people confirm at once: client threads against real worker processes."""

import contextlib
import threading
import time
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import quantiles

from . import bench_data, paths, server
from .bench_fill import ROUNDS, SPREAD

CLIENTS = 16
WORKERS = 8
LOGIN = "admin"
HELD = ("Credit", "credit", "risk")


@dataclass
class Run:
    """What became of the orders of one race."""

    milliseconds: list = field(default_factory=list)
    rounds: list = field(default_factory=list)  # p95 of each
    confirmed: int = 0
    held: int = 0
    errors: list = field(default_factory=list)

    def __add__(self, other):
        return Run(
            self.milliseconds + other.milliseconds,
            [*self.rounds, other.p95],
            self.confirmed + other.confirmed,
            self.held + other.held,
            self.errors + other.errors,
        )

    @property
    def p95(self):
        return quantiles(self.milliseconds, n=20)[-1] if self.milliseconds else 0.0


class Client:
    """One person with a connection of his own."""

    def __init__(self, url, database):
        self.models = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object")
        self.database = database
        self.user = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common").authenticate(
            database, LOGIN, LOGIN, {}
        )

    def call(self, model, method, *arguments, **options):
        return self.models.execute_kw(
            self.database, self.user, LOGIN, model, method, arguments, options
        )


def confirm(client, order_id, run, lock):
    """Confirm one order and note how long the answer took and what it was."""
    start = time.perf_counter()
    error, held = None, False
    try:
        answer = client.call("sale.order", "action_confirm", [order_id])
        held = isinstance(answer, dict) and answer.get("res_model") != "sale.order"
    except xmlrpc.client.Fault as fault:
        held = is_hold(fault)
        error = None if held else fault.faultString.strip().splitlines()[-1]
    except (OSError, xmlrpc.client.Error) as trouble:
        error = repr(trouble)
    spent = (time.perf_counter() - start) * 1000
    with lock:
        run.milliseconds.append(spent)
        run.held += held
        if error:
            run.errors.append(error)


def is_hold(fault):
    """Tell a refusal in plain words from a technical error.

    Odoo's RPC gives a ``UserError`` the code 2; what a retry could not mend
    arrives with the code 1 and a traceback.
    """
    return fault.faultCode == 2 and any(word in fault.faultString for word in HELD)


def race(url, database, ids):
    """Confirm these orders with all clients at once."""
    lock, run, local = threading.Lock(), Run(), threading.local()

    def start():
        local.client = Client(url, database)

    ready = threading.Barrier(CLIENTS)

    with ThreadPoolExecutor(CLIENTS, initializer=start) as pool:
        # Everybody is logged in before the first one confirms.
        list(pool.map(lambda _turn: ready.wait(60), range(CLIENTS)))
        list(pool.map(lambda id_: confirm(local.client, id_, run, lock), ids))
    states = Client(url, database).call("sale.order", "read", ids, ["state"])
    run.confirmed = sum(row["state"] == "sale" for row in states)
    return run


def quotations(url, database, label):
    domain = [("client_order_ref", "=", label), ("state", "=", "draft")]
    found = Client(url, database).call("sale.order", "search", domain, order="id")
    return found


def warm(url, database):
    """Let every worker load what a first request loads."""
    return race(url, database, quotations(url, database, "warm"))


@contextlib.contextmanager
def servers(house, sides):
    """Run one server with several workers for each database."""
    option = bench_data.addons_path(house)
    with contextlib.ExitStack() as stack:
        yield {
            side: stack.enter_context(
                server.serving(
                    house,
                    database,
                    option,
                    "--max-cron-threads=0",
                    "--log-level=warn",
                    log=paths.LOGS / f"bench_{side}.log",
                    workers=WORKERS,
                )
            )
            for side, database in sides.items()
        }


def rounds(urls, sides, label):
    """Race several times, the sides in turn; one after the other, never together."""
    found = {side: Run() for side in sides}
    names = list(sides)
    ids = {side: quotations(urls[side], sides[side], label) for side in names}
    for turn in range(ROUNDS):
        for side in names[turn:] + names[:turn]:
            count = len(ids[side]) // ROUNDS
            mine = ids[side][turn * count : (turn + 1) * count]
            found[side] += race(urls[side], sides[side], mine)
    return found


def play(house, sides):
    """Run every race.

    :return: dict, name of the race -> side -> Run
    """
    with servers(house, sides) as urls:
        for side, url in urls.items():
            warm(url, sides[side])
        limited = {
            side: race(url, sides[side], quotations(url, sides[side], "limited"))
            for side, url in urls.items()
            if side != "native"
        }
        return {
            "limited": limited,
            "crowd": rounds(urls, sides, "crowd"),
            SPREAD: rounds(urls, sides, SPREAD),
        }
