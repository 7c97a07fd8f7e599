# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.credit_control.hooks import compute_open_orders


def post_init_hook(env):
    """Orders whose remainder was cancelled before we came owe less now."""
    compute_open_orders(env)
