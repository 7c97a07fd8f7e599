# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .credit_cockpit_query import EXPIRY_DAYS

VIEWER = "credit_control.credit_control_group_viewer"


class CreditCockpit(models.AbstractModel):
    """What the credit manager sees first: each figure with the records it is made of."""

    _inherit = "credit.cockpit"

    @api.model
    def get_figures(self):
        """The cockpit of the current main company, for the web client.

        Amounts are in main units of that company's currency. Whatever may be opened
        carries an ``action``, whose records make up the figure (P1).

        :return: dict, ``company``, ``currency_id``, ``is_empty``, ``can_set_up``,
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
        domain = [("company_id", "=", root.id), ("in_force", "=", "now")]
        name = self.env._("Lines in Force")
        action = self._prepare_action(name, "credit.line", domain)
        return {
            "exposure": self._prepare_exposure_tile(root, book, kinds, policies),
            "lines": {
                "amount": sum(kind["limit"] for kind in kinds),
                "used": sum(kind["used"] for kind in kinds),
                "action": action,
            },
            "uncovered": self._prepare_uncovered_tile(policies),
            "overdue": self._prepare_overdue_tile(root, ages),
        }

    def _prepare_exposure_tile(self, root, book, kinds, policies):
        domain = Domain.OR(
            self._get_policy_domain(policy["id"], root) for policy in policies
        )
        return {
            "amount": sum(policy["exposure"] for policy in policies),
            "secured": sum(kind["used"] for kind in kinds if kind["secured"]),
            "unmanaged": book["unmanaged"],
            "action": self._prepare_items(self.env._("Exposure"), domain),
        }

    def _prepare_uncovered_tile(self, policies):
        debtors = Domain("is_company", "=", True) | Domain("parent_id", "=", False)
        return {
            "amount": sum(policy["uncovered"] for policy in policies),
            "count": sum(policy["over"] for policy in policies),
            "action": self._prepare_action(
                self.env._("Debtors over Their Lines"),
                "res.partner",
                debtors & Domain("credit_over_limit", "=", True),
            ),
        }

    def _prepare_overdue_tile(self, root, ages):
        domain = self._get_age_domain(root, 1, None)
        return {
            "amount": sum(amount for amount, _count in ages[1:]),
            "count": sum(count for _amount, count in ages[1:]),
            "total": sum(amount for amount, _count in ages),
            "action": self._prepare_items(self.env._("Overdue"), domain),
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
        domain = [
            ("company_id", "=", root.id),
            ("in_force", "=", "now"),
            ("date_to", "<=", str(last)),
        ]
        name = self.env._("Lines That End Soon")
        return {
            "amount": expiring[1],
            "count": expiring[2],
            "days": EXPIRY_DAYS,
            "action": self._prepare_action(name, "credit.line", domain),
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

    # === WHAT WAITS === #

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

        :return: list, (name, model with ``company_id``, domain)
        """
        today = str(self.env.company._credit_today())
        requested, waiting = [("state", "=", "requested")], [("state", "=", "waiting")]
        due = [("review_date", "<=", today)]
        env = self.env
        return [
            (env._("Releases asked for"), "credit.hold", requested),
            (env._("Changes of lines to approve"), "credit.line.change", waiting),
            (env._("Batches of lines to approve"), "credit.line.batch", waiting),
            (env._("Requests for credit"), "credit.line.request", waiting),
            (env._("Reviews due"), "credit.profile", due),
        ]
