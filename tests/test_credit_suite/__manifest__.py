# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Credit Suite - Tests",
    "summary": "Cross-add-on tests; never installed in production",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "The credit_control authors",
    "website": "https://example.com/credit-control",
    "license": "LGPL-3",
    "depends": [
        "credit_control",
        "credit_control_stock",
        "credit_control_pos_sale",
        "delivery",
        "payment_custom",
        "payment_demo",
        "sms",
        "stock_dropshipping",
        "stock_picking_batch",
        "website_sale",
    ],
}
