# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        """List the sponsor's programmes with the statements and claims that were sent."""
        programmes = self._get_sponsored()
        statements = self._get_sent("credit.programme.statement", programmes)
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "credit_programmes",
            "programmes": programmes,
            "statements": statements.grouped("programme_id"),
            "claims": self._get_sent("credit.programme.claim", programmes).grouped(
                "programme_id"
            ),
            "can_print": statements._can_print(),
        }
        return request.render("vendor_credit_lines.portal_my_programmes", values)

    @http.route(
        "/my/credit-programmes/statement/<int:statement_id>",
        type="http",
        auth="user",
        website=True,
    )
    def portal_credit_programme_statement(self, statement_id, kind="xlsx"):
        """Download a statement that was sent to this sponsor, as spreadsheet or PDF.

        :raise NotFound: for every other statement, whether it exists or not
        """
        statement = self._get_own("credit.programme.statement", statement_id)
        if kind == "pdf" and statement._can_print():
            return self._download(
                statement._get_pdf(), f"{statement.display_name}.pdf", "application/pdf"
            )
        name = f"{statement.display_name}.xlsx"
        return self._download(statement._get_xlsx(), name, SPREADSHEET)

    @http.route(
        "/my/credit-programmes/claim/<int:claim_id>",
        type="http",
        auth="user",
        website=True,
    )
    def portal_credit_programme_claim(self, claim_id):
        """Download the file of a claim against this sponsor, as it was sent.

        :raise NotFound: for every other claim, whether it exists or not
        """
        file = self._get_own("credit.programme.claim", claim_id).file_id
        if not file:
            raise request.not_found()
        return self._download(file.raw, file.name, "application/zip")

    def _get_sent(self, model, programmes, domain=()):
        """What the sponsor of these programmes was sent."""
        # sudo: see _get_sponsored; what is not sent is nobody's business yet.
        return (
            request.env[model]
            .sudo()
            .search(
                [
                    ("programme_id", "in", programmes.ids),
                    ("sent_on", "!=", False),
                    *domain,
                ]
            )
        )

    def _get_own(self, model, record_id):
        found = self._get_sent(model, self._get_sponsored(), [("id", "=", record_id)])
        if not found:
            raise request.not_found()
        return found

    def _download(self, content, name, mimetype):
        return request.make_response(
            content,
            [
                ("Content-Type", mimetype),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
