# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How grants come into being, and why the pot is never exceeded.

Sessions that give at the same time do not see each other's grants (REPEATABLE READ).
A pot is therefore treated as a debtor is at the gate: whoever gives takes the pot's
lock for some milliseconds, counts what others have given and not yet committed, and
leaves a reservation of his own; see ``credit.reservation`` for the proof. The pot of
programme 7 is "debtor" -7; ``eligible`` holds the segment and, negative, the customer.
"""

from odoo import api, models

from odoo.addons.credit_control.engine.position import DEFAULT_LINE

from ..const import LIVE
from ..engine import FIRST, GIVEN, LEFT_OUT, QUEUED, Pot, Wish, share

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class CreditGrant(models.Model):
    _inherit = "credit.grant"

    @api.model
    def _give(self, programme, partners, values=None, ratio=(1, 1)):
        """Open lines for debtors, or invite them, as far as terms and pot allow.

        :param programme: open programme
        :param partners: debtors, served in this order
        :param dict values: partner id -> values of his grant
        :param tuple ratio: share of each wish, when the pot is shared out
        :return: dict, partner id -> Answer of the engine
        """
        version, values = programme.current_version_id, values or {}
        wishes = programme._get_wishes(partners)
        earned = any("trigger_id" in vals for vals in values.values())
        if version.enrolment == "opt_in" and not earned:
            return self._offer(programme, wishes, values)
        pot = programme._get_pot()
        pot.ratio = ratio
        pot.waiting = bool(self._get_queue(programme, limit=1))
        answers = self._ask_pot(programme, wishes, pot)
        made = self._write_down(programme, wishes, answers, values)
        made.filtered(lambda grant: grant.state == "active")._open_lines()
        return {answer.key: answer for answer in answers}

    @api.model
    def _offer(self, programme, wishes, values):
        """Invite: an invitation takes nothing from the pot."""
        answers = share(wishes, Pot(), FIRST)
        made = self._write_down(programme, wishes, answers, values)
        made.state = "offered"
        return {answer.key: answer for answer in answers}

    @api.model
    def _ask_pot(self, programme, wishes, pot):
        """Share out what is left of the pot, under its lock."""
        number, full = -programme.id, programme.current_version_id.when_full
        company = programme.company_id
        with self.env["credit.reservation"]._locked(company, [number]) as desk:
            busy = set()
            for item in desk.in_flight.get(number, ()):
                segment = max(item.eligible)
                pot.take(max(segment, 0), item.amount)
                busy.add(-min(item.eligible))
            wishes = [self._defer(wish, busy) for wish in wishes]
            answers = share(wishes, pot, full)
            for wish, answer in zip(wishes, answers, strict=True):
                if answer.outcome == GIVEN:
                    keys = {wish.segment, -wish.key}
                    desk.reserve(number, keys, answer.amount)
        return answers

    @api.model
    def _defer(self, wish, busy):
        # Another session is giving to this customer: the daily job looks again.
        if wish.key in busy and not wish.reason:
            return Wish(wish.key, wish.amount, wish.segment, "in_flight")
        return wish

    @api.model
    def _write_down(self, programme, wishes, answers, values):
        """Record who gets a line and who waits for one."""
        unit = 10**programme.currency_id.decimal_places
        asked = [
            (wish, answer)
            for wish, answer in zip(wishes, answers, strict=True)
            if answer.outcome != LEFT_OUT
        ]
        partners = self.env["res.partner"].browse(wish.key for wish, _answer in asked)
        periods = programme.current_version_id._get_periods(partners)
        return self.with_context(**QUIET).create(
            [
                {
                    "programme_id": programme.id,
                    "version_id": programme.current_version_id.id,
                    "partner_id": wish.key,
                    "segment_id": wish.segment or False,
                    "amount": answer.amount / unit,
                    "state": "queued" if answer.outcome == QUEUED else "active",
                    "reason": answer.reason or False,
                    "date_from": periods[wish.key][0],
                    "date_to": periods[wish.key][1],
                    "to_tell": programme.notify and answer.outcome == GIVEN,
                    **values.get(wish.key, {}),
                }
                for wish, answer in asked
            ]
        )

    # === LINES === #

    def _open_lines(self):
        """Write the credit lines of grants that have none."""
        quiet = self.with_context(**QUIET)
        debtors = self.env["credit.onboarding.debtor"].with_context(**QUIET)
        for company, grants in quiet.grouped("company_id").items():
            profiles = debtors._get_profiles(grants.partner_id, company)
            grants._keep_default_lines(company, profiles)
            lines = quiet.env["credit.line"].create(
                [grant._prepare_line(profiles[grant.partner_id.id]) for grant in grants]
            )
            for grant, line in zip(grants, lines, strict=True):
                grant.line_id = line

    def _prepare_line(self, profile_id):
        """Hook: values of the credit line of a grant."""
        self.ensure_one()
        programme = self.programme_id
        return {
            "profile_id": profile_id,
            "kind_id": self.version_id.kind_id.id,
            "name": programme.name,
            "amount": self.amount,
            "currency_id": programme.currency_id.id,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "state": "active",
            "origin": f"{programme.name} v{self.version_id.number}",
            "grant_id": self.id,
            **self.version_id._get_scope(),
        }

    def _keep_default_lines(self, company, profiles):
        """Write down the default line of debtors who live on the policy's one.

        It counts only as long as a debtor has no line at all: without this, the new
        line would take it away (P6).
        """
        measure = self.env["credit.measure"]
        positions = measure._get_positions(self.partner_id.ids, company)
        unit = 10**company.currency_id.decimal_places
        own = self.env.ref("credit_control.credit_line_kind_own")
        self.env["credit.line"].create(
            [
                {
                    "profile_id": profiles[partner_id],
                    "kind_id": own.id,
                    "amount": line.amount / unit,
                    "currency_id": company.currency_id.id,
                    "state": "active",
                    "origin": self.env._("Default line of the policy"),
                }
                for partner_id, position in positions.items()
                for line in position.lines
                if line.key == DEFAULT_LINE
            ]
        )

    # === WHO WAITS === #

    @api.model
    def _get_queue(self, programme, limit=None):
        return self.search(
            [("programme_id", "=", programme.id), ("state", "=", "queued")],
            order="id",
            limit=limit,
        )

    def _serve(self, programme):
        """Open the lines of invited or waiting customers, in their order."""
        grants = self.filtered(lambda grant: grant.state in LIVE and not grant.line_id)
        wishes = [
            Wish(
                grant.partner_id.id,
                programme._cents(grant.amount),
                grant.segment_id.id or 0,
            )
            for grant in grants
        ]
        pot = programme._get_pot()
        pot.waiting = bool(self._get_queue(programme, limit=1) - self)
        answers = self._ask_pot(programme, wishes, pot)
        by_key = {answer.key: answer for answer in answers}
        served = self.browse()
        for grant in grants:
            answer = by_key[grant.partner_id.id]
            if answer.outcome == GIVEN:
                grant.amount = answer.amount / 10**programme.currency_id.decimal_places
                served |= grant
            elif answer.outcome == QUEUED:
                grant.write({"state": "queued", "reason": "pot_full"})
        periods = programme.current_version_id._get_periods(served.partner_id)
        for grant in served:
            date_from, date_to = periods[grant.partner_id.id]
            grant.write(
                {
                    "state": "active",
                    "reason": False,
                    "date_from": date_from,
                    "date_to": date_to,
                    "to_tell": programme.notify,
                }
            )
        served._open_lines()
        return served

    def _prolong(self, orders):
        """Start the months of an open line again, as a further order earns it.

        :param orders: that earn it
        """
        self.ensure_one()
        periods = self.version_id._get_periods(self.partner_id)
        last = periods[self.partner_id.id][1]
        self.order_ids |= orders
        if last and self.date_to and last > self.date_to:
            self.date_to = last
            self.line_id.date_to = last
            self.warned = False
