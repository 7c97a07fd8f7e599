# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models


class CreditStopRequest(models.Model):
    """A person wants work in the background to stop.

    Locking: a row of its own, which nobody updates. The worker writes its progress all the
    time; who wrote to the same row would wait for it, and then fail again and again.
    """

    _name = "credit.stop.request"
    _description = "Wish to Stop"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True, index=True
    )

    @api.autovacuum
    def _gc_requests(self):
        """What came too late for its work."""
        oldest = fields.Datetime.now() - timedelta(days=7)
        self.search([("create_date", "<", oldest)], limit=1000).unlink()


class CreditStoppable(models.AbstractModel):
    """Work in the background that a person can stop; it goes on where it was.

    The model has a ``state`` with "stopped".
    """

    _name = "credit.stoppable"
    _description = "Work That Can Be Stopped"

    is_running = fields.Boolean(compute="_compute_is_running")
    is_stopping = fields.Boolean(compute="_compute_is_running")

    def _get_running_state(self):
        """Hook: the state while the background works."""
        return "running"

    @api.depends("state")
    def _compute_is_running(self):
        stopping = set(self._get_stop_requests().mapped("res_id"))
        for work in self:
            work.is_running = work.state == work._get_running_state()
            work.is_stopping = work.is_running and work._origin.id in stopping

    def _get_stop_requests(self):
        # sudo: wishes are kept by the machine.
        requests = self.env["credit.stop.request"].sudo()
        return requests.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )

    def _ask_to_stop(self):
        """Have the work stop after what it is doing now; the worker sees to it."""
        wanted = self.filtered(lambda work: work.is_running and not work.is_stopping)
        # sudo: as above.
        self.env["credit.stop.request"].sudo().create(
            [{"res_model": work._name, "res_id": work.id} for work in wanted]
        )
        self.invalidate_recordset(["is_stopping"])

    def _stop_if_asked(self):
        """For the worker, between two pieces of work.

        :return: bool, whether it has to stop here
        """
        requests = self._get_stop_requests()
        if requests:
            requests.unlink()
            self.state = "stopped"
        return bool(requests)
