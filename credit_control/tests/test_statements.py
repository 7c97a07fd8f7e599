# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestStatements(CreditCommon):
    """What this add-on makes Odoo's own statements cost."""

    @contextmanager
    def _noted(self):
        """Give the statements of the block, as they are sent."""
        self.env.flush_all()
        self.env.invalidate_all()
        statements, execute = [], Cursor.execute

        def note(cr, query, *args, **options):
            statements.append(" ".join(getattr(query, "code", query).split()))
            return execute(cr, query, *args, **options)

        with patch.object(Cursor, "execute", note):
            yield statements

    def test_the_lines_of_an_order_are_written_once(self):
        self._give_line(1000)
        order = self._new_order(100)
        with self._noted() as statements:
            order.action_confirm()
            self.env.flush_all()
        self.assertEqual(order.state, "sale")
        written = [s for s in statements if s.startswith('UPDATE "sale_order_line"')]
        self.assertEqual(len(written), 1)

    def test_our_settings_are_not_read_by_every_request(self):
        records = (self.company, self.env.user, self.debtor)
        ours = {
            name
            for record in records
            for name, field in record._fields.items()
            if field._module == "credit_control"
        }
        with self._noted() as statements:
            self.assertTrue(all(record.name for record in records))
        read = ours.intersection(" ".join(statements).replace('"', " ").split())
        self.assertEqual(read, {"credit_default_policy_id"})  # asked for at the gate
        with self._noted() as statements:
            self.company.mapped("credit_authority_analyst")
            self.company.mapped("credit_interest_rate")
        self.assertEqual(len([s for s in statements if "credit_interest_rate" in s]), 1)
