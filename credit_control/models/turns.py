# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools import SQL


def take_turn(records):
    """Let no other transaction do the same to these records at the same time.

    Locking: Odoo runs in REPEATABLE READ, so that two transactions which each add what
    they do not see of the other would both succeed: a cover would be given twice, two
    losses would both be the first.
    Writing the row makes the second one fail with a serialization error, whether it waits
    here or comes later with an older snapshot; Odoo plays it again, and then it sees what
    the first one made. A lock without writing would let it go on with its old snapshot.

    :param records: written in the order of their ids, so that two never wait in a ring
    """
    if records:
        records.env.cr.execute(
            SQL(
                """UPDATE %(table)s t SET write_date = t.write_date
                FROM (SELECT id FROM %(table)s WHERE id = ANY(%(ids)s)
                    ORDER BY id FOR NO KEY UPDATE) s
                WHERE t.id = s.id""",
                table=SQL.identifier(records._table),
                ids=records.ids,
            )
        )
