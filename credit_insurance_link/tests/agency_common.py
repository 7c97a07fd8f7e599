# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo.addons.credit_control.tests.common import CreditCommon

from ..agencies.facts import EventFact
from ..insurers.errors import Refused

PLUME, OTHER = "552008443", "443121975"


class Channel:
    breaker = None

    def close(self):
        """Nothing is open."""


class Client:
    """An agency that answers from a list; what it raises comes first."""

    def __init__(
        self, *facts, capabilities=("events",), score=None, error=None, refused=None
    ):
        self.refused = refused
        self.facts, self.score, self.error = list(facts), score, error
        self.capabilities, self.number = frozenset(capabilities), "siren"
        self.asked = []

    def iter_events(self, sirens, since):
        self.asked.append((sorted(sirens), since))
        if self.error:
            raise self.error
        if self.refused in sirens:
            raise Refused("no such company")
        return [fact for fact in self.facts if set(fact.sirens) & set(sirens)]

    def iter_changes(self):
        return self.facts

    def get_company(self, siren):
        return next((fact for fact in self.facts if fact.siren == siren), None)

    def get_score(self, number, country):
        self.asked.append(number)
        return self.score


class AgencyCommon(CreditCommon):
    """Two customers with a SIREN, one with credit; the bulletin switched on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connector = cls._new_user(
            "credit_connector",
            "credit_insurance_link.credit_insurance_group_connection",
        )
        cls.bodacc = cls.env.ref("credit_insurance_link.credit_agency_bodacc")
        cls._switch_on(cls.bodacc)
        cls.plume = cls._new_company("Plume SA", PLUME)
        cls.other = cls._new_company("Autre SA", OTHER)
        cls._give_line(10_000, cls.plume)
        cls.profile = cls.env["credit.profile"]._get_or_create(cls.plume, cls.company)

    def setUp(self):
        super().setUp()
        # The log of calls has a transaction of its own.
        self.registry_enter_test_mode()

    @classmethod
    def _switch_on(cls, agency):
        agency.with_user(cls.connector).action_switch_on()

    @classmethod
    def _new_company(cls, name, siren):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "country_id": cls.env.ref("base.fr").id,
                "company_registry": siren,
            }
        )

    @contextmanager
    def _answering(self, client):
        """Let every agency be asked through this client."""

        @contextmanager
        def _open(agency):
            try:
                yield client
            except Exception as error:
                agency.sudo().last_error = str(error)
                raise

        with patch.object(type(self.env["credit.agency"]), "_open", _open):
            yield client

    def _notice(self, *sirens, kind="receivership", key="A1", **values):
        return EventFact(
            agency="bodacc",
            external_id=key,
            kind=kind,
            sirens=sirens or (PLUME,),
            published_on=values.pop("published_on", date(2026, 3, 15)),
            **values,
        )

    def _take_in(self, *facts):
        return self.env["credit.agency.event"]._take_in(self.bodacc, facts)
