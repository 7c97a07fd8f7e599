# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.credit_control.models.turns import take_turn

from .credit_cover_request import LAYERS

VIEWER = "credit_control.credit_control_group_viewer"
INSURED = "insured"  # code of the kind
COVER_FIELDS = frozenset(
    {
        "cover_policy_id",
        "cover_buyer_id",
        "cover_layer",
        "cover_decision_id",
        "cover_amount",
        "cover_is_shared",
    }
)
# Of an insured line a person may change the state, to stop using it; the rest follows.
FIXED = frozenset(
    {"amount", "currency_id", "date_from", "date_to", "kind_id", "profile_id"}
)


class CreditLine(models.Model):
    _inherit = "credit.line"

    cover_policy_id = fields.Many2one(
        "credit.insurance.policy",
        string="Policy",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=VIEWER,
    )
    cover_buyer_id = fields.Many2one(
        "credit.insurer.buyer",
        string="Buyer at the Insurer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=VIEWER,
    )
    cover_layer = fields.Selection(
        LAYERS, string="Layer", readonly=True, copy=False, groups=VIEWER
    )
    cover_decision_id = fields.Many2one(
        "credit.cover.decision",
        string="Decision",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=VIEWER,
    )
    cover_amount = fields.Monetary(
        readonly=True,
        copy=False,
        help="What the insurer grants; the line gives no more.",
        groups=VIEWER,
    )
    cover_is_shared = fields.Boolean(
        string="Shared Cover",
        readonly=True,
        copy=False,
        help="Several customer files of one legal entity share this cover; this is the "
        "part of this one.",
        groups=VIEWER,
    )

    _cover_fits = models.Constraint(
        "CHECK(cover_policy_id IS NULL OR state <> 'active' OR amount <= cover_amount)",
        "This line follows the insurer's decision: it cannot give more than the cover.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_cover_writer(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_cover_writer(vals)
        fixed = FIXED.union(self._get_scope_fields()).intersection(vals)
        if fixed and not self.env.su and any(self.sudo().mapped("cover_policy_id")):
            raise AccessError(
                self.env._(
                    "This line follows the insurer's decision. Ask for other cover, or "
                    "suspend the line to stop using it."
                )
            )
        return super().write(vals)

    def _check_cover_writer(self, *vals_list):
        if not self.env.su and any(map(COVER_FIELDS.intersection, vals_list)):
            raise AccessError(self.env._("Only the insurer says what is covered."))

    # === FOLLOWING === #

    @api.model
    def _follow_cover(self, buyers, policies, wanted):
        """Make, change and end lines so that they are what the cover gives.

        A line that somebody suspended stays suspended.

        :param buyers: whose lines are looked at
        :param policies: under which
        :param list wanted: values of lines, with "partner_id"
        """
        present = self.search(
            [
                ("cover_buyer_id", "in", buyers.ids),
                ("cover_policy_id", "in", policies.ids),
                ("state", "in", ("draft", "active", "suspended")),
            ],
            order="date_from, id",
        )
        running = defaultdict(list)
        for line in present.filtered(lambda line: line._is_running()):
            running[line._get_cover_key()].append(line)
        self._mark_shared(wanted)
        unrated = self._get_unrated(wanted, buyers.company_id.currency_id)
        fresh = []
        for row in self._match_first(wanted, running):
            line = row.pop("line")
            if row["currency_id"] in unrated:
                row["state"] = "draft"
            elif line and line.state == "draft":
                row["state"] = "active"
            if line:
                line._take_cover(row)
            else:
                fresh.append(row)
        surplus = self.browse(line.id for lines in running.values() for line in lines)
        # Lines that only change are rows on which two would meet; new ones are not.
        take_turn(buyers.browse({row["cover_buyer_id"] for row in fresh}))
        surplus.write({"state": "ended"})
        self.create(self._add_profiles(fresh, buyers.company_id))

    def _is_running(self):
        return not self.date_to or self.date_to >= self.company_id._credit_today()

    def _get_cover_key(self):
        return (
            self.cover_policy_id.id,
            self.cover_buyer_id.id,
            self.partner_id.id,
            self.cover_layer,
        )

    def _match_first(self, wanted, running):
        """Give each wanted row its line: of the same decision, else the oldest."""
        rest = []
        for row in wanted:
            lines = running[_key(row)]
            same = [
                line
                for line in lines
                if line.cover_decision_id.id == row["cover_decision_id"]
                and line.date_from == row["date_from"]
            ]
            row["line"] = same[0] if same else None
            if same:
                lines.remove(same[0])
            else:
                rest.append(row)
        for row in rest:
            lines = running[_key(row)]
            row["line"] = lines.pop(0) if lines else None
        return wanted

    def _take_cover(self, row):
        """Change what differs, nothing else."""
        values = {
            name: value
            for name, value in row.items()
            if name != "partner_id"
            and self._fields[name].convert_to_write(self[name], self) != value
        }
        if values:
            self.write(values)

    def _mark_shared(self, wanted):
        partners = defaultdict(set)
        for row in wanted:
            partners[row["cover_buyer_id"]].add(row["partner_id"])
        for row in wanted:
            row["cover_is_shared"] = len(partners[row["cover_buyer_id"]]) > 1

    def _get_unrated(self, wanted, own):
        """Currencies without exchange rate: nobody knows what such a line is worth.

        :param own: the company's currency
        """
        currencies = self.env["res.currency"].browse(
            {row["currency_id"] for row in wanted}
        )
        rated = self.env["res.currency.rate"].search(
            [("currency_id", "in", currencies.ids)]
        )
        return set((currencies - rated.currency_id - own).ids)

    def _add_profiles(self, rows, company):
        """Open the credit files that are missing, all at once."""
        profiles = self.env["credit.profile"].with_context(active_test=False)
        partner_ids = {row["partner_id"] for row in rows}
        found = profiles.search(
            [("partner_id", "in", list(partner_ids)), ("company_id", "=", company.id)]
        )
        missing = partner_ids - set(found.partner_id.ids)
        found |= profiles.create(
            [
                {"partner_id": partner_id, "company_id": company.id}
                for partner_id in sorted(missing)
            ]
        )
        by_partner = {profile.partner_id.id: profile.id for profile in found}
        return [
            {
                "state": "active",
                **{name: value for name, value in row.items() if name != "partner_id"},
                "profile_id": by_partner[row["partner_id"]],
            }
            for row in rows
        ]


def _key(row):
    return (
        row["cover_policy_id"],
        row["cover_buyer_id"],
        row["partner_id"],
        row["cover_layer"],
    )
