# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from dataclasses import asdict

from odoo import fields, models
from odoo.exceptions import UserError

from ...agencies import bodacc, creditsafe, dnb, recherche, sirene
from ...insurers.breaker import Breaker
from ...insurers.errors import BadCredentials, InsurerError
from ...insurers.http import Channel

LONGEST_ERROR = 500


class CreditAgency(models.Model):
    """How an agency is called: one client per kind, over the one HTTP template."""

    _inherit = "credit.agency"  # pylint: disable=consider-merging-classes-inherited

    @contextmanager
    def _open(self):
        """Give the client of an agency that is switched on; keep how the call went.

        :raise UserError: when it is off, or locked
        :raise InsurerError: what went wrong; it is noted on the agency
        """
        self.ensure_one()
        if self.state != "on":
            raise UserError(self.env._("%s is switched off.", self.display_name))
        # sudo: credentials are used here, and shown to nobody.
        agency = self.sudo()
        client = agency._make_client()
        try:
            yield client
        except InsurerError as error:
            agency._note_error(error)
            raise
        else:
            agency.last_error = False
        finally:
            agency.breaker = asdict(client.channel.breaker)
            client.channel.close()

    def _note_error(self, error):
        # Public words of the party: never a secret, the template masks them.
        self.last_error = f"{type(error).__name__}: {error.message}"[:LONGEST_ERROR]
        if isinstance(error, BadCredentials):
            self.state = "locked"

    def _make_client(self):
        """Hook: the client of an agency, over a channel of its own."""
        makers = {
            "bodacc": self._make_bodacc,
            "recherche": self._make_recherche,
            "sirene": self._make_sirene,
            "creditsafe": self._make_creditsafe,
            "dnb": self._make_dnb,
            "coface_icon": self._make_coface_icon,
        }
        if self.kind not in makers:
            raise UserError(self.env._("There is nobody to ask: scores are typed."))
        return makers[self.kind]()

    def _make_channel(self, dialect):
        secrets = [value for value in (self.password, self.api_key) if value]
        breaker = Breaker(**self.breaker) if self.breaker else None
        return Channel(
            dialect,
            name=self.kind,
            secrets=secrets,
            breaker=breaker,
            on_exchange=self._keep_exchange,
        )

    def _make_bodacc(self):
        channel = self._make_channel(bodacc.BodaccDialect())
        return bodacc.Client(channel, self.url or bodacc.URL)

    def _make_recherche(self):
        channel = self._make_channel(recherche.SearchDialect())
        return recherche.Client(channel, self.url or recherche.URL)

    def _make_sirene(self):
        channel = self._make_channel(sirene.SireneDialect(self.api_key))
        return sirene.Client(channel, self.url or sirene.URL)

    def _make_creditsafe(self):
        url = self.url or creditsafe.URLS[self.environment]
        dialect = creditsafe.CreditsafeDialect(url, self.username, self.password)
        return creditsafe.Client(self._make_channel(dialect), url)

    def _make_dnb(self):
        url = self.url or dnb.URL
        dialect = dnb.DnbDialect(url, self.username, self.password)
        return dnb.Client(self._make_channel(dialect), url)

    # === SCORES === #

    def _ask_score(self, partner):
        """Ask an agency for the score of a debtor, and keep it. It may be billed.

        :param partner: a commercial partner
        :return: the new ``credit.agency.score``
        :raise UserError: without the number that the agency needs, or without answer
        """
        with self._open() as client:
            if "score" not in client.capabilities:
                raise UserError(self.env._("%s gives no scores.", self.display_name))
            number = self._get_number(partner, client.number)
            fact = client.get_score(number, partner.country_id.code or "FR")
        if not fact:
            raise UserError(
                self.env._(
                    "%(agency)s has no score for the number %(number)s.",
                    agency=self.display_name,
                    number=number,
                )
            )
        return self.env["credit.agency.score"]._take_in(self, partner, fact)

    def _get_number(self, partner, kind):
        """The number of a debtor that an agency knows it by; never its name."""
        # sudo: the number is sent to the agency, as the caller asked for.
        numbers = self.env["credit.identifier"].sudo()
        found = numbers.search(
            [("partner_id", "=", partner.id), ("state", "!=", "invalid")]
        )
        exact = found.filtered(lambda number: number.type_id.code == kind)
        if exact:
            return exact[0].value
        keys = [number.entity_key for number in found if number.entity_key]
        held = [key[3:] for key in keys if key.startswith("FR:")]
        if kind == "siren" and held:
            return held[0]
        raise UserError(
            self.env._(
                "%(customer)s has no %(kind)s number: enter it first. A name is not "
                "enough to ask an agency.",
                customer=partner.display_name,
                kind=kind.upper(),
            )
        )

    def _today(self):
        return fields.Date.today()
