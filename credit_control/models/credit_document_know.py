# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class CreditDocumentMixin(models.AbstractModel):
    """What the gate knows before it decides: goods, facts, shared limits."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.document.mixin"

    @api.model
    def _credit_know(self, positions, claims, documents):
        """Let positions know the facts that rules ask for.

        :param positions: of one root company
        :param claims: what is asked for, and what was owed before
        :param documents: (model, id) pairs that are being decided
        """
        self.env["credit.measure"]._learn(positions, claims, documents)

    @api.model
    def _credit_share(self, pools, todo, desk):
        """Count in shared limits what is in flight, and what the documents owed before.

        :param pools: of :class:`Pool`
        :param todo: rows of position, records, engine's documents and components
        """
        for pool in pools:
            pool.add(desk.in_flight)
        for position, _records, asked, components in todo if pools else ():
            if position.pool:
                owed = [
                    item
                    for document, component in zip(asked, components, strict=True)
                    for item in document.before
                    if not component
                ]
                position.pool.add({position.partner_id: owed})
