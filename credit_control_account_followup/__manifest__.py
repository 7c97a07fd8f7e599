# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Credit Control - Payment Follow-up",
    "summary": "Our follow-up plan drives Odoo's follow-up levels; one engine sends",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "The credit_control authors",
    "website": "https://example.com/credit-control",
    "license": "LGPL-3",
    "depends": ["credit_control", "account_followup"],
    "data": [
        "data/credit_reason_data.xml",
        "data/mail_template_data.xml",
        "views/credit_dunning_level_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
