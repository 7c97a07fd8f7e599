# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .callers import is_amount, is_id, to_note
from .credit_hold import CURRENT


class CreditHold(models.Model):
    """Asking for a release and answering: each step checks the rights of its caller."""

    _inherit = "credit.hold"

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
                "request_note": to_note(note),
            }
        )
        hold.sudo()._ask_approvers()
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
                    self.env._(
                        "%s is not held any more.", hold.name or hold.display_name
                    )
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
            values = hold._prepare_release(
                amount, tolerance_percent, tolerance_amount, until
            )
            # sudo: rights were checked above; holds are written by this flow only.
            hold.sudo().write(
                {
                    **values,
                    "state": "released",
                    "is_ready": False,
                    "release_user_id": self.env.uid,
                    "release_date": fields.Datetime.now(),
                    "release_note": to_note(note),
                }
            )
            hold.sudo()._answered(self.env._("Released"))
        return True

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
        authority = self.env.user._get_credit_authority(self.company_id)
        let_through = self.uncovered + max(growth, 0)
        if growth > 0 and self.currency_id.compare_amounts(let_through, authority) > 0:
            raise AccessError(
                self.env._(
                    "Your authority ends at %s.", self.currency_id.format(authority)
                )
            )

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
        return {
            **self.action_release(),
            "name": self.env._("Reject"),
            "context": {
                "default_hold_ids": [fields.Command.set(self.ids)],
                "default_answer": "reject",
            },
        }

    def reject(self, note: str = ""):
        """Refuse the release; the document stays held until it fits or is changed.

        :raise AccessError: without the right to release
        """
        self._check_release()
        for hold in self:
            hold.sudo().write(
                {
                    "state": "rejected",
                    "is_ready": False,
                    "release_user_id": self.env.uid,
                    "release_date": fields.Datetime.now(),
                    "release_amount": 0.0,
                    "release_until": False,
                    "release_note": to_note(note),
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
