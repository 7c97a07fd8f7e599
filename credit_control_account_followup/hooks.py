# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One engine sends from the first minute, and nothing stays behind at the end."""


def post_init_hook(env):
    """Companies whose follow-ups are sent by us already keep it that way."""
    plan = env.ref("credit_control.credit_dunning_plan_default", False)
    live = env["res.company"].search([("credit_dunning_live", "=", True)])
    if plan:
        live.credit_followup_plan_id = plan


def uninstall_hook(env):
    """Give Odoo its excluded items back (P14)."""
    env["account.move.line"].search(
        [("credit_no_followup", "=", True)]
    ).no_followup = False
