# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain

from .readers import for_reader

PENDING = "credit_control.bounced"
ACTIVITY = "credit_control.mail_activity_bounce"
LISTED = 20


class CreditProfile(models.Model):
    """A payment came back: what was let through because of it deserves a second look."""

    _inherit = "credit.profile"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _payments_undone(self, moves):
        """Note invoices whose payment was taken off; looked at once, before the commit.

        What is matched again in the same transaction did not bounce.
        """
        invoices = moves.filtered(lambda move: move.is_sale_document())
        if not invoices:
            return
        precommit = self.env.cr.precommit
        pending = precommit.data.setdefault(PENDING, set())
        if not pending:
            # sudo: who undoes a payment need not see credit files.
            precommit.add(self.sudo()._review_bounced)
        pending.update(invoices.ids)

    def _review_bounced(self):
        ids = self.env.cr.precommit.data.pop(PENDING, ())
        moves = self.env["account.move"].browse(ids).exists()
        unpaid = moves.filtered(
            lambda move: (
                move.state == "posted" and move.payment_state in ("not_paid", "partial")
            )
        )
        for company, invoices in unpaid.grouped(lambda m: m.company_id.root_id).items():
            debtors = invoices.commercial_partner_id
            profiles = self.search(
                [("partner_id", "in", debtors.ids), ("company_id", "=", company.id)]
            )
            for profile in profiles:
                mine = invoices.filtered(
                    lambda m, p=profile: m.commercial_partner_id == p.partner_id
                )
                profile._put_under_review(mine)

    def _put_under_review(self, invoices):
        """Ask the analyst, once, to look at what is not delivered yet."""
        policy = self.policy_id or self.company_id._get_credit_policy()
        documents = self._get_reviewable() if policy.review_bounced else []
        if not documents or self.activity_search([ACTIVITY]):
            return
        links = [document._get_html_link() for document in documents[:LISTED]]
        keeper = self._get_status_keeper()
        profile = for_reader(self, keeper)
        profile.activity_schedule(
            ACTIVITY,
            user_id=keeper.id,
            summary=profile.env._(
                "The payment of %s came back", ", ".join(invoices.mapped("name"))
            ),
            note=Markup("<p>%s</p><p>%s</p>")
            % (
                profile.env._("Not delivered yet; do these orders go on?"),
                Markup(", ").join(links),
            ),
        )

    def _get_reviewable(self):
        """Hook: what was let through and can still be stopped.

        :return: ``sale.order``, those that only wait for their confirmation first
        """
        released = self.env["credit.hold"].search(
            self._get_records_domain()
            & Domain("state", "=", "released")
            & Domain("res_model", "=", "sale.order")
        )
        orders = self.env["sale.order"].search(
            [
                ("partner_invoice_id", "child_of", self.partner_id.id),
                ("company_id", "child_of", self.company_id.id),
                ("state", "=", "sale"),
                ("credit_open_company", ">", 0),
            ],
            limit=5 * LISTED,
        )
        waiting = self.env["sale.order"].browse(released.mapped("res_id")).exists()
        waiting = waiting.filtered(lambda order: order.state in ("draft", "sent"))
        return waiting | orders.filtered(lambda order: order._is_credit_undelivered())
