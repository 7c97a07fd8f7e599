# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..insurers.facts import Identifier
from .credit_cover_request import LAYERS, PENDING

ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}")

OUTCOMES = [
    ("granted", "Granted"),
    ("granted_conditional", "Granted with Conditions"),
    ("partial", "Granted in Part"),
    ("refused", "Refused"),
    ("increase_refused", "Increase Refused"),
    ("reduced", "Reduced"),
    ("cancelled", "Cancelled"),
    ("expired", "Expired"),
    ("superseded", "Superseded"),
    ("maintained", "Maintained"),
    ("preliminary_partial", "In Part, Preliminary"),
    ("preliminary_refused", "Refused, Preliminary"),
    ("referred", "Under Review"),
    ("unknown", "Not Understood"),
]


class CreditCoverDecision(models.Model):
    """What an insurer decided, as it came. Append-only (P12)."""

    _name = "credit.cover.decision"
    _description = "Decision of an Insurer"
    _inherit = ["credit.cover.fact"]
    _order = "decided_at desc, id desc"
    _rec_name = "external_id"

    request_id = fields.Many2one(
        "credit.cover.request",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="buyer_id.partner_id", string="Debtor")
    company_id = fields.Many2one(ondelete="restrict")
    external_id = fields.Char(required=True, readonly=True)
    version = fields.Char(required=True, readonly=True)
    layer = fields.Selection(LAYERS, required=True, readonly=True)
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True)
    code = fields.Char(readonly=True, help="The insurer's own code.")
    has_amount = fields.Boolean(
        readonly=True, help="Off: the insurer named no amount; then it grants nothing."
    )
    amount_granted = fields.Monetary(string="Granted", readonly=True)
    amount_requested = fields.Monetary(string="Asked", readonly=True)
    previous_amount = fields.Monetary(string="Before", readonly=True)
    decided_at = fields.Date(string="Decided on", readonly=True)
    received_at = fields.Datetime(
        readonly=True, default=lambda self: fields.Datetime.now()
    )
    date_effective = fields.Date(string="In Force From", readonly=True)
    date_expiry = fields.Date(string="Until", readonly=True)
    reasons = fields.Text(readonly=True)
    conditions = fields.Text(readonly=True)
    is_preliminary = fields.Boolean(readonly=True)
    pending_action = fields.Selection(PENDING, string="Announced", readonly=True)
    pending_date = fields.Date(string="Announced For", readonly=True)
    own_reference = fields.Char(readonly=True)
    identifiers = fields.Json(
        readonly=True, help="The numbers by which the insurer named the buyer."
    )
    raw_payload = fields.Json(readonly=True)
    payload_hash = fields.Char(readonly=True)
    source = fields.Selection(
        [
            ("api", "Connection"),
            ("webhook", "Notification"),
            ("file", "File"),
            ("manual", "Typed by Hand"),
        ],
        required=True,
        readonly=True,
    )
    attachment_id = fields.Many2one(
        "ir.attachment", string="Document", readonly=True, ondelete="restrict"
    )

    _version_uniq = models.Constraint(
        "UNIQUE(policy_id, external_id, version, layer)",
        "This decision is there already.",
    )

    def _get_version_order(self):
        """What puts versions decided on one day in their order; empty when unknown."""
        version = self.version.split("#")[0]
        if version.isdigit():
            return version.zfill(20)
        return version if ISO_TIME.match(version) else ""

    def _get_identifiers(self):
        """The buyer's numbers, as facts."""
        return tuple(Identifier(**number) for number in self.identifiers or ())

    def write(self, vals):
        # Append-only for everybody: pylint: disable=method-required-super
        raise AccessError(self.env._("Decisions of an insurer cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("Decisions of an insurer cannot be deleted."))
