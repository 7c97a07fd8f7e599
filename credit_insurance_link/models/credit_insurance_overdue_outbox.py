# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.credit_control.models.readers import for_reader, job

from ..insurers.errors import InsurerError, Refused, Unsupported
from ..insurers.facts import Overdue, OverdueInvoice
from ..insurers.registry import ADAPTERS
from .credit_insurance_duty_alert import ACTIVITY

RETRY_MINUTES = 15
MOST_ATTEMPTS = 5


class CreditInsuranceOverdue(models.Model):
    """Notices that leave by the insurer's connection, where it takes them.

    No payload for overdues is verified of any insurer: an adapter offers it only when it
    names the capability. A call that failed clears nothing, and a notice that may have
    arrived is never sent again by itself (P12).
    """

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.overdue"

    state = fields.Selection(
        selection_add=[("queued", "Being Sent"), ("sent",)],
        ondelete={"queued": "set default"},
    )
    can_send = fields.Boolean(compute="_compute_can_send", compute_sudo=True)
    attempts = fields.Integer(readonly=True)
    date_next = fields.Datetime(readonly=True)
    is_in_doubt = fields.Boolean(
        string="May Have Arrived",
        readonly=True,
        help="The connection broke: look in the insurer's portal whether it is there.",
    )

    _queued_idx = models.Index("(date_next) WHERE state = 'queued'")

    @api.depends("policy_id", "buyer_id", "kind")
    def _compute_can_send(self):
        for notice in self:
            known = notice.policy_id and notice.buyer_id.insurer_buyer_id
            adapter = known and ADAPTERS.get(notice.policy_id._get_connection().adapter)
            notice.can_send = bool(
                adapter
                and "overdues" in adapter.capabilities
                and notice.kind != "handover"
            )

    def action_send(self):
        """Send the notice by the insurer's connection, in the background."""
        for notice in self:
            notice._check_step("to_do")
            if not notice.can_send:
                raise UserError(
                    self.env._("This insurer takes notices by mail or in its portal.")
                )
            if not notice.line_ids:
                raise UserError(self.env._("There is no invoice on this notice."))
            notice._step(
                "to_do",
                state="queued",
                date_next=fields.Datetime.now(),
                attempts=0,
                sent_by=self.env.uid,
                last_error=False,
            )
        cron = self.env.ref("credit_insurance_link.ir_cron_overdues")
        cron.sudo()._trigger()
        return True

    def action_back(self):
        """It did not arrive, as a person saw: it can be sent again."""
        for notice in self:
            notice._step("queued", state="to_do", is_in_doubt=False)
        return True

    def action_arrived(self):
        """It did arrive, as a person saw: what is missing is the acknowledgement."""
        for notice in self:
            notice._step(
                "queued",
                state="sent",
                is_in_doubt=False,
                channel="api",
                sent_on=notice.company_id._credit_today(),
            )
        self._changed()
        return True

    # === OUTBOX === #

    @api.model
    @job
    def _cron_outbox(self):
        """Send what waits, one by one; one that fails does not stop the others."""
        due = self.search(
            [
                ("state", "=", "queued"),
                ("is_in_doubt", "=", False),
                ("date_next", "<=", fields.Datetime.now()),
            ]
        )
        for notice in due.sudo():
            if notice._claim():
                notice._call()
                self.env["ir.cron"]._commit_progress(1)

    def _claim(self):
        """Take the notice and commit that.

        Locking: in doubt from here on, so that a crash after the call never sends twice.
        """
        if not self.try_lock_for_update(allow_referencing=True):
            return False
        self.invalidate_recordset(["state", "is_in_doubt"])
        if self.state != "queued" or self.is_in_doubt:
            return False
        self.write({"is_in_doubt": True, "attempts": self.attempts + 1})
        self.env["ir.cron"]._commit_progress()
        return True

    def _call(self):
        connection = self.policy_id._get_connection()
        try:
            with connection._open_line(policy=self.policy_id) as adapter:
                answer = adapter.report_overdue(self._prepare_fact())
        except InsurerError as error:
            self._note_failure(error)
            return
        self._take_answer(answer)

    def _take_answer(self, answer):
        """Only an acknowledgement is one."""
        if answer.state == "acknowledged" and answer.received_on:
            self.write(
                {
                    "state": "acknowledged",
                    "is_in_doubt": False,
                    "channel": "api",
                    "sent_on": self.company_id._credit_today(),
                    "received_on": answer.received_on,
                    "external_id": answer.external_id,
                }
            )
            self._changed()
        elif answer.state == "rejected":
            self._give_back(answer.reason)
        else:
            self._doubt(answer.reason or self.env._("The answer was not understood."))

    def _note_failure(self, error):
        if error.is_maybe_done:
            self._doubt(error.message)
        elif isinstance(error, Refused | Unsupported) or self.attempts >= MOST_ATTEMPTS:
            self._give_back(error.message)
        else:
            wait = timedelta(minutes=RETRY_MINUTES * self.attempts)
            self.write(
                {
                    "is_in_doubt": False,
                    "date_next": fields.Datetime.now() + wait,
                    "last_error": error.message,
                }
            )

    def _give_back(self, reason):
        self.write({"state": "to_do", "is_in_doubt": False, "last_error": reason})
        self._ask_person()

    def _doubt(self, reason):
        self.write({"last_error": reason})
        self._ask_person()

    def _ask_person(self):
        """The duty goes on: its person is told that the notice did not go through."""
        duties = self.env["credit.insurance.duty"].search(
            [
                ("policy_id", "=", self.policy_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("kind", "in", ("notice", "extension")),
                ("state", "=", "open"),
            ]
        )
        for duty in duties:
            person = self.sent_by or duty.user_id
            duty = for_reader(duty, person)
            duty.activity_schedule(
                ACTIVITY,
                user_id=person.id,
                summary=duty.env._("The insurer has not taken the notice"),
                note=self.last_error,
            )

    def _prepare_fact(self):
        """The notice in the insurers' vocabulary, amounts in the policy's currency."""
        return Overdue(
            reference=self.uuid,
            kind=self.kind,
            policy_number=self.policy_id.policy_number,
            buyer_external_id=self.buyer_id.insurer_buyer_id,
            invoices=tuple(line._to_fact() for line in self.line_ids),
            cause=self.cause,
            comment=self.note or "",
        )


class CreditInsuranceOverdueLine(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.overdue.line"

    def _to_fact(self):
        def exact(amount):
            return Decimal(str(self.currency_id.round(amount)))

        return OverdueInvoice(
            number=self.move_id.name,
            date_issue=self.date_issue,
            date_due=self.date_due,
            amount=exact(self.amount_gross),
            amount_open=exact(self.amount_open),
            currency=self.currency_id.name,
            amount_untaxed=exact(self.amount_net),
            date_due_extended=self.date_extended or None,
        )
