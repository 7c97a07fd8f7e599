# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .readers import job

BATCH = 100
PERSONAL_FIELDS = (
    "partner_id",
    "street",
    "zip",
    "city",
    "registry_number",
    "vat",
    "email",
    "phone",
    "contact_name",
    "iban",
    "note",
    "answer_note",
)


class CreditOpening(models.Model):
    """Forget the customers who were refused.

    Law: GDPR (regulation 2016/679), article 5(1)(e): data are kept no longer than their
    purpose needs. What remains (amounts, dates, reason) names nobody.
    """

    _inherit = "credit.opening"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @job
    def _cron_forget(self):
        """Anonymise refused sheets whose time is over, some at a time."""
        sheets = self._find_outdated(limit=BATCH)
        sheets._anonymise()
        remaining = len(self._find_outdated(limit=BATCH + 1))
        self.env["ir.cron"]._commit_progress(len(sheets), remaining=remaining)

    @api.model
    def _find_outdated(self, limit=None):
        """Refused sheets whose answer is older than their company keeps them.

        A company that keeps them zero months never forgets by itself.
        """
        found = self.browse()
        for company in self.env["res.company"].search([("parent_id", "=", False)]):
            months = company.credit_opening_keep_months
            if months:
                end = fields.Datetime.subtract(fields.Datetime.now(), months=months)
                found |= self.search(
                    [
                        ("company_id", "=", company.id),
                        ("state", "=", "refused"),
                        ("is_anonymised", "=", False),
                        ("date_answer", "<", end),
                    ],
                    limit=limit,
                )
        return found[:limit]

    def _get_personal_fields(self):
        """Hook: the fields that tell who the customer was."""
        return PERSONAL_FIELDS

    def _anonymise(self):
        """Blank what tells who the customer was: fields, papers, references, messages."""
        if not self:
            return
        self.document_ids.unlink()
        self.reference_ids.unlink()
        self.activity_ids.unlink()
        self.message_ids.unlink()
        self.message_unsubscribe(self.message_partner_ids.ids)
        blank = dict.fromkeys(self._get_personal_fields(), False)
        quiet = self.with_context(tracking_disable=True)
        for sheet in quiet:
            sheet.write(
                {
                    **blank,
                    "customer_name": self.env._("Refused customer %s", sheet.id),
                    "is_anonymised": True,
                }
            )
