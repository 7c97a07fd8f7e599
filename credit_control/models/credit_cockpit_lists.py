# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import models
from odoo.fields import Domain

from .credit_hold import WAITING

# First and last day of each age; None is without end.
OVERDUE_AGES = ((None, 0), (1, 30), (31, 60), (61, 90), (91, None))
HOLD_AGES = ((None, 1), (2, 7), (8, 30), (31, None))


class CreditCockpitLists(models.AbstractModel):
    """The cockpit's lists, each row with the action that opens its records."""

    _name = "credit.cockpit.lists"
    _description = "Lists of the Credit Cockpit"

    # === AGES === #

    def _get_age_domain(self, root, first, last):
        today = root._credit_today()
        domain = Domain("company_id", "=", root.id)
        domain &= Domain("component_id.code", "=", "receivable")
        domain &= Domain("amount", ">", 0)
        if first is not None:
            domain &= Domain("date_due", "<=", str(today - timedelta(days=first)))
        if last is not None:
            domain &= Domain("date_due", ">=", str(today - timedelta(days=last)))
        return domain

    def _get_age_name(self, first, last):
        if last is None:
            return self.env._("over %s days", first - 1)
        return self.env._("%(first)s-%(last)s days", first=first or 0, last=last)

    def _prepare_ages(self, root, ages):
        rows = []
        for (first, last), (amount, count) in zip(OVERDUE_AGES, ages, strict=True):
            due = first is None
            name = self.env._("not due") if due else self._get_age_name(first, last)
            action = self._prepare_items(name, self._get_age_domain(root, first, last))
            rows.append(
                {"name": name, "amount": amount, "count": count, "action": action}
            )
        return rows

    def _prepare_oldest(self, root):
        rows = self._fetch_oldest(root)
        partners = self.env["res.partner"].browse([row["partner_id"] for row in rows])
        return [
            {
                "id": f"{row['res_model']},{row['res_id']},{index}",
                "name": row["name"],
                "partner": partner.display_name,
                "amount": row["amount"],
                "days": row["days"],
                "action": self._prepare_record(row["res_model"], row["res_id"]),
            }
            for index, (row, partner) in enumerate(zip(rows, partners, strict=True))
        ]

    # === HOLDS, LINES THAT END, RISKS, WHAT WAITS === #

    def _prepare_holds(self, root, *domains):
        domain = Domain("company_id", "=", root.id)
        domain &= Domain("state", "in", list(WAITING))
        views = [[False, view] for view in ("list", "kanban", "form")]
        return self._prepare_action(
            self.env._("Held Documents"),
            "credit.hold",
            Domain.AND([domain, *domains]),
            views=views,
        )

    def _prepare_hold_ages(self, root, ages):
        today, rows = root._credit_today(), []
        for (first, last), (amount, count) in zip(HOLD_AGES, ages, strict=True):
            domain = Domain.TRUE
            if first is not None:
                day = today - timedelta(days=first - 1)
                domain &= Domain("date_held", "<", f"{day} 00:00:00")
            if last is not None:
                day = today - timedelta(days=last)
                domain &= Domain("date_held", ">=", f"{day} 00:00:00")
            rows.append(
                {
                    "name": self._get_age_name(first, last),
                    "amount": amount,
                    "count": count,
                    "action": self._prepare_holds(root, domain),
                }
            )
        return rows

    def _prepare_hold_reasons(self, root, reasons):
        rows = [
            {
                "id": reason.id,
                "name": reason.name,
                "amount": reasons[reason.id][0],
                "count": reasons[reason.id][1],
                "action": self._prepare_holds(
                    root, Domain("reason_ids", "in", reason.ids)
                ),
            }
            for reason in self.env["credit.reason"].browse(reasons)
        ]
        return sorted(rows, key=lambda row: -row["amount"])

    def _prepare_expiring(self, line_ids):
        return [
            {
                "id": line.id,
                "name": line.label,
                "partner": line.partner_id.display_name,
                "amount": line.amount,
                "currency_id": line.currency_id.id,
                "date_to": str(line.date_to),
                "color": line.kind_id.color,
                "action": self._prepare_record("credit.line", line.id),
            }
            for line in self.env["credit.line"].browse(line_ids)
        ]

    def _prepare_risks(self, root, risks):
        partners = self.env["res.partner"].browse(
            [risk["partner_id"] for risk in risks]
        )
        files = self.env["credit.profile"].with_context(active_test=False)
        files = files.search(
            [("partner_id", "in", partners.ids), ("company_id", "=", root.id)]
        )
        file_of = {file.partner_id: file for file in files}
        return [
            {
                **risk,
                "partner": partner.display_name,
                "action": self._prepare_record(
                    *(
                        ("credit.profile", file_of[partner].id)
                        if partner in file_of
                        else ("res.partner", partner.id)
                    )
                ),
            }
            for risk, partner in zip(risks, partners, strict=True)
        ]
