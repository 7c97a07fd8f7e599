# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .callers import to_note
from .credit_opening import ANALYST, OPEN
from .readers import for_reader

ACTIVITY = "credit_control.mail_activity_opening"


class CreditOpening(models.Model):
    """The way of a sheet: submitted, reviewed, accepted or refused, with its answer."""

    _inherit = "credit.opening"  # pylint: disable=consider-merging-classes-inherited

    # === SUBMIT === #

    def action_submit(self):
        """Hand the sheet over to the credit team.

        :raise UserError: while something that the review needs is missing
        """
        for opening in self:
            opening._check_editable()
            opening._check_state("draft")
            opening._check_submittable()
            opening._move("submitted", date_submit=opening.company_id._credit_today())
            opening._call(
                opening._get_reviewers(),
                lambda sheet: sheet.env._("Review an account opening"),
            )
        return True

    def _check_submittable(self):
        missing = self._get_submit_problems()
        if missing:
            raise UserError(
                self.env._("Before this sheet is submitted:")
                + "".join(f"\n• {problem}" for problem in missing)
            )

    def _get_submit_problems(self):
        """Hook: what is missing before the credit team can look at the sheet.

        :return: list, of sentences, empty when it is complete
        """
        problems = []
        if not self.customer_name:
            problems.append(self.env._("enter the customer's name"))
        if not (self.registry_number or self.vat):
            problems.append(self.env._("enter the SIREN, the SIRET or the VAT number"))
        if not self.amount and not self.payment_term_id:
            problems.append(
                self.env._("say which credit or terms the customer asks for")
            )
        if not self.is_informed:
            problems.append(
                self.env._("tell the customer what is kept about him, and tick it")
            )
        return problems

    def _get_reviewers(self):
        """Hook: who is asked to review: the debtor's analyst, else every analyst."""
        analyst = self.analyst_id or self._get_debtor_file().analyst_id
        if analyst:
            return analyst
        group = self.env.ref(ANALYST)
        # sudo: who is in the group may be looked up by nobody but administrators.
        return group.sudo().all_user_ids.filtered(
            lambda user: (
                user.active
                and user != self.env.user
                and self.company_id in user.company_ids.root_id
                and user._is_internal()
                and not user._is_superuser()
            )
        )

    # === REVIEW === #

    def action_review(self):
        """Take the review: the sheet is the analyst's from now on."""
        for opening in self:
            opening._check_reviewer()
            opening._check_state("submitted")
            policy = opening.policy_id or opening.company_id._get_credit_policy()
            opening._move("review", analyst_id=self.env.uid, policy_id=policy.id)
            opening._call(
                self.env.user, lambda sheet: sheet.env._("Answer an account opening")
            )
        return True

    def action_return(self):
        """Open the dialog that sends the sheet back."""
        return self._open_answer("return", self.env._("Send Back"))

    def action_refuse(self):
        """Open the dialog that asks for the reason of a refusal."""
        return self._open_answer("refuse", self.env._("Refuse"))

    def _open_answer(self, answer, title):
        self.ensure_one()
        self._check_reviewer()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "credit.opening.answer",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_opening_id": self.id, "default_answer": answer},
        }

    def _send_back(self, note):
        """Give the sheet back to the salesperson, or to the analyst who proposed it.

        :param str note: what is missing
        """
        self.ensure_one()
        self._check_reviewer()
        self._check_state("submitted", "review", "approval")
        if self.state == "approval":
            proposer = self.proposer_id
            self._move("review", proposer_id=False)
            self._call(proposer, lambda sheet: sheet.env._("Answer an account opening"))
        else:
            self._move("draft")
            self._call(
                self.user_id, lambda sheet: sheet.env._("Complete an account opening")
            )
        self._tell(lambda opening: opening.env._("Sent back: %s", note), self.user_id)

    def _refuse(self, reason, note):
        """Refuse the account.

        :param reason: ``credit.reason``
        :param str note: for the salesperson
        """
        self.ensure_one()
        self._check_reviewer()
        self._check_state("submitted", "review", "approval")
        self._move(
            "refused", reason_id=reason.id, answer_note=to_note(note), **self._sign()
        )
        self._tell(
            lambda opening: opening.env._(
                "The account of %(customer)s is refused: %(reason)s. %(note)s",
                customer=opening.customer_name,
                reason=reason.with_env(opening.env).name,
                note=note or "",
            ),
            self.user_id,
        )

    # === ACCEPT === #

    def action_accept(self):
        """Open the account; beyond the reviewer's authority a second person has to.

        :raise AccessError: without group or authority, or for the one who proposed it
        :raise UserError: while something is missing
        """
        for opening in self:
            opening._check_reviewer()
            opening._check_state("review", "approval")
            opening._check_acceptable()
            if opening._exceeds_authority(self.env.user):
                opening._propose()
            else:
                opening._check_second_person()
                opening._accept()
        return True

    def _exceeds_authority(self, user):
        """Whether the line of this sheet is more than a user may give alone.

        The debtor's other lines of the same kind are added, as small steps sum up.
        """
        if not self.grants_line:
            return False
        total = self.granted_amount + self._get_kin_worth()
        authority = user._get_credit_authority(self.company_id)
        return self.currency_id.compare_amounts(total, authority) > 0

    def _propose(self):
        if self.state == "approval":
            raise AccessError(
                self.env._("This amount is beyond your authority as well.")
            )
        approvers = self._get_approvers()
        if not approvers:
            raise UserError(
                self.env._(
                    "Nobody else may give this much. Grant less, or raise an authority "
                    "in Settings."
                )
            )
        self._move("approval", proposer_id=self.env.uid)
        self._call(approvers, lambda sheet: sheet.env._("Approve an account opening"))

    def _get_approvers(self):
        """Hook: who is asked for the second approval."""
        group = self.env.ref("credit_control.credit_control_group_manager")
        # sudo: who is in the group may be looked up by nobody but administrators.
        return group.sudo().all_user_ids.filtered(
            lambda user: (
                user.active
                and user != self.env.user
                and not user._is_superuser()
                and not self._exceeds_authority(user)
            )
        )

    def _check_second_person(self):
        user = self.env.user
        if self.state == "approval" and user == self.proposer_id:
            raise AccessError(self.env._("Nobody approves his own proposal."))
        policy = self.policy_id or self.company_id._get_credit_policy()
        if policy.four_eyes and user in (self.user_id | self.create_uid):
            raise AccessError(
                self.env._("Who asked for the account does not accept it (four eyes).")
            )

    # === STEPS === #

    def _check_reviewer(self):
        if not self.env.su and not self.env.user.has_group(ANALYST):
            raise AccessError(self.env._("Only credit analysts review accounts."))
        self.check_access("write")

    def _check_state(self, *states):
        if self.state in states:
            return
        labels = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(customer)s is “%(state)s” by now. Reload the page.",
                customer=self.customer_name or "?",
                state=labels[self.state],
            )
        )

    def _move(self, state, **values):
        """Write a step of the flow and close the activities of the one before.

        Written to the database at once: when two people answer at the same moment, the
        second one waits here, starts again, and reads the answer of the first.
        """
        # What follows from the former state is computed before it changes.
        self.flush_recordset()
        # sudo: the caller's right to this step was checked; nobody else writes states.
        self.sudo().write({"state": state, **values})
        self.flush_recordset(["state"])
        self.sudo().activity_unlink([ACTIVITY])

    def _sign(self):
        return {"approver_id": self.env.uid, "date_answer": fields.Datetime.now()}

    def _call(self, users, word):
        """Put the sheet on somebody's list.

        :param users: each gets a task in his own language
        :param word: function of the sheet in that language: what is to be done
        """
        for user in users:
            # sudo: who submits may not write the reviewers' activities.
            sheet = for_reader(self.sudo(), user)
            sheet.activity_schedule(ACTIVITY, user_id=user.id, summary=word(sheet))

    def _tell(self, word, users):
        """Write on the sheet and notify, each person in his own language.

        :param word: function of the sheet in the reader's language
        :param users: who gets it by mail or in the inbox
        """
        # sudo: the follower list and the log are ours to write.
        for user in users.filtered("active") or self.env.user:
            sheet = for_reader(self.sudo(), user)
            sheet.message_post(
                body=word(sheet),
                partner_ids=user.partner_id.ids,
                message_type="notification",
                subtype_xmlid="mail.mt_note",
            )

    def _is_open(self):
        return self.state in OPEN
