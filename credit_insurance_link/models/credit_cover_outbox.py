# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.credit_control.models.readers import for_reader, job

from ..insurers.errors import InsurerError, Refused, Unsupported
from .attempts import LONGEST_RETRY, attempt
from .credit_insurance_connection import ANALYST_GROUP

WAITING = ("to_send", "claimed", "sent", "referred")
# Seconds until it is asked again what became of a request, by the times it was asked.
POLLS = (5, 15, 30, 60, 300, 900, 3600, 3 * 3600, 6 * 3600)
# So long after a broken sending an insurer may still be working on it: only a search
# after this time tells that it did not arrive.
SETTLE = 600
FIRST_RETRY = 60
TRIES_UNTIL_HUMAN = 12


class CreditCoverRequest(models.Model):
    """Sending requests, at most once each, and asking what became of them.

    A request is claimed, and that is committed, before it leaves. Whatever breaks then,
    even the server, it is searched for by our reference before it may leave again; an
    insurer that knows no reference leaves that to a human (P12).
    """

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.cover.request"

    date_claimed = fields.Datetime(string="Sending Since", readonly=True, copy=False)
    date_next = fields.Datetime(string="Next Look", readonly=True, copy=False)
    is_maybe_sent = fields.Boolean(readonly=True, copy=False)
    is_doubtful = fields.Boolean(
        string="Needs a Look",
        readonly=True,
        copy=False,
        help="Nobody knows whether the insurer got it. Look in its portal, then say so.",
    )
    poll_count = fields.Integer(readonly=True, copy=False)
    has_connection = fields.Boolean(related="policy_id.has_connection")
    exchange_ids = fields.One2many(
        "credit.insurance.exchange", "request_id", groups=ANALYST_GROUP
    )

    def _carry(self):
        """Override to send by the connection, where the insurer has one."""
        self._trigger_outbox()
        return super()._carry()

    def _trigger_outbox(self, at=None):
        # sudo: starting this job is all that is done with it.
        cron = self.env.ref("credit_insurance_link.ir_cron_insurance_outbox", False)
        if cron:
            cron.sudo()._trigger(at)

    # === ACTIONS === #

    def action_look_now(self):
        """Send what waits, or ask at once what became of it."""
        self.ensure_one()
        self._require_analyst()
        if self.state in ("sent", "referred"):
            self.sudo()._poll()
        elif self.state in ("to_send", "claimed") and not self.is_doubtful:
            # sudo: the outbox' own fields are written by the machine only.
            self.sudo().date_next = False
            self._trigger_outbox()

    def action_open_exchanges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_insurance_exchange_action"
        )
        return {**action, "domain": [("request_id", "=", self.id)]}

    def action_arrived(self):
        """A human looked: the insurer got it."""
        self._answer_doubt("sent")

    def action_send_again(self):
        """A human looked: the insurer did not get it."""
        self._answer_doubt("to_send")

    def _answer_doubt(self, state):
        self.ensure_one()
        self._require_analyst()
        if not self.is_doubtful:
            raise UserError(self.env._("There is no doubt about this request."))
        # sudo: the state is written by the outbox only; the doubt was checked above.
        self.sudo().write(
            {
                "state": state,
                "is_doubtful": False,
                "is_maybe_sent": False,
                "date_next": False,
            }
        )
        self.message_post(
            body=self.env._("The insurer got it, says %s.", self.env.user.name)
            if state == "sent"
            else self.env._("The insurer did not get it, says %s.", self.env.user.name)
        )

    def _require_analyst(self):
        self.check_access("write")
        self.env["credit.insurance.connection"]._require(ANALYST_GROUP)

    # === CRON === #

    @api.model
    @job
    def _cron_outbox(self):
        """Send what waits and ask what became of the rest, one after the other."""
        cron = self.env["ir.cron"]
        due = self._get_due()
        for left, request in zip(range(len(due) - 1, -1, -1), due, strict=True):
            attempt(request, request._step)
            if not cron._commit_progress(1, remaining=left):
                return

    @api.model
    def _get_due(self):
        connections = self.env["credit.insurance.connection"].search(
            [
                (
                    "environment",
                    "=",
                    self.env["credit.insurance.connection"]._get_environment(),
                )
            ]
        )
        found = self.search(
            [
                ("state", "in", WAITING),
                ("is_doubtful", "=", False),
                ("insurer_id", "in", connections.insurer_id.ids),
                "|",
                ("date_next", "=", False),
                ("date_next", "<=", fields.Datetime.now()),
            ],
            order="is_urgent desc, id",
        )
        return found.filtered(lambda request: request.policy_id._get_connection())

    def _step(self):
        if self.state in ("sent", "referred"):
            self._poll()
        elif self.state == "claimed" and self.is_maybe_sent:
            self._look_for_it()
        else:
            self._claim_and_send()

    # === SENDING === #

    def _claim_and_send(self):
        if not self._know_buyer() or not self._claim():
            return
        order = self._prepare_order()
        try:
            with self._open_line() as adapter:
                if self.type in ("new", "preliminary", "grade_only"):
                    answer = adapter.request_cover(order)
                else:
                    answer = adapter.change_cover(order)
        except InsurerError as error:
            self._note_failure(error)
        else:
            self._apply_answer(answer)

    def _claim(self):
        """Take the request for sending and commit that.

        Locking: somebody may be cancelling it. Who gets the row first wins; after the
        commit its state says that it may be on its way, whatever happens to us.
        """
        if not self.try_lock_for_update(allow_referencing=True):
            return False
        self.invalidate_recordset(["state"])
        if self.state not in ("to_send", "claimed"):
            return False
        self.write(
            {
                "state": "claimed",
                "date_claimed": fields.Datetime.now(),
                "is_maybe_sent": True,
                "attempts": self.attempts + 1,
                "last_error": False,
            }
        )
        self.env["ir.cron"]._commit_progress()
        return True

    def _open_line(self):
        connection = self.policy_id._get_connection()
        return connection._open_line(policy=self.policy_id, request=self)

    def _note_failure(self, error):
        """What the next step is after a sending that failed."""
        if error.is_maybe_done:
            wait = min(SETTLE, FIRST_RETRY)
            self._put_off(error.message, wait, state="claimed")
        elif isinstance(error, Refused | Unsupported):
            self._reject(error.message)
        else:
            wait = max(getattr(error, "retry_after", None) or 0, self._get_retry())
            self.is_maybe_sent = False
            self._put_off(error.message, wait, state="to_send")

    def _get_retry(self):
        return min(FIRST_RETRY * 2 ** max(self.attempts - 1, 0), LONGEST_RETRY)

    # === AFTER A BROKEN SENDING === #

    def _look_for_it(self):
        """Look for a request that may have arrived, by our reference."""
        since = self.date_claimed
        try:
            with self._open_line() as adapter:
                answer = adapter.find_request(self._prepare_order(), since.date())
                is_sure = adapter.has_own_reference
        except InsurerError as error:
            self._put_off(error.message, self._get_retry())
            return
        if answer:
            self._apply_answer(answer)
        elif not is_sure:
            self._doubt()
        elif fields.Datetime.now() < since + timedelta(seconds=self._get_settle()):
            self.date_next = since + timedelta(seconds=self._get_settle())
        else:
            self.write({"state": "to_send", "is_maybe_sent": False, "date_next": False})

    def _get_settle(self):
        """Seconds after which a search that finds nothing is believed."""
        return SETTLE

    def _doubt(self):
        """Nobody but a human can tell; never a second application by itself."""
        self.is_doubtful = True
        user = self.user_id
        if not user.active:
            user = self.policy_id._get_responsible()
        request = for_reader(self, user)
        request.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=request.env._("Did the insurer get this request?"),
            note=request.env._(
                "Sending it broke off. Look in the insurer's portal, then say on the "
                "request whether it is there."
            ),
        )

    # === ANSWERS === #

    def _poll(self):
        """Ask what became of it."""
        try:
            with self._open_line() as adapter:
                answer = adapter.poll_request(
                    self._prepare_order(),
                    self.external_job_id or "",
                    self.external_request_id or "",
                )
        except Unsupported:
            # The decisions that are fetched will tell.
            self._put_off(False, LONGEST_RETRY)
        except InsurerError as error:
            self._put_off(error.message, self._get_poll_wait())
        else:
            self._apply_answer(answer)

    def _apply_answer(self, answer):
        """Write what an insurer said of a request; what it asked is never granted."""
        self.write(
            {
                "is_maybe_sent": False,
                "is_doubtful": False,
                "last_error": False,
                "date_sent": self.date_sent or fields.Datetime.now(),
                "external_job_id": answer.external_job_id or self.external_job_id,
                "external_request_id": answer.external_request_id
                or self.external_request_id,
            }
        )
        if answer.state == "rejected":
            self._reject(answer.reason)
        elif answer.state == "decided":
            self._decide(answer)
        else:
            self._await(answer.state)

    def _await(self, state):
        if self.state != "referred":
            self.state = "referred" if state == "referred" else "sent"
        wait = self._get_poll_wait()
        self.poll_count += 1
        if state == "unknown" and self.poll_count > TRIES_UNTIL_HUMAN:
            self._doubt()
        self.date_next = fields.Datetime.now() + timedelta(seconds=wait)
        self._trigger_outbox(self.date_next)

    def _get_poll_wait(self):
        return POLLS[min(self.poll_count, len(POLLS) - 1)]

    def _decide(self, answer):
        sync = self.env["credit.insurance.sync"]
        results = sync._take_in(self.policy_id, answer.decisions)
        rejected = [one for one in results if one["status"] == "rejected"]
        if rejected:
            self._put_off(rejected[0].get("error") or "", LONGEST_RETRY)
        elif self.state != "decided":
            self.write(
                {
                    "state": "decided",
                    "date_decided": fields.Datetime.now(),
                    "date_next": False,
                }
            )

    def _reject(self, reason):
        self.write(
            {
                "state": "rejected",
                "is_maybe_sent": False,
                "last_error": reason,
                "date_next": False,
            }
        )
        self.message_post(
            body=self.env._("Rejected by the insurer: %s", reason or "-"),
            partner_ids=self.user_id.partner_id.ids,
        )

    def _put_off(self, reason, seconds, state=None):
        at = fields.Datetime.now() + timedelta(seconds=seconds)
        self.write(
            {
                "last_error": reason,
                "date_next": at,
                **({"state": state} if state else {}),
            }
        )
        self._trigger_outbox(at)
