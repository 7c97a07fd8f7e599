# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.credit_control.engine import allocate
from odoo.addons.credit_control.models.readers import for_reader, job

from ..const import MANAGER

BATCH = 500


class CreditProgramme(models.Model):
    """Pause, notice, end, renewal, and what is done day by day."""

    _inherit = "credit.programme"

    def action_pause(self):
        self.ensure_one()
        self._check_group(MANAGER)
        self._require_state("open")
        self.sudo().state = "paused"
        self.env.registry.clear_cache()
        return True

    def action_resume(self):
        self.ensure_one()
        self._check_group(MANAGER)
        self._require_state("paused")
        self.sudo().state = "open"
        self.env.registry.clear_cache()
        self.sudo()._serve_queue()
        return True

    def action_end(self):
        """End the programme: no more lines; those that are open run their time."""
        self.ensure_one()
        self._check_group(MANAGER)
        self._require_state("open", "paused")
        waiting = self.sudo().grant_ids.filtered(
            lambda grant: grant.state in ("offered", "queued")
        )
        waiting.write({"state": "withdrawn", "reason": "programme_ended"})
        self.sudo().state = "ended"
        self.env.registry.clear_cache()
        return True

    def action_withdraw_all(self):
        """End the programme and all its lines at once, after the fallback list was seen."""
        self.ensure_one()
        self._check_group(MANAGER)
        if self.state != "ended":
            self.action_end()
        self.env.ref("vendor_credit_lines.ir_cron_work").sudo()._trigger()
        live = (
            self.env["credit.grant"]
            .sudo()
            .search(
                [("programme_id", "=", self.id), ("state", "=", "active")], limit=BATCH
            )
        )
        self.sudo().is_withdrawing = True
        live._end("withdrawn", "withdrawn")
        return True

    is_withdrawing = fields.Boolean(readonly=True, copy=False)

    def _require_state(self, *states):
        if self.state not in states:
            raise UserError(self.env._("This cannot be done in the programme's state."))

    # === IN THE BACKGROUND === #

    @api.model
    @job
    def _cron_work(self):
        """Go on with long runs, withdrawals and mails."""
        cron, grants = self.env["ir.cron"], self.env["credit.grant"]
        for programme in self.search([("is_withdrawing", "=", True)]):
            left = 1
            while left:
                done, left = programme._withdraw_batch()
                if not cron._commit_progress(done, remaining=left) and left:
                    return
        left = grants._tell()
        while cron._commit_progress(1, remaining=left) and left:
            left = grants._tell()
        self.env["credit.programme.run"]._work_in_background()

    def _withdraw_batch(self):
        domain = [("programme_id", "=", self.id), ("state", "=", "active")]
        grants = self.env["credit.grant"].search(domain, limit=BATCH)
        grants._end("withdrawn", "withdrawn")
        left = self.env["credit.grant"].search_count(domain)
        if not left:
            self.is_withdrawing = False
        return len(grants), left

    @api.model
    @job
    def _cron_day(self):
        """What time brings: ends, renewals, missed triggers, the queue, warnings."""
        cron = self.env["ir.cron"]
        programmes = self.search([("state", "in", ("open", "paused", "ended"))])
        left = len(programmes)
        for programme in programmes:
            programme._expire()
            if programme.state == "open":
                programme._renew()
                programme._serve_queue()
                programme._warn_ahead()
                programme._close_when_over()
            left -= 1
            if not cron._commit_progress(1, remaining=left):
                return
        self.env["sale.order"]._cron_missed_triggers()

    def _expire(self):
        """Mark the grants whose last day is over; their lines ended by themselves."""
        today = self.company_id._credit_today()
        over = self.env["credit.grant"].search(
            [
                ("programme_id", "=", self.id),
                ("state", "=", "active"),
                ("date_to", "<", today),
            ]
        )
        over.write({"state": "ended", "reason": "expired"})
        over.line_id.filtered(lambda line: line.state == "active").with_context(
            tracking_disable=True
        ).write({"state": "ended"})

    def _renew(self):
        """Open the next line of those whose line ran its time."""
        if self.current_version_id.renewal != "automatic" or self._check_can_give():
            return
        ended = Domain("programme_id", "=", self.id) & Domain("reason", "=", "expired")
        yesterday = self.company_id._credit_today() - timedelta(days=7)
        grants = self.env["credit.grant"].search(
            ended & Domain("date_to", ">=", yesterday), order="id"
        )
        if grants:
            self.env["credit.grant"]._give(self, grants.partner_id)

    def _close_when_over(self):
        last = self.current_version_id.date_to
        if last and last < self.company_id._credit_today():
            self.action_end()

    # === WHAT IF IT ENDED TODAY === #

    def _get_fallback(self, grants):
        """What open lines carry, and what would be uncovered without them.

        :param grants: open grants of one company
        :return: dict, grant -> (used, moved to other lines, uncovered), company currency
        """
        positions = grants._get_positions()
        found = {}
        for grant in grants:
            position = positions[(grant.company_id.id, grant.partner_id.id)]
            lines = position.engine_lines
            rest = tuple(line for line in lines if line.key != grant.line_id.id)
            now, then = allocate(position.items, lines), allocate(position.items, rest)
            used = now.used.get(grant.line_id.id, 0)
            uncovered = then.uncovered - now.uncovered
            unit = 10**position.digits
            found[grant] = (used / unit, (used - uncovered) / unit, uncovered / unit)
        return found

    def action_fallback(self):
        """List who would no longer be covered if the programme ended today."""
        self.ensure_one()
        self.check_access("read")
        fallbacks = self.env["credit.programme.fallback"]
        if not fallbacks.has_access("create"):
            self._check_group("credit_control.credit_control_group_viewer")
        # sudo: the list is the user's own and holds figures of his programme.
        fallbacks.sudo()._fill(self.sudo())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("If “%s” Ended Today", self.name),
            "res_model": "credit.programme.fallback",
            "views": [(False, "list"), (False, "pivot")],
            "domain": [("programme_id", "=", self.id), ("user_id", "=", self.env.uid)],
        }

    def action_review(self):
        """Work out what the programme brought, and what it may cost."""
        self.ensure_one()
        review = self.env["credit.programme.review"].create({"programme_id": self.id})
        review.action_work_out()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Was It Worth It?"),
            "res_model": review._name,
            "res_id": review.id,
            "views": [(False, "form")],
        }

    def _warn_ahead(self):
        """Warn once before lines end: who would not be covered, and by how much."""
        version = self.current_version_id
        today = self.company_id._credit_today()
        soon = today + timedelta(days=version.notice_days)
        ending = self.env["credit.grant"].search(
            [
                ("programme_id", "=", self.id),
                ("state", "=", "active"),
                ("date_to", "<=", soon),
                ("warned", "=", False),
            ],
            limit=5000,
        )
        if not ending or not version.notice_days:
            return
        ending.warned = True
        fallback = self._get_fallback(ending)
        bare = {grant: found[2] for grant, found in fallback.items() if found[2] > 0}
        person = self.user_id or self.env.user
        programme = for_reader(self, person)
        programme.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=person.id,
            summary=programme.env._("Lines that end soon: %s", len(ending)),
            note=programme.env._(
                "Lines that end until %(day)s: %(count)s. Customers who would then owe what "
                "no other line covers: %(bare)s, for %(amount)s. See “If It Ended Today”.",
                day=format_date(programme.env, soon),
                count=len(ending),
                bare=len(bare),
                amount=programme.company_id.currency_id.format(sum(bare.values())),
            ),
        )
