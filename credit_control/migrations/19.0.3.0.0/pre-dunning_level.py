# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The dunning level was typed by hand; it follows what was sent now, or what was typed."""

from odoo.tools.sql import column_exists, rename_column


def migrate(cr, version):
    if not column_exists(cr, "credit_profile", "dunning_level_manual"):
        rename_column(cr, "credit_profile", "dunning_level", "dunning_level_manual")
