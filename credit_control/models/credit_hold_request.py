# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pytz
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .callers import is_id, to_note
from .credit_authority import ANALYST, MANAGER
from .readers import for_reader, job

ACTIVITY = "credit_control.mail_activity_release"


class CreditHold(models.Model):
    """Asking for a release: who is asked, by when, and who is asked next."""

    _inherit = "credit.hold"  # pylint: disable=consider-merging-classes-inherited

    request_date = fields.Datetime(string="Requested on", readonly=True)
    level = fields.Integer(
        string="Approval Level",
        readonly=True,
        help="Rung of the approval ladder that is asked to answer.",
    )
    deadline = fields.Datetime(
        readonly=True,
        help="Until then an answer is due; afterwards the next level is asked.",
    )

    _deadline_idx = models.Index(
        "(deadline) WHERE state = 'requested' AND deadline IS NOT NULL"
    )

    @api.model
    def request_release(self, res_model: str, res_id: int, note: str = ""):
        """Ask for a release of a held document.

        :param res_model: model of the document, e.g. "sale.order"
        :param res_id: id of the document
        :param note: why, for whoever decides (at most 2,000 characters are kept)
        :return: bool, True
        :raise AccessError: when the caller may not change the document
        :raise UserError: when nothing is held, or no release can open it
        """
        hold = self._get_for_user(res_model, res_id, "write")
        if hold.state not in ("open", "requested", "rejected"):
            raise UserError(self.env._("This document is released already."))
        if hold.is_stop:
            raise UserError(hold._get_stop_text())
        # sudo: the caller may write the document; the hold is written by us only.
        hold.sudo().write(
            {
                "state": "requested",
                "request_user_id": self.env.uid,
                "request_note": to_note(note),
                "request_date": fields.Datetime.now(),
                "level": 0,
                "deposit_move_id": False,
            }
        )
        hold.sudo()._message_log(
            body=self.env._("Release requested: %s", hold.request_note or "-")
        )
        hold.sudo()._ask_next_level()
        return True

    def action_request_release(self):
        """Ask for a release from the hold itself."""
        for hold in self:
            hold.request_release(hold.res_model, hold.res_id)
        return True

    @api.model
    def open_for(self, res_model: str, res_id: int):
        """The action that opens the current hold of a document.

        :raise AccessError: when the caller may not read the document
        :raise UserError: when nothing is held
        """
        hold = self._get_for_user(res_model, res_id, "read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.hold",
            "res_id": hold.id,
            "views": [(False, "form")],
        }

    @api.model
    def _get_for_user(self, res_model, res_id, operation):
        model = self.env.get(res_model) if isinstance(res_model, str) else None
        is_document = model is not None and "credit_hold_id" in model._fields
        if not is_document or not is_id(res_id):
            raise UserError(self.env._("Nothing is held here."))
        document = model.browse(res_id).exists()
        document.check_access(operation)
        hold = self.sudo()._get_current(res_model, document.ids).get(document.id)
        if not hold:
            raise UserError(self.env._("Nothing is held here."))
        return hold.sudo(False)

    # === WHO IS ASKED === #

    def _ask_next_level(self):
        """Ask the lowest level above the present one that may answer.

        :return: bool, whether there is one
        """
        self.ensure_one()
        people = self._get_approvers()
        levels = sorted({level for level in people.values() if level > self.level})
        if not levels:
            return False
        asked = [user for user, level in people.items() if level == levels[0]]
        hours = self._get_hours(asked)
        self.write({"level": levels[0], "deadline": self._get_deadline(hours)})
        self.activity_unlink([ACTIVITY])
        for user in asked:
            self._ask(user, self._get_mandate(user))
        return True

    def _get_approvers(self):
        """Hook: who may answer this hold, and on which level.

        Without a ladder the credit managers are asked, all at once.

        :return: dict, ``res.users`` -> level, at least 1
        """
        self.ensure_one()
        ladder = self._get_ladder()
        # sudo: who is in a group is no secret among colleagues.
        group = self.env.ref(ANALYST if ladder else MANAGER).sudo()
        users = group.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids.root_id
        )
        people = {}
        for user in users:
            mandate = self._get_mandate(user)
            if mandate:
                people[user] = ladder._get_rung(mandate).level or 1
        return people

    def _get_ladder(self):
        profile = self._get_profile()
        return self.env["credit.authority"]._get_ladder(
            self.company_id, self.policy_id, profile.risk_class_id
        )

    def _get_profile(self):
        """The credit file of the debtor, empty when there is none."""
        # sudo: analyst and risk class decide who answers, whoever looks.
        return (
            self.env["credit.profile"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("company_id", "=", self.company_id.id),
                ],
                limit=1,
            )
        )

    def _get_hours(self, users):
        """Working hours that these users have to answer; 0 when nobody says."""
        ladder = self._get_ladder()
        hours = [ladder._get_rung(self._get_mandate(user)).hours for user in users]
        return min((number for number in hours if number), default=0)

    def _get_deadline(self, hours):
        """Hook: when an answer is due, by the calendar of the company.

        :param int hours: working hours from now
        :return: datetime, naive UTC, or False without a deadline
        """
        if not hours:
            return False
        now = pytz.utc.localize(fields.Datetime.now())
        # sudo: the company's own calendar.
        calendar = self.company_id.sudo().resource_calendar_id
        due = calendar and calendar.plan_hours(hours, now, compute_leaves=True)
        due = due or fields.Datetime.add(now, hours=hours)
        return due.astimezone(pytz.utc).replace(tzinfo=None)

    # === HOW === #

    def _ask(self, user, mandate):
        """An activity and a message with the whole explanation, in the user's words.

        Sent to that user alone: followers of the document may be customers.
        """
        hold = for_reader(self, user)
        title = hold.env._("Release %s?", hold.name)
        if mandate != user:
            title = hold.env._(
                "Release %(name)s? (for %(mandate)s)",
                name=hold.name,
                mandate=mandate.name,
            )
        hold.with_context(mail_activity_quick_update=True).activity_schedule(
            ACTIVITY,
            user_id=user.id,
            summary=title,
            note=hold.request_note,
            date_deadline=hold._get_due_date(),
        )
        hold.message_notify(
            partner_ids=user.partner_id.ids,
            subject=title,
            body=hold._render_request(mandate if mandate != user else False),
            force_send=False,
        )

    def _get_due_date(self):
        today = self.company_id._credit_today()
        return max(self.deadline.date(), today) if self.deadline else today

    def _render_request(self, mandate):
        body = self.env["ir.qweb"]._render(
            "credit_control.credit_hold_mail_request",
            {
                "hold": self,
                "facts": self.explanation_shown or {},
                "mandate": mandate,
                "money": self.currency_id.format,
            },
            lang=self.env.lang,
        )
        return Markup(body)

    # === IN TIME === #

    @api.model
    @job
    def _cron_escalate(self):
        """Ask the next level where nobody answered in time."""
        # sudo: the clock asks, nobody in person; requests are written by us only.
        late = self.sudo().search(
            [("state", "=", "requested"), ("deadline", "<=", fields.Datetime.now())]
        )
        for hold in late:
            hold._escalate()

    def _escalate(self):
        self.ensure_one()
        before = self.level
        if self._ask_next_level():
            text = self.env._(
                "Not answered in time on level %(before)s: level %(level)s is asked.",
                before=before,
                level=self.level,
            )
        else:
            self.deadline = False
            text = self.env._(
                "Not answered in time on level %s, and nobody is above it.", before
            )
        self._tell(text)
