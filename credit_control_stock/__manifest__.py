# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Credit Control - Stock",
    "summary": "Deliveries that are no longer covered wait for a release",
    "version": "19.0.2.1.0",
    "category": "Accounting/Accounting",
    "author": "The credit_control authors",
    "website": "https://example.com/credit-control",
    "license": "LGPL-3",
    "depends": ["credit_control", "sale_stock"],
    "data": [
        "data/credit_checkpoint_data.xml",
        "views/credit_policy_views.xml",
        "views/stock_picking_views.xml",
    ],
    "assets": {
        "web.assets_tests": ["credit_control_stock/static/tests/tours/**/*.js"],
    },
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
