# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who and what the tests play with, made by the administrator over XML-RPC."""

from house.wire import Person

GROUPS = {
    "sales": ("sales_team.group_sale_salesman",),
    "viewer": ("credit_control.credit_control_group_viewer",),
    "analyst": ("credit_control.credit_control_group_analyst",),
    "manager": (
        "credit_control.credit_control_group_manager",
        "sales_team.group_sale_salesman_all_leads",
    ),
    "portal": ("base.group_portal",),
    "warehouse": ("stock.group_stock_user",),
}


class Scene:
    """A company with people who have just their groups."""

    def __init__(self, url, database):
        self.url = url
        self.database = database
        self.admin = Person(url, database, "admin", "admin")
        self._people = {}
        self._numbers = iter(range(1, 10_000))
        self.company = self.admin.read("res.users", self.admin.uid, "company_id")[0]
        self.currency = self.admin.read("res.company", self.company, "currency_id")[0]
        self.goods = self.new_product("Goods")
        self.known = self.new_debtor(limit=1_000_000)

    def ref(self, xmlid):
        model, record = self.admin.call(
            "ir.model.data", "check_object_reference", *xmlid.split(".")
        )
        return record

    def person(self, role):
        """Return who plays a role; hired at the first call."""
        if role not in self._people:
            groups = [self.ref(xmlid) for xmlid in GROUPS[role]]
            values = {"name": role.title(), "login": role, "password": f"{role}-pass1"}
            context = {"no_reset_password": True}
            values["group_ids"] = [(6, 0, groups)]
            self.admin.call("res.users", "create", [values], context=context)
            self._people[role] = Person(
                self.url, self.database, role, values["password"]
            )
        return self._people[role]

    def new_product(self, name, **values):
        template = {
            "name": name,
            "type": "consu",
            "invoice_policy": "order",
            "list_price": 100.0,
            "taxes_id": [(5,)],
        }
        return self.admin.call("product.product", "create", [{**template, **values}])[0]

    def new_debtor(self, limit=None, name=None, **values):
        """Create a customer; with a limit, one active line of own funds."""
        name = name or f"Debtor {next(self._numbers)}"
        values = {"name": name, "is_company": True, **values}
        partner = self.admin.call("res.partner", "create", [values])[0]
        if limit is not None:
            self.give_line(partner, limit)
        return partner

    def give_line(self, partner, amount, kind="own", **values):
        profile = self.admin.call(
            "credit.profile", "search", [("partner_id", "=", partner)]
        ) or self.admin.call("credit.profile", "create", [{"partner_id": partner}])
        line = {
            "profile_id": profile[0],
            "kind_id": self.ref(f"credit_control.credit_line_kind_{kind}"),
            "amount": amount,
            "currency_id": self.currency,
            "state": "active",
        }
        return self.admin.call("credit.line", "create", [{**line, **values}])[0]

    def order_values(self, partner, amount, **values):
        line = {
            "product_id": self.goods,
            "product_uom_qty": 1,
            "price_unit": amount,
            "tax_ids": [(5,)],
        }
        return {"partner_id": partner, "order_line": [(0, 0, line)], **values}

    def new_orders(self, partner, amount, count=1, seller=None, **values):
        """Create quotations of the salesperson, one call for all."""
        seller = seller or self.person("sales")
        values = self.order_values(partner, amount, user_id=seller.uid, **values)
        return seller.call("sale.order", "create", [values] * count)

    def new_order(self, partner, amount, **values):
        return self.new_orders(partner, amount, **values)[0]

    def holds(self, *orders):
        """Return the holds of orders, as the administrator reads them."""
        domain = [("res_model", "=", "sale.order"), ("res_id", "in", list(orders))]
        names = ["res_id", "state", "tries", "amount", "uncovered", "user_id"]
        return self.admin.call("credit.hold", "search_read", domain, names)

    def states(self, *orders):
        found = self.admin.call("sale.order", "read", list(orders), ["state"])
        return [values["state"] for values in found]
