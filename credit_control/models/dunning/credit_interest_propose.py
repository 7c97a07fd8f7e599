# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, groupby


class CreditInterestClaim(models.Model):
    """From late items to proposals, set by set."""

    _inherit = "credit.interest.claim"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _propose(
        self,
        root,
        item_ids,
        until,
        interest=True,
        indemnity=True,
        minimum=0.0,
        left_out=None,
    ):
        """Propose what is not claimed yet of some items.

        Older proposals about these items give way, those about others stay.

        :param root: root company
        :param item_ids: ids of receivable journal items
        :param date until: last day that counts
        :param bool interest: propose late interest
        :param bool indemnity: propose the fixed indemnity
        :param float minimum: smaller totals are left out, in the claim's currency
        :param dict left_out: is told which debtors are left out because a rate is not
            known: commercial partner -> set of (country id, kind, first day of the
            half-year); what was proposed to them stays. None: nobody is, it raises
        :return: ``credit.interest.claim``, one for each debtor and currency
        :raise UserError: names the half-year whose rate is missing
        """
        missing = None if left_out is None else {}
        rows = self._fetch_amounts(item_ids, until, interest, indemnity, missing)
        # sudo: nobody writes claims but their methods.
        claims = self.sudo()
        if missing:
            item_ids, rows = claims._leave_out(missing, left_out, item_ids, rows)
        values = self._prepare_claims(root, until, rows, minimum)
        claims._forget_proposed(item_ids)
        return claims.create(values)

    def _prepare_claims(self, root, until, rows, minimum):
        return [
            self._prepare_claim_vals(root, until, *key, list(group))
            for key, group in groupby(
                rows, lambda row: (row["partner"].id, row["currency_id"])
            )
            if sum(row["interest"] + row["indemnity"] for row in group) > minimum
        ]

    def _forget_proposed(self, item_ids):
        """Take items out of the proposals they are in."""
        lines = self.env["credit.interest.claim.line"].search(
            [("claim_id.state", "=", "proposed"), ("move_line_id", "in", item_ids)]
        )
        claims = lines.claim_id
        lines.unlink()
        claims.filtered(lambda claim: not (claim.line_ids or claim.fee)).unlink()

    def _leave_out(self, missing, left_out, item_ids, rows):
        """What remains without the debtors whose interest cannot be worked out.

        :param dict missing: id of the journal item -> the rate that it wants
        :param dict left_out: is told the debtors, see :meth:`_propose`
        :return: tuple, ids of the journal items and rows
        """
        items = self.env["account.move.line"].browse(item_ids)
        debtors = {item.id: item.partner_id.commercial_partner_id for item in items}
        for item_id, rate in missing.items():
            left_out.setdefault(debtors[item_id], set()).add(rate)
        kept = [item_id for item_id in item_ids if debtors[item_id] not in left_out]
        return kept, [row for row in rows if row["partner"] not in left_out]

    def _fetch_amounts(self, item_ids, until, interest, indemnity, missing):
        source = self.env["credit.interest"]
        amounts = source._get_interest(item_ids, until, missing) if interest else {}
        fixed = source._get_indemnity(item_ids, until) if indemnity else {}
        rows = []
        # sudo: which debtor and invoice, whoever proposes (P7).
        for item in self.env["account.move.line"].sudo().browse(item_ids):
            part = amounts.get(item.id, {})
            row = {
                "partner": item.partner_id.commercial_partner_id,
                "currency_id": item.currency_id.id,
                "item": item,
                "interest": part.get("amount_currency", 0.0),
                "claimed_before": part.get("claimed_currency", 0.0),
                "indemnity": self._to_item_currency(item, fixed.get(item.id), until),
                "slices": part.get("slices", []),
            }
            if row["interest"] or row["indemnity"]:
                rows.append(row)
        return rows

    def _to_item_currency(self, item, amount, until):
        if not amount:
            return 0.0
        company = item.company_id
        return company.currency_id._convert(amount, item.currency_id, company, until)

    def _prepare_claim_vals(self, root, until, partner_id, currency_id, rows):
        return {
            "company_id": root.id,
            "partner_id": partner_id,
            "currency_id": currency_id,
            "date": until,
            "line_ids": [
                fields.Command.create(
                    {
                        "move_line_id": row["item"].id,
                        "move_id": row["item"].move_id.id,
                        "date_due": row["item"].date_maturity or row["item"].date,
                        "interest": row["interest"],
                        "claimed_before": row["claimed_before"],
                        "indemnity": row["indemnity"],
                        "slices": [self._to_json(part) for part in row["slices"]],
                    }
                )
                for row in rows
            ],
        }

    def _to_json(self, part):
        return {
            **part,
            "date_from": str(part["date_from"]),
            "date_to": str(part["date_to"]),
        }

    @api.model
    def _get_late_items(self, root, since, until, partner_ids=None):
        """Items unpaid after their due date, and those paid late since a day.

        :param root: root company
        :param date since: payments before are left in peace
        :param date until: what was due before this day
        :param partner_ids: commercial partners; None: every debtor
        :return: list of ids of journal items
        """
        self.env.flush_all()
        by_partner = SQL("TRUE")
        if partner_ids is not None:
            by_partner = SQL("p.commercial_partner_id = ANY(%s)", list(partner_ids))
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id FROM account_move_line l
                JOIN account_account a ON a.id = l.account_id
                    AND a.account_type = 'asset_receivable'
                JOIN account_move m ON m.id = l.move_id
                    AND m.move_type IN ('out_invoice', 'out_receipt')
                JOIN res_company c ON c.id = l.company_id
                JOIN res_partner p ON p.id = l.partner_id
                WHERE l.parent_state = 'posted' AND l.balance > 0
                AND split_part(c.parent_path, '/', 1)::int = %(root)s
                AND COALESCE(l.date_maturity, l.date) < %(until)s
                AND (l.reconciled IS NOT TRUE OR l.id IN (
                    SELECT x.debit_move_id FROM account_partial_reconcile x
                    WHERE x.max_date BETWEEN %(since)s AND %(until)s))
                AND NOT EXISTS (SELECT FROM credit_interest_claim q
                    WHERE q.move_id = m.id)
                AND %(by_partner)s""",
                root=root.id,
                since=since,
                until=until,
                by_partner=by_partner,
            )
        )
        return [row[0] for row in rows]


class CreditInterestPropose(models.TransientModel):
    """Asks what late interest to work out, before anything is claimed."""

    _name = "credit.interest.propose"
    _description = "Propose Late Interest"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="Count Until",
        required=True,
        default=lambda self: self.env.company._credit_today(),
    )
    date_since = fields.Date(
        string="Paid Since",
        required=True,
        default=lambda self: self._default_date_since(),
        help="Invoices paid late before this day are left in peace. Those still unpaid "
        "are always looked at.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        domain=[("parent_id", "=", False)],
        help="Empty: every customer.",
    )
    interest = fields.Boolean(string="Late Interest", default=True)
    indemnity = fields.Boolean(string="Fixed Indemnity", default=True)
    minimum = fields.Monetary(
        string="Leave Out Up To",
        default=0.0,
        help="Totals that are not worth a letter.",
    )
    left_out = fields.Html(readonly=True)

    def _default_date_since(self):
        return self.env.company._credit_today() - timedelta(days=90)

    def action_propose(self):
        """Work the proposals out and show them; nothing is booked.

        Who is left out, for want of a rate, is named first.
        """
        self.ensure_one()
        claims = self.env["credit.interest.claim"]
        claims._check_caller(
            "account.group_account_invoice",
            "credit_control.credit_control_group_analyst",
        )
        root = self.company_id.root_id
        root.check_access("read")
        debtors = self.partner_ids.commercial_partner_id.ids
        items = claims._get_late_items(
            root, self.date_since, self.date, debtors if self.partner_ids else None
        )
        left_out = {}
        claims._propose(
            root,
            items,
            self.date,
            self.interest,
            self.indemnity,
            self.minimum,
            left_out,
        )
        self.left_out = self._word_left_out(left_out)
        return self._show_left_out() if left_out else self.action_open_claims()

    def action_open_claims(self):
        """Show what is proposed."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_control.credit_interest_claim_action"
        )
        return {**action, "context": {"search_default_proposed": 1}, "target": "main"}

    def _show_left_out(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers Left Out"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _word_left_out(self, left_out):
        """Each missing rate with the customers that want it, by name."""
        by_rate = {}
        for debtor, rates in left_out.items():
            for rate in rates:
                by_rate.setdefault(rate, []).append(debtor.display_name)
        source = self.env["credit.interest"]
        paragraphs = [
            Markup("<p><b>%s</b><br/>%s</p>")
            % (
                self.env._(
                    "The rate “%(kind)s” of the %(period)s is not known for %(country)s:",
                    **source._name_rate(*rate),
                ),
                ", ".join(sorted(names)),
            )
            for rate, names in sorted(by_rate.items(), key=lambda pair: pair[0][::-1])
        ]
        return Markup().join(paragraphs)


class CreditInterestClaimWaive(models.TransientModel):
    """Asks why interest is given up."""

    _name = "credit.interest.claim.waive"
    _description = "Waive Late Interest"

    claim_ids = fields.Many2many("credit.interest.claim", required=True)
    reason = fields.Text(required=True)

    def action_waive(self):
        """Waive, and close the question."""
        self.ensure_one()
        self.claim_ids.waive(self.reason)
        return {"type": "ir.actions.act_window_close"}
