# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Credit Control - Point of Sale",
    "summary": "What is settled at the till is never held",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "The credit_control authors",
    "website": "https://example.com/credit-control",
    "license": "LGPL-3",
    "depends": ["credit_control", "pos_sale", "sale_stock"],
    "auto_install": True,
}
