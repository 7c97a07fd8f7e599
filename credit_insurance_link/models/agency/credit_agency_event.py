# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.credit_control.models.callers import to_note

from ...agencies.facts import OPENINGS
from .credit_agency import ANALYST

KINDS = [
    ("safeguard", "Safeguard Opened"),
    ("receivership", "Receivership Opened"),
    ("liquidation", "Liquidation Opened"),
    ("personal_recovery", "Personal Recovery Opened"),
    ("conversion", "Proceedings Converted"),
    ("plan", "Plan"),
    ("closure", "Proceedings Closed"),
    ("proceedings_other", "Other Judgment"),
    ("conciliation", "Conciliation"),
    ("deregistration", "Struck Off the Register"),
    ("sale", "Business Sold"),
    ("closed", "Closed Down"),
    ("score_change", "Score Changed"),
    ("other", "Other"),
]


class CreditAgencyEvent(models.Model):
    """Something that happened to a debtor, as a notice tells it.

    A name is never enough: events come by number, and where the number leaves a doubt
    a person says whom they concern before anything is done.
    """

    _name = "credit.agency.event"
    _description = "Event of a Debtor"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "published_on desc, id desc"

    name = fields.Char(required=True, readonly=True)
    agency_id = fields.Many2one(
        "credit.agency", required=True, readonly=True, index=True, ondelete="restrict"
    )
    external_id = fields.Char(
        string="Number of the Notice", required=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    is_opening = fields.Boolean(
        string="Opens Insolvency Proceedings", readonly=True, index=True
    )
    notice = fields.Selection(
        [
            ("new", "First Notice"),
            ("correction", "Correction"),
            ("cancellation", "Cancellation"),
        ],
        required=True,
        default="new",
        readonly=True,
    )
    published_on = fields.Date(required=True, readonly=True, index=True)
    happened_on = fields.Date(string="Date of Judgment", readonly=True)
    court = fields.Char(readonly=True)
    details = fields.Text(readonly=True)
    url = fields.Char(string="Link", readonly=True)
    siren = fields.Char(string="SIREN", readonly=True)
    other_sirens = fields.Char(
        string="Other Numbers in the Notice",
        readonly=True,
        help="A notice with several companies does not say by itself whom it concerns.",
    )
    old_value = fields.Char(readonly=True)
    new_value = fields.Char(readonly=True)
    is_certain = fields.Boolean(
        string="Matched by Number",
        readonly=True,
        help="The notice carries the number of this debtor and no other.",
    )
    is_applied = fields.Boolean(
        string="Acted Upon",
        readonly=True,
        tracking=True,
        help="Follow-ups are frozen, orders stopped and deadlines started.",
    )
    replaces = fields.Char(string="Notice Corrected", readonly=True)
    replaces_id = fields.Many2one(
        "credit.agency.event",
        string="Event Corrected",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    replaced_ids = fields.One2many(
        "credit.agency.event", "replaces_id", string="Corrected by"
    )
    state = fields.Selection(
        [
            ("to_handle", "To Handle"),
            ("handled", "Handled"),
            ("dismissed", "Not Ours"),
            ("withdrawn", "Taken Back"),
        ],
        required=True,
        default="to_handle",
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    handled_by = fields.Many2one("res.users", readonly=True)
    handled_on = fields.Datetime(readonly=True)
    received_at = fields.Datetime(
        readonly=True, default=lambda self: fields.Datetime.now()
    )
    is_sandbox = fields.Boolean(readonly=True)
    raw_payload = fields.Json(readonly=True)

    _notice_uniq = models.Constraint(
        "UNIQUE(agency_id, external_id, partner_id)", "This event is there already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Events come from agencies."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and set(vals) - {"activity_ids", "message_follower_ids"}:
            raise AccessError(self.env._("An event stays as it came; use the buttons."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("Events cannot be deleted; dismiss them."))

    # === BUTTONS === #

    def action_confirm(self):
        """Say that the event concerns this debtor, and act on it."""
        self._check_person()
        for event in self:
            if not event.is_opening:
                raise UserError(
                    self.env._(
                        "Only the opening of insolvency proceedings is acted upon."
                    )
                )
            if event.is_sandbox:
                raise UserError(self.env._("What a sandbox tells has no effect."))
        # sudo: the right to confirm was checked above; a person takes it on himself.
        self.sudo()._apply()
        return self.action_handle()

    def action_handle(self):
        """Say that the event was read and dealt with."""
        self._check_person()
        self._set_state("handled")
        return True

    def dismiss(self, reason: str):
        """Say that the event does not concern this debtor.

        :param reason: why (at most 2,000 characters are kept)
        :return: bool, True
        :raise AccessError: for others than analysts
        :raise UserError: without reason, or when it was acted upon
        """
        self._check_person()
        if not to_note(reason).strip():
            raise UserError(self.env._("Say why it is not ours."))
        if any(event.is_applied for event in self):
            raise UserError(
                self.env._("It was acted upon: take that back first (“Lift”).")
            )
        self._set_state("dismissed")
        for event in self:
            event.message_post(body=to_note(reason))
        return True

    def action_dismiss(self):
        """Put the event aside: it concerns somebody else."""
        return self.dismiss(self.env._("Not our debtor, says %s.", self.env.user.name))

    def _check_person(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(ANALYST):
            raise AccessError(self.env._("Only credit analysts handle events."))

    def _set_state(self, state):
        # sudo: called after the check of rights; nothing else is written.
        self.sudo().write(
            {
                "state": state,
                "handled_by": self.env.uid,
                "handled_on": fields.Datetime.now(),
            }
        )
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def action_open_duties(self):
        """Open the duties about the debtor, those that this event started among them."""
        self.ensure_one()
        return self.env["credit.insurance.duty"]._get_board(
            Domain("partner_id", "=", self.partner_id.id)
        )

    def action_open_profile(self):
        """Open the credit file of the debtor."""
        self.ensure_one()
        profile = self.env["credit.profile"].search(
            [("partner_id", "=", self.partner_id.id)], limit=1
        )
        record = profile or self.partner_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    @api.model
    def _is_opening(self, kind):
        return kind in OPENINGS
