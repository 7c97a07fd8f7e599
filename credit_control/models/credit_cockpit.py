# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .credit_cockpit_query import EXPIRY_DAYS, HOLD_AGES, OVERDUE_AGES
from .credit_hold import WAITING

VIEWER = "credit_control.credit_control_group_viewer"


class CreditCockpit(models.AbstractModel):
    """What the credit manager sees first: each figure with the records it is made of."""

    _inherit = "credit.cockpit"

    @api.model
    def get_figures(self):
        """The cockpit of the current main company, for the web client.

        Amounts are in main units of that company's currency. Whatever may be opened
        carries an ``action``, whose records make up the figure (P1).

        :return dict: ``company``, ``currency_id``, ``is_empty``, ``can_set_up``,
            ``tiles`` (name -> figure) and the lists ``kinds``, ``policies``, ``ages``,
            ``hold_ages``, ``hold_reasons``, ``expiring``, ``oldest``, ``risks`` and
            ``waiting``
        :raise AccessError: when the caller may not read credit files
        """
        if not self.env.user.has_group(VIEWER):
            raise AccessError(self.env._("The credit cockpit is for credit people."))
        # sudo: viewers may read all of it; the figures must not depend on who looks (P7).
        return self.sudo()._get_figures(self.env.company.root_id)

    def _get_figures(self, root):
        """Hook: the answer of ``get_figures``.

        :param root: root company
        """
        book, ages = self._fetch_book(root), self._fetch_ages(root)
        holds = self._fetch_holds(root)
        expiring = self._fetch_expiring(root)
        waiting = self._get_waiting(root)
        kinds = self._prepare_kinds(root, book)
        policies = self._prepare_policies(root, book)
        return {
            "company": root.display_name,
            "currency_id": root.currency_id.id,
            "is_empty": not (book["kinds"] or holds[1]),
            "can_set_up": self.env.user.has_group(
                "credit_control.credit_control_group_manager"
            ),
            "tiles": {
                **self._prepare_tiles(root, book, ages, kinds, policies),
                "holds": self._prepare_holds_tile(root, holds),
                "waiting": {"count": sum(row["count"] for row in waiting)},
                "expiring": self._prepare_expiring_tile(root, expiring),
            },
            "kinds": kinds,
            "policies": policies,
            "ages": self._prepare_ages(root, ages),
            "hold_ages": self._prepare_hold_ages(root, holds[0]),
            "hold_reasons": self._prepare_hold_reasons(root, holds[1]),
            "expiring": self._prepare_expiring(expiring[0]),
            "oldest": self._prepare_oldest(root),
            "risks": self._prepare_risks(root, book["risks"]),
            "waiting": waiting,
        }

    def _prepare_action(self, name, model, domain, **values):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "domain": list(domain),
            "views": [[False, "list"], [False, "form"]],
            **values,
        }

    def _prepare_record(self, model, record_id):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record_id,
            "views": [[False, "form"]],
        }

    def _prepare_items(self, name, domain):
        """The action that opens items of the exposure."""
        views = [[False, "list"], [False, "pivot"], [False, "graph"]]
        return self._prepare_action(name, "credit.exposure", domain, views=views)

    # === TILES === #

    def _prepare_tiles(self, root, book, ages, kinds, policies):
        env = self.env
        secured = sum(kind["used"] for kind in kinds if kind["secured"])
        return {
            "exposure": {
                "amount": sum(policy["exposure"] for policy in policies),
                "secured": secured,
                "unmanaged": book["unmanaged"],
                "action": self._prepare_items(
                    env._("Exposure"),
                    Domain.OR(
                        self._get_policy_domain(policy["id"], root)
                        for policy in policies
                    ),
                ),
            },
            "lines": {
                "amount": sum(kind["limit"] for kind in kinds),
                "used": sum(kind["used"] for kind in kinds),
                "action": self._prepare_action(
                    env._("Lines in Force"),
                    "credit.line",
                    [("company_id", "=", root.id), ("in_force", "=", "now")],
                ),
            },
            "uncovered": {
                "amount": sum(policy["uncovered"] for policy in policies),
                "count": sum(policy["over"] for policy in policies),
                "action": self._prepare_action(
                    env._("Debtors over Their Lines"),
                    "res.partner",
                    Domain("credit_over_limit", "=", True)
                    & (Domain("is_company", "=", True) | Domain("parent_id", "=", False)),
                ),
            },
            "overdue": {
                "amount": sum(amount for amount, _count in ages[1:]),
                "count": sum(count for _amount, count in ages[1:]),
                "total": sum(amount for amount, _count in ages),
                "action": self._prepare_items(
                    env._("Overdue"), self._get_age_domain(root, 1, None)
                ),
            },
        }

    def _prepare_holds_tile(self, root, holds):
        ages = holds[0]
        return {
            "amount": sum(amount for amount, _count in ages),
            "count": sum(count for _amount, count in ages),
            "action": self._prepare_holds(root),
        }

    def _prepare_expiring_tile(self, root, expiring):
        last = root._credit_today() + timedelta(days=EXPIRY_DAYS)
        return {
            "amount": expiring[1],
            "count": expiring[2],
            "days": EXPIRY_DAYS,
            "action": self._prepare_action(
                self.env._("Lines That End Soon"),
                "credit.line",
                [
                    ("company_id", "=", root.id),
                    ("in_force", "=", "now"),
                    ("date_to", "<=", str(last)),
                ],
            ),
        }

    # === LINES AND POLICIES === #

    def _prepare_kinds(self, root, book):
        """Kinds of line in their order of use; 0 is the policies' default line."""
        kinds = self.env["credit.line.kind"].with_context(active_test=False)
        rows = [
            {
                "id": kind.id,
                "name": kind.name,
                "color": kind.color,
                "secured": kind.is_secured,
                **book["kinds"][kind.id],
                "action": self._prepare_action(
                    kind.name,
                    "credit.line",
                    [
                        ("company_id", "=", root.id),
                        ("kind_id", "=", kind.id),
                        ("in_force", "=", "now"),
                    ],
                ),
            }
            for kind in kinds.search([("id", "in", list(book["kinds"]))])
        ]
        if 0 in book["kinds"]:
            name = self.env._("Default line of the policy")
            domain = [("no_line", "=", "default")]
            action = self._prepare_action(name, "credit.policy", domain)
            row = {"id": 0, "name": name, "color": "#868e96", "secured": False}
            rows.append({**row, **book["kinds"][0], "action": action})
        return rows

    def _prepare_policies(self, root, book):
        policies = self.env["credit.policy"].browse(book["policies"])
        rows = []
        for policy in policies.sorted(lambda policy: (policy.sequence, policy.id)):
            domain = self._get_policy_domain(policy.id, root)
            over = domain & Domain("partner_id.credit_over_limit", "=", True)
            rows.append(
                {
                    "id": policy.id,
                    "name": policy.name,
                    "observes": policy.mode == "observe",
                    **book["policies"][policy.id],
                    "action": self._prepare_items(policy.name, domain),
                    "action_over": self._prepare_items(policy.name, over),
                }
            )
        return rows

    def _get_policy_domain(self, policy_id, root):
        policy = self.env["credit.policy"].browse(policy_id)
        facts = {
            "components": policy.component_ids.mapped("code"),
            "uncleared_days": policy.uncleared_days,
        }
        measure = self.env["credit.measure"]
        counted = measure._get_counted_domain(facts, root._credit_today(), root)
        return counted & Domain("policy_id", "=", policy_id)

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
                "name": line.name,
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
        partners = self.env["res.partner"].browse([risk["partner_id"] for risk in risks])
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

    def _get_waiting(self, root):
        """What waits for somebody's answer, the empty lists left out."""
        rows = []
        for name, model, domain in self._get_waiting_sources():
            domain = Domain("company_id", "=", root.id) & Domain(domain)
            count = self.env[model].search_count(domain)
            if count:
                action = self._prepare_action(name, model, domain)
                row = {"model": model, "name": name, "count": count, "action": action}
                rows.append(row)
        return rows

    def _get_waiting_sources(self):
        """Hook: the records that wait for an answer.

        :return list: (name, model with ``company_id``, domain)
        """
        return [
            (
                self.env._("Releases asked for"),
                "credit.hold",
                [("state", "=", "requested")],
            ),
            (
                self.env._("Changes of lines to approve"),
                "credit.line.change",
                [("state", "=", "waiting")],
            ),
        ]
