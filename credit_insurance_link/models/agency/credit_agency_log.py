# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

SHOWN = 2000  # characters: registers are asked about each debtor, every month


class CreditAgency(models.Model):
    """What was asked of an agency, and what it said: in the log, as with insurers."""

    _inherit = "credit.agency"  # pylint: disable=consider-merging-classes-inherited

    def _keep_exchange(self, exchange):
        """Keep a call in a transaction of its own: a failure must leave its trace.

        :param exchange: ``insurers.http.Exchange``, masked
        """
        with self.env.registry.cursor() as cr:
            # sudo: the log is written by the machine only.
            log = self.env(cr=cr)["credit.insurance.exchange"].sudo()
            log.create(
                {
                    **log._prepare_call(exchange, SHOWN),
                    "agency_id": self.id,
                    "company_id": self.env.company.root_id.id,
                }
            )

    def action_open_exchanges(self):
        """Open the calls to this agency."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_insurance_exchange_action"
        )
        return {**action, "domain": [("agency_id", "=", self.id)]}
