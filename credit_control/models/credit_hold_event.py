# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from odoo import api, fields, models

from ..engine.position import Claim, Part
from .credit_hold import WAITING
from .readers import job

# Above this many messages at once a person gets one that lists them all.
MANY = 5
# Counted as it was, and growing: a mark, no component of exposure.
GROWING = "growing"


class CreditHold(models.Model):
    """What happens to holds by themselves: looked at again, cleared, ready, void."""

    _inherit = "credit.hold"  # pylint: disable=consider-merging-classes-inherited

    is_ready = fields.Boolean(
        string="Ready to Release",
        readonly=True,
        tracking=True,
        help="The document fits now; the policy leaves the last word to a person.",
    )

    _ready_idx = models.Index("(policy_id) WHERE is_ready")

    # === LOOKING AGAIN === #

    @api.model
    def _reevaluate(self, causes):
        """Look again at the waiting holds of these debtors, all in one measuring.

        One search when nothing waits.

        :param dict causes: commercial partner id -> what happened, written on the hold
        """
        holds = self.search(
            [("partner_id", "in", list(causes)), ("state", "in", WAITING)]
        )
        by_cause = {}
        for hold in holds:
            cause = causes[hold.partner_id.id]
            by_cause[cause] = by_cause.get(cause, self.browse()) | hold
        verdicts = holds._get_verdicts()
        fitting = holds._filter_fitting(verdicts)
        for cause, changed in by_cause.items():
            changed._conclude(changed & fitting, cause)
        (holds - fitting)._mark_stopped(verdicts)

    @api.model
    def _look_again(self, cause):
        """Look at all waiting holds before the commit: something changed for everybody."""
        # sudo: the right to change the cause was checked where it was changed.
        waiting = self.sudo().search([("state", "in", WAITING)])
        self.env["credit.profile"]._debtors_changed(waiting.partner_id.ids, cause)

    @api.model
    @job
    def _cron_look_again(self):
        """Clear what fits since a day changed: a line began, a rate or delay moved."""
        self._look_again(self.env._("The document fits since today."))

    def action_reevaluate(self):
        """Look again now, on demand."""
        self.check_access("read")
        # sudo: what fits clears, whoever asks; nothing else is changed.
        waiting = self.sudo().filtered(lambda hold: hold.state in WAITING)
        cause = self.env._("looked at again by %s", self.env.user.name)
        verdicts = waiting._get_verdicts()
        fitting = waiting._filter_fitting(verdicts)
        waiting._conclude(fitting, cause)
        (waiting - fitting)._mark_stopped(verdicts)
        return True

    def _get_verdicts(self):
        """What the gate would say of these documents now.

        Looked at in the order in which they were held; what fits counts for the next.
        One measuring per root company, however many holds and debtors.

        :return: dict, hold -> Verdict; without those whose documents are gone or for
            which nothing is owed
        """
        verdicts = {}
        for company, holds in self.grouped("company_id").items():
            in_turn = holds.sorted(lambda hold: (hold.date_held, hold.id))
            verdicts.update(in_turn._weigh(company))
        return verdicts

    def _filter_fitting(self, verdicts=None):
        """Holds whose documents would pass now, or owe nothing any more.

        :param dict verdicts: of :meth:`_get_verdicts`, when they are known
        """
        verdicts = self._get_verdicts() if verdicts is None else verdicts
        passing = {h.id for h, v in verdicts.items() if v.outcome != "hold"}
        unowed = self._filter_unowed(verdicts)
        return self.filtered(lambda hold: hold.id in passing) | unowed

    def _weigh(self, company):
        """Decide the documents of these holds, in this order."""
        asked = self._get_questions()
        measure = self.env["credit.measure"]
        # What a document comes from may be released, and the document with it.
        keys = [
            key
            for hold, (claim, _where) in asked.items()
            for key in ((hold.res_model, hold.res_id), *claim.source_keys)
        ]
        but = [(h.res_model, h.res_id) for h, (_c, where) in asked.items() if not where]
        claims = [claim for claim, _where in asked.values()]
        debtors = {claim.partner_id for claim in claims}
        products = {product for claim in claims for product in claim.products}
        positions = (
            measure._get_positions(debtors, company, keys, but, products)
            if debtors
            else {}
        )
        measure._learn(list(positions.values()), claims, keys)
        verdicts = {}
        for partner_id, position in positions.items():
            holds = [
                h for h in self if h in asked and asked[h][0].partner_id == partner_id
            ]
            mine = {hold: asked[hold] for hold in holds}
            verdicts.update(self._judge(position, mine))
        return verdicts

    def _judge(self, position, questions):
        """Decide the questions about one debtor: hold -> Verdict."""
        documents, components = [], []
        for hold, (claim, where) in questions.items():
            document = self.env[hold.res_model].browse(hold.res_id)
            if where == GROWING:
                key = (hold.res_model, hold.res_id)
                documents.append(position.document(key, claim))
            else:
                documents.append(document._credit_ask(position, claim))
            components.append(None if where == GROWING else where)
        judged = self.env["credit.document.mixin"]._credit_judge(
            position, documents, components
        )
        return {
            hold: verdict
            for hold, (_situation, verdict) in zip(questions, judged, strict=True)
        }

    def _filter_unowed(self, asked):
        """Holds of documents for which nothing is owed any more: paid, for example."""
        return self.filtered(
            lambda hold: (
                hold not in asked
                and self.env[hold.res_model].browse(hold.res_id).exists()
            )
        )

    def _get_document(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    def _get_questions(self):
        """What each document would ask for now.

        A document that binds no credit yet asks as it stands. Of one that was held
        while growing only the amount that lacked is known: it asks for that much.

        :return: dict, hold -> (Claim, where the document is counted already: a component,
            ``GROWING``, or None); without what is gone
        """
        questions = {}
        for model, holds in self.grouped("res_model").items():
            documents = self.env[model].browse(holds.mapped("res_id")).exists()
            bound = documents._get_credit_claims()
            free = documents.browse(d.id for d in documents if not bound.get(d))
            asked = free._get_credit_claims(proposed=True)
            for hold in holds:
                document = documents.browse(hold.res_id)
                if document in documents - free:
                    questions[hold] = (hold._prepare_missing(document), GROWING)
                elif asked.get(document):
                    where = document._get_credit_component()
                    questions[hold] = (asked[document], where)
        return questions

    def _prepare_missing(self, document):
        # At least a cent: what was held for other reasons than its amount grows too.
        cents = max(round(self.uncovered * 10**self.currency_id.decimal_places), 1)
        claim = Claim(
            self.partner_id.id, self.company_id.id, (Part(cents),), total=cents
        )
        return replace(claim, checkpoint=document._get_credit_checkpoint(claim))

    # === WHAT FOLLOWS === #

    def _conclude(self, fitting, cause):
        """Close what fits or mark it as ready, by policy; take back marks that lie."""
        for policy, holds in fitting.grouped("policy_id").items():
            if policy.when_fits == "ready":
                holds.filtered(lambda hold: not hold.is_ready)._make_ready(cause)
            else:
                holds._clear(cause)
        (self - fitting).filtered("is_ready")._make_unready(cause)

    def _mark_stopped(self, verdicts):
        """Keep in step whether a release could open these holds."""
        for hold in self:
            verdict = verdicts.get(hold)
            if verdict and verdict.stopped != hold.is_stop:
                hold.is_stop = verdict.stopped

    def _make_ready(self, cause):
        self.write({"is_ready": True})
        self._tell(self.env._("Ready to release: %s", cause))

    def _make_unready(self, cause):
        self.write({"is_ready": False})
        self._tell(self.env._("Does not fit any more: %s", cause))

    def _clear(self, cause):
        """The document fits: the hold closes by itself."""
        self._close("cleared")
        self._tell(self.env._("Hold cleared: %s", cause))

    def _clear_passed(self, verdict):
        """The document passed the gate."""
        if verdict.observed:
            self._clear(self.env._("The policy only observes now and holds nothing."))
        else:
            self._clear(self.env._("The document fits now."))

    @api.model
    def _void(self, res_model, res_ids):
        """The documents are gone or cancelled."""
        current = self._get_current(res_model, res_ids)
        self.browse(hold.id for hold in current.values())._close("void")

    def _close(self, state):
        self.write(
            {"state": state, "date_closed": fields.Datetime.now(), "is_ready": False}
        )
        self.activity_unlink(["credit_control.mail_activity_release"])

    # === TELLING === #

    def _tell(self, body):
        """Write on holds and documents, and notify who waits.

        Notes on documents are internal: customers who follow them get nothing.
        """
        for model, holds in self.grouped("res_model").items():
            documents = self.env[model].browse(holds.mapped("res_id")).exists()
            text = self.env._("Credit: %s", body)
            documents._message_log_batch(bodies=dict.fromkeys(documents.ids, text))
        for people, holds in self.grouped(lambda hold: hold._get_waiting()).items():
            if len(holds) > MANY:
                holds._message_log_batch(bodies=dict.fromkeys(holds.ids, body))
                holds._tell_in_one(people, body)
                continue
            for hold in holds:
                hold.message_post(
                    body=body, partner_ids=people.ids, message_type="notification"
                )

    def _get_waiting(self):
        """Hook: who is told what becomes of a hold."""
        return (self.user_id | self.request_user_id).partner_id

    def _tell_in_one(self, people, body):
        """One message about many holds instead of a flood."""
        names = ", ".join(self.mapped("name"))
        self[:1].message_notify(
            partner_ids=people.ids,
            subject=self.env._("%s documents", len(self)),
            body=f"{body} {names}",
        )
