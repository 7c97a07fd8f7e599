# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..callers import is_id

DUNNERS = (
    "credit_control.credit_control_group_analyst",
    "account.group_account_invoice",
)
NEUTRAL = 50  # the score of who has none
MOST_PASSED = 500


class CreditDunningCall(models.AbstractModel):
    """The call screen: the next debtor by priority, kept for one caller at a time."""

    _name = "credit.dunning.call"
    _description = "Call Screen"

    # === FOR THE WEB CLIENT === #

    @api.model
    def get_next(self, passed: list | None = None, only_mine: bool = False):
        """The next debtor to call, kept for the caller for some minutes.

        :param passed: ids of debtors that the caller passed over
        :param only_mine: only debtors whose credit analyst the caller is
        :return: dict, the card of the debtor (see ``_get_card``) with ``left``: how many
            wait, this one included; or only ``left``: 0 when nobody waits
        :raise AccessError: for who does not follow up
        """
        self._check_caller()
        root = self.env.company.root_id
        passed = [key for key in list(passed or [])[-MOST_PASSED:] if is_id(key)]
        # sudo: who follows up calls whoever is overdue; whom does not depend on his rights.
        row = self.sudo()._claim(root, passed, bool(only_mine))
        if not row:
            return {"left": 0, "held": self.sudo()._count_held(root)}
        return {**self.sudo()._get_card(root, row["partner_id"]), "left": row["left"]}

    @api.model
    def open(self, partner_id: int):
        """A given debtor, kept for the caller.

        :raise UserError: when somebody else has it on his screen, with his name
        """
        self._check_caller()
        partner = self.env["res.partner"].browse(
            partner_id if is_id(partner_id) else []
        )
        partner.check_access("read")
        root = self.env.company.root_id
        debtor = partner.exists().commercial_partner_id
        if not debtor:
            raise UserError(self.env._("This customer does not exist any more."))
        # sudo: see ``get_next``.
        self.sudo()._keep(root, debtor)
        return {**self.sudo()._get_card(root, debtor.id), "left": 1}

    @api.model
    def release(self, partner_id: int):
        """Give a debtor back to the others without a result."""
        self._check_caller()
        # sudo: only the caller's own lock.
        self.env["credit.dunning.call.lock"].sudo().search(
            [("user_id", "=", self.env.uid)]
        ).filtered(lambda lock: lock.partner_id.id == partner_id).unlink()
        return True

    def _check_caller(self):
        if not any(map(self.env.user.has_group, DUNNERS)):
            raise AccessError(
                self.env._("Calls are for accountants and credit analysts.")
            )

    # === WHO IS NEXT === #

    def _claim(self, root, passed, only_mine):
        """Choose and keep the next debtor, in one statement.

        Two callers who ask at the same moment choose the same row; the unique index
        lets one of them in, and the other's transaction is repeated by Odoo.

        :return: dict with ``partner_id`` and ``left``, or None
        """
        self.env.flush_all()
        rows = self.env.execute_query_dict(self._query_claim(root, passed, only_mine))
        self.env["credit.dunning.call.lock"].invalidate_model()
        return rows[0] if rows else None

    def _query_claim(self, root, passed, only_mine):
        now = fields.Datetime.now()
        return SQL(
            """WITH ranked AS MATERIALIZED (%(ranked)s),
            free AS (
                SELECT r.*, COUNT(*) OVER () AS left,
                    k.user_id IS NOT NULL AS mine
                FROM ranked r
                LEFT JOIN credit_dunning_call_lock k
                    ON k.partner_id = r.partner_id AND k.company_id = %(root)s
                    AND k.until > %(now)s
                WHERE COALESCE(k.user_id, %(me)s) = %(me)s
                AND NOT r.partner_id = ANY(%(passed)s::int[])
                ORDER BY mine DESC, r.back DESC, r.priority DESC, r.partner_id
                LIMIT 1
            ), claimed AS (
                INSERT INTO credit_dunning_call_lock AS k
                    (partner_id, company_id, user_id, until)
                SELECT partner_id, %(root)s, %(me)s, %(until)s FROM free
                ON CONFLICT (partner_id, company_id) DO UPDATE
                SET user_id = EXCLUDED.user_id, until = EXCLUDED.until
                WHERE k.until <= %(now)s OR k.user_id = %(me)s
                RETURNING partner_id
            )
            SELECT f.partner_id, f.left FROM claimed
            JOIN free f ON f.partner_id = claimed.partner_id""",
            ranked=self._query_ranked(root, only_mine),
            root=root.id,
            me=self.env.uid,
            passed=passed,
            now=now,
            until=now + timedelta(minutes=root.credit_call_minutes or 1),
        )

    def _query_ranked(self, root, only_mine=False):
        """Hook: who is to be called, with a priority.

        Priority is lateness (days of the oldest item) x amount overdue (credits taken
        off) x risk (101 less the score; 50 without one), each to the power of its weight
        in the settings. Whose call back is due comes first.

        :return: SQL of partner_id, amount, late, back (bool) and priority
        """
        return SQL(
            """SELECT d.partner_id, d.amount, d.late,
                COALESCE(last.call_back <= %(today)s, FALSE) AS back,
                power(d.late, %(by_late)s) * power(d.amount, %(by_amount)s)
                    * power(101 - CASE WHEN f.score_date IS NULL THEN %(neutral)s
                        ELSE COALESCE(f.score, 0) END, %(by_score)s) AS priority
            FROM (%(debtors)s) d
            LEFT JOIN credit_profile f ON f.partner_id = d.partner_id
                AND f.company_id = %(root)s
            LEFT JOIN LATERAL (
                SELECT c.call_back, (c.create_date AT TIME ZONE 'UTC'
                    AT TIME ZONE %(zone)s)::date AS day
                FROM credit_dunning_contact c WHERE c.profile_id = f.id
                ORDER BY c.id DESC LIMIT 1
            ) last ON TRUE
            WHERE (last.day IS NULL OR last.day < %(today)s)
            AND COALESCE(last.call_back, %(today)s) <= %(today)s
            AND (NOT %(mine)s OR f.analyst_id = %(me)s)""",
            debtors=self._query_debtors(root),
            root=root.id,
            today=root._credit_today(),
            zone=root.partner_id.tz or "UTC",
            by_late=root.credit_call_weight_late,
            by_amount=root.credit_call_weight_amount,
            by_score=root.credit_call_weight_score,
            neutral=NEUTRAL,
            mine=only_mine,
            me=self.env.uid,
        )

    def _query_debtors(self, root):
        """Who owes something overdue that no answer excuses, credits taken off."""
        return SQL(
            """SELECT i.partner_id, SUM(i.amount)::float AS amount,
                MAX(i.late) FILTER (WHERE i.amount > 0) AS late
            FROM (%(items)s) i
            WHERE NOT EXISTS (SELECT FROM (%(skips)s) s
                WHERE s.partner_id = i.partner_id AND s.line_id IS NULL)
            AND NOT EXISTS (SELECT FROM (%(skips)s) s WHERE s.line_id = i.line_id)
            GROUP BY i.partner_id
            HAVING SUM(i.amount) > 0 AND MAX(i.late) FILTER (WHERE i.amount > 0) > 0""",
            items=self._query_items(root),
            skips=self._query_skips(root),
        )

    def _query_items(self, root, partner_id=None):
        """What is overdue, and every credit (P1): the receivable items of the exposure."""
        return SQL(
            """SELECT r.partner_id, r.id / 16 AS line_id, r.name, r.amount, r.date_due,
                r.res_id, %(today)s::date - r.date_due AS late
            FROM (%(receivable)s) r
            WHERE r.company_id = %(root)s AND (r.amount < 0 OR r.date_due < %(today)s)
            %(own)s""",
            receivable=self.env["credit.exposure"]._query_component("receivable"),
            root=root.id,
            today=root._credit_today(),
            own=SQL("AND r.partner_id = %s", partner_id) if partner_id else SQL(),
        )

    def _query_skips(self, root):
        run = self.env["credit.dunning.run"]
        branches = run._get_skip_branches(root, root._credit_today())
        return SQL(" UNION ALL ").join(
            SQL(
                """SELECT b.partner_id, b.line_id
                FROM (%s) b(partner_id, line_id, until, res_id)""",
                branch.query,
            )
            for branch in branches.values()
        )

    # === LOCKS === #

    def _keep(self, root, debtor):
        locks = self.env["credit.dunning.call.lock"]
        lock = locks.search(
            [("partner_id", "=", debtor.id), ("company_id", "=", root.id)]
        )
        now = fields.Datetime.now()
        if lock and lock.until > now and lock.user_id != self.env.user:
            raise UserError(
                self.env._(
                    "%(user)s is calling %(customer)s.",
                    user=lock.user_id.name,
                    customer=debtor.display_name,
                )
            )
        until = now + timedelta(minutes=root.credit_call_minutes or 1)
        values = {"user_id": self.env.uid, "until": until}
        if lock:
            lock.write(values)
        else:
            locks.create(values | {"partner_id": debtor.id, "company_id": root.id})

    def _count_held(self, root):
        return self.env["credit.dunning.call.lock"].search_count(
            [
                ("company_id", "=", root.id),
                ("user_id", "!=", self.env.uid),
                ("until", ">", fields.Datetime.now()),
            ]
        )
