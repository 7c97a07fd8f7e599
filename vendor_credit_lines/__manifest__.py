# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Vendor Credit Lines",
    "summary": "Vendors and wholesalers put credit where the sales are",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "The credit_control authors",
    "website": "https://example.com/credit-control",
    "license": "LGPL-3",
    "depends": ["credit_control"],
    "data": [
        "security/ir.model.access.csv",
        "security/vendor_credit_lines_security.xml",
        "data/credit_exposure_component_data.xml",
        "data/mail_template_data.xml",
        "data/ir_cron_data.xml",
        "views/credit_grant_views.xml",
        "views/credit_programme_run_views.xml",
        "views/credit_programme_version_views.xml",
        "views/credit_programme_views.xml",
        "views/credit_financing_views.xml",
        "views/credit_line_views.xml",
        "views/res_partner_views.xml",
        "views/sale_order_views.xml",
        "views/vendor_credit_lines_menus.xml",
        "wizards/credit_programme_fallback_views.xml",
    ],
    "demo": [
        "demo/res_partner_demo.xml",
        "demo/credit_programme_demo.xml",
    ],
    "post_init_hook": "post_init_hook",
}
