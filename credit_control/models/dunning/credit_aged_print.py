# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from .credit_aged_balance import OPTIONS

MOST_PRINTED = 3000


class CreditAgedPrint(models.TransientModel):
    """The aged balance as it is on screen, to print or to take into a spreadsheet."""

    _name = "credit.aged.print"
    _description = "Aged Balance on Paper"

    options = fields.Json()
    sheet = fields.Binary(compute="_compute_sheet")

    @api.depends("options")
    def _compute_sheet(self):
        for aged in self:
            balance = self.env["credit.aged.balance"]
            aged.sheet = base64.b64encode(
                balance._export_sheet(aged._get_balance_options())
            )

    @api.model
    def export(self, options: dict, kind: str):
        """The action that downloads an aged balance.

        :param dict options: what ``credit.aged.balance.get_balance`` answered
        :param str kind: ``pdf`` or ``xlsx``
        :return: dict, action
        """
        aged = self.create({"options": {name: options.get(name) for name in OPTIONS}})
        day = aged._get_balance_options()["day"]
        if kind == "pdf":
            report = self.env.ref("credit_control.credit_aged_report_pdf")
            return report.report_action(aged)
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/credit.aged.print/{aged.id}/sheet"
            f"/aged-balance-{day}.xlsx?download=true",
        }

    def _get_balance_options(self):
        return self.env["credit.aged.balance"]._get_options(**(self.options or {}))

    def _get_paper(self):
        """What the paper shows.

        :return: dict, title, columns, rows and totals, amounts in words
        """
        self.ensure_one()
        balance = self.env["credit.aged.balance"]
        options = self._get_balance_options()
        rows = balance._fetch_rows(options)
        title = balance._get_title(
            {**options, "day": format_date(self.env, options["day"])}
        )
        return {
            "title": title,
            "company": options["root"],
            "columns": balance._get_columns(options),
            "rows": [self._word(row, row["name"]) for row in rows[:MOST_PRINTED]],
            "more": max(len(rows) - MOST_PRINTED, 0),
            "totals": [
                self._word(row, self.env._("Total"))
                for row in balance._get_totals(rows, options)
            ],
        }

    def _word(self, row, name):
        currency = self.env["res.currency"].browse(row["currency_id"])

        def money(amount):
            if currency.is_zero(amount):
                return ""
            return formatLang(self.env, amount, digits=currency.decimal_places)

        return {
            "name": name,
            "currency": row["currency"],
            "amounts": [money(amount) for amount in [*row["amounts"], row["total"]]],
        }
