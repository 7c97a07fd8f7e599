# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..callers import is_id

MINUTES = 30  # so long a wrong click can be taken back


class CreditDunningCall(models.AbstractModel):
    """Take back what came of the last call: a wrong click."""

    _inherit = "credit.dunning.call"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def undo_result(self, contact_id: int):
        """Take back the caller's last result and put the debtor on his screen again.

        What it made goes with it: promise, disputes, reason of blockage, task. The credit
        file keeps a line that says so.

        :param contact_id: id that ``set_result`` gave
        :return: dict, the card of the debtor (see ``open``)
        :raise AccessError: for who does not follow up
        :raise UserError: when it is another's, too long ago, or somebody went on with it
        """
        self._check_caller()
        # sudo: rights were checked above; only the caller's own last call is taken back.
        contact = self.sudo()._find_last(contact_id)
        debtor = contact.partner_id
        self.sudo()._keep(contact.company_id, debtor)
        contact._take_back()
        return self.open(debtor.id)

    def _find_last(self, contact_id):
        contacts = self.env["credit.dunning.contact"]
        since = fields.Datetime.now() - timedelta(minutes=MINUTES)
        mine = contacts.search(
            [
                ("user_id", "=", self.env.uid),
                ("company_id", "=", self.env.company.root_id.id),
            ],
            limit=1,
        )
        asked = contacts.browse(contact_id if is_id(contact_id) else [])
        if not asked or asked != mine or mine.create_date < since:
            raise UserError(
                self.env._("Only your last call of the last half hour is taken back.")
            )
        return mine


class CreditDunningContact(models.Model):
    _inherit = "credit.dunning.contact"  # pylint: disable=consider-merging-classes-inherited

    def _take_back(self):
        """Undo the call with all that it made.

        :raise UserError: when somebody went on with it since
        """
        self.ensure_one()
        self._check_untouched()
        profile, words = self.profile_id, self._word_result()
        if self.reason_id and profile.blockage_reason_id == self.reason_id:
            profile.blockage_reason_id = self.former_reason_id
        self.activity_id.unlink()
        self.promise_id.unlink()
        self.dispute_ids.unlink()
        self.unlink()
        profile._message_log(body=self.env._("Call taken back: %s", words))

    def _check_untouched(self):
        disputes = self.dispute_ids
        if (
            self.promise_id.state not in (False, "open")
            or any(dispute.state != "open" for dispute in disputes)
            or disputes.offer_ids
            or disputes.refund_id
        ):
            raise UserError(
                self.env._("Somebody went on with it: change the promise or dispute.")
            )

    def _word_result(self):
        return dict(self._fields["result"]._description_selection(self.env))[
            self.result
        ]
