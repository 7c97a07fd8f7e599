# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The company's policy bore the name of a field of OCA's account_credit_control."""

from odoo.tools.sql import column_exists, rename_column


def migrate(cr, version):
    if not column_exists(cr, "res_company", "credit_default_policy_id"):
        rename_column(cr, "res_company", "credit_policy_id", "credit_default_policy_id")
