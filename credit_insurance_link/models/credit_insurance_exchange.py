# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import gzip
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..insurers.errors import InsurerError
from ..insurers.registry import ADAPTERS
from .credit_insurance_connection import ANALYST_GROUP

SHOWN = 8000  # characters of a body that the form shows
KEPT_DAYS = 90
OTHER = "other"
# What adapters call their calls, and what people read of it.
PURPOSES = [
    ("login", "Login"),
    ("policy", "Policy"),
    ("buyers", "Search for a Buyer"),
    ("request", "Request for Cover"),
    ("requests", "Requests under Way"),
    ("job", "State of a Request"),
    ("cover", "One Cover"),
    ("portfolio", "Cover in Force"),
    ("decisions", "Decisions"),
    ("applications", "Undecided Applications"),
    ("historic", "Ended Cover"),
    ("grades", "Grades"),
    ("company", "State of a Company"),
    ("match", "Search for a Company"),
    ("notices", "Legal Notices"),
    ("events", "Events"),
    ("order", "Order of a Score"),
    ("score", "Score"),
    (OTHER, "Other"),
]


class CreditInsuranceExchange(models.Model):
    """One call to an insurer or agency and its answer, masked.

    Written by the machine only.
    """

    _name = "credit.insurance.exchange"
    _description = "Exchange with an Insurer"
    _order = "id desc"

    connection_id = fields.Many2one(
        "credit.insurance.connection",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    agency_id = fields.Many2one(
        "credit.agency", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    insurer_id = fields.Many2one(related="connection_id.insurer_id", store=True)
    party = fields.Char(string="With", compute="_compute_party")
    policy_id = fields.Many2one(
        "credit.insurance.policy",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    request_id = fields.Many2one(
        "credit.cover.request",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    date = fields.Datetime(required=True, readonly=True, index=True)
    purpose = fields.Selection(PURPOSES, readonly=True, index=True)
    method = fields.Char(readonly=True)
    url = fields.Char(string="Address", readonly=True)
    status = fields.Integer(
        readonly=True, help="HTTP status; 0 means that no answer came."
    )
    seconds = fields.Float(readonly=True, digits=(16, 2))
    attempt = fields.Integer(readonly=True)
    correlation_id = fields.Char(
        readonly=True,
        index=True,
        help="The same for all attempts of one call; the insurer knows it too.",
    )
    request = fields.Text(string="Sent", readonly=True)
    response = fields.Text(string="Received", readonly=True)
    payload = fields.Binary(
        attachment=True,
        readonly=True,
        exportable=False,
        help="The whole answer, masked, to read it again.",
    )
    error = fields.Char(string="Trouble", readonly=True)
    is_replayable = fields.Boolean(readonly=True)
    user_id = fields.Many2one("res.users", string="Asked by", readonly=True)
    date_replayed = fields.Datetime(string="Replayed on", readonly=True)
    replay_result = fields.Char(readonly=True)

    @api.depends("insurer_id", "agency_id")
    @api.depends_context("lang")
    def _compute_party(self):
        for exchange in self:
            exchange.party = exchange.insurer_id.name or exchange.agency_id.name

    @api.depends("purpose", "party")
    @api.depends_context("lang")
    def _compute_display_name(self):
        words = dict(self._fields["purpose"]._description_selection(self.env))
        for exchange in self:
            purpose = words.get(exchange.purpose, "")
            exchange.display_name = f"{exchange.party}: {purpose}"

    @api.model
    def _prepare_exchange(self, connection, exchange, policy, request):
        """Values of the record of one call to an insurer."""
        adapter = connection.adapter
        can_replay = bool(
            policy
            and not exchange.error
            and exchange.purpose in self._get_replayable_purposes(adapter)
        )
        return {
            **self._prepare_call(exchange),
            "connection_id": connection.id,
            "company_id": connection.company_id.id,
            "policy_id": policy.id if policy else False,
            "request_id": request.id if request else False,
            "payload": _pack(exchange.response) if can_replay else False,
            "is_replayable": can_replay,
        }

    @api.model
    def _prepare_call(self, exchange, shown=SHOWN):
        """Values of the record of one insurers.http.Exchange, with whomever it was.

        :param int shown: characters of each body that are kept to be read
        """
        return {
            "date": exchange.started.replace(tzinfo=None),
            "purpose": self._get_purpose(exchange.purpose),
            "method": exchange.method,
            "url": exchange.url[:SHOWN],
            "status": exchange.status,
            "seconds": exchange.seconds,
            "attempt": exchange.attempt,
            "correlation_id": exchange.correlation_id,
            "request": _shorten(exchange.request, shown),
            "response": _shorten(exchange.response, shown),
            "error": exchange.error,
            "user_id": self.env.uid,
        }

    @api.model
    def _get_purpose(self, purpose):
        """The purpose of a call as the log names it.

        :param str purpose: the adapter's word; one with new words extends the selection
        """
        return purpose if purpose in dict(self._fields["purpose"].selection) else OTHER

    @api.model
    def _get_replayable_purposes(self, adapter):
        """The purposes whose answers hold decisions, for an adapter's key."""
        return ADAPTERS[adapter].replayable if adapter in ADAPTERS else frozenset()

    def action_replay(self):
        """Read the stored answer again and take its decisions in; twice changes nothing."""
        self.ensure_one()
        self.connection_id._require(ANALYST_GROUP)
        self.check_access("read")
        if not self.is_replayable or not self.policy_id:
            raise UserError(self.env._("This answer holds no decisions."))
        counts = self._replay()
        result = self.env._(
            "New: %(new)s, known already: %(duplicate)s, not taken: %(rejected)s",
            **counts,
        )
        # sudo: the log is read only; this notes that its answer was read again.
        self.sudo().write(
            {"date_replayed": fields.Datetime.now(), "replay_result": result}
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": result,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _replay(self):
        connection, policy = self.connection_id, self.policy_id
        connection._check_environment(policy)
        adapter = connection._make_adapter()
        try:
            page = adapter.read_again(
                self.purpose, self._unpack(), connection._get_policy_key(policy)
            )
        except (InsurerError, ValueError) as error:
            raise UserError(
                self.env._("The stored answer cannot be read: %s", error)
            ) from error
        finally:
            adapter.close()
        sync = self.env["credit.insurance.sync"]
        results = sync._take_in(policy, page.facts)
        return sync._count(results, page.problems)

    def _unpack(self):
        # sudo: the attachment of a record that this user may read.
        packed = base64.b64decode(self.sudo().payload or b"")
        return json.loads(gzip.decompress(packed), parse_float=str)

    @api.autovacuum
    def _gc_exchanges(self):
        """Answers hold what insurers say of companies: they are not kept for ever."""
        oldest = fields.Datetime.now() - timedelta(days=self._get_kept_days())
        self.search([("date", "<", oldest)], limit=10000).unlink()

    @api.model
    def _get_kept_days(self):
        """How long exchanges are kept, in days."""
        return KEPT_DAYS


def _shorten(text, shown):
    return text if len(text) <= shown else f"{text[:shown]}…"


def _pack(text):
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=3))
