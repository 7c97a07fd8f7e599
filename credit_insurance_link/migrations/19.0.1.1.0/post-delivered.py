# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The cover of an invoice was that of one day; now it says how much was delivered then."""


def migrate(cr, version):
    cr.execute(
        """UPDATE credit_cover_tag t SET delivered_amount = m.amount_total
        FROM account_move m WHERE m.id = t.move_id AND t.delivered_amount IS NULL"""
    )
