# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...agencies import coface_icon
from ...agencies.facts import EventFact
from ...insurers.adapter import Settings
from ...insurers.breaker import Breaker
from ...insurers.coface_icon import CofaceIcon
from ...insurers.demo import is_loopback
from ...insurers.tokens import TokenCache
from .credit_agency import CREDENTIALS

ICON = "coface_icon"
# Tokens live in the memory of each process; the key holds a hash of the credentials.
_TOKENS = {}


class CreditAgency(models.Model):
    """Coface ICON: asked by a person, or by a watch that somebody switched on."""

    _inherit = "credit.agency"  # pylint: disable=consider-merging-classes-inherited

    is_score_watched = fields.Boolean(
        string="Watch Asks for Scores",
        tracking=True,
        help="Each answer is billed: the watch asks for a score of every debtor who owes "
        "us something, has credit or cover, each time the days below are over. Off: "
        "only a person asks.",
    )
    asks_opinion = fields.Boolean(
        string="Order the Credit Opinion Too",
        default=True,
        tracking=True,
        help="The largest credit that Coface advises, and a class from X to @@@@. It is "
        "billed beside the risk assessment: count both in the cost per score.",
    )
    order_ids = fields.One2many("credit.agency.order", "agency_id")
    round_count = fields.Integer(
        string="Companies to Watch", compute="_compute_round", compute_sudo=True
    )
    round_cost = fields.Monetary(
        string="Cost of One Round",
        compute="_compute_round",
        compute_sudo=True,
        help="What the watch orders each time the days above are over, at the cost per "
        "score that you entered.",
    )

    @api.depends("kind", "cost")
    def _compute_round(self):
        self.round_count = self.round_cost = 0
        icon = self.filtered(lambda agency: agency.kind == ICON)
        if not icon:
            return  # speed: all that is owed is looked through
        wanted = self.env["credit.agency.watch"]._query_wanted()
        [[count]] = self.env.execute_query(SQL("SELECT count(*) FROM (%s) w", wanted))
        for agency in icon:
            agency.round_count = count
            agency.round_cost = count * agency.cost

    @api.onchange("kind")
    def _onchange_kind_score(self):
        if self.kind == ICON:
            self.refresh_days = 90

    @api.constrains("url", "kind", "environment")
    def _check_icon_url(self):
        # sudo: the address is looked at, whoever writes.
        for agency in self.sudo().filtered(lambda agency: agency.kind == ICON):
            is_test = agency.environment == "sandbox" and is_loopback(agency.url or "")
            if agency.url and not is_test:
                raise ValidationError(
                    self.env._("Coface ICON has its own addresses: leave it empty.")
                )

    def _make_coface_icon(self):
        given = {name: self[name] or "" for name in CREDENTIALS}
        settings = Settings(self.environment, given, self.url or "")
        adapter = CofaceIcon(
            settings,
            breaker=Breaker(**self.breaker) if self.breaker else None,
            tokens=self._get_tokens(settings),
            on_exchange=self._keep_exchange,
        )
        return coface_icon.Client(adapter)

    def _get_tokens(self, settings):
        words = "\n".join((settings.environment, *settings.credentials.values()))
        digest = hashlib.sha256(words.encode()).hexdigest()
        key = (self.env.cr.dbname, self.id, settings.base_url, digest)
        return _TOKENS.setdefault(key, TokenCache())

    def _order_score(self, partner):
        """Order the score of a debtor; it is billed, and arrives in a moment.

        :param partner: a commercial partner
        :return: ``credit.agency.order``
        :raise UserError: when the agency is off, or without the number that it needs
        """
        if self.state != "on":
            raise UserError(self.env._("%s is switched off.", self.display_name))
        siren = self._get_number(partner, "siren")
        # sudo: asking was allowed; orders are written by the machine only.
        order = self.env["credit.agency.order"].sudo()._place(self, partner, siren)
        # Money: the watch does not pay for it again before its days are over.
        self._note_asked(siren)
        return order.sudo(self.env.su)

    def _get_opinion(self):
        """Hook: the currency of the credit opinion, empty where none is ordered."""
        return self.currency_id.name if self.asks_opinion else ""

    def _note_asked(self, siren):
        watch = self.env["credit.agency.watch"]
        watch.flush_model()
        self.env.execute_query(
            SQL(
                """INSERT INTO credit_agency_watch (agency_id, siren, is_watched,
                    asked_until) VALUES (%(agency)s, %(siren)s, FALSE, %(today)s)
                ON CONFLICT (agency_id, siren) DO UPDATE SET asked_until = %(today)s
                RETURNING id""",
                agency=self.id,
                siren=siren,
                today=self._today(),
            )
        )
        watch.invalidate_model()

    # === WATCH === #

    @api.model
    def _get_watch_domain(self):
        paid = ["|", ("kind", "!=", ICON), ("is_score_watched", "=", True)]
        return super()._get_watch_domain() + paid

    def _get_facts(self, client, rows):
        if self.kind != ICON:
            return super()._get_facts(client, rows)
        partners = self.env["credit.agency.event"]._get_partners(rows.mapped("siren"))
        for siren, debtors in partners.items():
            self.env["credit.agency.order"]._place(
                self, debtors.sorted("id")[:1], siren
            )
        return []

    def _keep_score(self, siren, debtors, fact, cost):
        """Keep a score for all customer files of an entity; it was billed once.

        :param cost: noted with the first of them, in the agency's currency
        :return: list of EventFact, that it changed
        """
        scores = self.env["credit.agency.score"]
        mine = [("agency_id", "=", self.id), ("partner_id", "in", debtors.ids)]
        last = scores.search(mine, limit=1)
        for index, debtor in enumerate(debtors):
            scores._take_in(self, debtor, fact, cost=0 if index else cost)
        before = (last.raw_score, last.grade or "")
        if not last or before == (fact.raw_score, fact.grade):
            return []
        day = fact.scored_on or self._today()
        return [
            EventFact(
                agency=self.kind,
                external_id=f"{siren}-{day}-{fact.raw_score}-{fact.grade}",
                kind="score_change",
                sirens=(siren,),
                published_on=day,
                old_value=" ".join(filter(None, before)),
                new_value=" ".join(filter(None, (fact.raw_score, fact.grade))),
            )
        ]
