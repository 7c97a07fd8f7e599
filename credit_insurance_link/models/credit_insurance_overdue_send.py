# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.credit_control.models.handouts import to_csv

from .papers import mail_paper

REPORT = "credit_insurance_link.credit_insurance_overdue_report"


class CreditInsuranceOverdue(models.Model):
    """How a notice leaves: by the connection, by mail, or as a file for the portal.

    No way out marks it as received: that is the insurer's to say (P12).
    """

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.overdue"

    def action_export(self):
        """Download notices as one CSV, for the insurer's portal."""
        self.check_access("read")
        name = f"notice-{self.id}" if len(self) == 1 else "notices"
        return self._download(f"{name}.csv", self._export_csv())

    def action_print(self):
        """Print the notice as PDF."""
        self.ensure_one()
        self.check_access("read")
        return self.env.ref(REPORT).report_action(self, config=False)

    @api.model
    def _get_export_header(self):
        return [
            self.env._("Policy"),
            self.env._("Kind"),
            self.env._("Our Reference"),
            self.env._("Insurer's Number of the Buyer"),
            self.env._("Customer"),
            self.env._("Invoice"),
            self.env._("Issued"),
            self.env._("Original Due Date"),
            self.env._("New Due Date"),
            self.env._("Currency"),
            self.env._("Invoiced"),
            self.env._("Without Taxes"),
            self.env._("Open"),
            self.env._("Cause"),
        ]

    def _get_export_rows(self):
        """One row for each invoice of each notice; cells as they are written."""
        for notice in self:
            kinds, causes = (
                dict(self._fields[name]._description_selection(self.env))
                for name in ("kind", "cause")
            )
            # sudo: the number of an invoice that the notice is about.
            for line in notice.sudo().line_ids:
                yield [
                    notice.policy_id.policy_number,
                    kinds[notice.kind],
                    notice.uuid,
                    notice.buyer_id.insurer_buyer_id or "",
                    notice.partner_id.name,
                    line.move_id.name,
                    line.date_issue,
                    line.date_due,
                    line.date_extended or "",
                    notice.currency_id.name,
                    line.amount_gross,
                    line.amount_net,
                    line.amount_open,
                    causes[notice.cause],
                ]

    def _export_csv(self):
        """The notices as CSV.

        :return: bytes, UTF-8 with a byte order mark, as spreadsheets expect it
        """
        return to_csv([self._get_export_header(), *self._get_export_rows()])

    # === MAIL === #

    def action_mail(self):
        """Send the notice to the insurer's contact, as PDF and CSV.

        :raise UserError: when nobody can be written to
        """
        self.ensure_one()
        self._check_step("to_do")
        contact = self._get_contact()
        # First the mark: a notice is sent once.
        self._mark_sent("mail")
        mail_paper(
            self,
            REPORT,
            contact,
            self.env._("Notice of overdue: policy %s", self.policy_id.name),
            self.env._(
                "Please find attached our notice about %(customer)s, reference "
                "%(reference)s. Please confirm its receipt with your number.",
                customer=self.partner_id.name,
                reference=self.uuid,
            ),
            f"notice-{self.id}.pdf",
            [(f"notice-{self.id}.csv", self._export_csv())],
        )
        return True

    # === NIGHTLY === #

    @api.model
    def _settle(self, policy, partners=None):
        """Notices whose invoices are all paid are settled.

        :param policy: one ``credit.insurance.policy``
        :param partners: only those about these debtors, None for all
        """
        domain = [
            ("policy_id", "=", policy.id),
            ("state", "in", ("sent", "acknowledged")),
        ]
        if partners is not None:
            domain.append(("partner_id", "in", partners.ids))
        notices = self.search(domain)
        paid = notices.filtered(lambda notice: notice.line_ids._are_paid())
        # sudo: the ledger says so.
        paid.sudo().write({"state": "settled"})
