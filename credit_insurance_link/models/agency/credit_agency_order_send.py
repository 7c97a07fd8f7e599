# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.credit_control.models.readers import for_reader, job

from ...insurers.errors import InsurerError, NotReady, Refused
from ..attempts import LONGEST_RETRY, attempt
from ..credit_cover_outbox import FIRST_RETRY, POLLS, SETTLE
from .credit_agency_order import WAITING

TASK = "mail.mail_activity_data_todo"
SILENT_DAYS = 14  # then somebody asks what became of it


class CreditAgencyOrder(models.Model):
    """Order once, whatever breaks, and fetch what was ordered.

    Money: an order is claimed, and that is committed, before it leaves. When nobody knows
    whether it arrived, it is searched for by our reference; when it is not found, a person
    decides. It is never sent a second time by itself.
    """

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.agency.order"

    @api.model
    def _new_reference(self):
        return str(uuid.uuid4())

    @api.model
    @job
    def _cron_outbox(self):
        """Order what waits, and fetch what was published, one after the other."""
        cron = self.env["ir.cron"]
        # sudo: the job acts for whoever ordered.
        due = self.sudo().search(self._get_due_domain(), order="id")
        for left, order in zip(range(len(due) - 1, -1, -1), due, strict=True):
            attempt(order, order._step)
            if not cron._commit_progress(1, remaining=left):
                return

    @api.model
    def _get_due_domain(self):
        """What can be done something about: an agency that is on, the same as then."""
        now = fields.Datetime.now()
        same = Domain.OR(
            Domain("is_sandbox", "=", sandbox)
            & Domain("agency_id.environment", "=", environment)
            for sandbox, environment in ((True, "sandbox"), (False, "production"))
        )
        due = Domain("date_next", "=", False) | Domain("date_next", "<=", now)
        on = Domain("agency_id.state", "=", "on")
        return Domain("state", "in", WAITING) & on & same & due

    def _step(self):
        if self.agency_id.state != "on":
            return  # switched off, or locked by the order before this one
        steps = {"to_send": self._send, "sending": self._look_for_it}
        steps.get(self.state, self._collect)()

    # === SENDING === #

    def _send(self):
        agency = self.agency_id
        try:
            with agency._open() as client:
                company = client.find_company(self.siren)
                if not company:
                    self._refuse(self.env._("No company, or two, with this number."))
                elif self._claim(company):
                    answer = client.order(
                        company, self.reference, agency._get_opinion()
                    )
                    self._note_order(answer)
        except InsurerError as error:
            self._note_failure(error)

    def _claim(self, company):
        """Take the order for sending and commit that.

        Locking: two jobs may reach it. Who gets the row first wins; after the commit its
        state says that it may be on its way, whatever happens to us.
        """
        if not self.try_lock_for_update(allow_referencing=True):
            return False
        self.invalidate_recordset(["state"])
        if self.state != "to_send":
            return False
        self.write(
            {
                "state": "sending",
                "company_number": company,
                "date_sent": fields.Datetime.now(),
                "attempts": self.attempts + 1,
                "last_error": False,
            }
        )
        self.env["ir.cron"]._commit_progress()
        return True

    def _note_order(self, answer):
        self.write(
            {
                "state": "ordered",
                "external_id": answer.external_id,
                "publications": list(answer.publications),
                "last_error": False,
            }
        )
        self._put_off(False, POLLS[0])

    def _note_failure(self, error):
        """What the next step is after an order that failed."""
        if error.is_maybe_done and self.state == "sending":
            self._put_off(error.message, FIRST_RETRY)
        elif isinstance(error, Refused):
            self._refuse(error.message)
        else:
            self.state = "to_send"
            waited = getattr(error, "retry_after", None) or 0
            retry = FIRST_RETRY * 2 ** max(self.attempts - 1, 0)
            self._put_off(error.message, max(waited, min(retry, LONGEST_RETRY)))

    def _look_for_it(self):
        """Look for an order that may have arrived, by our reference."""
        settled = self.date_sent + timedelta(seconds=SETTLE)
        try:
            with self.agency_id._open() as client:
                answer = client.find_order(self.reference)
        except Refused as error:
            # It will not be shown, however often it is asked for.
            self.last_error, answer = error.message, None
        except InsurerError as error:
            self._put_off(error.message, FIRST_RETRY)
            return
        if answer:
            self._note_order(answer)
        elif fields.Datetime.now() < settled:
            self._put_off(self.last_error, SETTLE)
        else:
            self._doubt()

    def _doubt(self):
        self.state = "doubtful"
        mine = self._in_words_of_person()
        mine._ask_person(
            mine.env._("Was this score ordered?"),
            mine.env._(
                "Ordering it broke off, and the agency does not show it. Look in its "
                "portal, then say on the order whether to order again."
            ),
        )

    def _in_words_of_person(self):
        return for_reader(self, self._get_person())

    def _ask_person(self, summary, note):
        self.activity_schedule(
            TASK, user_id=self._get_person().id, summary=summary, note=note
        )

    def _get_person(self):
        """Hook: who is asked; the watch orders as the system, which reads nothing.

        :return: ``res.users``
        """
        if self.user_id.active:
            return self.user_id
        files = self.partner_id.credit_profile_ids
        # Nobody keeps a file: a manager of the company is asked.
        return (
            files[:1] or files.new({"company_id": self.env.company.root_id.id})
        )._get_status_keeper()

    def _refuse(self, reason):
        self.write({"state": "refused", "last_error": reason, "date_next": False})

    # === FETCHING === #

    def _collect(self):
        """Fetch what was ordered, once all of it is published."""
        try:
            with self.agency_id._open() as client:
                fact = client.get_score(self.publications, self.company_number)
        except NotReady:
            self._wait(False)
        except Refused as error:
            self._refuse(error.message)
        except InsurerError as error:
            self._wait(error.message)
        else:
            self._take_in(fact)

    def _wait(self, reason):
        self.poll_count += 1
        self._put_off(reason, POLLS[min(self.poll_count, len(POLLS) - 1)])
        silent = fields.Datetime.now() - timedelta(days=SILENT_DAYS)
        if self.date_sent < silent and not self.activity_ids:
            mine = self._in_words_of_person()
            mine._ask_person(
                mine.env._("The agency does not publish this score: ask it why"),
                mine.env._(
                    "It was ordered more than %s days ago, and is billed.", SILENT_DAYS
                ),
            )

    def _take_in(self, fact):
        """Keep the score for all customer files of the entity; it was billed once."""
        if not fact:
            self._refuse(self.env._("The agency has no score of this company."))
            return
        agency = self.agency_id.with_user(self.user_id).sudo()
        events = self.env["credit.agency.event"]
        debtors = events._get_partners([self.siren]).get(self.siren, self.partner_id)
        ordered = self.partner_id | debtors.sorted("id")
        changes = agency._keep_score(self.siren, ordered, fact, cost=self.cost)
        events._take_in(agency, changes)
        mine = [("agency_id", "=", agency.id), ("partner_id", "=", self.partner_id.id)]
        score = self.env["credit.agency.score"].search(mine, limit=1)
        self.activity_unlink([TASK])
        self.write({"state": "done", "score_id": score.id, "date_next": False})

    def _put_off(self, reason, seconds):
        at = fields.Datetime.now() + timedelta(seconds=seconds)
        self.write({"last_error": reason, "date_next": at})
        self._trigger_outbox(at)
