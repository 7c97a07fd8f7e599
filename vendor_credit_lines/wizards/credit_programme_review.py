# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from statistics import median

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine import concentration, match, quantile, simulate, split_loss

LEVELS = (0.5, 0.75, 0.9, 0.95, 0.99, 0.999)
SHORTEST = 14  # days; less says nothing about turnover
GOOD, BAD = 90, 50  # payment scores


def rate(part, whole):
    """A percentage; nothing of nothing is 0."""
    return 100.0 * part / whole if whole else 0.0


class CreditProgrammeReview(models.TransientModel):
    """Was it worth it: what a programme brought, and what it may cost."""

    _name = "credit.programme.review"
    _description = "Review of a Credit Programme"

    programme_id = fields.Many2one(
        "credit.programme", required=True, ondelete="cascade", readonly=True
    )
    currency_id = fields.Many2one(related="programme_id.company_id.currency_id")
    months = fields.Integer(
        default=6, string="Compare Months", help="At most so long before and after."
    )
    basis = fields.Selection(
        [("line", "All lines fully used"), ("used", "What is in use today")],
        default="line",
        required=True,
        string="At Risk",
    )
    default_percent = fields.Float(
        default=3.0,
        string="Defaults per Year",
        help="Of a customer of average payment behaviour, in percent. Half of it for those "
        "who pay on time, three times as much for those who pay very late.",
    )
    correlation = fields.Float(
        default=0.15, help="0: customers fail independently. 1: all at once."
    )
    recovered_percent = fields.Float(default=20.0, string="Recovered")

    line_count = fields.Integer(string="Lines", readonly=True)
    used_count = fields.Integer(string="In Use by", readonly=True)
    uptake = fields.Float(readonly=True)
    before = fields.Monetary(string="Turnover Before", readonly=True)
    after = fields.Monetary(string="Turnover After", readonly=True)
    other_before = fields.Monetary(string="Comparable: Before", readonly=True)
    other_after = fields.Monetary(string="Comparable: After", readonly=True)
    matched_count = fields.Integer(string="Compared Customers", readonly=True)
    extra = fields.Monetary(
        string="Extra Turnover",
        readonly=True,
        help="What customers with a line bought more than before, less what comparable "
        "customers without one did.",
    )
    used = fields.Monetary(string="In Use", readonly=True)
    overdue = fields.Monetary(readonly=True)
    lost = fields.Monetary(readonly=True)
    used_rate = fields.Float(readonly=True, help="In use, of the lines that are open.")
    overdue_rate = fields.Float(readonly=True, help="Overdue, of what is in use.")
    lost_rate = fields.Float(readonly=True, help="Lost, of all that was ever granted.")
    at_risk = fields.Monetary(string="At Risk in All", readonly=True)
    top_share = fields.Float(string="Ten Largest", readonly=True)
    equal_count = fields.Float(string="As Spread as Equal Customers", readonly=True)
    expected = fields.Monetary(string="Expected Loss", readonly=True)
    bad_year = fields.Monetary(string="Loss in a Bad Year (1 of 100)", readonly=True)
    bad_sponsor = fields.Monetary(string="Borne by the Sponsor", readonly=True)
    bad_own = fields.Monetary(string="Borne by Us", readonly=True)
    row_ids = fields.One2many("credit.programme.review.row", "review_id")
    loss_ids = fields.One2many("credit.programme.review.loss", "review_id")

    _sensible = models.Constraint(
        "CHECK(months BETWEEN 1 AND 24 AND correlation >= 0 AND correlation < 1"
        " AND default_percent > 0 AND default_percent < 100"
        " AND recovered_percent BETWEEN 0 AND 100)",
        "Please check the months, the correlation and the percentages.",
    )

    @api.depends("programme_id")
    def _compute_display_name(self):
        for review in self:
            review.display_name = review.programme_id.name

    def action_work_out(self):
        """Work all figures out anew."""
        self.ensure_one()
        self.check_access("write")
        self.programme_id.check_access("read")
        # sudo: figures of all customers of the programme, whoever serves them (P7).
        self.sudo()._work_out()
        return True

    def _work_out(self):
        grants = self.env["credit.grant"].search(
            [("programme_id", "=", self.programme_id.id), ("line_id", "!=", False)]
        )
        if not grants:
            raise UserError(self.env._("No line was opened yet."))
        self.row_ids.unlink()
        self.loss_ids.unlink()
        self._review_use(grants)
        self._review_turnover(grants)
        self._review_dunning(grants)
        self._review_risk(grants.filtered(lambda grant: grant.state == "active"))

    # === USE === #

    def _review_use(self, grants):
        statements = self.env["credit.programme.statement"]
        overdue = statements._get_overdue(
            grants.partner_id, self.programme_id.company_id
        )
        claims = self.env["credit.programme.claim"].search(
            [("grant_id", "in", grants.ids), ("state", "!=", "draft")]
        )
        used = {grant: grant.used_amount for grant in grants}
        late = {
            grant: min(amount, overdue.get(grant.partner_id.id, 0.0))
            for grant, amount in used.items()
        }
        users = [grant for grant, amount in used.items() if amount]
        lost = sum(map(self._to_company, claims, claims.mapped("amount")))
        self.write(
            {
                "line_count": len(grants),
                "used_count": len(users),
                "uptake": rate(len(users), len(grants)),
                "used": sum(used.values()),
                "overdue": sum(late.values()),
                "lost": lost,
                "used_rate": rate(sum(used.values()), self._sum_granted(grants, True)),
                "overdue_rate": rate(sum(late.values()), sum(used.values())),
                "lost_rate": rate(lost, self._sum_granted(grants)),
            }
        )

    def _sum_granted(self, grants, only_open=False):
        """What was granted, company currency."""
        if only_open:
            grants = grants.filtered(lambda grant: grant.state == "active")
        return sum(map(self._to_company, grants, grants.mapped("amount")))

    def _to_company(self, record, amount):
        company = self.programme_id.company_id
        return record.currency_id._convert(
            amount, company.currency_id, company, company._credit_today()
        )

    # === TURNOVER === #

    def _get_spans(self, grants):
        """The day on which each line opened, and how long to look before and after.

        :return: dict, partner id -> (date, number of days)
        """
        today = self.programme_id.company_id._credit_today()
        longest = self.months * 30
        return {
            grant.partner_id.id: (
                grant.date_from,
                min((today - grant.date_from).days, longest),
            )
            for grant in grants
            if (today - grant.date_from).days >= SHORTEST
        }

    def _review_turnover(self, grants):
        """Before and after, against comparable customers in the middle of the same time."""
        spans = self._get_spans(grants)
        if not spans:
            return
        mine = self._fetch_turnover(spans)
        start = min(start for start, _days in spans.values())
        days = int(median(days for _start, days in spans.values()))
        others = self._fetch_turnover(
            dict.fromkeys(self._get_others(grants), (start, days))
        )
        pairs = match(
            {key: before for key, (before, _after) in mine.items()},
            {key: before for key, (before, _after) in others.items()},
        )
        compared = {key: others[key] for key in pairs.values()}
        self._write_rows(mine, compared)
        growth = sum(mine[key][1] - mine[key][0] for key in pairs)
        normal = sum(after - before for before, after in compared.values())
        self.write(
            {
                "before": sum(before for before, _after in mine.values()),
                "after": sum(after for _before, after in mine.values()),
                "other_before": sum(before for before, _after in compared.values()),
                "other_after": sum(after for _before, after in compared.values()),
                "matched_count": len(pairs),
                "extra": growth - normal,
            }
        )

    def _get_others(self, grants):
        profiles = self.env["credit.profile"].search(
            [
                ("company_id", "=", self.programme_id.company_id.id),
                ("partner_id", "not in", grants.partner_id.ids),
            ]
        )
        return profiles.partner_id.ids

    def _fetch_turnover(self, spans):
        """Invoiced without taxes before and after a day.

        :param dict spans: partner id -> (day, number of days)
        :return: dict, partner id -> (before, after), company currency
        """
        if not spans:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT s.partner,
                    COALESCE(SUM(m.amount_untaxed_signed)
                        FILTER (WHERE m.invoice_date < s.day), 0)::float,
                    COALESCE(SUM(m.amount_untaxed_signed)
                        FILTER (WHERE m.invoice_date >= s.day), 0)::float
                FROM unnest(%s::int[], %s::date[], %s::int[]) AS s(partner, day, days)
                LEFT JOIN (account_move m JOIN res_company c ON c.id = m.company_id
                        AND split_part(c.parent_path, '/', 1)::int = %s)
                    ON m.commercial_partner_id = s.partner AND m.state = 'posted'
                    AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                    AND m.invoice_date >= s.day - s.days
                    AND m.invoice_date < s.day + s.days
                GROUP BY s.partner""",
                list(spans),
                [day for day, _days in spans.values()],
                [days for _day, days in spans.values()],
                self.programme_id.company_id.id,
            )
        )
        return {partner: (before, after) for partner, before, after in rows}

    def _write_rows(self, mine, compared):
        self.env["credit.programme.review.row"].create(
            [
                {
                    "review_id": self.id,
                    "partner_id": key,
                    "group": group,
                    "time": time,
                    "turnover": amount,
                }
                for group, found in (("with", mine), ("without", compared))
                for key, amounts in found.items()
                for time, amount in zip(("earlier", "later"), amounts, strict=True)
            ]
        )

    # === RISK === #

    def _review_risk(self, grants):
        """Simulate a year of defaults; see ``engine.loss.simulate`` for the method."""
        programme, terms = self.programme_id, self.programme_id.current_version_id
        names = self._get_names(grants)
        exposures = [exposure for exposure, _pd in names]
        recovered = self.recovered_percent / 100
        losses = simulate(names, self.correlation, recovered) if names else []
        unit = 10**self.currency_id.decimal_places
        bad = quantile(losses, 0.99)
        sponsor = sum(split_loss(bad, 0, sum(exposures), *terms._get_shares()))
        top, equal = concentration(exposures)
        self.write(
            {
                "at_risk": sum(exposures) / unit,
                "top_share": 100 * top,
                "equal_count": equal,
                "expected": sum(losses) / len(losses) / unit if losses else 0.0,
                "bad_year": bad / unit,
                "bad_sponsor": sponsor / unit,
                "bad_own": (bad - sponsor) / unit,
            }
        )
        self.env["credit.programme.review.loss"].create(
            [
                {
                    "review_id": self.id,
                    "name": f"{level:.1%}",
                    "loss": quantile(losses, level) / unit,
                }
                for level in LEVELS
                if programme and losses
            ]
        )

    def _get_names(self, grants):
        """Exposure in cents and probability of default of each customer."""
        unit = 10**self.currency_id.decimal_places
        scores = self.programme_id.current_version_id._get_scores(grants.partner_id)
        names = []
        for grant in grants:
            amount = (
                grant.used_amount
                if self.basis == "used"
                else self._to_company(grant, grant.amount)
            )
            names.append(
                (round(amount * unit), self._get_pd(scores[grant.partner_id.id]))
            )
        return [name for name in names if name[0]]

    def _get_pd(self, score):
        """Hook: the probability that a customer of this score fails within a year."""
        base = self.default_percent / 100
        if score is None or BAD <= score < GOOD:
            return base
        return base / 2 if score >= GOOD else min(3 * base, 0.99)

    def action_open_turnover(self):
        return self._open(
            "credit.programme.review.row", self.env._("Turnover Before and After")
        )

    def action_open_losses(self):
        return self._open(
            "credit.programme.review.loss", self.env._("Losses of a Year")
        )

    def _open(self, model, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "graph"), (False, "list"), (False, "pivot")],
            "domain": [("review_id", "=", self.id)],
        }


class CreditProgrammeReviewRow(models.TransientModel):
    """Turnover of one customer before or after."""

    _name = "credit.programme.review.row"
    _description = "Turnover before and after a Programme"
    _order = "turnover desc, id"

    review_id = fields.Many2one(
        "credit.programme.review", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="review_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer", ondelete="cascade")
    group = fields.Selection(
        [("with", "With line"), ("without", "Comparable, without")]
    )
    # Charts show groups in the order of the stored words.
    time = fields.Selection([("earlier", "Before"), ("later", "After")])
    turnover = fields.Monetary(aggregator="sum")


class CreditProgrammeReviewLoss(models.TransientModel):
    """The loss that is not exceeded in so many of all simulated years."""

    _name = "credit.programme.review.loss"
    _description = "Simulated Loss of a Programme"
    _order = "loss, id"

    review_id = fields.Many2one(
        "credit.programme.review", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="review_id.currency_id")
    name = fields.Char(string="In so Many Years at Most")
    loss = fields.Monetary(aggregator="sum")
