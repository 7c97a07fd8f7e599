# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A connection with a simulator: a real HTTP server on this machine."""

import importlib
import sys
from pathlib import Path
from unittest import SkipTest
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command

from odoo.addons.base.models.ir_cron import IrCron

from ..insurers.http import Channel
from ..models import credit_insurance_line
from ..models.credit_insurance_connection import ENVIRONMENT_KEY
from .common import InsuranceCommon

SIMULATORS = Path(__file__).resolve().parents[2] / "tests"


def load_simulator(name):
    """Import a simulator; they come with the repository, not with the add-on."""
    if not (SIMULATORS / "simulators" / f"{name}.py").exists():
        raise SkipTest("the simulators are not here")
    if str(SIMULATORS) not in sys.path:
        sys.path.append(str(SIMULATORS))
    return importlib.import_module(f"simulators.{name}")


class ConnectionCommon(InsuranceCommon):
    """The demonstration insurer, its simulator, and our policy with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Jobs run as the system does, in the company of the tests.
        cls.env = cls.env(
            user=SUPERUSER_ID,
            context={**cls.env.context, "allowed_company_ids": cls.company.ids},
        )
        for name in ("insurer", "cover_policy"):
            setattr(cls, name, getattr(cls, name).with_env(cls.env))
        cls.kit = load_simulator("atradius")
        cls.faults = load_simulator("base")
        cls.party = cls.kit.Atradius().start()
        cls.addClassCleanup(cls.party.stop)
        cls.env["ir.config_parameter"].set_param(ENVIRONMENT_KEY, "sandbox")
        cls.insurer.adapter = "demo"
        cls.cover_policy.write(
            {"environment": "sandbox", "customer_ref": cls.kit.CUSTOMER}
        )
        euro = cls.env.ref("base.EUR")
        euro.rate_ids = [Command.clear(), Command.create({"rate": 1.0})]
        cls.cover_policy.currency_id = euro
        cls.connection = cls.env["credit.insurance.connection"].create(
            {
                "insurer_id": cls.insurer.id,
                "environment": "sandbox",
                "base_url": cls.party.url,
                **cls.kit.CREDENTIALS,
            }
        )
        cls.setter = cls._new_user(
            "credit_connection",
            "credit_insurance_link.credit_insurance_group_connection",
        )

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()
        self.party.reset()
        # The first call of each test is the login.
        credit_insurance_line._TOKENS.clear()
        self.party.add_buyer(55, "404833048", "Debtor")
        self.startPatcher(patch.object(IrCron, "_commit_progress", self._commit))
        # Waiting is not what is tested here.
        original = Channel.__init__

        def without_pauses(channel, *arguments, **values):
            original(channel, *arguments, **values)
            channel.sleep = lambda seconds: None

        self.startPatcher(patch.object(Channel, "__init__", without_pauses))

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        # Odoo compares the time-out with a number; ours are two.
        return super()._request_handler(session, request, **{**options, "timeout": 10})

    def _commit(self, processed=0, *, remaining=None, deactivate=False):
        """What a job commits is flushed here."""
        self.env.flush_all()
        return 60.0

    def _fail(self, kind):
        return self.faults.Fault(kind)

    def _new_request(self, amount=20000, **values):
        buyer = self.env["credit.insurer.buyer"].search(
            [("insurer_id", "=", self.insurer.id), ("insurer_buyer_id", "=", "55")]
        ) or self._new_buyer(number="55", environment="sandbox")
        return self.env["credit.cover.request"].create(
            {
                "policy_id": self.cover_policy.id,
                "buyer_id": buyer.id,
                "amount_requested": amount,
                "user_id": self.analyst.id,
                **values,
            }
        )

    def _run_outbox(self, *requests):
        """Run the job as if the time of every request had come."""
        self.env["credit.cover.request"].search([]).date_next = False
        self.env["credit.cover.request"]._cron_outbox()
        self.env.invalidate_all()

    def _run_sync(self, **values):
        sync = self.env["credit.insurance.sync"]._start(self.cover_policy, **values)
        sync._run()
        return sync

    def _get_cover(self):
        """What is in force here, by the insurer's number of the buyer."""
        today = self._today()
        layers = self.env["credit.cover.layer"].search(
            [
                ("policy_id", "=", self.cover_policy.id),
                ("date_from", "<=", today),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", today),
            ]
        )
        cover = {}
        for layer in layers:
            number = layer.buyer_id.insurer_buyer_id
            cover[number] = cover.get(number, 0) + layer.amount
        return {number: amount for number, amount in cover.items() if amount}
