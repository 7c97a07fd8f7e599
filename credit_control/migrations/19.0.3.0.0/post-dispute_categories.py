# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What disputes are about was typed by hand; now it is a record."""

from odoo import SUPERUSER_ID, api
from odoo.tools.sql import column_exists


def migrate(cr, version):
    if not column_exists(cr, "credit_dispute", "category"):
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        """SELECT array_agg(id), trim(category) FROM credit_dispute
        WHERE category_id IS NULL AND trim(category) <> ''
        GROUP BY trim(category)"""
    )
    for ids, text in cr.fetchall():
        category = _find(env, text) or env["credit.dispute.category"].create(
            {"name": text, "on_portal": False}
        )
        # Plain SQL: what was not touched by anybody keeps its history and its holds.
        cr.execute(
            "UPDATE credit_dispute SET category_id = %s WHERE id = ANY(%s)",
            (category.id, ids),
        )


def _find(env, text):
    """The category of this name in any language, or none."""
    env.flush_all()
    env.cr.execute(
        """SELECT c.id FROM credit_dispute_category c, jsonb_each_text(c.name) n
        WHERE lower(n.value) = lower(%s) ORDER BY c.sequence, c.id LIMIT 1""",
        (text,),
    )
    row = env.cr.fetchone()
    return env["credit.dispute.category"].browse(row and row[0])
