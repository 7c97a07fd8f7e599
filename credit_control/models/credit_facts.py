# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What rules want to know of a debtor: one more statement, and only when one asks."""

from collections import defaultdict, namedtuple

from odoo import models
from odoo.tools import SQL

from ..engine.case import fact_key
from ..engine.terms import Term, TermLine

LONGEST = 3650  # days: nobody grants more, and dates stay within the calendar
BEHAVIOUR_MONTHS = 12
MANY_ORDERS = 100  # beyond this nobody is new any more

# What a fact may depend on, besides the debtor ``d`` and its credit file ``f``.
# ``counted``: code of a component -> debtors whose policy counts it.
Ask = namedtuple("Ask", "root today partners terms but counted")


class CreditMeasure(models.AbstractModel):
    """Facts about debtors, fetched in one statement for all of them.

    An add-on adds the fact ``name`` by a method ``_fact_name(ask, *parameters)`` that
    returns the SQL of one value (integer, text, JSON or NULL for "unknown") about the
    debtor ``d.partner_id`` with the credit file ``f``, if any. What several facts read may
    be a source, see ``_get_fact_sources``.
    """

    _inherit = "credit.measure"  # pylint: disable=consider-merging-classes-inherited

    def _learn(self, positions, claims, documents=()):
        """Let positions know what their rules ask for: one statement, or none.

        To be called before positions make situations.

        :param positions: of one root company
        :param claims: what is asked for, for the payment terms in it
        :param documents: (model, id) pairs that are being decided
        """
        wanted = {p.partner_id: p.get_wanted_facts() for p in positions}
        facts = set().union(*wanted.values()) - {("status",)}
        if not facts:
            return
        ask = self._prepare_ask(positions, claims, documents)
        rows = self.env.execute_query_dict(self._query_facts(ask, facts))
        names = {name for name, *_parameters in facts}
        for claim in filter(None, claims):
            claim.learn(names)
        by_partner = {row["partner_id"]: row["facts"] for row in rows}
        for position in positions:
            found = by_partner[position.partner_id]
            for fact in wanted[position.partner_id] & facts:
                self._take_fact(position, fact, found[fact_key(*fact)])

    def _take_fact(self, position, fact, value):
        if fact[0] != "terms":
            position.facts[fact_key(*fact)] = value
            return
        position.facts["default_term"] = value["default"]
        position.terms = {
            int(key): self._prepare_term(term)
            for key, term in (value["terms"] or {}).items()
        }

    def _prepare_term(self, term):
        lines = [
            TermLine(
                delay_type,
                max(min(days or 0, LONGEST), 0),
                # As Odoo reads it: what is no number means the first of the month.
                int(day) if (day or "").isdigit() else 1,
            )
            for delay_type, days, day in term["lines"] or ()
        ]
        return Term(tuple(lines), term["discount"])

    def _prepare_ask(self, positions, claims, documents):
        root = self.env["res.company"].browse(positions[0].company_id)
        counted = defaultdict(list)
        for position in positions:
            for code in position.policy["components"]:
                counted[code].append(position.partner_id)
        return Ask(
            root=root,
            today=positions[0].today,
            partners=[position.partner_id for position in positions],
            terms=[term for claim in claims if claim for term in claim.terms if term],
            but=[res_id for model, res_id in documents if model == "sale.order"],
            counted=counted,
        )

    def _query_facts(self, ask, facts):
        # Speed: PostgreSQL does not work out a source that no fact reads.
        sources = self._get_fact_sources(ask)
        return SQL(
            """WITH %(sources)s
            SELECT d.partner_id, jsonb_build_object(%(facts)s) AS facts
            FROM unnest(%(partners)s::int[]) AS d(partner_id)
            LEFT JOIN credit_profile f
                ON f.partner_id = d.partner_id AND f.company_id = %(root)s""",
            sources=SQL(", ").join(
                SQL("%s AS MATERIALIZED (%s)", SQL.identifier(name), query)
                for name, query in sources.items()
            ),
            facts=SQL(", ").join(
                SQL("%s::text, %s", fact_key(*fact), self._get_fact(ask, *fact))
                for fact in sorted(facts, key=str)
            ),
            partners=ask.partners,
            root=ask.root.id,
        )

    def _get_fact(self, ask, name, *parameters):
        # The name comes from a registered kind, never from a user.
        return getattr(self, f"_fact_{name}")(ask, *parameters)

    def _get_fact_sources(self, ask):
        """Hook: queries that several facts read, by the name they read them by.

        :return: dict, name -> SQL
        """
        behaviour = self.env["credit.behaviour"]
        return {
            "overdue": self._query_overdue(ask),
            "missing": self.env["credit.opening.document"]._query_missing(
                ask.partners, ask.root
            ),
            "behaviour": behaviour._query_figures(
                ask.partners, ask.root, BEHAVIOUR_MONTHS
            ),
        }

    # === WHAT IS OVERDUE === #

    def _query_overdue(self, ask):
        """Overdue items and what is left of them after money on account.

        Money that is not matched yet pays the oldest items first, also those not due:
        nobody is held for an invoice that he paid. What the policy does not count
        because it is disputed is not overdue either.
        """
        return SQL(
            """SELECT s.partner_id, %(today)s::date - s.date_due AS days,
                ROUND(LEAST(s.amount, s.upto - s.credit)
                    * 10 ^ (SELECT u.decimal_places FROM res_currency u
                        WHERE u.id = s.currency_id))::bigint AS cents
            FROM (
                SELECT e.partner_id, e.date_due, e.currency_id, e.amount,
                    SUM(GREATEST(e.amount, 0)) OVER (
                        PARTITION BY e.partner_id ORDER BY e.date_due, e.id) AS upto,
                    -SUM(LEAST(e.amount, 0)) OVER (PARTITION BY e.partner_id) AS credit
                FROM (%(open)s) e
            ) s
            WHERE s.date_due < %(today)s AND s.amount > 0 AND s.upto > s.credit""",
            today=ask.today,
            open=self._query_open_items(ask),
        )

    def _query_open_items(self, ask):
        """Hook: what debtors owe on posted entries, and the money on account.

        :return: SQL of rows (partner_id, id, move_id, date_due, currency_id, amount)
        """
        receivable = self.env["credit.exposure"]._query_component("receivable")
        return SQL(
            """SELECT r.partner_id, r.id, r.res_id AS move_id, r.date_due, r.currency_id,
                CASE WHEN r.amount > 0 AND r.partner_id = ANY(%(undisputed)s::int[])
                    THEN GREATEST(r.amount - COALESCE(q.amount, 0), 0)
                    ELSE r.amount END AS amount
            FROM (%(receivable)s) r
            LEFT JOIN (SELECT move_id, SUM(amount) AS amount FROM credit_dispute
                WHERE state = 'open' AND move_id IS NOT NULL GROUP BY move_id) q
                ON q.move_id = r.res_id
            WHERE r.partner_id = ANY(%(partners)s) AND r.company_id = %(root)s""",
            undisputed=ask.counted["disputed"],
            receivable=receivable,
            partners=ask.partners,
            root=ask.root.id,
        )

    def _sql_overdue(self, value, floor, days=0):
        return SQL(
            """(SELECT COALESCE(%s, 0)::bigint FROM overdue o
            WHERE o.partner_id = d.partner_id AND o.cents >= %s AND o.days > %s)""",
            value,
            max(floor, 1),
            days,
        )

    def _fact_overdue_days(self, ask, floor):
        return self._sql_overdue(SQL("MAX(o.days)"), floor)

    def _fact_overdue_amount(self, ask, floor):
        return self._sql_overdue(SQL("SUM(o.cents)"), floor)

    def _fact_overdue_older(self, ask, days, floor):
        return self._sql_overdue(SQL("SUM(o.cents)"), floor, days)

    def _fact_late_days(self, ask):
        return SQL(
            """(SELECT ROUND(b.days_late_avg)::int FROM behaviour b
            WHERE b.partner_id = d.partner_id)"""
        )

    def _fact_price_cut(self, ask):
        # What a document with prices of its own says goes before this.
        return SQL("0")

    def _fact_dunning_level(self, ask):
        return self.env["credit.profile"]._sql_dunning_level()

    def _fact_broken_promises(self, ask):
        return SQL(
            """((SELECT COUNT(*) FROM credit_promise m WHERE m.profile_id = f.id
            AND (m.state = 'broken' OR (m.state = 'open' AND m.date < %(today)s))
            AND m.date >= %(today)s::date - 365)
            + (SELECT COUNT(*) FROM credit_instalment_plan m WHERE m.profile_id = f.id
            AND m.state = 'broken' AND m.date_broken >= %(today)s::date - 365))""",
            today=ask.today,
        )

    # === PAYMENT TERMS === #

    def _fact_terms(self, ask):
        partners = self.env["res.partner"].sudo().with_company(ask.root)
        return SQL(
            """(SELECT jsonb_build_object('default', x.id, 'terms', (
                SELECT jsonb_object_agg(t.id, jsonb_build_object(
                    'discount', CASE WHEN t.early_discount
                        THEN ROUND(t.discount_percentage * 100)::int ELSE 0 END,
                    'lines', (SELECT jsonb_agg(jsonb_build_array(
                            l.delay_type, l.nb_days, l.days_next_month) ORDER BY l.id)
                        FROM account_payment_term_line l WHERE l.payment_id = t.id)))
                FROM account_payment_term t WHERE t.id = ANY(%(terms)s) OR t.id = x.id))
            FROM (SELECT %(own)s AS id FROM res_partner
                WHERE res_partner.id = d.partner_id) x)""",
            terms=ask.terms,
            # sudo: the customer's own term does not depend on who asks (P7).
            own=partners._field_to_sql("res_partner", "property_payment_term_id"),
        )

    def _fact_line_terms(self, ask):
        return SQL(
            """COALESCE((SELECT jsonb_agg(jsonb_build_array(l.id, l.term_days_max)
                ORDER BY l.id) FROM credit_line l
            WHERE l.profile_id = f.id AND l.state = 'active'
            AND l.term_days_max > 0), '[]')"""
        )

    # === THE CREDIT FILE === #

    def _fact_line_expired(self, ask):
        return SQL(
            """(SELECT MAX(%(today)s::date - l.date_to) FROM credit_line l
            WHERE l.profile_id = f.id AND l.state = 'active'
            AND l.date_to < %(today)s AND l.date_to >= %(today)s::date - 365
            AND NOT EXISTS (SELECT FROM credit_line n
                WHERE n.profile_id = f.id AND n.kind_id = l.kind_id
                AND n.state = 'active'
                AND (n.date_from IS NULL OR n.date_from <= %(today)s)
                AND (n.date_to IS NULL OR n.date_to >= %(today)s)))""",
            today=ask.today,
        )

    def _fact_line_expiring(self, ask):
        return SQL(
            """(SELECT MIN(l.date_to - %(today)s::date) FROM credit_line l
            WHERE l.profile_id = f.id AND l.state = 'active'
            AND l.date_to >= %(today)s
            AND (l.date_from IS NULL OR l.date_from <= %(today)s)
            AND NOT EXISTS (SELECT FROM credit_line n
                WHERE n.profile_id = f.id AND n.kind_id = l.kind_id AND n.id <> l.id
                AND n.state = 'active'
                AND (n.date_from IS NULL OR n.date_from <= l.date_to + 1)
                AND (n.date_to IS NULL OR n.date_to > l.date_to)))""",
            today=ask.today,
        )

    def _fact_review_overdue(self, ask):
        return SQL("%s::date - f.review_date", ask.today)

    def _fact_opening_missing(self, ask):
        return SQL(
            """COALESCE((SELECT m.missing FROM missing m
                WHERE m.partner_id = d.partner_id), 0)"""
        )

    def _fact_score(self, ask):
        return SQL("CASE WHEN f.score_date IS NOT NULL THEN f.score END")

    def _fact_first_orders(self, ask):
        return SQL(
            """(SELECT COUNT(*) FROM (SELECT FROM res_partner p
                JOIN sale_order o ON o.partner_invoice_id = p.id
                JOIN res_company k ON k.id = o.company_id
                WHERE p.commercial_partner_id = d.partner_id AND o.state = 'sale'
                AND split_part(k.parent_path, '/', 1)::int = %s
                AND NOT (o.id = ANY(%s)) LIMIT %s) n)""",
            ask.root.id,
            ask.but,
            MANY_ORDERS,
        )
