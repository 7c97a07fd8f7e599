# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
BATCH = 1000


def post_init_hook(env):
    """Let the add-on know what is there already."""
    collect_numbers(env)
    leave_out_factored(env)


def collect_numbers(env):
    """Take the national numbers of the customers that are there already."""
    partners = env["res.partner"].with_context(active_test=False)
    numbered = partners.search(
        [
            ("parent_id", "=", False),
            "|",
            ("vat", "!=", False),
            ("company_registry", "!=", False),
        ]
    )
    for start in range(0, len(numbered), BATCH):
        numbered[start : start + BATCH]._credit_collect_numbers()


def leave_out_factored(env):
    """Let the policies that exist leave out what a factor bears."""
    component = env.ref("credit_insurance_link.credit_exposure_component_factored")
    policies = env["credit.policy"].with_context(active_test=False).search([])
    policies.write({"component_ids": [(4, component.id)]})
