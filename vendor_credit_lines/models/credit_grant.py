# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.credit_control.engine import allocate
from odoo.addons.credit_control.models.readers import for_reader

from ..const import ANALYST, LIVE

REASONS = [
    ("pot_full", "The pot is full"),
    ("no_amount", "The amount would be zero"),
    ("no_turnover", "No turnover in the period"),
    ("no_segment", "In no segment"),
    ("not_eligible", "Not eligible"),
    ("no_debtor", "Archived, or not a debtor of its own"),
    ("has_line", "Has a line of this programme"),
    ("had_line", "Had his line; it is given once"),
    ("other_programme", "Has a line of another programme of this sponsor"),
    ("unmanaged", "Buys without limit today"),
    ("stopped", "Held or stopped on the credit file"),
    ("in_flight", "Just being given by somebody else"),
    ("order_cancelled", "The order that opened the line was cancelled or cut"),
    ("withdrawn", "Withdrawn"),
    ("declined", "The customer declined"),
    ("expired", "Ran its time"),
    ("programme_ended", "The programme ended"),
]


class CreditGrant(models.Model):
    """What one customer got from a programme, under which terms, and what became of it.

    An active grant has one credit line; nobody writes grants but the programme itself.
    """

    _name = "credit.grant"
    _description = "Grant of a Credit Programme"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "partner_id"

    programme_id = fields.Many2one(
        "credit.programme", required=True, index=True, ondelete="restrict"
    )
    version_id = fields.Many2one(
        "credit.programme.version",
        string="Terms",
        required=True,
        index=True,
        ondelete="restrict",
    )
    segment_id = fields.Many2one("credit.programme.segment", ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="programme_id.company_id", store=True, index=True
    )
    sponsor_id = fields.Many2one(
        related="programme_id.sponsor_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="programme_id.currency_id")
    amount = fields.Monetary(aggregator="sum")
    state = fields.Selection(
        [
            ("offered", "Invited"),
            ("queued", "Waiting"),
            ("active", "Running"),
            ("ended", "Ended"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        index=True,
    )
    reason = fields.Selection(REASONS)
    date_from = fields.Date(string="Start")
    date_to = fields.Date(string="End")
    line_id = fields.Many2one(
        "credit.line", string="Credit Line", index="btree_not_null", ondelete="restrict"
    )
    trigger_id = fields.Many2one("credit.programme.trigger", ondelete="restrict")
    order_ids = fields.Many2many("sale.order", string="Opened by")
    run_id = fields.Many2one(
        "credit.programme.run", index="btree_not_null", ondelete="set null"
    )
    told_on = fields.Datetime(readonly=True)
    warned = fields.Boolean(readonly=True)
    to_tell = fields.Boolean(index="btree_not_null")
    used_amount = fields.Float(
        string="In Use",
        digits=(16, 2),
        compute="_compute_used",
        compute_sudo=True,
        help="What this line carries today, in the company's currency.",
    )

    _live_uniq = models.UniqueIndex(
        "(programme_id, partner_id) WHERE state IN ('offered', 'queued', 'active')",
        "This customer has a line of the programme already.",
    )
    _pot_idx = models.Index("(programme_id, state, date_to)")

    def _compute_used(self):
        positions = self._get_positions()
        for grant in self:
            position = positions.get((grant.company_id.id, grant.partner_id.id))
            used = 0
            if position and grant.line_id:
                allocation = allocate(position.items, position.engine_lines)
                used = allocation.used.get(grant.line_id.id, 0)
            grant.used_amount = used / 10**position.digits if position else 0.0

    def _get_positions(self):
        """Where the customers stand: (company id, partner id) -> Position."""
        found = {}
        for company, grants in self.grouped("company_id").items():
            ids = grants.partner_id.commercial_partner_id.ids
            positions = self.env["credit.measure"]._get_positions(ids, company)
            found.update({(company.id, key): value for key, value in positions.items()})
        return found

    # === BUTTONS === #

    def _check_analyst(self):
        if not self.env.su and not self.env.user.has_group(ANALYST):
            raise AccessError(self.env._("Only credit analysts do this."))

    def action_accept(self):
        """The customer accepts the invitation: his line opens if the pot allows it.

        :raise UserError: when it does not, with the reason
        """
        self.check_access("read")
        self._check_seller()
        if any(grant.state != "offered" for grant in self):
            raise UserError(self.env._("Only invitations can be accepted."))
        for programme, grants in self.sudo().grouped("programme_id").items():
            problem = programme._check_can_give()
            if problem:
                raise UserError(problem)
            grants._serve(programme)
        left = self.sudo().filtered(lambda grant: grant.state == "offered")
        if left:
            raise UserError(self.env._("The pot is full: the invitation stays open."))
        return True

    def action_decline(self):
        self.check_access("read")
        self._check_seller()
        if any(grant.state not in ("offered", "queued") for grant in self):
            raise UserError(self.env._("A line that is open can only be withdrawn."))
        # sudo: grants are written by their own methods only; the group was checked.
        self.sudo().write({"state": "withdrawn", "reason": "declined"})
        return True

    def _check_seller(self):
        allowed = ("sales_team.group_sale_salesman", ANALYST)
        if not self.env.su and not any(map(self.env.user.has_group, allowed)):
            raise AccessError(
                self.env._("Only salespeople and credit analysts do this.")
            )

    def action_withdraw(self):
        """Take the line away at once; what it carried falls on the other lines."""
        self._check_analyst()
        self.check_access("read")
        self.sudo()._end("withdrawn", "withdrawn")
        return True

    def action_open_line(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.line",
            "res_id": self.line_id.id,
            "views": [(False, "form")],
        }

    def _used_up_chance(self):
        """Whether the customer had his line; a cancelled order does not count."""
        had = self.state == "active" or (
            self.state in ("ended", "withdrawn") and self.line_id
        )
        return bool(had) and self.reason != "order_cancelled"

    # === THE END === #

    def _end(self, state, reason):
        """End grants and their lines; who is no longer covered becomes a task.

        The room in the pot goes to those who wait.
        """
        live = self.filtered(lambda grant: grant.state in LIVE)
        in_use = live.filtered(lambda grant: grant.line_id and grant.used_amount)
        live.write({"state": state, "reason": reason})
        lines = live.line_id.filtered(lambda line: line.state != "ended")
        lines.with_context(tracking_disable=True).write({"state": "ended"})
        in_use._note_fallback(reason)
        for programme in live.programme_id:
            programme._serve_queue()

    def _note_fallback(self, reason):
        """Tell the responsible person what an ended line leaves uncovered."""
        used = {grant: grant.used_amount for grant in self}
        self.env.flush_all()
        positions = self._get_positions()
        for grant in self:
            position = positions[(grant.company_id.id, grant.partner_id.id)]
            uncovered = allocate(position.items, position.engine_lines).uncovered
            facts = (reason, used[grant], uncovered / 10**position.digits)
            grant.message_post(body=grant._word_fallback(*facts))
            if uncovered:
                grant._ask_responsible(*facts)

    def _word_fallback(self, reason, used, uncovered):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        currency = self.company_id.currency_id
        return self.env._(
            "%(reason)s. The line carried %(used)s: that falls back on the other "
            "lines, and %(uncovered)s of what the customer owes is now not covered. "
            "What was sold stays sold; new orders are checked against the rest.",
            reason=reasons[reason],
            used=currency.format(used),
            uncovered=currency.format(uncovered),
        )

    def _ask_responsible(self, *facts):
        person = self.programme_id.user_id or self.env.user
        grant = for_reader(self, person)
        grant.programme_id.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=person.id,
            summary=grant.env._(
                "Not covered any more: %s", grant.partner_id.display_name
            ),
            note=grant._word_fallback(*facts),
        )

    # === TELL THE CUSTOMER, ONCE === #

    @api.model
    def _tell(self, limit=500):
        """Queue the mails to customers whose line opened.

        :param int limit: mails of one batch
        :return: int, how many are left
        """
        domain = Domain("to_tell", "=", True)
        grants = self.search(domain, limit=limit, order="id")
        # First the mark: whatever happens later, nobody is told twice.
        grants.write({"to_tell": False})
        for template, told in grants.grouped(
            lambda grant: grant.programme_id.template_id
        ).items():
            told = told.filtered(
                lambda grant: (
                    grant.state in ("active", "offered") and grant.partner_id.email
                )
            )
            if template and told:
                template.send_mail_batch(told.ids)
                told.told_on = fields.Datetime.now()
        return self.search_count(domain)
