# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Create the column empty: else it would be computed for every order ever made."""

from odoo.tools.sql import column_exists, create_column


def migrate(cr, version):
    if not column_exists(cr, "sale_order", "credit_reserved_company"):
        create_column(cr, "sale_order", "credit_reserved_company", "numeric")
