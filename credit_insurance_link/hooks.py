# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
BATCH = 1000


def post_init_hook(env):
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
