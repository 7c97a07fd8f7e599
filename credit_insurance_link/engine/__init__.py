# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What policies and decisions mean, in plain Python: no Odoo, no database."""
