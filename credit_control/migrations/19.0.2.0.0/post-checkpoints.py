# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Rules looked only at orders until now: let them go on like this.

    A rule that names no step looks at every one, and would hold the deliveries and
    invoices of a running company overnight.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    rules = env["credit.rule"].with_context(active_test=False)
    steps = rules._default_checkpoint_ids()
    rules.search([("checkpoint_ids", "=", False)]).write(
        {"checkpoint_ids": [(6, 0, steps.ids)]}
    )
