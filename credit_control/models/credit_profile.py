# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .debtors import DEBTORS
from .readers import for_colleagues, for_reader

PENDING = "credit_control.changed"
RECENT = 80  # holds and decisions shown on a credit file


class CreditProfile(models.Model):
    """The credit file of one debtor in one root company."""

    _name = "credit.profile"
    _description = "Credit File"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.rooted"]
    _rec_name = "partner_id"
    _order = "id desc"

    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        ondelete="restrict",
        domain=DEBTORS,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one(
        "credit.policy",
        tracking=True,
        index=True,
        domain="[('company_id', 'in', (False, company_id))]",
        help="Empty: the default policy of the company.",
    )
    analyst_id = fields.Many2one("res.users", string="Credit Analyst", tracking=True)
    review_date = fields.Date(string="Next Review", tracking=True)
    note = fields.Html()
    active = fields.Boolean(related="partner_id.active", store=True)
    line_ids = fields.One2many("credit.line", "profile_id", string="Credit Lines")
    hold_ids = fields.One2many("credit.hold", compute="_compute_hold_ids")
    decision_ids = fields.One2many("credit.decision", compute="_compute_decision_ids")
    is_managed = fields.Boolean(compute="_compute_figures", compute_sudo=True)
    limit_amount = fields.Monetary(
        string="Limit", compute="_compute_figures", compute_sudo=True
    )
    secured_amount = fields.Monetary(
        string="Secured",
        compute="_compute_figures",
        compute_sudo=True,
        help="The part of the limit whose loss somebody else bears.",
    )
    exposure = fields.Monetary(compute="_compute_figures", compute_sudo=True)
    available = fields.Monetary(compute="_compute_figures", compute_sudo=True)
    credit_stack = fields.Json(compute="_compute_credit_stack", compute_sudo=True)

    _partner_company_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)",
        "This debtor has a credit file in this company already.",
    )

    @api.constrains("partner_id")
    def _check_debtor(self):
        for profile in self:
            if profile.partner_id.commercial_partner_id != profile.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s belongs to %(company)s: open the credit file there.",
                        contact=profile.partner_id.display_name,
                        company=profile.partner_id.commercial_partner_id.display_name,
                    )
                )

    @api.depends("line_ids")
    def _compute_figures(self):
        positions = self._get_positions()
        for profile in self:
            position = positions.get(profile)
            if not position:
                profile.update(dict.fromkeys(self._get_figure_names(), False))
                continue
            unit = 10**profile.currency_id.decimal_places
            secured = set(
                profile.line_ids.filtered(lambda line: line.kind_id.is_secured).ids
            )
            profile.is_managed = position.managed
            profile.limit_amount = position.limit / unit
            profile.secured_amount = (
                sum(line.amount for line in position.lines if line.key in secured)
                / unit
            )
            profile.exposure = sum(position.counted.values()) / unit
            profile.available = position.available() / unit if position.managed else 0.0

    @api.model
    def _get_figure_names(self):
        return ["is_managed", "limit_amount", "secured_amount", "exposure", "available"]

    @api.depends_context("lang")
    @api.depends("line_ids")
    def _compute_credit_stack(self):
        positions = self._get_positions()
        explanation = self.env["credit.explanation"]
        for profile in self:
            position = positions.get(profile)
            profile.credit_stack = position and explanation._explain_position(
                profile.company_id, position
            )

    def _get_positions(self):
        """Measure these files, two statements per root company.

        :return: dict, profile -> Position
        """
        found = {}
        for company, profiles in self._origin.grouped("company_id").items():
            by_partner = {profile.partner_id.id: profile for profile in profiles}
            positions = self.env["credit.measure"]._get_positions(
                list(by_partner), company
            )
            found.update(
                {by_partner[key]: position for key, position in positions.items()}
            )
        return {profile: found.get(profile._origin) for profile in self}

    def _compute_hold_ids(self):
        for profile in self:
            profile.hold_ids = self.env["credit.hold"].search(
                profile._get_records_domain(), limit=RECENT
            )

    def _compute_decision_ids(self):
        for profile in self:
            profile.decision_ids = self.env["credit.decision"].search(
                profile._get_records_domain(), limit=RECENT
            )

    def _get_records_domain(self):
        return Domain("partner_id", "=", self.partner_id.id) & Domain(
            "company_id", "=", self.company_id.id
        )

    def action_open_exposure(self):
        """Open the items that the exposure is made of (P1)."""
        self.ensure_one()
        return self.env["credit.measure"]._get_exposure_action(
            self.partner_id, self.company_id
        )

    @api.model
    def _get_or_create(self, partner, company):
        """The credit file of a debtor, opened when there is none.

        :param partner: any contact of the debtor
        :param company: any company of the tree
        """
        debtor, root = partner.commercial_partner_id, company.root_id
        found = self.with_context(active_test=False).search(
            [("partner_id", "=", debtor.id), ("company_id", "=", root.id)]
        )
        return found or self.create({"partner_id": debtor.id, "company_id": root.id})

    def write(self, vals):
        result = super().write(vals)
        if "policy_id" in vals:
            self._credit_changed(self.env._("Credit policy changed"))
        return result

    # === EVENTS === #

    def _credit_changed(self, cause):
        """Look again at the waiting holds of these debtors before the commit."""
        self._debtors_changed(self.partner_id.ids, cause)

    @api.model
    def _debtors_changed(self, partner_ids, cause):
        """Note that exposure or lines changed; holds are looked at once per transaction.

        :param partner_ids: commercial partners
        :param str cause: written on the holds that clear
        """
        if not partner_ids:
            return
        precommit = self.env.cr.precommit
        pending = precommit.data.setdefault(PENDING, {})
        if not pending:
            precommit.add(for_colleagues(self.sudo())._reevaluate_pending)
        for partner_id in partner_ids:
            pending.setdefault(partner_id, cause)

    def _reevaluate_pending(self):
        pending = self.env.cr.precommit.data.pop(PENDING, {})
        self.env["credit.hold"]._reevaluate(pending)

    # === MOVING AND MERGING === #

    def _hand_over(self, debtor):
        """Give this file to another debtor, who took over the partner.

        Without a file of his own he gets this one as it is. Else the lines join his,
        suspended: joining two customers must not raise anybody's credit unseen.
        """
        self.ensure_one()
        other = self.search(
            [
                ("partner_id", "=", debtor.id),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
            ]
        )
        former = self.partner_id
        self._hand_over_holds(former, debtor)
        if other:
            self._join(other)
            self.unlink()
        else:
            self.partner_id = debtor
            self.message_post(
                body=self.env._("Taken over from %s.", former.display_name)
            )
        self._debtors_changed(
            debtor.ids, self.env._("%s was taken over.", former.display_name)
        )
        return other or self

    def _join(self, other):
        """Move lines, history, note and tasks to the file of the debtor who took over."""
        name = self.partner_id.display_name
        self.line_ids.filtered(lambda line: line.state == "active").write(
            {"state": "suspended"}
        )
        self.line_ids.write({"profile_id": other.id})
        self.message_change_thread(other)
        self.activity_ids.write({"res_id": other.id})
        if self.note:
            other.note = (other.note or Markup()) + self.note
        other.message_post(
            body=self.env._(
                "The credit lines of %s joined this file and are suspended. Check which "
                "of them go on.",
                name,
            )
        )
        keeper = other.analyst_id or self.analyst_id or self.env.user
        other = for_reader(other, keeper)
        other.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=keeper.id,
            summary=other.env._("Check the credit lines that joined this file"),
        )

    @api.model
    def _hand_over_holds(self, partners, debtor):
        """Holds and releases stay with their documents, whoever owes them now.

        :param partners: debtors who are none any more
        :param debtor: who took over what they owe
        """
        # sudo: who moves a partner need not have the right to its holds.
        holds = (
            self.env["credit.hold"].sudo().search([("partner_id", "in", partners.ids)])
        )
        holds.write({"partner_id": debtor.id})
