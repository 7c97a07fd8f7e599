# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Payment Follow-up (stand-in for tests)",
    "summary": "The documented names of Enterprise's add-on; never installed in production",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "The credit_control authors",
    "website": "https://example.com/credit-control",
    "license": "LGPL-3",
    "depends": ["account", "mail"],
    "data": [
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
    ],
}
