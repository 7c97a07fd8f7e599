# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who plays in the story of ./setup/run --check, and how its steps are told."""

import sys

from .wire import Person, Refused

GROUPS = {
    "sophie": ("Sophie", "sales_team.group_sale_salesman"),
    "hugo": ("Hugo", "sales_team.group_sale_salesman"),
    "marc": (
        "Marc",
        "credit_control.credit_control_group_manager",
        "sales_team.group_sale_salesman_all_leads",
    ),
    "anna": ("Anna", "account.group_account_invoice"),
}
CUSTOMER = "Atelier Bleu"


class Untrue(Exception):
    """A step did not do what the story says."""


class Tale:
    """Tell each step in plain words, and remember whether it was true."""

    def __init__(self, out=None):
        self.out = out or sys.stdout
        self.true = self.untrue = 0

    def chapter(self, title):
        print(f"\n{title}", file=self.out, flush=True)

    def say(self, text):
        print(f"      {text}", file=self.out, flush=True)

    def sure(self, condition, text):
        """Tell a step; the story stops where it is not true.

        :raise Untrue: when the condition does not hold
        """
        self.true += bool(condition)
        self.untrue += not condition
        print(f"   {'✓' if condition else '✗'} {text}", file=self.out, flush=True)
        if not condition:
            raise Untrue(text)

    def refused(self, text, call, *arguments, **options):
        """Tell that somebody is refused, and return the refusal.

        :raise Untrue: when he is not, or by a technical error
        """
        try:
            call(*arguments, **options)
        except Refused as refusal:
            self.sure(not refusal.technical, text)
            return refusal
        self.sure(False, text)


class Cast:
    """The people of the story, hired by the administrator, and their things."""

    def __init__(self, url, database):
        self.url = url
        self.database = database
        self.admin = Person(url, database, "admin", "admin")
        self.company = self.admin.read("res.users", self.admin.uid, "company_id")[0]
        self.currency = self.admin.read("res.company", self.company, "currency_id")
        for login in GROUPS:
            setattr(self, login, self._hire(login))
        self.goods = self._create(
            "product.product",
            name="Workstation",
            type="consu",
            invoice_policy="order",
            taxes_id=[(5,)],
        )
        self.customer = self._create("res.partner", name=CUSTOMER, is_company=True)

    def _create(self, model, **values):
        return self.admin.call(model, "create", [values])[0]

    def ref(self, xmlid):
        """Return the id of a record that an add-on brought."""
        name = xmlid.split(".")
        return self.admin.call("ir.model.data", "check_object_reference", *name)[1]

    def _hire(self, login):
        name, *groups = GROUPS[login]
        values = {
            "name": name,
            "login": f"{login}.check",
            "password": f"{login}-password",
            "group_ids": [(6, 0, [self.ref(group) for group in groups])],
            "company_id": self.company,
            "company_ids": [(6, 0, [self.company])],
        }
        context = {"no_reset_password": True}
        self.admin.call("res.users", "create", [values], context=context)
        return Person(self.url, self.database, values["login"], values["password"])

    def money(self, amount):
        """Write an amount as the story does: 6,000 EUR."""
        text = f"{amount:,.2f}".removesuffix(".00")
        return f"{text} {self.currency[1]}"

    def quote(self, seller, amount, **values):
        """Create a quotation over an amount for the customer."""
        line = {"product_id": self.goods, "price_unit": amount, "tax_ids": [(5,)]}
        values = {
            "partner_id": self.customer,
            "user_id": seller.uid,
            "order_line": [(0, 0, line)],
            **values,
        }
        return seller.call("sale.order", "create", [values])[0]

    def state(self, order):
        return self.admin.read("sale.order", order, "state")

    def room(self):
        """Return what the customer may still buy, as the credit manager sees it."""
        return self.marc.read("res.partner", self.customer, "credit_available")

    def hold(self, order):
        """Return the latest hold of an order, as the credit manager reads it."""
        domain = [("res_model", "=", "sale.order"), ("res_id", "=", order)]
        names = ["state", "tries", "uncovered", "request_note", "user_id"]
        found = self.marc.call(
            "credit.hold", "search_read", domain, names, limit=1, order="id desc"
        )
        return found[0] if found else {"state": None, "id": None}
