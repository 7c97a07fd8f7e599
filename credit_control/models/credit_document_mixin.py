# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from dataclasses import replace

from odoo import api, models
from odoo.exceptions import MissingError

from ..engine import decide
from .credit_gate import OPEN_GATE, Gate


class CreditDocumentMixin(models.AbstractModel):
    """A document that makes its debtor owe more, and therefore passes the gate.

    A consumer implements ``_get_credit_claims`` and wraps each change that may bind
    credit in ``_credit_gate``. Then what is owed before and after is compared, and
    growth that does not fit raises, with everything rolled back (P4). No context key,
    group or superuser mode is asked (P2).
    """

    _name = "credit.document.mixin"
    _description = "Document That Uses Credit"

    # Which documents of other sessions count as in flight: those of the same lane.
    _credit_lane = "debt"

    # === WHAT A CONSUMER DECLARES === #

    def _get_credit_claims(self, proposed=False):
        """What each document makes its debtor owe.

        :param bool proposed: also documents that bind no credit yet, as if they did
        :return: dict, document -> Claim, or None when it binds no credit
        """
        raise NotImplementedError

    def _get_credit_salesperson(self):
        """Who is told about holds of this document.

        :return: ``res.users``, at most one
        """
        return self.env["res.users"]

    def _get_credit_component(self):
        """Hook: where a document is counted already when the gate looks.

        :return: str, code of the component of exposure; one that is not counted for a
            document that is not there yet. None for documents of a model that is left
            out of the exposure, and compared with it; there is one such model.
        """
        return None

    def _get_credit_name(self, held=False):
        """Hook: how people know the document.

        :param bool held: whether what gave it its name is about to be rolled back
        """
        return self.display_name

    def _is_credit_unseen(self, position):
        """Hook: whether others cannot see yet what passes here, so that it is reserved.

        False for what a document that was committed before shows already (P3).

        :param Position position: the debtor
        """
        return True

    def _may_request_credit_release(self, user):
        """Hook: who works on such documents, and therefore may ask for a release."""
        return user.has_group("sales_team.group_sale_salesman")

    def _get_credit_paid(self):
        """Cents taken for this document that no entry shows yet."""
        return 0

    def _is_credit_money_taken(self):
        """Whether money was taken for this very change: then it must not fail (P5)."""
        return False

    def _get_credit_checkpoint(self, before):
        """Hook: the code of the ``credit.checkpoint`` that the document passes.

        Asked only where the claim does not name one.

        :param Claim before: what it owed until now, or None
        """
        return ""

    @api.model
    def _query_credit_taken(self, ids):
        """Hook: for which of these documents money was taken that no entry may show.

        :param SQL ids: an array of ids of this model
        :return: SQL, one column of ids; None when no money comes for such documents
        """
        return None

    @api.model
    def _query_credit_taken_guard(self, ids):
        """Hook: a query cheap to plan that finds a row whenever the one above does.

        :param SQL ids: an array of ids of this model
        :return: SQL, or None to ask :meth:`_query_credit_taken` at once
        """
        return None

    @api.model
    def _query_credit_split(self, ids):
        """Hook: of which products these documents are made, for lines with a scope.

        :param SQL ids: an array of ids of this model, as named by ``credit.exposure``
        :return: SQL, columns id and jsonb ``{product id or "0": weight}``; None when the
            exposure names no such document
        """
        return None

    # === THE GATE === #

    @contextmanager
    def _credit_gate(self):
        """Let a change happen, then decide whether it stands.

        Changes inside the block that are gated themselves only add their documents:
        one outermost change, one decision per document.
        """
        cache = self.env.cr.cache
        gate = cache.get(OPEN_GATE)
        if gate is not None:
            gate.watch(self)
            yield gate
            return
        gate = cache[OPEN_GATE] = Gate()
        try:
            gate.watch(self)
            yield gate
        finally:
            del cache[OPEN_GATE]
        self._credit_decide(gate)

    @api.model
    def _credit_decide(self, gate):
        """Decide all documents of a gate, model by model and root company by company."""
        by_model = {}
        for document, before in gate.before.items():
            by_model.setdefault(document._name, []).append((document, before))
        for model, changes in by_model.items():
            self.env[model]._credit_decide_changes(changes)

    @api.model
    def _credit_decide_changes(self, changes):
        documents = self.browse(document.id for document, _before in changes)
        try:
            after = documents.sudo()._get_credit_claims()
        except MissingError:
            after = documents.exists().sudo()._get_credit_claims()
        self._credit_note_freed(changes, after)
        by_company = {}
        for document, before in changes:
            claim = after.get(document)
            if claim and claim.grows_beyond(before):
                by_company.setdefault(claim.company_id, []).append(
                    (document, claim, before)
                )
        for company_id, grown in by_company.items():
            company = self.env["res.company"].sudo().browse(company_id)
            self.sudo()._credit_decide_growth(company, grown)

    @api.model
    def _credit_note_freed(self, changes, after):
        """Look again at the holds of debtors whose documents shrank."""
        freed = {b.partner_id for d, b in changes if b and b.grows_beyond(after.get(d))}
        freed |= {c.partner_id for c in after.values() if c and c.has_credit}
        cause = self.env._("An order changed.")
        self.env["credit.profile"]._debtors_changed(freed, cause)

    @api.model
    def _credit_decide_growth(self, company, grown):
        """Measure, reserve, decide, record; raise when something is held.

        :param company: root company
        :param grown: list of (document, claim after, claim before or None)
        """
        positions = self._credit_measure(
            company,
            {document: after for document, after, _before in grown},
            [before for _document, _after, before in grown if before],
        )
        managed = {key: p for key, p in positions.items() if p.is_gated}
        if not managed:
            return
        self._credit_know(
            list(managed.values()),
            [claim for _document, *claims in grown for claim in claims if claim],
            [(document._name, document.id) for document, *_claims in grown],
        )
        results = self._credit_evaluate(company, managed, grown)
        self._credit_conclude(company, results)

    @api.model
    def _credit_measure(self, company, claims, before=()):
        """Measure the debtors of these documents.

        :param company: root company
        :param dict claims: document -> Claim
        :param before: further claims whose goods have to be known
        :return: dict, partner id -> Position
        """
        keys = [(self._name, document._origin.id or 0) for document in claims]
        sources = [key for claim in claims.values() for key in claim.source_keys]
        return self.env["credit.measure"]._get_positions(
            {claim.partner_id for claim in claims.values()},
            company,
            keys + sources,
            () if any(d._get_credit_component() for d in claims) else keys,
            {product for c in (*claims.values(), *before) for product in c.products},
        )

    @api.model
    def _credit_evaluate(self, company, positions, grown):
        """Decide under the debtors' locks; what passes is reserved.

        :return: list of (document, situation, verdict, position)
        """
        taken, unseen = set(), set()
        todo = []
        for partner_id, position in positions.items():
            mine = [change for change in grown if change[1].partner_id == partner_id]
            records = [document for document, *_claims in mine]
            taken |= {d for d in records if d._is_credit_money_taken()}
            unseen |= {d for d in records if d._is_credit_unseen(position)}
            asked = [
                d._credit_ask(position, after, before) for d, after, before in mine
            ]
            components = [d._get_credit_component() for d in records]
            todo.append((position, records, asked, components))
        results = []
        pools = {p.pool.key: p.pool for p in positions.values() if p.pool}.values()
        # Locked for milliseconds: only plain Python inside, no query of ours.
        desks, debtors = self.env["credit.reservation"], list(positions)
        session = next(iter(positions.values())).session
        with desks._locked(company, debtors, self._credit_lane, session, pools) as desk:
            self._credit_share(pools, todo, desk)
            for position, records, asked, components in todo:
                in_flight = desk.in_flight.get(position.partner_id, ())
                judged = self._credit_judge(position, asked, components, in_flight)
                if position.pool:
                    position.pool.settle(position.partner_id, judged, components)
                for record, document, (situation, verdict) in zip(
                    records, asked, judged, strict=True
                ):
                    results.append((record, situation, verdict, position))
                    passes = verdict.outcome != "hold" or record in taken
                    if passes and record in unseen:
                        self._credit_reserve(desk, position, document)
        return results

    @api.model
    def _credit_judge(self, position, asked, components, in_flight=()):
        """Let the engine decide documents of one debtor. Plain Python, no query.

        New debts one after another: what passes counts for the next. What is counted
        already each on its own, because none of them changes what is owed.

        :param asked: what :meth:`_credit_ask` made of the documents, of any model
        :param components: for each its :meth:`_get_credit_component`
        :param in_flight: items that other sessions reserved
        :return: list, of (situation, verdict), one per document
        """
        pairs = list(zip(asked, components, strict=True))
        new = [document for document, component in pairs if not component]
        together = position.situation(new, in_flight)
        verdicts = iter(decide(together))
        judged = []
        for document, component in pairs:
            if component:
                left_out = position.left_out.get(document.key.split(",")[0], ())
                if component in position.policy["components"]:
                    left_out += document.items
                alone = position.situation([document], in_flight, left_out)
                judged.append((alone, decide(alone)[0]))
            else:
                judged.append((together, next(verdicts)))
        return judged

    def _credit_ask(self, position, claim, before=None):
        """Build the engine's document; what was paid is read only where money came."""
        key = (self._name, self._origin.id or 0)
        if key in position.taken:
            claim = replace(claim, paid=self._get_credit_paid())
        claim = self._credit_name_step(claim, before)
        return position.document(key, claim, before, self._get_credit_component())

    def _credit_name_step(self, claim, before=None):
        """Say which checkpoint the claim passes, where it does not say so itself."""
        step = claim.checkpoint or self._get_credit_checkpoint(before)
        return replace(claim, checkpoint=step)

    @api.model
    def _credit_reserve(self, desk, position, document):
        """Reserve what the document adds, by the lines that may carry it."""
        added = {}
        for item in document.items:
            added[item.eligible] = added.get(item.eligible, 0) + item.amount
        for item in document.before:
            added[item.eligible] = added.get(item.eligible, 0) - item.amount
        paid = document.paid
        for eligible, amount in added.items():
            reserved = max(amount - paid, 0)
            paid = max(paid - max(amount, 0), 0)
            if reserved:
                desk.reserve(position.partner_id, eligible, reserved)

    @api.model
    def _credit_conclude(self, company, results):
        """Record what passes; raise for what is held.

        Money that was taken is never refused: such a document passes, and its hold stays
        open for the credit manager (P5).
        """
        held, passed = [], []
        for result in results:
            document, _situation, verdict, _position = result
            stops = verdict.outcome == "hold" and not document._is_credit_money_taken()
            (held if stops else passed).append(result)
        if held:
            self._credit_raise(company, held)
        self.env["credit.decision"]._record(company, passed)
        for document, _situation, verdict, position in passed:
            document._credit_passed(company, verdict, position)

    def _credit_passed(self, company, verdict, position):
        """Hook: the document passed the gate; called once, as superuser."""
        self.ensure_one()
        hold = position.holds.get((self._name, self.id))
        if verdict.outcome == "hold":
            explanation = self._credit_explain(company, verdict, position)
            self.env["credit.hold"]._record(
                [self._prepare_credit_hold(company, explanation, position, verdict)]
            )
            self._credit_note_taken(explanation)
            return
        if self._is_credit_money_taken():
            self.message_post(
                body=self.env._("Paid online: confirmed without waiting for credit.")
            )
        if hold and hold["state"] != "released":
            self.env["credit.hold"].browse(hold["id"])._clear_passed(verdict)

    def _credit_note_taken(self, explanation):
        self.message_post(
            body=self.env._(
                "Confirmed because the customer paid, although it exceeds the credit: %s",
                explanation["headline"],
            )
        )

    @api.model
    def _credit_raise(self, company, held):
        """Raise, and see to it that the hold is recorded whatever becomes of us."""
        explanations, records = [], []
        for document, situation, verdict, position in held:
            explanation = document._credit_explain(company, verdict, position)
            values = document._prepare_credit_hold(
                company, explanation, position, verdict
            )
            decision = self.env["credit.decision"]._prepare(
                company, document, situation, verdict, position
            )
            explanations.append(explanation)
            records.append({**values, "decision": decision})
        self.env["credit.hold"]._record_later(records)
        raise self.env["credit.explanation"]._get_error(explanations)

    def _prepare_credit_hold(self, company, explanation, position, verdict):
        """Hook: values of the hold record, amounts in the root company's currency."""
        self.ensure_one()
        return {
            "res_model": self._name,
            "res_id": self.id,
            "name": explanation["document"]["name"],
            "partner_id": position.partner_id,
            "company_id": company.id,
            "policy_id": position.policy["id"],
            "user_id": self._get_credit_salesperson().id,
            "amount": explanation["document"]["amount"],
            "uncovered": explanation["uncovered"],
            "exposure": explanation["exposure"],
            "limit_amount": explanation["limit"],
            "explanation": explanation,
            "findings": self.env["credit.explanation"]._record_findings(verdict),
            "is_stop": verdict.stopped,
            "at_stake": verdict.at_stake / 10**company.currency_id.decimal_places,
            "reason_codes": [reason.code for reason in verdict.reasons],
        }
