# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..engine import decide
from ..engine.position import Claim, Part
from .credit_line import AMOUNT_CEILING

PENDING = "credit_control.changed"


class CreditProfile(models.Model):
    """The credit file of one debtor in one root company."""

    _name = "credit.profile"
    _description = "Credit File"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _rec_name = "partner_id"
    _order = "id desc"

    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('commercial_partner_id', '=', id)]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
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
    hold_ids = fields.One2many("credit.hold", compute="_compute_records")
    decision_ids = fields.One2many("credit.decision", compute="_compute_records")
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

    @api.constrains("partner_id", "company_id")
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
            if profile.company_id.parent_id:
                raise ValidationError(
                    self.env._("Credit is given by the main company, not by a branch.")
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

        :return dict: profile -> Position
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

    def _compute_records(self):
        for profile in self:
            domain = Domain("partner_id", "=", profile.partner_id.id) & Domain(
                "company_id", "=", profile.company_id.id
            )
            profile.hold_ids = self.env["credit.hold"].search(domain, limit=80)
            profile.decision_ids = self.env["credit.decision"].search(domain, limit=80)

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
            precommit.add(self.sudo()._reevaluate_pending)
        for partner_id in partner_ids:
            pending.setdefault(partner_id, cause)

    def _reevaluate_pending(self):
        pending = self.env.cr.precommit.data.pop(PENDING, {})
        by_cause = {}
        for partner_id, cause in pending.items():
            by_cause.setdefault(cause, []).append(partner_id)
        for cause, partner_ids in by_cause.items():
            self.env["credit.hold"]._reevaluate(partner_ids, cause)

    # === API === #

    @api.model
    @api.readonly
    def check(
        self,
        partner_id: int,
        amount: float,
        currency: str | None = None,
        company_id: int | None = None,
        lines: list | None = None,
    ):
        """May this customer buy for this amount? Nothing is reserved or recorded.

        :param int partner_id: any contact of the debtor
        :param float amount: taxes included, not negative
        :param str currency: ISO code, e.g. "EUR"; default: the company's
        :param int company_id: default: the caller's company; the root company counts
        :param list lines: optional split by product: dicts with ``product_id`` and
            ``amount`` (same currency); what they leave of ``amount`` is for no product
        :return dict: ``{outcome, currency, limit, exposure, available, uncovered,
            reasons: [{code, effect, text, amount}], ways_out: [{code, text, amount}]}``,
            amounts in the root company's currency
        :raise AccessError: for callers without sales or credit rights
        :raise UserError: for unknown records or amounts that make no sense
        """
        self._check_api_rights()
        company = self._get_api_company(company_id)
        partner = self.env["res.partner"].browse(partner_id).exists()
        if not partner:
            raise UserError(self.env._("There is no customer %s.", partner_id))
        partner.check_access("read")
        claim = self._prepare_api_claim(partner, amount, currency, company, lines or [])
        # sudo: exposure must not depend on the caller's record rules (P7).
        return self.sudo()._check_claim(company, claim)

    def _check_api_rights(self):
        user = self.env.user
        if not (
            user.has_group("sales_team.group_sale_salesman")
            or user.has_group("credit_control.credit_control_group_viewer")
        ):
            raise AccessError(self.env._("Only salespeople and credit staff may ask."))

    def _get_api_company(self, company_id):
        company = self.env["res.company"].browse(company_id or self.env.company.id)
        if company not in self.env.user.company_ids:
            raise AccessError(self.env._("You do not work for this company."))
        return company.sudo().root_id

    def _prepare_api_claim(self, partner, amount, currency, company, lines):
        convert = self._get_api_converter(currency, company)
        total = convert(amount)
        parts = [
            Part(convert(line.get("amount")), product=int(line["product_id"]))
            for line in lines
            if line.get("product_id")
        ]
        rest = total - sum(part.amount for part in parts)
        if rest < 0:
            raise UserError(self.env._("The lines add up to more than the amount."))
        if rest:
            parts.append(Part(rest))
        debtor = partner.commercial_partner_id.id
        return Claim(debtor, company.id, tuple(parts), total)

    def _get_api_converter(self, currency, company):
        source = company.currency_id
        if currency:
            source = self.env["res.currency"].search([("name", "=", currency)], limit=1)
        if not source:
            raise UserError(self.env._("Unknown or inactive currency: %s", currency))
        unit = 10**company.currency_id.decimal_places

        def convert(amount):
            valid = isinstance(amount, int | float) and not isinstance(amount, bool)
            if not valid or not 0 <= amount < AMOUNT_CEILING:
                raise UserError(
                    self.env._("The amount must be a number between 0 and 10¹².")
                )
            worth = source._convert(
                amount, company.currency_id, company, company._credit_today()
            )
            return round(worth * unit)

        return convert

    def _check_claim(self, company, claim):
        measure = self.env["credit.measure"]
        position = measure._get_positions([claim.partner_id], company)[claim.partner_id]
        measure._get_goods([position], {part.product for part in claim.parts})
        asked = position.document(("credit.profile", 0), claim)
        verdict = decide(position.situation([asked]))[0]
        document = {"model": False, "id": False, "name": "", "amount": claim.total}
        explanation = self.env["credit.explanation"]
        facts = explanation._explain(company, position, verdict, document)
        keys = ("outcome", "currency", "limit", "exposure", "available", "uncovered")
        answer = {key: facts[key] for key in keys}
        answer["reasons"] = facts["reasons"]
        answer["ways_out"] = [
            {key: way[key] for key in ("code", "text", "amount")}
            for way in facts["ways_out"]
        ]
        return answer

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
        former = self.partner_id.display_name
        if not other:
            self.partner_id = debtor
            self.message_post(body=self.env._("Taken over from %s.", former))
            return self
        self.line_ids.filtered(lambda line: line.state == "active").write(
            {"state": "suspended"}
        )
        self.line_ids.write({"profile_id": other.id})
        other.message_post(
            body=self.env._(
                "The credit lines of %s joined this file and are suspended. Check which "
                "of them go on.",
                former,
            )
        )
        other.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=(other.analyst_id or self.env.user).id,
            summary=self.env._("Check the credit lines that joined this file"),
        )
        self.unlink()
        return other
