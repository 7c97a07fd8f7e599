# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hmac
import logging

from odoo import http
from odoo.http import request

_logger = logging.getLogger(__name__)


class CreditInsuranceNotify(http.Controller):
    """Where insurers tell us that there is something to fetch.

    Coface's callback is an unauthenticated ping without content [A]; Allianz Trade's
    carries one we cannot verify. So the only thing believed is our own secret in the
    address, and the only thing done is to fetch: what comes in is not even read.
    """

    @http.route(
        "/credit_insurance/notify/<int:connection_id>/<string:secret>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
    )
    def notify(self, connection_id, secret, **_ignored):
        """Answer 204 to whoever knows the secret, 404 to everybody else, never 500."""
        try:
            is_known = self._ping(connection_id, secret)
        except Exception:  # pylint: disable=broad-except
            # An insurer that gets errors switches its notifications off for good.
            request.env.cr.rollback()
            _logger.exception("Notification for connection %s", connection_id)
            is_known = True
        return request.make_response("", status=204 if is_known else 404)

    def _ping(self, connection_id, secret):
        # sudo: a public visitor; the secret is compared before anything else is done.
        connections = request.env["credit.insurance.connection"].sudo()
        connection = connections.search([("id", "=", connection_id)])
        expected = connection.webhook_secret or ""
        # Compared in constant time, also when there is no such connection.
        is_right = hmac.compare_digest(expected.encode(), secret.encode())
        if not connection or not expected or not is_right:
            return False
        connection._take_ping()
        return True
