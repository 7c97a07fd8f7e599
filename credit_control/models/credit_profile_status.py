# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .callers import is_id, to_note
from .readers import for_reader, job

STATUS_FIELDS = frozenset(
    {"status", "status_reason_id", "status_note", "status_until", "status_reminded"}
)


class CreditProfile(models.Model):
    """Forced hold and stop list: set by a person with a reason, lifted by a person."""

    _inherit = "credit.profile"  # pylint: disable=consider-merging-classes-inherited

    status = fields.Selection(
        [
            ("normal", "Normal"),
            ("watch", "Watch"),
            ("hold", "Forced Hold"),
            ("stop", "Stop List"),
        ],
        default="normal",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
        help="Watch warns about each document. Forced Hold holds each one until somebody "
        "releases it. Nobody can release what the Stop List stops. Set by a person, and "
        "lifted by a person only.",
    )
    status_reason_id = fields.Many2one(
        "credit.reason",
        readonly=True,
        tracking=True,
        ondelete="restrict",
        domain=[("is_status", "=", True)],
    )
    status_note = fields.Text(readonly=True)
    status_until = fields.Date(
        string="Status to Be Reviewed",
        readonly=True,
        tracking=True,
        help="On this day somebody is reminded. The status stays until a person lifts it.",
    )
    status_reminded = fields.Boolean(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_status_writer(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_status_writer(vals)
        result = super().write(vals)
        if cause := self._get_rating_cause(vals):
            self._credit_changed(cause)
        return result

    def _check_status_writer(self, *vals_list):
        if not self.env.su and any(map(STATUS_FIELDS.intersection, vals_list)):
            raise AccessError(
                self.env._("Use “Change Status”: it asks for the reason and keeps it.")
            )

    def _get_rating_cause(self, vals):
        """Hook: why waiting holds are looked at after a write, or an empty string."""
        if "status" in vals:
            return self.env._("The status of the credit file changed.")
        if {"risk_class_id", "score"}.intersection(vals):
            return self.env._("The rating of the customer changed.")
        return ""

    def set_status(
        self,
        status: str,
        reason_id: int | None = None,
        note: str = "",
        until: str | None = None,
    ):
        """Put credit files on watch, on forced hold or on the stop list, or lift it.

        :param status: "normal", "watch", "hold" or "stop"
        :param reason_id: a ``credit.reason`` that explains a status; required
            unless the status is "normal"
        :param note: for colleagues (at most 2,000 characters are kept)
        :param until: day (ISO) on which somebody is reminded; lifts nothing
        :return: bool, True
        :raise AccessError: for others than analysts; for others than managers, when
            the file is on the stop list
        :raise UserError: without reason, for an unknown status or a date in the past
        """
        self.check_access("write")
        self._check_status_rights()
        values = self._prepare_status(status, reason_id, note, until)
        # sudo: rights were checked above; the status is written by this flow only.
        self.sudo().write(values)
        self._message_log_batch(
            bodies=dict.fromkeys(self.ids, self._word_status(values))
        )
        self.activity_unlink(["credit_control.mail_activity_status"])
        return True

    def _check_status_rights(self):
        user = self.env.user
        if not user.has_group("credit_control.credit_control_group_analyst"):
            raise AccessError(
                self.env._("Only credit analysts and managers change a status.")
            )
        manager = user.has_group("credit_control.credit_control_group_manager")
        if not manager and "stop" in self.mapped("status"):
            raise AccessError(
                self.env._("Only credit managers take a customer off the stop list.")
            )

    def _prepare_status(self, status, reason_id, note, until):
        if status not in dict(self._fields["status"].selection):
            raise UserError(self.env._("There is no status %.20s.", status))
        if status == "normal":
            return dict.fromkeys(STATUS_FIELDS, False) | {"status": "normal"}
        reason = self.env["credit.reason"].browse(reason_id if is_id(reason_id) else [])
        if not reason.exists().is_status:
            raise UserError(self.env._("Give the reason for this status."))
        return {
            "status": status,
            "status_reason_id": reason.id,
            "status_note": to_note(note),
            "status_until": self._get_status_end(until),
            "status_reminded": False,
        }

    def _get_status_end(self, until):
        try:
            day = fields.Date.to_date(until or None)
        except (TypeError, ValueError) as error:
            message = self.env._("Give the day like 2030-12-31.")
            raise UserError(message) from error
        if day and any(day < company._credit_today() for company in self.company_id):
            raise UserError(self.env._("The reminder cannot be in the past."))
        return day or False

    def _word_status(self, values):
        status = dict(self._fields["status"]._description_selection(self.env))
        reason = self.env["credit.reason"].browse(values["status_reason_id"] or [])
        parts = (status[values["status"]], reason.name, values["status_note"])
        return " · ".join(part for part in parts if part)

    def action_change_status(self):
        """Open the dialog that asks for the reason."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Status"),
            "res_model": "credit.profile.status",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_profile_ids": [fields.Command.set(self.ids)]},
        }

    @api.model
    @job
    def _cron_remind_status(self):
        """Remind, once, of each status whose day has come; nothing is lifted."""
        # sudo: reminds whoever may read these files; it changes no status.
        due = self.sudo().search(
            [
                ("status", "!=", "normal"),
                ("status_reminded", "=", False),
                ("status_until", "<=", fields.Date.add(fields.Date.today(), days=1)),
            ]
        )
        due = due.filtered(lambda p: p.status_until <= p.company_id._credit_today())
        for profile in due:
            keeper = profile._get_status_keeper()
            profile = for_reader(profile, keeper)
            profile.activity_schedule(
                "credit_control.mail_activity_status",
                user_id=keeper.id,
                summary=profile.env._(
                    "Does the status of %s go on?", profile.display_name
                ),
                note=profile.status_note,
            )
        due.status_reminded = True

    def _get_status_keeper(self):
        """Hook: who is reminded of a status."""
        if self.analyst_id.active:
            return self.analyst_id
        group = self.env.ref("credit_control.credit_control_group_manager")
        # sudo: who is in a group is no secret among colleagues.
        managers = group.sudo().all_user_ids.filtered(
            lambda user: (
                user.active
                and not user._is_superuser()
                and self.company_id in user.company_ids
            )
        )
        return managers[:1] or self.env.ref("base.user_admin")
