# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who can be chosen as a debtor."""

# What Odoo makes its own commercial partner. A domain that compares with ``id`` would
# not do: on a screen that is the record which is edited, not the partner.
DEBTORS = ["|", ("parent_id", "=", False), ("is_company", "=", True)]
