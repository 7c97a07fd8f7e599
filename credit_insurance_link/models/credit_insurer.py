# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditInsurer(models.Model):
    """A credit insurer and the way we talk to it."""

    _name = "credit.insurer"
    _description = "Credit Insurer"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(
        required=True,
        help="Technical name, used by integrations and column mappings.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        index="btree_not_null",
        ondelete="restrict",
        help="Where requests and notices go that no connection carries.",
    )
    adapter = fields.Selection(
        [
            ("manual", "Typed by Hand"),
            ("file", "Files"),
            ("atradius", "Atradius"),
            ("allianz", "Allianz Trade"),
            ("coface", "Coface"),
            ("demo", "Demonstration"),
        ],
        required=True,
        default="manual",
        tracking=True,
        help="How requests leave and decisions arrive. Whatever it is, decisions can "
        "always be typed by hand or imported from a file as well.",
    )
    buyer_number_label = fields.Char(
        string="Name of Its Buyer Number",
        translate=True,
        help="What the insurer calls its number of a buyer, such as EASY number.",
    )
    policy_ids = fields.One2many("credit.insurance.policy", "insurer_id")
    note = fields.Text()

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "The code of an insurer must be unique."
    )
