# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SponsorPortal(CustomerPortal):
    """A sponsor's contact sees the programmes of his own company, and nothing else."""

    def _get_sponsor_domain(self):
        debtor = request.env.user.partner_id.commercial_partner_id
        return [
            ("sponsor_id.commercial_partner_id", "=", debtor.id),
            ("state", "!=", "draft"),
        ]

    def _get_sponsored(self):
        # sudo: portal users have no rights on programmes; the domain is all they get.
        programmes = request.env["credit.programme"].sudo()
        return programmes.search(self._get_sponsor_domain())

    def _prepare_home_portal_values(self, counters):
        """Override of `portal`: count the programmes of a sponsor."""
        values = super()._prepare_home_portal_values(counters)
        if "credit_programme_count" in counters:
            values["credit_programme_count"] = len(self._get_sponsored())
        return values

    @http.route("/my/credit-programmes", type="http", auth="user", website=True)
    def portal_credit_programmes(self):
        """List the sponsor's programmes with the statements that were sent."""
        programmes = self._get_sponsored()
        statements = (
            request.env["credit.programme.statement"]
            .sudo()
            .search([("programme_id", "in", programmes.ids), ("sent_on", "!=", False)])
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "credit_programmes",
            "programmes": programmes,
            "statements": statements.grouped("programme_id"),
        }
        return request.render("vendor_credit_lines.portal_my_programmes", values)

    @http.route(
        "/my/credit-programmes/statement/<int:statement_id>",
        type="http",
        auth="user",
        website=True,
    )
    def portal_credit_programme_statement(self, statement_id):
        """Download a statement that was sent to this sponsor.

        :raise NotFound: for every other statement, whether it exists or not
        """
        statement = (
            request.env["credit.programme.statement"]
            .sudo()
            .search(
                [
                    ("id", "=", statement_id),
                    ("programme_id", "in", self._get_sponsored().ids),
                    ("sent_on", "!=", False),
                ]
            )
        )
        if not statement:
            raise request.not_found()
        headers = [
            ("Content-Type", XLSX),
            (
                "Content-Disposition",
                content_disposition(f"{statement.display_name}.xlsx"),
            ),
        ]
        return request.make_response(statement._get_xlsx(), headers)
