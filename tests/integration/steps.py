# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A confirming transaction in three steps, each taken when the test says so."""

import inside

UNIT = 100_000  # cents: what each transaction adds
MEASURE, GATE, END = range(3)


class Light:
    """A transaction on the real gate; its document is written by plain SQL."""

    def __init__(self, registry, partner, order):
        self.registry, self.partner, self.order_id = registry, partner, order
        self.accepted = self.cr = None

    def step(self, number, commit):
        if number == MEASURE:
            self.begin()
            self.measure()
        elif number == GATE:
            self.accepted = self.gate()
        else:
            self.end(commit)

    def begin(self):
        self.cr = self.registry.cursor()
        # A wait for another of our transactions would never end: fail instead.
        self.cr.execute("SET LOCAL lock_timeout = '5s'")
        self.env = inside.environment(self.cr)
        self.order = self.env["sale.order"].browse(self.order_id)

    def measure(self):
        keys = [("sale.order", self.order_id)]
        measure = self.env["credit.measure"]
        root = self.env.company
        self.positions = measure._get_positions([self.partner], root, keys, keys)

    def gate(self):
        from odoo.addons.credit_control.engine.position import Claim, Part

        root = self.env.company
        claim = Claim(self.partner, root.id, (Part(UNIT),), UNIT)
        change = (self.order, claim, None)
        ((_order, _situation, verdict, _position),) = self.order._credit_evaluate(
            root, self.positions, [change]
        )
        if verdict.outcome == "hold":
            return False
        self.cr.execute(
            "UPDATE sale_order SET state = 'sale', credit_open_company = %s"
            " WHERE id = %s",
            [UNIT / 100, self.order_id],
        )
        return True

    def end(self, commit):
        if commit and self.accepted:
            self.cr.commit()
        self.close()

    def close(self):
        if self.cr:
            self.cr.close()


class Whole(Light):
    """The same, with Odoo's own confirmation and everything that comes with it."""

    def measure(self):
        self.order.read(["state"])

    def gate(self):
        from odoo.addons.credit_control.exceptions import CreditHoldError

        try:
            self.order.action_confirm()
        except CreditHoldError:
            # What a server does: roll back at once, which records the hold.
            self.cr.rollback()
            return False
        self.cr.flush()
        return True
