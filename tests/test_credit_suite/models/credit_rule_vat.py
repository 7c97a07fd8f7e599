# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A kind of rule of another add-on: the example of the developer documentation."""

from odoo import models
from odoo.tools import SQL, LazyTranslate

from odoo.addons.credit_control.engine import Fact, rule_kind

_lt = LazyTranslate(__name__)


@rule_kind("vat_missing")
class VatMissing(Fact):
    """The customer has no VAT number."""

    title = _lt("VAT number missing")
    help = _lt("Business customers without a VAT number were not identified.")
    beyond = _lt("the customer has no VAT number")
    found = _lt("This customer has no VAT number.")


class CreditMeasure(models.AbstractModel):
    _inherit = "credit.measure"

    def _fact_vat_missing(self, ask):
        return SQL(
            """(SELECT (COALESCE(p.vat, '') = '')::int FROM res_partner p
            WHERE p.id = d.partner_id)"""
        )
