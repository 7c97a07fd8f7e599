# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass, replace
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import decide
from ..engine.what_if import is_held, judge_again
from ..models.credit_hold import WAITING


@dataclass(frozen=True, eq=False)
class Asked:
    """A document in question.

    :ivar document: the record
    :ivar claim: its Claim
    :ivar str where: code of the component where it is counted already, or None
    :ivar str stage: of the result
    """

    document: models.BaseModel
    claim: object
    where: str | None
    stage: str


class CreditSimulationRun(models.AbstractModel):
    """The engine's part of a simulation: what is asked, measured once, decided twice."""

    _name = "credit.simulation.run"
    _description = "Run of a Credit Simulation"

    # === OPEN ORDERS AND HOLDS === #

    def _get_order_domain(self):
        """Hook: the orders that are decided."""
        company = Domain("company_id", "child_of", self.company_id.id)
        first = fields.Datetime.now() - timedelta(days=self.quotation_days)
        quoted = Domain("state", "in", ("draft", "sent"))
        quoted &= Domain("date_order", ">=", first)
        bound = Domain("state", "=", "sale") & Domain("credit_open_company", "!=", 0)
        return company & (quoted | bound)

    def _get_hold_domain(self):
        return Domain("company_id", "=", self.company_id.id) & Domain(
            "state", "in", list(WAITING)
        )

    def _find_debtors(self):
        """Who has open orders or waiting holds: ids of commercial partners."""
        # sudo: the answer must not depend on whose orders one may see (P7).
        orders = self.env["sale.order"].sudo().search(self._get_order_domain())
        holds = self.env["credit.hold"].sudo().search(self._get_hold_domain())
        debtors = orders.partner_invoice_id.commercial_partner_id | holds.partner_id
        return sorted(debtors.ids)

    def _run_orders(self, what_if, partner_ids):
        """Decide the open orders and holds of these debtors, now and then."""
        # sudo: as above; only the simulation's own rows are written.
        asked = self.sudo()._get_asked(partner_ids)
        positions = self.sudo()._measure(asked)
        known, owners = self._fetch_lines(list(positions))
        then = {
            partner_id: what_if.position(position, known, partner_id in owners)
            for partner_id, position in positions.items()
        }
        self.sudo()._learn(asked, positions, then)
        by_debtor, rows = {}, []
        for one in asked:
            by_debtor.setdefault(one.claim.partner_id, []).append(one)
        for partner_id, position in positions.items():
            mine = by_debtor[partner_id]
            before = self._judge(position, mine)
            moved = then[partner_id]
            after = self._judge(moved, mine)
            rows += [
                self._prepare_result(position, moved, one, before[one], after[one])
                for one in mine
            ]
        self.env["credit.simulation.result"].create(rows)

    def _get_asked(self, partner_ids):
        """The documents of debtors with what they ask for, the oldest first."""
        orders = self.env["sale.order"].search(
            self._get_order_domain()
            & Domain("partner_invoice_id.commercial_partner_id", "in", partner_ids),
            order="date_order, id",
        )
        holds = self.env["credit.hold"].search(
            self._get_hold_domain() & Domain("partner_id", "in", partner_ids)
        )
        held = {(hold.res_model, hold.res_id) for hold in holds}
        asked = []
        for order, claim in orders._get_credit_claims(proposed=True).items():
            if claim:
                waits = ("sale.order", order.id) in held
                stage = "confirmed" if order.state == "sale" else "quotation"
                asked.append(Asked(order, claim, None, "waiting" if waits else stage))
        seen = {(one.document._name, one.document.id) for one in asked}
        others = holds.filtered(lambda hold: (hold.res_model, hold.res_id) not in seen)
        return asked + self._get_asked_by_holds(others)

    def _get_asked_by_holds(self, holds):
        """Documents that wait and are no open orders: invoices, deliveries."""
        asked = []
        for model, waiting in holds.grouped("res_model").items():
            documents = self.env[model].browse(waiting.mapped("res_id")).exists()
            claims = documents._get_credit_claims(proposed=True)
            asked += [
                Asked(document, claim, document._get_credit_component(), "waiting")
                for document, claim in claims.items()
                if claim
            ]
        return asked

    def _measure(self, asked):
        keys = [(one.document._name, one.document.id) for one in asked]
        sources = [key for one in asked for key, _total in one.claim.sources]
        but = [key for one, key in zip(asked, keys, strict=True) if not one.where]
        debtors = {one.claim.partner_id for one in asked}
        if not debtors:
            return {}
        return self.env["credit.measure"]._get_positions(
            debtors, self.company_id, keys + sources, but
        )

    def _learn(self, asked, positions, then):
        """Let both worlds know the goods and facts that their lines and rules ask for."""
        keys = [(one.document._name, one.document.id) for one in asked]
        claims = [one.claim for one in asked]
        for world in (positions, then):
            if world:
                self.env["credit.document.mixin"]._credit_know(
                    list(world.values()), claims, keys
                )

    def _judge(self, position, asked):
        """Decide the documents of one debtor: verdicts by what was asked.

        Confirmed orders again, the oldest first; what passes counts for the next. On top
        of all of them each other document by itself, as its own preview does.
        """
        documents = {
            one: one.document._credit_ask(position, one.claim) for one in asked
        }
        bound = [one for one in asked if self._is_bound(one)]
        situation = position.situation([documents[one] for one in bound])
        verdicts = dict(zip(bound, decide(situation), strict=True))
        owed = tuple(item for one in bound for item in documents[one].items)
        position = replace(position, items=position.items + owed)
        mixin = self.env["credit.document.mixin"]
        for one in asked:
            if one not in verdicts:
                [(_situation, verdict)] = mixin._credit_judge(
                    position, [documents[one]], [one.where]
                )
                verdicts[one] = verdict
        return verdicts

    def _is_bound(self, one):
        return one.document._name == "sale.order" and one.document.state == "sale"

    def _fetch_lines(self, partner_ids):
        """What is known of lines: id -> (kind, origin), and who ever had one."""
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id, l.kind_id, l.origin, f.partner_id, l.state <> 'draft'
                    AND (l.date_from IS NULL OR l.date_from <= %s)
                FROM credit_profile f JOIN credit_line l ON l.profile_id = f.id
                WHERE f.company_id = %s AND f.partner_id = ANY(%s)""",
                self.company_id._credit_today(),
                self.company_id.id,
                partner_ids,
            )
        )
        known = {row[0]: (row[1], row[2]) for row in rows}
        return known, {row[3] for row in rows if row[4]}

    def _prepare_result(self, position, moved, one, before, after):
        """Hook: the values of one result row.

        :param Position position: of the debtor, as it is
        :param Position moved: as it would be
        :param Asked one: the document
        :param Verdict before: about the document as it is
        :param Verdict after: as it would be
        """
        unit = 10**self.company_id.currency_id.decimal_places
        now, then = self._get_outcome(before), self._get_outcome(after)
        return {
            "simulation_id": self.id,
            "name": one.document.display_name,
            "res_model": one.document._name,
            "res_id": one.document.id,
            "partner_id": position.partner_id,
            "policy_id": position.policy["id"],
            "user_id": one.document._get_credit_salesperson().id,
            "stage": one.stage,
            "now": now,
            "then": then,
            "change": self._get_change(now, then),
            "amount": one.claim.total / unit,
            "uncovered_now": before.added / unit if position.managed else 0.0,
            "uncovered_then": after.added / unit if moved.managed else 0.0,
            "reasons": self._word_reasons(after if then == "hold" else before),
        }

    def _get_outcome(self, verdict):
        return "hold" if verdict.outcome == "hold" else "pass"

    def _get_change(self, now, then):
        if then == "unknown":
            return "unknown"
        if now == then:
            return "same"
        return "held" if then == "hold" else "freed"

    def _word_reasons(self, verdict):
        """The names of the reasons for which a document is held."""
        names = self.env.cr.cache.get("credit_control.reason_names")
        if names is None:
            reasons = self.env["credit.reason"].search([("code", "!=", False)])
            names = {reason.code: reason.name for reason in reasons}
            self.env.cr.cache["credit_control.reason_names"] = names
        codes = [
            reason.code
            for reason in verdict.reasons
            if reason.effect in ("hold", "stop")
        ]
        return ", ".join(names.get(code, code) for code in codes)

    # === PAST DECISIONS === #

    def _find_decisions(self):
        """The last decision of each document in the period: ids, the newest last."""
        first = fields.Datetime.now() - timedelta(days=self.history_days)
        rows = self.env.execute_query(
            SQL(
                """SELECT MAX(id) FROM credit_decision
                WHERE company_id = %s AND create_date >= %s
                GROUP BY res_model, res_id ORDER BY 1""",
                self.company_id.id,
                first,
            )
        )
        return [row[0] for row in rows]

    def _run_history(self, what_if, decision_ids):
        """Replay decisions under the changes, from what was recorded."""
        # sudo: the company was checked; the answer must not depend on who looks (P7).
        decisions = (
            self.env["credit.decision"]
            .sudo()
            .search(
                [("id", "in", decision_ids), ("company_id", "=", self.company_id.id)]
            )
        )
        known, _owners = self._fetch_lines(decisions.partner_id.ids)
        payments = self._fetch_payments(decisions)
        rows = []
        for decision in decisions:
            verdict = self._replay(what_if, decision, known)
            payment = payments.get(decision.id, "open")
            rows.append(self._prepare_replayed(decision, verdict, payment))
        self.env["credit.simulation.result"].create(rows)

    def _replay(self, what_if, decision, known):
        """The verdict under the changes; None when what was recorded does not tell."""
        try:
            situation = what_if.situation(decision.inputs, decision.policy_id.id, known)
        except ValueError:
            return None
        return judge_again(situation, decision.result["key"])

    def _prepare_replayed(self, decision, verdict, payment):
        """Hook: the values of one replayed decision."""
        unit = 10**self.company_id.currency_id.decimal_places
        held = decision.outcome == "hold" or decision.is_released
        now = "hold" if held else "pass"
        then = "unknown"
        if verdict:
            then = "hold" if is_held(verdict) else "pass"
        return {
            "simulation_id": self.id,
            "decision_id": decision.id,
            "name": decision.document_name,
            "res_model": decision.res_model,
            "res_id": decision.res_id,
            "partner_id": decision.partner_id.id,
            "policy_id": decision.policy_id.id,
            "user_id": decision.user_id.id,
            "stage": "past",
            "now": now,
            "then": then,
            "change": self._get_change(now, then),
            "payment": payment,
            "amount": decision.amount,
            "uncovered_now": decision.uncovered,
            "uncovered_then": verdict.added / unit if verdict else 0.0,
            "reasons": self._word_reasons(verdict) if verdict else "",
        }

    def _fetch_payments(self, decisions):
        """How the invoices of decided documents were paid.

        :return: dict, decision id -> "late" when any was paid, or is open, too long after
            it was due; "good" when all were paid before; "open" otherwise
        """
        today = self.company_id._credit_today()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """WITH moves AS (%(moves)s)
                SELECT w.id, CASE
                    WHEN BOOL_OR(COALESCE(paid.day, %(today)s)
                        > COALESCE(l.date_maturity, l.date) + %(days)s) THEN 'late'
                    WHEN BOOL_AND(paid.day IS NOT NULL) THEN 'good' ELSE 'open' END
                FROM moves w
                JOIN account_move_line l ON l.move_id = w.move_id
                    AND l.parent_state = 'posted'
                JOIN account_account a ON a.id = l.account_id
                    AND a.account_type = 'asset_receivable'
                LEFT JOIN LATERAL (
                    SELECT MAX(c.date) AS day FROM account_partial_reconcile p
                    JOIN account_move_line c ON c.id = p.credit_move_id
                    WHERE p.debit_move_id = l.id AND l.reconciled) paid ON TRUE
                GROUP BY w.id""",
                moves=self._query_moves(decisions),
                today=today,
                days=self.late_days,
            )
        )
        return dict(rows)

    def _query_moves(self, decisions):
        """Hook: SQL of (decision id, customer invoice) for the documents decided."""
        return SQL(
            """SELECT d.id, i.move_id FROM credit_decision d
            JOIN sale_order_line s ON s.order_id = d.res_id
            JOIN sale_order_line_invoice_rel r ON r.order_line_id = s.id
            JOIN account_move_line i ON i.id = r.invoice_line_id
            JOIN account_move m ON m.id = i.move_id AND m.move_type = 'out_invoice'
            WHERE d.res_model = 'sale.order' AND d.id = ANY(%(decisions)s)
            UNION
            SELECT d.id, d.res_id FROM credit_decision d
            WHERE d.res_model = 'account.move' AND d.id = ANY(%(decisions)s)""",
            decisions=decisions.ids,
        )
