# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..engine import replay


class CreditDecision(models.Model):
    """The record of one check: inputs, allocation and outcome. Append-only (P11)."""

    _name = "credit.decision"
    _description = "Credit Decision"
    _order = "id desc"
    _rec_name = "document_name"
    _log_access = True

    document_name = fields.Char(string="Document", readonly=True)
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Document Record", model_field="res_model", readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Debtor", readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one("credit.policy", readonly=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", string="Asked by", readonly=True)
    outcome = fields.Selection(
        [("pass", "Passed"), ("warn", "Warned"), ("hold", "Held")], readonly=True
    )
    is_released = fields.Boolean(string="Released", readonly=True)
    is_observed = fields.Boolean(
        string="Only Observed",
        readonly=True,
        help="The policy observes: without that, the document would have been held.",
    )
    amount = fields.Monetary(readonly=True, help="The whole document.")
    uncovered = fields.Monetary(
        readonly=True, help="What the document added uncovered."
    )
    inputs = fields.Json(readonly=True)
    result = fields.Json(readonly=True)
    digest = fields.Char(readonly=True, help="SHA-256 of inputs and result.")

    _document_idx = models.Index("(res_model, res_id)")
    _policy_idx = models.Index("(policy_id)")

    @api.model
    def _record(self, company, results):
        """Record the decisions of documents that went through.

        :param results: list of (document, situation, verdict, position)
        """
        self._insert([self._prepare(company, *result) for result in results])

    @api.model
    def _insert(self, vals_list):
        """Append decisions.

        Speed: each confirmation waits for this, and a record that nobody may change
        needs nothing of what the ORM does besides.

        :param list vals_list: of dicts as :meth:`_prepare` returns
        """
        if not vals_list:
            return
        names = [*vals_list[0], "create_date"]
        now = self.env.cr.now()
        values = [value for vals in vals_list for value in (*vals.values(), now)]
        self.env.cr.execute(self._get_insert(names, len(vals_list)), values)

    def _get_insert(self, names, count):
        row = f"({', '.join(['%s'] * len(names))})"
        return (
            f"INSERT INTO {self._table} ({', '.join(names)})"
            f" VALUES {', '.join([row] * count)}"
        )

    @api.model
    def _prepare(self, company, document, situation, verdict, position):
        """Values of one decision.

        Of a batch for one debtor each record keeps the whole situation, because the
        documents before it are among its inputs.

        :return: dict, inputs and result as JSON texts, for :meth:`_insert`
        """
        unit = 10**company.currency_id.decimal_places
        inputs = self._write_out(situation.to_json())
        result = self._write_out({"key": verdict.key, **verdict.to_json()})
        return {
            "document_name": document._get_credit_name(verdict.outcome == "hold"),
            "res_model": document._name,
            "res_id": document.id,
            "partner_id": position.partner_id,
            "company_id": company.id,
            "policy_id": position.policy["id"],
            "user_id": self.env.uid,
            "outcome": verdict.outcome,
            "is_released": verdict.released,
            "is_observed": verdict.observed,
            "amount": next(
                (d.total / unit for d in situation.documents if d.key == verdict.key),
                0.0,
            ),
            "uncovered": verdict.added / unit,
            "inputs": inputs,
            "result": result,
            "digest": self._get_digest(inputs, result),
        }

    @api.model
    def _write_out(self, facts):
        """The one text of these facts, whichever way PostgreSQL keeps them."""
        return json.dumps(facts, sort_keys=True, separators=(",", ":"))

    @api.model
    def _get_digest(self, inputs, result):
        """
        :param str inputs: see :meth:`_write_out`
        :param str result: likewise
        """
        return hashlib.sha256(f"[{inputs},{result}]".encode()).hexdigest()

    def replay(self):
        """Decide again what was recorded.

        :return: bool, whether record and outcome still agree for all decisions
        """
        self.check_access("read")
        return all(decision._replays() for decision in self.sudo())

    def _replays(self):
        texts = map(self._write_out, (self.inputs, self.result))
        if self._get_digest(*texts) != self.digest:
            return False
        verdicts = {verdict.key: verdict for verdict in replay(self.inputs)}
        verdict = verdicts[self.result["key"]]
        again = {"key": verdict.key, **verdict.to_json()}
        # What a later version of the engine adds to the result is no part of the record.
        return {name: again.get(name) for name in self.result} == self.result

    def action_replay(self):
        """Show whether the decision replays to the same outcome."""
        self.ensure_one()
        same = self.replay()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if same else "danger",
                "message": self.env._("Replayed: the same outcome.")
                if same
                else self.env._("The record does not replay to the same outcome."),
            },
        }

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def write(self, vals):
        # Append-only for everybody: pylint: disable=method-required-super
        raise AccessError(self.env._("Decisions cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("Decisions cannot be deleted."))
