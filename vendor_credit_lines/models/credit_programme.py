# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..const import MANAGER
from ..engine import Pot

OWN_FIELDS = frozenset({"state", "version_id", "current_version_id"})


class CreditProgramme(models.Model):
    """Credit that a sponsor puts where his sales are: lines for many customers.

    All lines together never exceed the pot, however many are opened at once. A
    programme opens lines only under terms that a second person approved.
    """

    _name = "credit.programme"
    _description = "Credit Programme"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "credit.programme.giving",
        "credit.rooted",
    ]
    _inherits = {"credit.programme.version": "version_id"}
    _order = "state, name, id"

    name = fields.Char(required=True, tracking=True, translate=True)
    active = fields.Boolean(default=True)
    sponsor_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        tracking=True,
        domain=[("is_company", "=", True)],
        help="Who bears the risk, or part of it: a vendor, a manufacturer, ourselves.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.root_id.currency_id,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        tracking=True,
        default=lambda self: self.env.user,
        help="Warned before lines end, when something needs a decision.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "Running"),
            ("paused", "Paused"),
            ("ended", "Ended"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="Only open programmes give lines. Lines that exist stay while it is paused.",
    )
    version_id = fields.Many2one(
        "credit.programme.version",
        string="Latest Terms",
        required=True,
        ondelete="restrict",
        index=True,
    )
    current_version_id = fields.Many2one(
        "credit.programme.version",
        string="Terms in Force",
        readonly=True,
        copy=False,
        index=True,
    )
    version_ids = fields.One2many(
        "credit.programme.version", "programme_id", string="Versions", copy=False
    )
    grant_ids = fields.One2many("credit.grant", "programme_id", copy=False)
    notify = fields.Boolean(
        string="Tell Customers",
        default=True,
        help="Each customer gets one mail when his line opens.",
    )
    template_id = fields.Many2one(
        "mail.template",
        string="Mail",
        domain=[("model", "=", "credit.grant")],
        default=lambda self: self.env.ref(
            "vendor_credit_lines.mail_template_granted", raise_if_not_found=False
        ),
    )
    grant_count = fields.Integer(string="Lines", compute="_compute_given")
    queue_count = fields.Integer(string="Waiting", compute="_compute_given")
    offer_count = fields.Integer(string="Invited", compute="_compute_given")
    given_amount = fields.Monetary(string="Granted", compute="_compute_given")
    room_amount = fields.Monetary(
        string="Left in the Pot",
        compute="_compute_given",
        help="Below zero: given too much.",
    )
    over_amount = fields.Monetary(compute="_compute_given")
    note = fields.Html(string="Notes")

    @api.depends("grant_ids.state", "grant_ids.amount", "version_id.pot_amount")
    def _compute_given(self):
        for programme in self:
            counts = programme._count_grants()
            programme.grant_count = counts.get("active", (0, 0))[0]
            programme.queue_count = counts.get("queued", (0, 0))[0]
            programme.offer_count = counts.get("offered", (0, 0))[0]
            programme.given_amount = counts.get("active", (0, 0.0))[1]
            version = programme.current_version_id or programme.version_id
            pot = version.pot_amount if version.has_pot else 0.0
            programme.room_amount = pot and pot - programme.given_amount
            programme.over_amount = max(-programme.room_amount, 0.0)

    def _count_grants(self):
        groups = self.env["credit.grant"]._read_group(
            [("programme_id", "in", self.ids)], ["state"], ["__count", "amount:sum"]
        )
        return {state: (count, amount) for state, count, amount in groups}

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_group(MANAGER)
        fresh = {"state": "draft", "current_version_id": False}
        programmes = super().create(
            [{**vals, **fresh, "version_id": False} for vals in vals_list]
        )
        for programme in programmes:
            # sudo: the link back, which nobody may write.
            programme.version_id.sudo().programme_id = programme
        return programmes

    def write(self, vals):
        if OWN_FIELDS.intersection(vals) and not self.env.su:
            raise AccessError(self.env._("Use the buttons to open and end programmes."))
        if {"currency_id", "company_id"} & set(vals):
            self._check_fresh()
        return super().write(vals)

    def _check_fresh(self):
        # Amounts that were approved or granted mean nothing in another currency.
        if any(programme.state != "draft" for programme in self):
            raise UserError(
                self.env._(
                    "Company and currency stay as they are once a programme was opened. "
                    "End it and start another one."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_opened(self):
        if any(programme.state != "draft" for programme in self):
            raise UserError(
                self.env._("A programme that was open stays on record. End it instead.")
            )

    def _check_group(self, group):
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(self.env._("You may not do this with credit programmes."))

    # === TERMS === #

    def action_submit(self):
        """Ask a second credit manager to approve the terms."""
        self.ensure_one()
        self._check_group(MANAGER)
        self.version_id._check_open()
        self._check_terms()
        # sudo: state fields, which nobody may write.
        self.version_id.sudo().write(
            {"version_state": "waiting", "submitter_id": self.env.uid}
        )
        self.message_post(body=self.env._("Terms submitted for approval."))
        return True

    def _check_terms(self):
        version = self.version_id
        amounts = [
            version.amount,
            version.percent,
            *version.segment_ids.mapped("amount"),
        ]
        if not any(amounts):
            raise UserError(self.env._("Enter how much customers may get."))
        if version.amount_method == "turnover" and not version.customer_cap:
            raise UserError(
                self.env._(
                    "A percentage of the turnover needs a cap for each customer."
                )
            )
        if version.has_pot and version.pot_amount <= 0:
            raise UserError(self.env._("The pot is empty. Enter an amount or no pot."))
        if not self.sponsor_id.active:
            raise UserError(
                self.env._("%s is archived and sponsors nothing.", self.sponsor_id.name)
            )

    def action_approve(self):
        """Put the terms in force; what was granted before keeps its own.

        :raise AccessError: for who submitted them and for lines beyond one's authority
        """
        self.ensure_one()
        self._check_group(MANAGER)
        version = self.version_id.sudo()
        if version.version_state != "waiting":
            raise UserError(self.env._("These terms wait for nobody."))
        self._check_approver(version)
        self._check_terms()
        former = self.sudo().current_version_id
        former.version_state = "old"
        version.write(
            {
                "version_state": "approved",
                "approver_id": self.env.uid,
                "approved_on": fields.Datetime.now(),
            }
        )
        self.sudo().write({"current_version_id": version.id})
        if self.state == "draft":
            self.sudo().state = "open"
        self._note_approval(version)
        self.env.registry.clear_cache()
        return True

    def _check_approver(self, version):
        user = self.env.user
        if version.submitter_id == user and not self.env.su:
            raise AccessError(
                self.env._("A second person approves the terms that you submitted.")
            )
        largest = self._get_largest(version)
        worth = self.currency_id._convert(
            largest,
            self.company_id.currency_id,
            self.company_id,
            self.company_id._credit_today(),
        )
        if not self.env.su and worth > user._get_credit_authority(self.company_id):
            raise AccessError(
                self.env._(
                    "Single lines may reach %s, more than your authority.",
                    self.currency_id.format(largest),
                )
            )

    def _get_largest(self, version):
        """The largest line that these terms may open, programme's currency."""
        if version.amount_method == "fixed":
            largest = version.amount
        elif version.amount_method == "turnover":
            return version.customer_cap
        else:
            largest = max(version.segment_ids.mapped("amount"), default=0.0)
        return min(largest, version.customer_cap) if version.customer_cap else largest

    def _note_approval(self, version):
        body = self.env._("Version %s of the terms is in force.", version.number)
        if self.over_amount:
            body += " " + self.env._(
                "The pot is now %s smaller than what was granted: nothing is taken back, "
                "and nothing more is given until lines have ended.",
                self.currency_id.format(self.over_amount),
            )
        self.message_post(body=body)

    def action_reject(self):
        """Hand the terms back to be written anew."""
        self.ensure_one()
        self._check_group(MANAGER)
        if self.version_id.version_state != "waiting":
            raise UserError(self.env._("These terms wait for nobody."))
        self.version_id.sudo().version_state = "draft"
        self.message_post(body=self.env._("Terms sent back."))
        return True

    def action_new_terms(self):
        """Start a new version; the terms in force go on until it is approved."""
        self.ensure_one()
        self._check_group(MANAGER)
        if self.version_id.version_state in ("draft", "waiting"):
            raise UserError(self.env._("New terms are being prepared already."))
        version = self.version_id.copy()
        version.sudo().write(
            {"programme_id": self.id, "number": self.version_id.number + 1}
        )
        self.sudo().version_id = version
        return True

    def action_open_run(self):
        """Prepare the opening of many lines; nothing is given yet."""
        self.ensure_one()
        self._check_group("credit_control.credit_control_group_analyst")
        run = self.env["credit.programme.run"].create({"programme_id": self.id})
        run.action_preview()
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.programme.run",
            "res_id": run.id,
            "views": [(False, "form")],
        }

    # === THE POT === #

    def _get_pot(self):
        """What may be given and what was, as this transaction sees it, in cents.

        :return: Pot, of the engine
        """
        self.ensure_one()
        version = self.current_version_id
        self.env.flush_all()
        given = dict(
            self.env.execute_query(
                SQL(
                    """SELECT COALESCE(segment_id, 0),
                        SUM(ROUND(amount * 10 ^ %s))::bigint
                    FROM credit_grant WHERE programme_id = %s AND state = 'active'
                    AND (date_to IS NULL OR date_to >= %s) GROUP BY 1""",
                    self.currency_id.decimal_places,
                    self.id,
                    self.company_id._credit_today(),
                )
            )
        )
        return Pot(
            total=self._cents(version.pot_amount) if version.has_pot else None,
            caps={
                segment.id: self._cents(segment.cap_amount)
                for segment in version.segment_ids
                if segment.has_cap
            },
            given=given,
        )

    def _cents(self, amount):
        return round(amount * 10**self.currency_id.decimal_places)

    def _check_can_give(self):
        """Why no line can be opened now.

        :return: str, in the reader's words, empty when lines can be opened
        """
        self.ensure_one()
        today = self.company_id._credit_today()
        version = self.current_version_id
        problem = ""
        if self.state != "open" or not version:
            problem = self.env._("The programme is not open.")
        elif not self.sponsor_id.active:
            problem = self.env._("The sponsor is archived.")
        elif version.date_from and version.date_from > today:
            problem = self.env._("The programme has not started yet.")
        elif version.date_to and version.date_to < today:
            problem = self.env._("The programme is over.")
        return problem
