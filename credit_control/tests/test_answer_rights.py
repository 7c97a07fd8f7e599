# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import new_test_user, tagged

from .answer_common import AnswerCommon

EVERYBODY = {"sales", "viewer", "analyst", "manager", "accountant"}
DUNNERS = {"analyst", "manager", "accountant"}
READERS = {
    "credit.promise": EVERYBODY,
    "credit.dispute": EVERYBODY,
    "credit.dispute.offer": EVERYBODY,
    "credit.dispute.category": EVERYBODY | {"employee"},
    "credit.dispute.authority": {"viewer", "analyst", "manager"},
    "credit.instalment.plan": EVERYBODY,
    "credit.instalment": EVERYBODY,
    "credit.dunning.exclusion": EVERYBODY,
    "credit.dunning.contact": EVERYBODY,
    "credit.dunning.call.lock": {"manager"},
}
WRITERS = {
    "credit.promise": DUNNERS,
    "credit.dispute": DUNNERS,
    "credit.dispute.offer": set(),
    "credit.dispute.category": {"manager"},
    "credit.dispute.authority": set(),
    "credit.instalment.plan": DUNNERS,
    "credit.instalment": DUNNERS,
    "credit.dunning.exclusion": DUNNERS,
    "credit.dunning.contact": set(),
    "credit.dunning.call.lock": set(),
}


@tagged("post_install", "-at_install")
class TestAnswerRights(AnswerCommon):
    """Who reads and writes answers; customers reach none of them directly."""

    def _get_users(self):
        return {
            "employee": self._new_user("credit_employee", "base.group_user"),
            "portal": new_test_user(
                self.env, "credit_portal", groups="base.group_portal"
            ),
            "sales": self.salesman,
            "viewer": self.viewer,
            "analyst": self.analyst,
            "manager": self.manager,
            "accountant": self.accountant,
        }

    def test_who_reads_and_who_writes(self):
        users = self._get_users()
        for operation, expected in (("read", READERS), ("write", WRITERS)):
            for model, names in expected.items():
                found = {
                    name
                    for name, user in users.items()
                    if self.env[model].with_user(user).has_access(operation)
                }
                self.assertEqual(found, names, f"{operation} {model}")

    def test_answers_of_another_company_are_not_seen(self):
        other = self._create_company(name="Other Company")
        profile = self.env["credit.profile"].create(
            {"partner_id": self.debtor.id, "company_id": other.id}
        )
        promise = self.env["credit.promise"].create(
            {"profile_id": profile.id, "amount": 1}
        )
        reason = self.env.ref("credit_control.credit_reason_block_cash")
        exclusion = self.env["credit.dunning.exclusion"].create(
            {
                "profile_id": profile.id,
                "date_to": self._today(3),
                "reason_id": reason.id,
            }
        )
        for answer in (promise, exclusion):
            found = answer.with_user(self.accountant).search([("id", "=", answer.id)])
            self.assertFalse(found)
