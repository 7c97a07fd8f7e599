# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""French consumers owed the rate of creditors who are private persons.

That is the higher one (Code monétaire et financier, article L313-2), which nobody owes
a company. The order for the second half-year of 2026 has been found meanwhile.
"""

from odoo import SUPERUSER_ID, api

FOUND = {"rate": 2.75, "source": "Arrêté du 26 juin 2026, JO du 30 juin 2026"}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    rates = env["credit.interest.rate"].search([("country_id.code", "=", "FR")])
    rates.filtered(lambda rate: rate.kind == "legal_individual").unlink()
    found = env.ref(
        "credit_control.credit_interest_rate_fr_2026_2_legal", raise_if_not_found=False
    )
    if found and found.is_missing:
        found.write(FOUND)
