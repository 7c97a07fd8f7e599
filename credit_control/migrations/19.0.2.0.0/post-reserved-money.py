# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Money that is reserved online no longer counts as exposure of its order."""

from odoo import SUPERUSER_ID, api

from odoo.addons.credit_control.hooks import compute_reserved_money


def migrate(cr, version):
    compute_reserved_money(api.Environment(cr, SUPERUSER_ID, {}))
