# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal

from ..exceptions import CreditHoldError


class PortalOrder(CustomerPortal):
    @http.route()
    def portal_quote_accept(self, *args, **kwargs):
        """Override of `sale`: a customer whose order is held is told so where he signs.

        The portal shows no error of the server: its button would turn forever.
        """
        try:
            with request.env.cr.savepoint():
                return super().portal_quote_accept(*args, **kwargs)
        except CreditHoldError as error:
            return {"error": str(error)}
