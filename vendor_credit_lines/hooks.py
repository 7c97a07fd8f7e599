# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def post_init_hook(env):
    """Let the policies that exist count what financiers owe."""
    component = env.ref("vendor_credit_lines.credit_exposure_component_financed")
    policies = env["credit.policy"].with_context(active_test=False).search([])
    policies.write({"component_ids": [(4, component.id)]})
