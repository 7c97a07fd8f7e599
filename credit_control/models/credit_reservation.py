# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What sessions have in flight: accepted by the gate, not yet committed.

Odoo's transactions are REPEATABLE READ: a session that confirms cannot see what others
confirmed after its snapshot. So whoever passes the gate writes a reservation through a
second connection and commits it at once, under a lock per debtor that is held for
milliseconds. The next one at the gate counts every reservation whose transaction

- its own snapshot cannot see (else the document itself is in its exposure), and
- did not abort (else the document does not exist).

Both facts are PostgreSQL's own, so there is nothing to release: commit makes the document
visible to later snapshots, rollback or a crash makes the reservation void.

Why this is exact: take two sessions A and B that pass the gate of one debtor, A first.
A's reservation is committed before A's lock goes, hence readable when B holds the lock
(B reads in READ COMMITTED, after waiting). Either A's transaction is visible in B's
snapshot - then B measured A's document - or it is not, and B counts the reservation,
unless A aborted. In no case does B miss A, and in none does it count A twice.
A limit that several debtors share is a pool with a lock of its own: whoever adds to what
any member owes holds it, and reads what all members have in flight. So the same holds with
the pool in the debtor's place, A and B being sessions of any two members.
The row lock that Odoo's own code would suggest is as exact, but makes the loser fail and
retry after random sleeps; this makes him wait for a few milliseconds.
"""

from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

from ..engine import Item
from .kept_connection import kept_connection

# The class of our advisory locks ("cred"); shared pools of other add-ons use others.
LOCK_CLASS = 0x63726564
LANES = {"debt": 1, "delivery": -1}
# The class of the locks of groups that share a limit ("crep").
POOL_CLASS = 0x63726570
KEEP_HOURS = 48  # no transaction lives longer
# Which cluster and database: transaction ids mean nothing in a copy.
ORIGIN = """SELECT (SELECT system_identifier::text FROM pg_control_system()) || '/' ||
    (SELECT oid::text FROM pg_database WHERE datname = current_database())"""
# One call instead of two, because others wait while the lock is held. In READ COMMITTED
# each statement of a volatile function has a snapshot of its own: the last one sees what
# was committed while the ones before waited. The offset keeps PostgreSQL from asking for
# the status of the transaction ids of another cluster. What is older than the snapshot's
# oldest open transaction is visible in it: the index leaves out all that a busy debtor
# reserved before.
ENTER = """CREATE OR REPLACE FUNCTION credit_reservation_enter(
    place text, classes int[], numbers int[], debtors int[], company int, mine xid8,
    seen pg_snapshot
) RETURNS TABLE (debtor int, lines int[], cents bigint) LANGUAGE plpgsql VOLATILE AS $body$
BEGIN
    FOR i IN 1 .. cardinality(classes) LOOP
        PERFORM pg_advisory_xact_lock(classes[i], numbers[i]);
    END LOOP;
    RETURN QUERY SELECT r.partner_id, r.eligible, r.amount FROM (
        SELECT * FROM credit_reservation c
        WHERE c.partner_id = ANY(debtors) AND c.company_id = company
        AND c.xid >= pg_snapshot_xmin(seen) AND c.xid <> mine
        AND c.origin = place OFFSET 0) r
    WHERE NOT pg_visible_in_snapshot(r.xid, seen)
    AND pg_xact_status(r.xid) <> 'aborted';
END $body$"""
# Speed: planned once in the life of a connection, not at each confirmation.
PREPARED = """PREPARE credit_enter(text, int[], int[], int[], int, xid8, pg_snapshot) AS
    SELECT * FROM credit_reservation_enter($1, $2, $3, $4, $5, $6, $7);
PREPARE credit_reserve(xid8, text, int, int, int[], bigint) AS
    INSERT INTO credit_reservation
    (xid, origin, partner_id, company_id, eligible, amount)
    VALUES ($1, $2, $3, $4, $5, $6);"""
# As long as the connection lives, it leads to the same database.
PLACE = "credit_control_place"


class CreditReservation(models.AbstractModel):
    _name = "credit.reservation"
    _description = "Credit Reservation"

    def init(self):
        """Create the table by hand: the ORM has no transaction ids.

        UNLOGGED, because after a crash no transaction is in flight. No foreign keys: the
        debtor may exist only in the session's own transaction. ``origin`` names cluster
        and database, as transaction ids mean nothing in a copy.
        """
        self.env.cr.execute(
            """CREATE UNLOGGED TABLE IF NOT EXISTS credit_reservation (
                xid xid8 NOT NULL,
                origin text NOT NULL,
                partner_id int NOT NULL,
                company_id int NOT NULL,
                eligible int[] NOT NULL,
                amount bigint NOT NULL,
                created timestamptz NOT NULL DEFAULT now()
            );
            DROP INDEX IF EXISTS credit_reservation_debtor_idx;
            CREATE INDEX IF NOT EXISTS credit_reservation_flight_idx
                ON credit_reservation (partner_id, company_id, xid);"""
        )
        self.env.cr.execute("DROP FUNCTION IF EXISTS credit_reservation_enter")
        self.env.cr.execute(ENTER)

    @contextmanager
    def _locked(
        self, company, partner_ids, lane="debt", session=(None, None), pools=()
    ):
        """Hold the debtors' locks; what was reserved when the block ends is committed.

        No query of the main connection may run inside the block.

        :param company: root company
        :param partner_ids: debtors
        :param str lane: "debt" for what adds to the exposure, "delivery" for what leaves:
            that is part of the exposure already, and competes among itself
        :param tuple session: xid and snapshot of this transaction as the measurement
            noted them; without xid, when it had written nothing yet, they are asked for
        :param pools: limits that they share with others, whose reservations count
        :return: a :class:`Desk`
        """
        xid, snapshot = session
        if not xid:
            xid, snapshot = self.env.execute_query(
                SQL("SELECT pg_current_xact_id()::text, pg_current_snapshot()::text")
            )[0]
        with kept_connection(self.env.cr.dbname) as connection:
            # The lanes share the table; a company's own id is its lane of debts.
            desk = Desk(connection, company.id * LANES[lane], xid)
            keys = self._get_lock_keys(company, partner_ids)
            keys += [(POOL_CLASS, pool.key) for pool in pools]
            members = {member for pool in pools for member in pool.owed}
            desk.enter(keys, {*partner_ids, *members}, snapshot)
            yield desk
            desk.write()

    def _get_lock_keys(self, company, partner_ids):
        """Hook: (class, key) pairs to lock, for debtors and the pools they share."""
        return [(LOCK_CLASS, partner_id) for partner_id in partner_ids]

    @api.autovacuum
    def _gc_reservations(self):
        self.env.cr.execute(
            "DELETE FROM credit_reservation WHERE created < now() - %s * interval '1 hour'",
            [KEEP_HOURS],
        )


class Desk:
    """What others have in flight, and what this session adds."""

    # No model of Odoo: pylint: disable=method-required-super

    def __init__(self, connection, company_id, xid):
        self.cr = connection.cursor()
        self.company_id = company_id
        self.xid = xid
        self.place = self._get_place(connection)
        self.in_flight = {}
        self.rows = []

    def _get_place(self, connection):
        if not hasattr(connection, PLACE):
            self.cr.execute(PREPARED)
            self.cr.execute(ORIGIN)
            setattr(connection, PLACE, self.cr.fetchone()[0])
        return getattr(connection, PLACE)

    def enter(self, keys, partner_ids, snapshot):
        """Take the locks, then read what others have in flight."""
        # One order for everybody, so that two sessions never wait for each other.
        classes, numbers = zip(*sorted(set(keys)), strict=True)
        # READ COMMITTED: what others reserved while we waited must be seen.
        self.cr.execute(
            """BEGIN ISOLATION LEVEL READ COMMITTED;
            EXECUTE credit_enter(%s, %s, %s, %s, %s, %s, %s)""",
            (
                self.place,
                list(classes),
                list(numbers),
                list(partner_ids),
                self.company_id,
                self.xid,
                snapshot,
            ),
        )
        for partner_id, eligible, amount in self.cr.fetchall():
            item = Item(amount, frozenset(eligible), "in_flight")
            self.in_flight.setdefault(partner_id, []).append(item)

    def reserve(self, partner_id, eligible, amount):
        self.rows.append((partner_id, sorted(eligible), amount))

    def write(self):
        """Leave the reservations and let the next one in."""
        insert = b"".join(
            self.cr.mogrify(
                "EXECUTE credit_reserve(%s, %s, %s, %s, %s, %s);",
                (self.xid, self.place, partner_id, self.company_id, eligible, amount),
            )
            for partner_id, eligible, amount in self.rows
        )
        self.cr.execute(insert + b"COMMIT")
