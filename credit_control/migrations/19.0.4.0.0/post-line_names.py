# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lines nobody named got their kind's name in the language of who entered them."""


def migrate(cr, version):
    cr.execute(
        """UPDATE credit_line l SET name = NULL FROM credit_line_kind k
        WHERE k.id = l.kind_id
        AND l.name IN (SELECT value FROM jsonb_each_text(k.name))"""
    )
