# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Credit Control",
    "summary": "Stacked credit lines, one exposure, and a gate nobody gets past",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "The credit_control authors",
    "website": "https://example.com/credit-control",
    "license": "LGPL-3",
    "depends": ["sale"],
    "data": [
        "security/credit_control_groups.xml",
        "security/ir.model.access.csv",
        "security/credit_control_security.xml",
        "data/credit_line_kind_data.xml",
        "data/credit_exposure_component_data.xml",
        "data/credit_reason_data.xml",
        "data/credit_policy_data.xml",
        "data/mail_activity_type_data.xml",
    ],
    "assets": {
        "web.assets_backend": ["credit_control/static/src/**/*"],
        "web.assets_tests": ["credit_control/static/tests/tours/**/*"],
        "web.assets_unit_tests": ["credit_control/static/tests/**/*.test.js"],
    },
    "application": True,
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
