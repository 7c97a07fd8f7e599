# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Policies that existed before account openings ask for the usual documents."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    policies = env["credit.policy"].with_context(active_test=False).search([])
    required = policies._default_opening_required_ids()
    for policy in policies.filtered(lambda policy: not policy.opening_required_ids):
        policy.opening_required_ids = required
