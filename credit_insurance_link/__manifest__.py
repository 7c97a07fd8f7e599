# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Credit Insurance Link",
    "summary": "The insurer's view, always in step",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "The credit_control authors",
    "website": "https://example.com/credit-control",
    "license": "LGPL-3",
    "depends": ["credit_control"],
    "external_dependencies": {"python": ["python-stdnum", "requests"]},
    "data": [
        "security/credit_insurance_groups.xml",
        "security/ir.model.access.csv",
        "security/credit_insurance_security.xml",
        "data/credit_identifier_type_data.xml",
        "security/credit_insurance_connection_security.xml",
        "data/ir_cron_insurance_data.xml",
        "views/credit_insurance_menus.xml",
        "views/credit_insurance_connection_views.xml",
        "views/credit_insurance_exchange_views.xml",
        "views/credit_insurance_sync_views.xml",
    ],
    "post_init_hook": "post_init_hook",
}
