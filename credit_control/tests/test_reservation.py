# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import kept_connection
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestReservation(CreditCommon):
    """P3: the connections of reservations serve again, unless something happened."""

    def _enter(self):
        """Pass the gate once.

        :return: int, which connection of PostgreSQL it was
        """
        reservations = self.env["credit.reservation"]
        with reservations._locked(self.company, self.debtor.ids) as desk:
            return desk.cr.connection.get_backend_pid()

    def _is_locked(self):
        """Whether somebody holds the debtor's lock."""
        self.cr.execute(
            "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
            " AND database = (SELECT oid FROM pg_database"
            " WHERE datname = current_database())",
            [self.debtor.id],
        )
        return bool(self.cr.fetchone()[0])

    def test_p3_a_connection_serves_again(self):
        self.assertEqual(self._enter(), self._enter())
        self.assertFalse(self._is_locked())

    def test_p3_nobody_waits_for_the_disk_behind_the_gate(self):
        reservations = self.env["credit.reservation"]
        with reservations._locked(self.company, self.debtor.ids) as desk:
            desk.cr.execute("SHOW synchronous_commit")
            self.assertEqual(desk.cr.fetchone(), ("off",))

    def test_p3_trouble_behind_the_gate_leaves_no_lock(self):
        usual = self._enter()
        reservations = self.env["credit.reservation"]
        with self.assertRaises(ZeroDivisionError):
            with reservations._locked(self.company, self.debtor.ids) as desk:
                desk.reserve(self.debtor.id, frozenset(), 100)
                self.assertTrue(self._is_locked())
                raise ZeroDivisionError
        self.assertNotEqual(self._enter(), usual)
        self.cr.execute(
            "SELECT COUNT(*) FROM credit_reservation WHERE partner_id = %s",
            self.debtor.ids,
        )
        self.assertEqual(self.cr.fetchone()[0], 0)

    @mute_logger("odoo.sql_db")
    def test_p3_a_connection_that_the_server_ended_is_replaced(self):
        usual = self._enter()
        self.cr.execute("SELECT pg_terminate_backend(%s, 5000)", [usual])
        self.assertTrue(self.cr.fetchone()[0])
        self.assertNotEqual(self._enter(), usual)

    def test_p3_no_connection_is_kept_for_ever(self):
        usual = self._enter()
        with patch.object(kept_connection, "LIFETIME", 0):
            self.assertNotEqual(self._enter(), usual)
