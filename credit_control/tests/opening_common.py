# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from .common import CreditCommon

PAPER = base64.b64encode(b"A paper that somebody signed")


class OpeningCommon(CreditCommon):
    """A policy that asks for one paper, and sheets of the salesman."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_authority_analyst = 10000
        types = cls.env["credit.opening.document.type"]
        cls.paper = types.create(
            {
                "name": "Extract",
                "code": "test_extract",
                "max_age_months": 3,
                "validity_months": 12,
            }
        )
        cls.policy.opening_required_ids = cls.paper
        cls.term = cls.env["account.payment.term"].create(
            {
                "name": "45 days",
                "line_ids": [
                    (5,),
                    (0, 0, {"value": "percent", "value_amount": 100, "nb_days": 45}),
                ],
            }
        )

    @classmethod
    def _new_sheet(cls, user=None, paper=True, **values):
        sheet = (
            cls.env["credit.opening"]
            .with_user(user or cls.salesman)
            .create(
                {
                    "customer_name": "Nova SARL",
                    "country_id": cls.env.ref("base.fr").id,
                    "registry_number": "732 829 320",
                    "amount": 4000,
                    "payment_term_id": cls.term.id,
                    "is_informed": True,
                    **values,
                }
            )
        )
        if paper:
            sheet.document_ids.write({"file": PAPER, "file_name": "extract.pdf"})
        return sheet

    @classmethod
    def _in_review(cls, **values):
        """A sheet that the analyst has taken."""
        sheet = cls._new_sheet(**values)
        sheet.action_submit()
        sheet = sheet.with_user(cls.analyst)
        sheet.action_review()
        return sheet

    def _answer(self, sheet, answer, user=None, **values):
        wizard = self.env["credit.opening.answer"].with_user(user or self.analyst)
        wizard.create(
            {"opening_id": sheet.id, "answer": answer, **values}
        ).action_apply()
