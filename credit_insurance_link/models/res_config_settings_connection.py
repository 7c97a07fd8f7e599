# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .credit_insurance_connection import ENVIRONMENT_KEY


class ResConfigSettings(models.TransientModel):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "res.config.settings"

    credit_insurance_environment = fields.Selection(
        [("production", "The real database"), ("sandbox", "A test database")],
        string="This Database Is",
        default="production",
        config_parameter=ENVIRONMENT_KEY,
        help="Never set the real database to test: its requests for cover would go to "
        "nobody.",
    )
