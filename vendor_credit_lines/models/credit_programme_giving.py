# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..const import LIVE
from ..engine import Wish


class CreditProgrammeGiving(models.AbstractModel):
    """Who gets something from a programme, and why others do not."""

    _name = "credit.programme.giving"
    _description = "Giving of a Credit Programme"

    def _get_wishes(self, partners):
        """What each debtor may get, or why he gets nothing, before the pot is asked.

        :return: list, of Wish, in the order of the partners
        """
        self.ensure_one()
        version = self.current_version_id
        reasons = self._get_obstacles(partners)
        asked = partners.filtered(lambda partner: partner.id not in reasons)
        amounts = version._get_amounts(asked)
        wishes = []
        for partner in partners:
            if partner.id in reasons:
                wishes.append(Wish(partner.id, 0, 0, reasons[partner.id]))
                continue
            amount, segment, reason = amounts[partner.id]
            wishes.append(Wish(partner.id, self._cents(amount), segment, reason))
        return wishes

    def _get_obstacles(self, partners):
        """Hook: why debtors get nothing: partner id -> code of ``REASONS``."""
        version = self.current_version_id
        eligible = version._filter_eligible(partners)
        reasons = dict.fromkeys((partners - eligible).ids, "not_eligible")
        if not version.include_unmanaged:
            reasons.update(self._get_unmanaged(partners))
        if version.is_exclusive:
            reasons.update(self._get_elsewhere(partners))
        wrong = partners.filtered(
            lambda p: not p.active or p.commercial_partner_id != p
        )
        reasons.update(dict.fromkeys(wrong.ids, "no_debtor"))
        reasons.update(self._get_stopped(partners))
        reasons.update(self._get_held(partners))
        return reasons

    def _get_stopped(self, partners):
        """Who was put on hold or on the stop list gets no more credit."""
        profiles = self.env["credit.profile"].search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", self.company_id.id),
                ("status", "in", ("hold", "stop")),
            ]
        )
        return dict.fromkeys(profiles.partner_id.ids, "stopped")

    def _get_unmanaged(self, partners):
        measure = self.env["credit.measure"].sudo()
        positions = measure._get_positions(partners.ids, self.company_id)
        return {key: "unmanaged" for key, p in positions.items() if not p.managed}

    def _get_elsewhere(self, partners):
        grants = self.env["credit.grant"].search(
            [
                ("partner_id", "in", partners.ids),
                ("sponsor_id", "=", self.sponsor_id.id),
                ("programme_id", "!=", self.id),
                ("state", "=", "active"),
            ]
        )
        return dict.fromkeys(grants.partner_id.ids, "other_programme")

    def _get_held(self, partners):
        """Who has a line of this programme, or had the only one he gets."""
        grants = self.env["credit.grant"].search(
            [("partner_id", "in", partners.ids), ("programme_id", "=", self.id)]
        )
        reasons = {}
        if self.current_version_id.renewal == "none":
            had = grants.filtered(lambda grant: grant._used_up_chance())
            reasons.update(dict.fromkeys(had.partner_id.ids, "had_line"))
        live = grants.filtered(lambda grant: grant.state in LIVE)
        reasons.update(dict.fromkeys(live.partner_id.ids, "has_line"))
        return reasons

    def _serve_queue(self):
        """Give what became free to those who wait, in their order."""
        self.ensure_one()
        if self._check_can_give():
            return
        queue = self.env["credit.grant"]._get_queue(self, limit=500)
        if queue:
            queue._serve(self)
