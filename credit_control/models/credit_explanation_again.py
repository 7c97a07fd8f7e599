# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import formatLang

from ..engine.verdict import Reason, WayOut
from .credit_explanation import _Scale


class CreditExplanation(models.AbstractModel):
    """Put what was recorded in one language into the words of another reader."""

    _inherit = "credit.explanation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _record_findings(self, verdict):
        """Codes and values of a verdict, from which its words can be made again."""
        return {
            "reasons": [reason.to_json() for reason in verdict.reasons],
            "ways_out": [
                {"code": way.code, "amount": way.amount} for way in verdict.ways_out
            ],
        }

    @api.model
    def _word_again(self, company, facts, findings):
        """Word a recorded explanation for the present reader; its figures stay.

        :param company: root company
        :param dict facts: what :meth:`_explain` returned then
        :param dict findings: what :meth:`_record_findings` returned then
        :return: dict, like ``facts``
        """
        scale = _Scale(company.currency_id)
        reasons = [Reason(**reason) for reason in findings["reasons"]]
        again = {
            **facts,
            "reasons": [self._word_reason(reason, scale) for reason in reasons],
            "ways_out": self._word_ways_again(company, facts, findings, scale),
            "stack": [self._word_line_again(line) for line in facts["stack"]],
        }
        again["headline"] = self._get_headline(again)
        return again

    def _word_line_again(self, line):
        words = self._get_line_words(None)
        return {**line, **words} if line["kind"] == words["kind"] else line

    def _word_ways_again(self, company, facts, findings, scale):
        """The same ways out; documents named then are named again, by their figures."""
        wording = {
            "deposit": self._word_deposit,
            "ship_part": self._word_part,
            "ask_more": self._word_more,
            "release": self._word_release,
        }
        found = {way["code"]: WayOut(**way) for way in findings["ways_out"]}
        ways = []
        for way in facts["ways_out"]:
            words, known = wording.get(way["code"]), found.get(way["code"])
            if way["id"]:
                way = {**way, "text": self._name_document(way, scale)}
            elif words and known:
                way = {**way, **words(company, None, known, scale)[0]}
            elif way["code"] == "pay_open" and known:
                amount = scale.format(self.env, known.amount)
                way = {**way, "text": self._word_payment(amount)}
            ways.append(way)
        return ways

    def _name_document(self, way, scale):
        # sudo: the reader was told of this document when it was recorded.
        document = self.env[way["model"]].sudo().browse(way["id"]).exists()
        amount = formatLang(self.env, way["amount"], currency_obj=scale.currency)
        return f"{document.display_name or way['text']}: {amount}"
