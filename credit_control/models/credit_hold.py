# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

_logger = logging.getLogger(__name__)

CURRENT = ("open", "requested", "released", "rejected")
WAITING = ("open", "requested")


class CreditHold(models.Model):
    """One stop on one document: why, how much, who let it through.

    A document has one current hold, brought up to date by each try; cleared and void
    holds are its history. Only the methods below change a hold, and they check rights.
    """

    _name = "credit.hold"
    _description = "Credit Hold"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char(string="Document", readonly=True)
    state = fields.Selection(
        [
            ("open", "Held"),
            ("requested", "Release Requested"),
            ("released", "Released"),
            ("rejected", "Rejected"),
            ("cleared", "Cleared"),
            ("void", "Void"),
        ],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
        group_expand=True,
    )
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document Record", model_field="res_model", required=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one("credit.policy", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    reason_ids = fields.Many2many("credit.reason", string="Reasons", readonly=True)
    amount = fields.Monetary(readonly=True, help="The whole document.")
    uncovered = fields.Monetary(readonly=True, help="What no line carries.")
    exposure = fields.Monetary(readonly=True, help="Of the debtor, before this document.")
    limit_amount = fields.Monetary(string="Limit", readonly=True)
    explanation = fields.Json(readonly=True)
    date_held = fields.Datetime(
        string="Held Since", default=fields.Datetime.now, readonly=True
    )
    date_closed = fields.Datetime(readonly=True)
    tries = fields.Integer(default=1, readonly=True)
    age_days = fields.Integer(
        string="Age (days)", compute="_compute_age_days", help="Days since the first try."
    )
    request_user_id = fields.Many2one("res.users", string="Requested by", readonly=True)
    request_note = fields.Text(string="Request", readonly=True)
    release_user_id = fields.Many2one("res.users", string="Answered by", readonly=True)
    release_date = fields.Datetime(string="Answered on", readonly=True)
    release_amount = fields.Monetary(string="Released Amount", readonly=True, tracking=True)
    release_tolerance_percent = fields.Float(string="Tolerance (%)", readonly=True)
    release_tolerance_amount = fields.Monetary(string="Tolerance", readonly=True)
    release_until = fields.Date(string="Released Until", readonly=True, tracking=True)
    release_note = fields.Text(string="Answer", readonly=True)
    decision_ids = fields.Many2many(
        "credit.decision", compute="_compute_decision_ids", string="Decisions"
    )
    can_release = fields.Boolean(compute="_compute_can_release")

    _one_current = models.UniqueIndex(
        "(res_model, res_id) WHERE state IN ('open', 'requested', 'released', 'rejected')",
        "This document has a hold already.",
    )
    _waiting_idx = models.Index("(partner_id) WHERE state IN ('open', 'requested')")

    @api.depends("date_held", "date_closed")
    def _compute_age_days(self):
        now = fields.Datetime.now()
        for hold in self:
            end = hold.date_closed or now
            hold.age_days = (end - (hold.date_held or now)).days

    def _compute_decision_ids(self):
        for hold in self:
            hold.decision_ids = self.env["credit.decision"].search(
                [("res_model", "=", hold.res_model), ("res_id", "=", hold.res_id)]
            )

    @api.depends("state", "uncovered")
    @api.depends_context("uid")
    def _compute_can_release(self):
        for hold in self:
            hold.can_release = hold.state in CURRENT and not hold._get_release_obstacle()

    # === RECORDING === #

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        holds._invalidate_documents()
        return holds

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._invalidate_documents()
        return result

    def _invalidate_documents(self):
        """Documents tell of their hold without storing it."""
        for res_model, holds in self.grouped("res_model").items():
            documents = self.env[res_model].browse(holds.mapped("res_id"))
            documents.invalidate_recordset(["credit_hold_id", "credit_hold_state"])

    @api.model
    def _get_current(self, res_model, res_ids):
        """The current hold of each document.

        :return dict: document id -> hold
        """
        holds = self.search(
            [
                ("res_model", "=", res_model),
                ("res_id", "in", list(res_ids)),
                ("state", "in", CURRENT),
            ]
        )
        return {hold.res_id: hold for hold in holds}

    @api.model
    def _record_later(self, records):
        """Record holds once the present transaction is out of the way (P4).

        After a rollback, because the failing transaction holds locks that we would wait
        for; after a commit, when somebody caught the error in a savepoint (an import)
        and went on. Whichever comes first; never twice.

        :param list records: values of ``_prepare_credit_hold`` with "decision"
        """
        registry, uid, context = self.env.registry, self.env.uid, self.env.context
        clean = {key: context[key] for key in ("lang", "tz") if context.get(key)}
        done = []

        def record():
            if done:
                return
            done.append(True)
            try:
                with registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, clean)
                    env["credit.hold"]._record_now(records, uid)
            except psycopg2.Error:
                # The hold itself stands, it was raised; only its record is missing.
                _logger.exception("A credit hold could not be recorded")

        self.env.cr.postrollback.add(record)
        self.env.cr.postcommit.add(record)

    @api.model
    def _record_now(self, records, uid):
        decisions = self.env["credit.decision"]
        for values in records:
            decision = values.pop("decision", None)
            if decision:
                decisions.create({**decision, "user_id": uid})
        existing = [v for v in records if self.env[v["res_model"]].browse(v["res_id"]).exists()]
        self._record(existing)

    @api.model
    def _record(self, records):
        """Create or bring up to date the current hold of each document."""
        holds = self.browse()
        for values in records:
            codes = values.pop("reason_codes")
            reasons = self.env["credit.reason"].search([("code", "in", codes)])
            values["reason_ids"] = [fields.Command.set(reasons.ids)]
            hold = self._get_current(values["res_model"], [values["res_id"]]).get(
                values["res_id"]
            )
            if hold:
                hold._update_try(values)
            else:
                hold = self.create(values)
                hold._notify_salesperson()
            holds |= hold
        return holds

    def _update_try(self, values):
        """Another try of a held document: new figures; a spent release opens again."""
        self.ensure_one()
        grown = self.currency_id.compare_amounts(values["amount"], self.amount) > 0
        if self.state == "released" or (self.state == "rejected" and grown):
            values["state"] = "open"
        self.write({**values, "tries": self.tries + 1})

    def _notify_salesperson(self):
        partner = self.user_id.partner_id
        if partner and self.user_id.active:
            self.message_subscribe(partner.ids)

    # === REQUEST, RELEASE, REJECT === #

    @api.model
    def request_release(self, res_model: str, res_id: int, note: str = ""):
        """Ask for a release of a held document.

        :param str res_model: model of the document, e.g. "sale.order"
        :param int res_id: id of the document
        :param str note: why, for whoever decides (at most 2,000 characters are kept)
        :return bool: True
        :raise AccessError: when the caller may not change the document
        :raise UserError: when nothing is held
        """
        hold = self._get_for_user(res_model, res_id, "write")
        if hold.state not in ("open", "requested", "rejected"):
            raise UserError(self.env._("This document is released already."))
        # sudo: the caller may write the document; the hold is written by us only.
        hold.sudo().write(
            {
                "state": "requested",
                "request_user_id": self.env.uid,
                "request_note": (note or "")[:2000],
            }
        )
        hold.sudo()._ask_approvers()
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
        model = self.env.get(res_model)
        if model is None or "credit_hold_id" not in model._fields:
            raise UserError(self.env._("Nothing is held here."))
        document = model.browse(int(res_id)).exists()
        document.check_access(operation)
        hold = self.sudo()._get_current(res_model, document.ids).get(document.id)
        if not hold:
            raise UserError(self.env._("Nothing is held here."))
        return hold.sudo(False)

    def _ask_approvers(self):
        self._message_log(
            body=self.env._("Release requested: %s", self.request_note or "-"),
        )
        for user in self._get_approvers():
            self.activity_schedule(
                "credit_control.mail_activity_release",
                user_id=user.id,
                summary=self.env._("Release %s?", self.name),
                note=self.request_note,
            )

    def _get_approvers(self):
        """Hook: who is asked for a release."""
        group = self.env.ref("credit_control.credit_control_group_manager")
        users = group.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        return users.filtered(lambda user: not self._get_release_obstacle(user))

    def _get_release_obstacle(self, user=None):
        """Why a user may not release this hold.

        :return str: a sentence, or an empty string when he may
        """
        self.ensure_one()
        user = user or self.env.user
        if not user.has_group("credit_control.credit_control_group_analyst"):
            return self.env._("Only credit analysts and managers release documents.")
        hold = self.sudo()  # four eyes looks at documents the releaser may not read
        authority = user._get_credit_authority(hold.company_id)
        if hold.currency_id.compare_amounts(hold.uncovered, authority) > 0:
            return self.env._(
                "Your authority ends at %s.", hold.currency_id.format(authority)
            )
        if hold.policy_id.four_eyes and user in hold._get_interested_users():
            return self.env._(
                "A second person has to release this: you sell it, entered it or asked."
            )
        return ""

    def _get_interested_users(self):
        """Hook: who may not release when four eyes are asked for."""
        document = self.env[self.res_model].browse(self.res_id).exists()
        return self.user_id | self.request_user_id | document.create_uid

    def _check_release(self):
        for hold in self:
            if hold.state not in CURRENT:
                raise UserError(
                    self.env._("%s is not held any more.", hold.name or hold.display_name)
                )
            obstacle = hold._get_release_obstacle()
            if obstacle:
                raise AccessError(obstacle)

    def release(
        self,
        amount: float | None = None,
        tolerance_percent: float | None = None,
        tolerance_amount: float | None = None,
        until: str | None = None,
        note: str = "",
    ):
        """Let the documents through.

        :param float amount: what each document may come to, company currency; default:
            its amount at the last try
        :param float tolerance_percent: 0 to 100; default: the policy's
        :param float tolerance_amount: company currency; default: the policy's
        :param str until: last day (ISO date); default: the policy's number of days
        :param str note: kept with the release
        :return bool: True
        :raise AccessError: without group, authority, or against four eyes
        :raise UserError: for an amount or date that makes no sense
        """
        self._check_release()
        for hold in self:
            values = hold._prepare_release(amount, tolerance_percent, tolerance_amount, until)
            # sudo: rights were checked above; holds are written by this flow only.
            hold.sudo().write(
                {
                    **values,
                    "state": "released",
                    "release_user_id": self.env.uid,
                    "release_date": fields.Datetime.now(),
                    "release_note": (note or "")[:2000],
                }
            )
            hold.sudo()._answered(self.env._("Released"))
        return True

    def _prepare_release(self, amount, tolerance_percent, tolerance_amount, until):
        self.ensure_one()
        policy = self.sudo().policy_id
        today = self.company_id._credit_today()

        def given(value, default):
            return default if value is None else value

        percent = given(tolerance_percent, policy.release_tolerance_percent)
        absolute = given(tolerance_amount, policy.release_tolerance_amount)
        total = given(amount, self.amount)
        last = fields.Date.to_date(until) or fields.Date.add(today, days=policy.release_days)
        if total < 0 or absolute < 0 or not 0 <= percent <= 100:
            raise UserError(
                self.env._("Amounts cannot be negative; a tolerance is 0 to 100 percent.")
            )
        if last < today:
            raise UserError(self.env._("A release cannot end in the past."))
        return {
            "release_amount": total,
            "release_tolerance_percent": percent,
            "release_tolerance_amount": absolute,
            "release_until": last,
        }

    def action_release_and_confirm(self):
        """Release each document as it was held and confirm it at once."""
        self.release()
        self._confirm_documents()
        return True

    def _confirm_documents(self):
        """Confirm what waited; documents of a model without this step stay released."""
        for hold in self:
            document = self.env[hold.res_model].browse(hold.res_id).exists()
            if document:
                document._credit_resume()

    def action_release(self):
        """Open the dialog with amount, tolerance and date."""
        self._check_release()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release"),
            "res_model": "credit.hold.release",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_hold_ids": [fields.Command.set(self.ids)]},
        }

    def action_reject(self):
        """Open the dialog that asks for the reason."""
        return {**self.action_release(), "name": self.env._("Reject"), "context": {
            "default_hold_ids": [fields.Command.set(self.ids)],
            "default_answer": "reject",
        }}

    def reject(self, note: str = ""):
        """Refuse the release; the document stays held until it fits or is changed.

        :raise AccessError: without the right to release
        """
        self._check_release()
        for hold in self:
            hold.sudo().write(
                {
                    "state": "rejected",
                    "release_user_id": self.env.uid,
                    "release_date": fields.Datetime.now(),
                    "release_amount": 0.0,
                    "release_until": False,
                    "release_note": (note or "")[:2000],
                }
            )
            hold.sudo()._answered(self.env._("Rejected"))
        return True

    def _answered(self, word):
        """Close the activities and tell the salesperson."""
        self.activity_unlink(["credit_control.mail_activity_release"])
        body = self.env._(
            "%(word)s by %(user)s. %(note)s",
            word=word,
            user=self.release_user_id.name,
            note=self.release_note or "",
        )
        self._tell(body)

    def _tell(self, body):
        """Write on the hold and the document, and notify who waits."""
        partners = (self.user_id | self.request_user_id).partner_id
        self.message_post(body=body, partner_ids=partners.ids, message_type="notification")
        document = self.env[self.res_model].browse(self.res_id).exists()
        if document:
            document.message_post(body=self.env._("Credit: %s", body))

    # === BY ITSELF === #

    def _clear(self, cause):
        """The document fits: the hold closes by itself."""
        self.write({"state": "cleared", "date_closed": fields.Datetime.now()})
        for hold in self:
            hold.activity_unlink(["credit_control.mail_activity_release"])
            hold._tell(self.env._("Hold cleared: %s", cause))

    @api.model
    def _void(self, res_model, res_ids):
        """The documents are gone or cancelled."""
        holds = self.browse(
            hold.id for hold in self._get_current(res_model, res_ids).values()
        )
        holds.write({"state": "void", "date_closed": fields.Datetime.now()})
        holds.activity_unlink(["credit_control.mail_activity_release"])

    @api.model
    def _reevaluate(self, partner_ids, cause):
        """Look again at the waiting holds of these debtors; clear what fits.

        One search when nothing waits.

        :param partner_ids: commercial partners
        :param str cause: what happened, written on the hold
        """
        holds = self.search([("partner_id", "in", list(partner_ids)), ("state", "in", WAITING)])
        for hold in holds.sorted("id"):
            if hold._fits_now():
                hold._clear(cause)

    @api.model
    def _look_again(self, cause):
        """Look at all waiting holds before the commit: something changed for everybody."""
        # sudo: the right to change the cause was checked where it was changed.
        waiting = self.sudo().search([("state", "in", WAITING)])
        self.env["credit.profile"]._debtors_changed(waiting.partner_id.ids, cause)

    def _fits_now(self):
        document = self.env[self.res_model].browse(self.res_id).exists()
        return bool(document) and document._credit_fits(self)

    def action_reevaluate(self):
        """Look again now, on demand."""
        self.check_access("read")
        for hold in self.sudo().filtered(lambda hold: hold.state in WAITING):
            if hold._fits_now():
                hold._clear(self.env._("looked at again by %s", self.env.user.name))
        return True

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
