# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import models
from odoo.tools import SQL, groupby

from ...engine.interest import Debt
from .credit_interest import LateItem


class CreditInterest(models.AbstractModel):
    """What late interest is computed from, one statement for each kind of fact."""

    _inherit = "credit.interest"  # pylint: disable=consider-merging-classes-inherited

    def _fetch_items(self, items, until):
        """The items that may bear interest, those due first in front.

        :return: list of LateItem
        """
        self.env.flush_all()
        item_ids = self._get_ids(items)
        rows = self.env.execute_query_dict(self._query_items(item_ids))
        starts = self._get_formal_notice_dates(
            [row["id"] for row in rows if row["consumer"]]
        )
        rows = [row for row in rows if not row["consumer"] or row["id"] in starts]
        moved = self._fetch_movements([row["id"] for row in rows])
        withheld, stops = self._fetch_withheld(rows), self._fetch_stops(rows)
        claimed = self._get_claimed([row["id"] for row in rows])
        return [
            LateItem(
                row,
                Debt(
                    amount=self._units(row, row["amount"]),
                    due=row["due"],
                    movements=tuple(
                        (day, -self._units(row, paid)) for day, paid in moved[row["id"]]
                    ),
                    withheld=withheld.get(row["id"], 0),
                    start=starts.get(row["id"]),
                    stop=self._get_stop(row, stops),
                ),
                self._units(row, claimed.get(row["id"], 0)),
            )
            for row in rows
        ]

    def _units(self, row, amount):
        return round(amount * row["scale"])

    def _get_stop(self, row, stops):
        stop = stops.get((row["partner_id"], row["root_id"]))
        return stop if stop and (row["issued"] < stop or stop == date.min) else None

    def _get_formal_notice_dates(self, line_ids):
        """Hook: since when consumers are in default (Code civil, article 1231-6).

        Consumers owe the legal rate, from a formal notice on.

        :param line_ids: ids of journal items
        :return: dict, id -> date on which a formal notice of it was received
        """
        return {}

    def _get_claimed(self, line_ids):
        """Hook: what was claimed of the interest of items, what was waived included.

        :param line_ids: ids of journal items
        :return: dict, id -> amount in the item's currency
        """
        return {}

    def _query_items(self, item_ids):
        return SQL(
            """SELECT l.id, l.move_id, l.amount_currency AS amount, l.currency_id,
                (10 ^ u.decimal_places)::int AS scale, l.company_id, c.id AS root_id,
                COALESCE(l.date_maturity, l.date) AS due, d.id AS partner_id,
                COALESCE(m.invoice_date, l.date) AS issued,
                l.amount_residual, l.amount_residual_currency,
                %(consumer)s AS consumer, t.mode, t.rate,
                COALESCE(f.interest_country_id, y.interest_country_id,
                    c.account_fiscal_country_id, h.country_id) AS country_id,
                c.credit_interest_fixed AS fixed, c.credit_interest_actual AS actual,
                c.credit_interest_per_item AS per_item,
                c.credit_interest_disputed AS disputed_too,
                CASE WHEN %(consumer)s THEN 0
                    ELSE COALESCE(c.credit_indemnity_amount, 0) END AS indemnity,
                %(indemnity_claimed)s AS indemnity_claimed
            FROM account_move_line l
            JOIN account_move m ON m.id = l.move_id
            JOIN res_currency u ON u.id = l.currency_id
            JOIN res_company b ON b.id = l.company_id
            JOIN res_company c ON c.id = split_part(b.parent_path, '/', 1)::int
            JOIN res_partner h ON h.id = c.partner_id
            JOIN res_partner p ON p.id = l.partner_id
            JOIN res_partner d ON d.id = p.commercial_partner_id
            %(terms)s
            WHERE l.id = ANY(%(items)s) AND l.parent_state = 'posted'
            AND l.amount_currency > 0 AND t.mode <> 'none' AND %(bears)s
            ORDER BY due, l.id""",
            items=item_ids,
            consumer=self._sql_consumer(),
            indemnity_claimed=self._sql_indemnity_claimed(),
            bears=self._sql_bears_interest(),
            terms=self._sql_terms(),
        )

    def _sql_terms(self):
        """The terms ``t`` of the debtor ``d`` in the root company ``c``.

        The credit file's, else the policy's ``y``, else the company's.
        """
        return SQL(
            """LEFT JOIN credit_profile f ON f.partner_id = d.id AND f.company_id = c.id
            LEFT JOIN credit_policy y ON y.id = COALESCE(
                f.policy_id, c.credit_default_policy_id, (SELECT id FROM credit_policy
                WHERE active AND (company_id IS NULL OR company_id = c.id)
                ORDER BY sequence, id LIMIT 1))
            CROSS JOIN LATERAL (SELECT
                COALESCE(f.interest_mode, y.interest_mode, c.credit_interest_mode) AS mode,
                COALESCE(CASE WHEN f.interest_mode IS NOT NULL THEN f.interest_rate
                    WHEN y.interest_mode IS NOT NULL THEN y.interest_rate
                    ELSE c.credit_interest_rate END, 0)::text AS rate) t"""
        )

    def _is_consumer(self, partner):
        """Whether a debtor is no professional, as :meth:`_sql_consumer` says.

        :param partner: ``res.partner``, the commercial one
        """
        partner.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                "SELECT FROM res_partner d WHERE d.id = %s AND %s",
                partner.id,
                self._sql_consumer(),
            )
        )
        return bool(rows)

    def _sql_consumer(self):
        """Hook: whether the debtor ``d`` is a consumer.

        Between professionals only: Code de commerce, articles L441-10 and D441-5. A person
        with a tax or company number is a professional.
        """
        return SQL(
            """(d.is_company IS NOT TRUE AND COALESCE(d.vat, '') IN ('', '/')
                AND COALESCE(d.company_registry, '') = '')"""
        )

    def _sql_indemnity_claimed(self):
        """Hook: whether the indemnity of the invoice ``m`` was claimed or waived."""
        return SQL("FALSE")

    def _sql_bears_interest(self):
        """Hook: which items ``l`` of entries ``m`` bear interest."""
        return SQL("m.move_type IN ('out_invoice', 'out_receipt', 'entry')")

    def _fetch_movements(self, line_ids):
        """Payments and credit notes by item: the day that counts, and the amount.

        A credit note counts from its own date. Money counts from the day on which the
        bank credited it, where a statement says so, else from the date of its entry;
        never from the day on which somebody matched it.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT x.debit_move_id, COALESCE(
                    CASE WHEN r.move_type = 'out_refund' THEN r.invoice_date END,
                    bank.date, k.date), x.debit_amount_currency
                FROM account_partial_reconcile x
                JOIN account_move_line k ON k.id = x.credit_move_id
                JOIN account_move r ON r.id = k.move_id
                LEFT JOIN account_payment y ON y.id = r.origin_payment_id
                LEFT JOIN LATERAL (SELECT MAX(s.date) AS date
                    FROM account_move_line o
                    JOIN account_partial_reconcile z ON z.debit_move_id = o.id
                    JOIN account_move_line s ON s.id = z.credit_move_id
                    WHERE o.move_id = r.id AND o.account_id = y.outstanding_account_id
                    AND s.statement_line_id IS NOT NULL) bank ON TRUE
                WHERE x.debit_move_id = ANY(%s) AND x.debit_amount_currency <> 0""",
                line_ids,
            )
        )
        moved = {line_id: [] for line_id in line_ids}
        for line_id, day, amount in rows:
            moved[line_id].append((day, amount))
        return moved

    def _fetch_withheld(self, rows):
        """What is disputed of the open items, first due first, in their currency."""
        rows = [row for row in rows if not row["disputed_too"]]
        disputed = dict(
            self.env.execute_query(
                SQL(
                    """SELECT move_id, SUM(amount) FROM credit_dispute
                    WHERE state = 'open' AND move_id = ANY(%s) GROUP BY move_id""",
                    [row["move_id"] for row in rows],
                )
            )
        )
        withheld = {}
        for row in rows:
            residual, left = row["amount_residual"], disputed.get(row["move_id"], 0)
            if left > 0 and residual > 0:
                part = min(left, residual)
                disputed[row["move_id"]] = left - part
                own = part * row["amount_residual_currency"] / residual
                withheld[row["id"]] = self._units(row, own)
        return withheld

    def _fetch_stops(self, rows):
        stops = {}
        for root_id, group in groupby(rows, lambda row: row["root_id"]):
            partners = {row["partner_id"] for row in group}
            root = self.env["res.company"].browse(root_id)
            found = self._get_interest_stops(partners, root)
            stops.update({(partner, root_id): day for partner, day in found.items()})
        return stops
