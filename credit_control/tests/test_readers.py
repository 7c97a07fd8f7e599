# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import new_test_user, tagged

from ..models.credit_profile import PENDING
from ..models.readers import for_colleagues, for_reader
from .answer_common import AnswerCommon


@tagged("post_install", "-at_install")
class TestReaders(AnswerCommon):
    """What a job or a customer causes is worded for whoever reads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.profile.analyst_id = cls.analyst
        cls.accountant.lang = cls.analyst.lang = "fr_FR"
        cls.company.partner_id.lang = "fr_FR"
        # As the scheduler calls: in no language.
        cls.env = cls.env(context={**cls.env.context, "lang": None})

    def test_a_job_words_its_tasks_for_their_person(self):
        self.company.partner_id.lang = "en_US"
        self.profile.sudo().write(
            {"status": "watch", "status_until": self._today(-1), "status_note": "?"}
        )
        self._run_cron("credit.profile", "_cron_remind_status")
        (task,) = self.profile.activity_ids
        self.assertEqual((task.user_id, task.summary[-1]), (self.analyst, "?"))
        self.assertNotIn("Does the status", task.summary)

    def test_a_job_writes_in_the_language_of_the_company(self):
        dispute = self._new_dispute()
        dispute.date_deadline = self._today(-1)
        self._run_cron("credit.dispute", "_cron_escalate")
        said = " ".join(dispute.message_ids.mapped("body"))
        self.assertIn(dispute.user_id.name, said)
        self.assertNotIn("Not settled in time", said)
        (task,) = dispute.activity_ids
        self.assertEqual(task.user_id, dispute.user_id)
        self.assertEqual("Settle" in task.summary, task.user_id.lang != "fr_FR")

    def test_a_customer_causes_no_task_in_his_own_language(self):
        customer = new_test_user(
            self.env,
            "credit_reader",
            groups="base.group_portal",
            lang="en_US",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        portal = self.env(user=customer, context={"lang": "en_US"})
        self.assertEqual(for_colleagues(portal["credit.dispute"]).env.lang, "fr_FR")
        (task,) = self._new_dispute(portal).activity_ids
        self.assertEqual(task.user_id, self.accountant)
        self.assertNotIn("Settle", task.summary)

    def test_what_a_customer_pays_is_not_told_in_his_language(self):
        self.env.cr.flush()
        customer = new_test_user(
            self.env,
            "credit_payer",
            groups="base.group_portal",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        payer = self.env(user=customer, context={"lang": "en_US"}, su=True)
        self.assertEqual(payer.company.partner_id.lang, "fr_FR")
        payer["account.move"].browse(self.invoice.id)._credit_changed()
        cause = self.env.cr.precommit.data[PENDING][self.debtor.id]
        self.assertIn(self.invoice.name, cause)
        self.assertNotIn("changed what is owed", cause)

    def test_colleagues_keep_their_own_language(self):
        mine = self.profile.with_user(self.manager).with_context(lang="en_US")
        self.assertEqual(for_colleagues(mine), mine)
        self.assertEqual(for_colleagues(mine).env.lang, "en_US")
        nobody = self.env["res.users"]
        self.assertEqual(for_reader(mine, nobody).env.lang, "en_US")

    def _new_dispute(self, env=None):
        env = env or self.env
        return (
            env["credit.dispute"]
            .sudo()
            .create(
                {
                    "profile_id": self.profile.id,
                    "move_id": self.invoice.id,
                    "amount": 10,
                    "user_id": self.accountant.id,
                    "category_id": self.env.ref(
                        "credit_control.credit_dispute_category_price"
                    ).id,
                }
            )
        )
