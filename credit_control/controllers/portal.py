# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import content_disposition, request

from odoo.addons.account.controllers.portal import PortalAccount

LARGEST_FILE = 10 * 1024 * 1024
MOST_FILES = 5
ANSWERS = ("promise", "dispute", "accept", "refuse", "offer")


class PortalCredit(PortalAccount):
    """The customer's account: statement, promises, disputes, letters."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "credit_item_count" in counters:
            portal = request.env["credit.portal"].sudo()
            user = request.env.user
            lines = portal._get_lines(user.commercial_partner_id, user)
            values["credit_item_count"] = len(lines)
        return values

    @http.route("/my/credit", type="http", auth="user", website=True)
    def portal_my_credit(self, done=None, **_kwargs):
        return self._render_account(done=done if done in ANSWERS else None)

    @http.route(
        "/my/credit/promise", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_credit_promise(self, day=None, note=None, **_kwargs):
        return self._answer(
            "promise",
            lambda portal: portal._promise(
                request.env.user, self._get_ticked(), day, note
            ),
        )

    @http.route(
        "/my/credit/dispute", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_credit_dispute(self, category_id=None, text=None, **_kwargs):
        category = self._read_ids([category_id])[:1]
        return self._answer(
            "dispute",
            lambda portal: portal._dispute(
                request.env.user,
                self._get_ticked(),
                category and category[0],
                text,
                self._read_files(),
            ),
        )

    @http.route(
        "/my/credit/answer", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_credit_answer(self, answer=None, offer_id=None, **_kwargs):
        """The customer accepts our offer in a dispute, or refuses it."""
        portal, user = request.env["credit.portal"], request.env.user
        answers = {"accept": portal._accept_offer, "refuse": portal._refuse_offer}
        if answer not in answers:
            return request.redirect("/my/credit")
        offer = self._read_ids([offer_id])[:1]
        return self._answer(
            answer, lambda _portal: answers[answer](user, offer and offer[0])
        )

    @http.route(
        "/my/credit/offer", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_credit_offer(self, dispute_id=None, amount=None, remark=None, **_kwargs):
        """The customer says which credit would settle its dispute."""
        dispute = self._read_ids([dispute_id])[:1]
        return self._answer(
            "offer",
            lambda portal: portal._make_offer(
                request.env.user,
                dispute and dispute[0],
                self._read_amount(amount),
                remark,
            ),
        )

    @http.route(
        "/my/credit/statement", type="http", auth="user", methods=["GET"], website=True
    )
    def portal_credit_statement(self, **_kwargs):
        name, content = request.env["credit.portal"]._get_statement(request.env.user)
        return self._make_pdf(name, content)

    @http.route(
        "/my/credit/letter/<int:message_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_credit_letter(self, message_id, **_kwargs):
        letter = request.env["credit.portal"]._get_letter(request.env.user, message_id)
        if not letter:
            raise request.not_found()
        if letter.document_id:
            return self._make_pdf(letter.document_id.name, letter.document_id.raw)
        values = self._prepare_portal_layout_values()
        return request.render(
            "credit_control.portal_credit_letter",
            values | {"letter": letter, "page_name": "credit_letter"},
        )

    # === HELPERS === #

    def _answer(self, kind, act):
        """Do it and show the account, or say in the customer's words why not."""
        try:
            with request.env.cr.savepoint():
                act(request.env["credit.portal"])
        except (UserError, ValidationError) as error:
            typed = {**request.params, "moves": self._get_ticked()}
            return self._render_account(error=error.args[0], typed=typed)
        return request.redirect(f"/my/credit?done={kind}")

    def _render_account(self, **extra):
        user = request.env.user
        account = request.env["credit.portal"]._get_account(user)
        values = self._prepare_portal_layout_values()
        values |= account | {
            "page_name": "credit",
            "can_pay_overdue": self._can_pay_overdue(),
            "done": None,
            "error": None,
            "typed": {},
            **extra,
        }
        return request.render("credit_control.portal_my_credit", values)

    def _can_pay_overdue(self):
        """Whether Odoo's page pays all overdue invoices: one company, one currency.

        And somebody who takes the money: else the page has nothing to offer.
        """
        moves = request.env["account.move"]
        if not moves.has_access("read"):
            return False
        overdue = moves.search(self._get_overdue_invoices_domain())
        if len(overdue.currency_id) != 1 or len(overdue.company_id) != 1:
            return False
        # sudo: customers may not read providers; whether there is one is all they learn.
        providers = request.env["payment.provider"].sudo()
        return bool(
            providers._get_compatible_providers(
                overdue.company_id.id,
                request.env.user.partner_id.id,
                sum(overdue.mapped("amount_total")),
                currency_id=overdue.currency_id.id,
            )
        )

    def _get_overdue_invoices_domain(self, partner_id=None):
        """Override of `account`: who pays for a company finds its overdue invoices.

        Odoo's page takes those of one address: one's own first, else the company's.
        """
        domain = super()._get_overdue_invoices_domain(partner_id)
        contact = request.env.user.partner_id
        debtor = contact.commercial_partner_id
        moves = request.env["account.move"]
        if partner_id or contact == debtor or not moves.has_access("read"):
            return domain
        if moves.search_count(domain, limit=1):
            return domain
        return super()._get_overdue_invoices_domain(debtor.id)

    def _get_ticked(self):
        return self._read_ids(request.httprequest.form.getlist("move_id"))

    def _read_ids(self, values):
        texts = [str(value or "") for value in values]
        return [int(text) for text in texts if len(text) < 11 and text.isdecimal()]

    def _read_amount(self, value):
        try:
            return float(str(value or "").replace(",", "."))
        except ValueError:
            return None

    def _read_files(self):
        files = []
        for file in request.httprequest.files.getlist("file")[:MOST_FILES]:
            content = file.read(LARGEST_FILE + 1)
            if len(content) > LARGEST_FILE:
                raise UserError(request.env._("Files may have 10 MB each."))
            if file.filename:
                files.append((file.filename[:200], content))
        return files

    def _make_pdf(self, name, content):
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
