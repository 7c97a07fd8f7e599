# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import format_datetime

from .callers import is_amount, to_note
from .credit_authority import ANALYST
from .credit_hold import CURRENT, WAITING


class CreditHold(models.Model):
    """Answering: each step checks the rights of its caller, and that he is the first."""

    _inherit = "credit.hold"  # pylint: disable=consider-merging-classes-inherited

    release_for_id = fields.Many2one(
        "res.users",
        string="Answered for",
        readonly=True,
        help="Whose authority was used, when the person who answered stood in for him.",
    )

    # === WHO MAY === #

    def _get_mandate(self, user=None):
        """Whose authority a user may answer with.

        :return: the user himself, else the first who delegated to him and may answer;
            empty when there is nobody
        """
        self.ensure_one()
        user = user or self.env.user
        if not self._get_obstacle(user, user):
            return user
        delegation = self.env["credit.delegation"]
        analyst = self._get_profile().analyst_id
        for giver in delegation._get_givers(user, self.company_id, analyst):
            if not self._get_obstacle(user, giver):
                return giver
        return self.env["res.users"]

    def _get_release_obstacle(self, user=None):
        """Why a user may not release this hold.

        :return: str, a sentence, or an empty string when he may
        """
        user = user or self.env.user
        return "" if self._get_mandate(user) else self._get_obstacle(user, user)

    def _get_obstacle(self, user, mandate):
        """Why a user may not answer with the authority of ``mandate``."""
        if self.is_stop:
            return self._get_stop_text()
        if not user.has_group(ANALYST) or not mandate.has_group(ANALYST):
            return self.env._("Only credit analysts and managers release documents.")
        hold = self.sudo()  # four eyes looks at documents the releaser may not read
        authority = hold._get_authority(mandate)
        if hold.currency_id.compare_amounts(hold._get_at_stake(), authority) > 0:
            return self.env._(
                "Your authority ends at %s.", hold.currency_id.format(authority)
            )
        if hold._needs_four_eyes() and (user | mandate) & hold._get_interested_users():
            return self.env._(
                "A second person has to release this: you sell it, entered it, tried to "
                "confirm it or asked."
            )
        return ""

    def _get_at_stake(self):
        """What releasing decides about; holds of the first version know the uncovered."""
        return max(self.at_stake, self.uncovered)

    def _get_stop_text(self):
        return self.env._(
            "%s is stopped: no release opens it, only its cause can go away.", self.name
        )

    def _get_authority(self, user):
        risk_class = self._get_profile().risk_class_id
        return user._get_credit_authority(
            self.company_id, self.sudo().policy_id, risk_class
        )

    def _needs_four_eyes(self):
        """Hook: whether a second person has to answer."""
        policy = self.policy_id
        least = policy.four_eyes_amount
        return (
            policy.four_eyes
            and self.currency_id.compare_amounts(self._get_at_stake(), least) >= 0
        )

    def _get_interested_users(self):
        """Hook: who may not release when four eyes are asked for."""
        document = self.env[self.res_model].browse(self.res_id).exists()
        tried = self.decision_ids.filtered(lambda d: d.outcome == "hold").user_id
        return self.user_id | self.request_user_id | document.create_uid | tried

    def _check_release(self, replace=False):
        """Let one answer through: rights, and nobody was faster.

        :param bool replace: the caller knows the answer that he replaces
        :raise UserError: when somebody answers now, or has answered
        :raise AccessError: without group, authority, or against four eyes
        """
        self.check_access("read")
        self._lock()
        for hold in self:
            if hold.state not in CURRENT:
                raise UserError(
                    self.env._(
                        "%s is not held any more.", hold.name or hold.display_name
                    )
                )
            if not replace and hold.state not in WAITING:
                raise UserError(hold._get_answered_text())
            obstacle = hold._get_release_obstacle()
            if obstacle:
                raise AccessError(obstacle)

    def _lock(self):
        """Let nobody else answer until the end of the transaction.

        Who comes second while we work is told at once. Who began before we committed
        and comes later fails to lock the changed row; Odoo starts him again, and then
        he sees the answer.
        """
        # sudo: locking needs the right to write, which nobody has on holds.
        holds = self.sudo()
        try:
            holds.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is answering this right now. Look again in a moment."
                )
            ) from error
        holds.invalidate_recordset(["state", "release_date", "release_user_id"])

    def _get_answered_text(self):
        words = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "%(name)s was answered already: %(state)s by %(user)s on %(date)s.",
            name=self.name,
            state=words[self.state],
            user=self.release_user_id.name or "-",
            date=format_datetime(self.env, self.release_date),
        )

    # === RELEASING === #

    def release(
        self,
        amount: float | None = None,
        tolerance_percent: float | None = None,
        tolerance_amount: float | None = None,
        until: str | None = None,
        note: str = "",
        replace: bool = False,
    ):
        """Let the documents through.

        :param amount: what each document may come to, company currency; default:
            its amount at the last try
        :param tolerance_percent: 0 to 100; default: the policy's
        :param tolerance_amount: company currency; default: the policy's
        :param until: last day (ISO date); default: the policy's number of days
        :param note: kept with the release
        :param replace: also replace an answer that was given before
        :return: bool, True
        :raise AccessError: without group, authority, or against four eyes
        :raise UserError: for an amount or date that makes no sense, or when somebody
            answered before
        """
        self._check_release(replace)
        for hold in self:
            values = hold._prepare_release(
                amount, tolerance_percent, tolerance_amount, until
            )
            hold._answer("released", note, values)
        return True

    def _answer(self, state, note, values):
        """Write an answer; who gave it and in whose place stays on record."""
        self.ensure_one()
        mandate = self._get_mandate()
        # sudo: rights were checked before; holds are written by this flow only.
        self.sudo().write(
            {
                **values,
                "state": state,
                "is_ready": False,
                "deadline": False,
                "release_user_id": self.env.uid,
                "release_for_id": mandate.id if mandate != self.env.user else False,
                "release_date": fields.Datetime.now(),
                "release_note": to_note(note),
            }
        )
        self.sudo()._answered()

    def _prepare_release(self, amount, tolerance_percent, tolerance_amount, until):
        self.ensure_one()
        policy = self.sudo().policy_id

        def given(value, default):
            return default if value is None else value

        percent = given(tolerance_percent, policy.release_tolerance_percent)
        absolute = given(tolerance_amount, policy.release_tolerance_amount)
        total = given(amount, self.amount)
        valid = all(map(is_amount, (total, absolute, percent)))
        if not valid or percent > 100:
            raise UserError(
                self.env._(
                    "Amounts cannot be negative; a tolerance is 0 to 100 percent."
                )
            )
        values = {
            "release_amount": total,
            "release_tolerance_percent": percent,
            "release_tolerance_amount": absolute,
            "release_until": self._get_release_end(until),
        }
        self._check_release_growth(values)
        return values

    def _get_release_end(self, until):
        today = self.company_id._credit_today()
        try:
            last = fields.Date.to_date(until)
        except (TypeError, ValueError) as error:
            message = self.env._("A release ends on a date like 2030-12-31.")
            raise UserError(message) from error
        last = last or fields.Date.add(today, days=self.sudo().policy_id.release_days)
        if last < today:
            raise UserError(self.env._("A release cannot end in the past."))
        return last

    def _check_release_growth(self, values):
        """Refuse to let a document grow, released, beyond the caller's authority.

        The tolerance of the policy is everybody's.
        """
        total, policy = values["release_amount"], self.sudo().policy_id

        def tolerance(percent, absolute):
            return max(total * percent / 100, absolute)

        growth = (
            total
            - self.amount
            + tolerance(
                values["release_tolerance_percent"], values["release_tolerance_amount"]
            )
            - tolerance(
                policy.release_tolerance_percent, policy.release_tolerance_amount
            )
        )
        authority = self._get_authority(self._get_mandate())
        let_through = self._get_at_stake() + max(growth, 0)
        if growth > 0 and self.currency_id.compare_amounts(let_through, authority) > 0:
            raise AccessError(
                self.env._(
                    "Your authority ends at %s.", self.currency_id.format(authority)
                )
            )

    def action_release_and_confirm(self):
        """Release each document as it was held and confirm it at once.

        Of several each stands alone, and the result of each is shown.
        """
        if len(self) > 1:
            # Nothing seen: an answer that was given before is never replaced.
            wizard = self.env["credit.hold.release"].create({"hold_ids": self.ids})
            wizard.seen = False
            return wizard.action_apply_and_confirm()
        if not self._is_own_release():
            self.release()
        self._confirm_documents()
        return True

    def _is_own_release(self):
        """Whether the user released it before: then only the confirmation is left."""
        return self.state == "released" and self.release_user_id == self.env.user

    def _confirm_documents(self):
        """Confirm what waited; documents of a model without this step stay released."""
        for hold in self:
            document = self.env[hold.res_model].browse(hold.res_id).exists()
            if document:
                document._credit_resume()

    def action_release(self):
        """Open the dialog with amount, tolerance and date."""
        if len(self) == 1 and (obstacle := self._get_release_obstacle()):
            raise AccessError(obstacle)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release"),
            "res_model": "credit.hold.release",
            "views": [(False, "form")],
            "target": "new",
            "context": self._prepare_answer_context(),
        }

    def _prepare_answer_context(self):
        """Of many, those that wait are answered; whoever means others chooses only them."""
        waiting = self.filtered(lambda hold: hold.state in WAITING)
        holds = waiting or self
        return {
            "default_hold_ids": [fields.Command.set(holds.ids)],
            "default_left_out": len(self) - len(holds),
        }

    def action_reject(self):
        """Open the dialog that asks for the reason."""
        return {
            **self.action_release(),
            "name": self.env._("Reject"),
            "context": {**self._prepare_answer_context(), "default_answer": "reject"},
        }

    def reject(self, note: str = "", replace: bool = False):
        """Refuse the release; the document stays held until it fits or is changed.

        :param note: for the salesperson
        :param replace: also take back an answer that was given before
        :raise AccessError: without the right to release
        :raise UserError: when somebody answered before
        """
        self._check_release(replace)
        for hold in self:
            hold._answer(
                "rejected", note, {"release_amount": 0.0, "release_until": False}
            )
        return True

    def _answered(self):
        """Close the activities and tell the salesperson."""
        self.activity_unlink(["credit_control.mail_activity_release"])
        words = dict(self._fields["state"]._description_selection(self.env))
        values = {
            "word": words[self.state],
            "user": self.release_user_id.name,
            "note": self.release_note or "",
            "mandate": self.release_for_id.name,
        }
        if self.release_for_id:
            self._tell(
                self.env._("%(word)s by %(user)s for %(mandate)s. %(note)s", **values)
            )
        else:
            self._tell(self.env._("%(word)s by %(user)s. %(note)s", **values))
