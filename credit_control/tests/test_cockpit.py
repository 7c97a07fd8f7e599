# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ..engine import allocate
from ..exceptions import CreditHoldError
from .common import CreditCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestCockpit(CreditCommon):
    """The cockpit tells what the gate would tell, all debtors together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.account_sale_tax_id = False
        cls.debtors = cls.env["res.partner"].create(
            [{"name": f"Debtor {number}", "is_company": True} for number in range(4)]
        )
        cls.covered, cls.over, cls.scoped, cls.unmanaged = cls.debtors
        cls._give_line(1000, partner=cls.covered, kind="own")
        cls._give_line(300, partner=cls.covered, kind="insured")
        cls._give_line(500, partner=cls.over)
        cls._give_line(
            200, partner=cls.scoped, product_ids=[Command.set(cls.goods.ids)]
        )
        cls._invoice_late(cls.covered, 700, 10)
        cls._invoice_late(cls.over, 900, 45)
        cls._invoice_late(cls.scoped, 350, 0)
        cls._invoice_late(cls.unmanaged, 80, 5)

    @classmethod
    def _invoice_late(cls, partner, amount, days):
        today = cls.company._credit_today()
        return cls._new_invoice(
            amount,
            partner=partner,
            invoice_date=today - timedelta(days=days),
            invoice_date_due=today - timedelta(days=days),
            invoice_payment_term_id=False,
        )

    def _figures(self, user=None):
        cockpit = self.env["credit.cockpit"].with_user(user or self.viewer)
        return cockpit.get_figures()

    def _sum(self, action, name="amount"):
        model = self.env[action["res_model"]].with_user(self.viewer)
        return sum(model.search(action["domain"]).mapped(name))

    def _by_engine(self):
        """Use by kind and what is uncovered, debtor by debtor."""
        positions = self.env["credit.measure"]._get_positions(
            self.debtors.ids, self.company
        )
        used, uncovered = {}, {}
        for partner_id, position in positions.items():
            if not position.managed:
                continue
            allocation = allocate(position.items, position.engine_lines)
            uncovered[partner_id] = allocation.uncovered / 100
            for line_id, cents in allocation.used.items():
                kind = self.env["credit.line"].browse(line_id).kind_id.id
                used[kind] = used.get(kind, 0) + cents / 100
        return used, uncovered

    def test_p1_lines_are_used_as_the_engine_uses_them(self):
        used, uncovered = self._by_engine()
        figures = self._figures()
        self.assertEqual({row["id"]: row["used"] for row in figures["kinds"]}, used)
        tile = figures["tiles"]["uncovered"]
        self.assertEqual(tile["amount"], sum(uncovered.values()))
        self.assertEqual(tile["count"], 2)

    def test_p1_every_amount_opens_the_records_it_is_made_of(self):
        figures = self._figures()
        for row in [*figures["ages"], *figures["policies"]]:
            amount = row.get("exposure", row.get("amount"))
            self.assertAlmostEqual(self._sum(row["action"]), amount, msg=row["name"])
        tiles = figures["tiles"]
        self.assertAlmostEqual(tiles["exposure"]["amount"], 2030)
        for name in ("exposure", "lines", "overdue"):
            self.assertAlmostEqual(
                self._sum(tiles[name]["action"]), tiles[name]["amount"], msg=name
            )
        over = self.env["res.partner"].with_user(self.viewer)
        over = over.search(tiles["uncovered"]["action"]["domain"])
        self.assertEqual(over, self.over | self.scoped)

    def test_p1_another_policy_counts_by_itself(self):
        other = self.policy.copy({"name": "Other"})
        other.component_ids = self.env.ref(
            "credit_control.credit_exposure_component_order"
        )
        self.env["credit.profile"]._get_or_create(
            self.over, self.company
        ).policy_id = other
        rows = {row["id"]: row for row in self._figures()["policies"]}
        self.assertEqual(rows[other.id]["exposure"], 0)
        self.assertEqual(rows[self.policy.id]["exposure"], 1130)
        self.assertAlmostEqual(self._sum(rows[self.policy.id]["action"]), 1130)
        items = self.env["credit.exposure"].with_user(self.viewer)
        items = items.search([("partner_id", "=", self.over.id)])
        self.assertEqual(items.policy_id, other)

    def test_what_lines_leave_over_and_what_is_late(self):
        figures = self._figures()
        risks = [(row["partner_id"], row["uncovered"]) for row in figures["risks"]]
        self.assertEqual(risks[0], (self.over.id, 400))
        self.assertEqual(risks[1:], [(self.covered.id, 0), (self.scoped.id, 150)])
        self.assertEqual(
            [row["days"] for row in figures["oldest"]],
            [45, 10, 5],
        )
        self.assertEqual(figures["tiles"]["exposure"]["unmanaged"], 80)

    def test_holds_by_age_and_reason(self):
        order = self._new_order(5000, partner=self.covered)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._record_holds()
        hold = order.sudo().credit_hold_id
        hold.date_held = fields.Datetime.now() - timedelta(days=5)
        hold.request_release("sale.order", order.id, "please")
        self.env.flush_all()
        figures = self._figures()
        ages = [row for row in figures["hold_ages"] if row["count"]]
        self.assertEqual([row["amount"] for row in ages], [5000])
        self.assertEqual(self._sum(ages[0]["action"]), 5000)
        reason = figures["hold_reasons"][0]
        self.assertEqual((reason["count"], self._sum(reason["action"])), (1, 5000))
        waiting = figures["waiting"]
        self.assertEqual([row["model"] for row in waiting], ["credit.hold"])
        self.assertEqual(figures["tiles"]["waiting"]["count"], 1)

    def test_lines_that_end_soon(self):
        soon = self._give_line(70, partner=self.covered, date_to=self._today(10))
        self._give_line(60, partner=self.covered, date_to=self._today(90))
        self.env.flush_all()
        figures = self._figures()
        self.assertEqual([row["id"] for row in figures["expiring"]], soon.ids)
        tile = figures["tiles"]["expiring"]
        self.assertEqual((tile["amount"], self._sum(tile["action"])), (70, 70))

    def test_p7_same_figures_whoever_looks_from_whichever_branch(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.analyst.write(
            {"company_ids": [Command.set(branch.ids)], "company_id": branch.id}
        )
        figures, theirs = self._figures(), self._figures(self.analyst)
        self.assertEqual(theirs["tiles"], figures["tiles"])
        self.assertEqual(theirs["risks"], figures["risks"])

    def test_a_salesperson_gets_nothing(self):
        with self.assertRaises(AccessError):
            self._figures(self.salesman)

    def test_a_company_without_lines_is_empty(self):
        self.env["credit.line"].search([]).write({"state": "ended"})
        self.env.flush_all()
        figures = self._figures(self.manager)
        self.assertTrue(figures["is_empty"] and figures["can_set_up"])
        self.assertFalse(self._figures()["can_set_up"])

    def test_p1_the_number_of_statements_does_not_grow(self):
        few = self._count()
        debtors = self.env["res.partner"].create(
            [{"name": f"More {number}", "is_company": True} for number in range(30)]
        )
        for debtor in debtors:
            self._give_line(100, partner=debtor)
            self._invoice_late(debtor, 150, 3)
        self.assertLessEqual(self._count(), few)

    def _count(self):
        self._figures()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self._figures()
        return self.cr.sql_log_count - before

    def test_the_plan_of_the_book_walks_along_what_is_open(self):
        """The plan goes to the log; history is reached by the index of open items."""
        self.env.flush_all()
        self.cr.execute("SET LOCAL enable_seqscan = off")
        query = self.env["credit.cockpit"]._query_book(self.company)
        self.cr.execute(SQL("EXPLAIN (COSTS OFF) %s", query))
        plan = "\n".join(line for (line,) in self.cr.fetchall())
        _logger.info("Plan of the cockpit's main statement:\n%s", plan)
        self.assertNotIn("Seq Scan on account_move_line", plan)
        self.assertNotIn("Seq Scan on sale_order ", plan)
