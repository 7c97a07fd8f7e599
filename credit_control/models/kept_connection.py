# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Connections for reservations, kept apart from those of Odoo.

Speed: Odoo's pool lets PostgreSQL forget all plans of a connection whenever somebody
borrows it, and planning is most of what a reservation costs, while others wait for it.
Here nothing has to be forgotten: only the statements of one model run on these.
"""

import os
import select
import time
from collections import defaultdict, deque
from contextlib import contextmanager

import psycopg2

from odoo import sql_db

# As many wait for the next one, of each database; more are closed.
KEPT = 4
# Seconds after which a connection is replaced, so that none grows for ever.
LIFETIME = 1800

_idle = defaultdict(deque)
# A child must not speak on its parent's connections.
os.register_at_fork(after_in_child=_idle.clear)


@contextmanager
def kept_connection(database):
    """Lend a connection to the database the caller is on, in autocommit mode.

    Whoever begins a transaction ends it; after an exception the connection is closed, and
    PostgreSQL undoes what was begun.

    :return: a psycopg2 connection
    """
    connection = _take(database) or _connect(database)
    try:
        yield connection
    except BaseException:
        connection.close()
        raise
    if len(_idle[database]) < KEPT:
        _idle[database].append(connection)
    else:
        connection.close()


def _connect(database):
    _name, options = sql_db.connection_info_for(database)
    connection = psycopg2.connect(connection_factory=sql_db.PsycoConnection, **options)
    connection.autocommit = True
    with connection.cursor() as cr:
        # Speed: nobody waits for the disk while others wait for the lock. What a crash
        # loses this way was reserved by transactions that the crash ended as well: a
        # document that was committed later took all that came before it to the disk.
        cr.execute("SET synchronous_commit TO off")
    connection.born = time.monotonic()
    return connection


def _take(database):
    """Return an idle connection that still stands, or None."""
    while _idle[database]:
        try:
            connection = _idle[database].pop()
        except IndexError:  # another thread took the last one
            return None
        if _stands(connection):
            return connection
        connection.close()
    return None


def _stands(connection):
    """Whether a connection may be used again; a server that went away has said so."""
    if connection.closed or time.monotonic() - connection.born > LIFETIME:
        return False
    said = select.poll()
    said.register(connection.fileno(), select.POLLIN)
    return not said.poll(0)
