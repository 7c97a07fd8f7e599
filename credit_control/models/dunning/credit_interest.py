# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.interest import (
    Debt,
    Method,
    MissingRateError,
    contractual_rate,
    round_half_up,
    round_together,
    slices,
    total,
)


class UnknownRateError(MissingRateError):
    """The rate of a country for one half-year is not known.

    :ivar tuple rate: country id, kind, first day of the half-year
    """

    def __init__(self, country_id, kind, since):
        super().__init__(since)
        self.rate = (country_id, kind, since)


@dataclass(frozen=True, slots=True)
class LateItem:
    """A journal item with its debt; amounts in the smallest unit of its currency."""

    row: dict
    debt: Debt
    claimed: int


class Rate(NamedTuple):
    """A rate of one half-year in percent: as published, and with factor and points."""

    published: Decimal
    applied: Decimal


class CreditInterest(models.AbstractModel):
    """Late interest and fixed indemnities of journal items, in few statements.

    France: Code de commerce, articles L441-10, II and D441-5. Nothing is claimed from
    consumers, in collective proceedings, on disputed amounts, or on interest itself.
    """

    _name = "credit.interest"
    _description = "Late Interest"

    def _get_interest(self, items, until, missing=None):
        """The late interest of open or paid items that is not claimed yet.

        A constant number of statements, whoever looks (P7).

        :param items: ids of receivable journal items, or tuples that begin with the id
        :param date until: last day that counts
        :param dict missing: is told which items want a rate that is not known: id ->
            (country id, kind, first day of the half-year); None: the first one raises
        :return: dict, for every id that was asked for, id -> dict with

            - ``amount``: float, company currency, at the rate of ``until``
            - ``amount_currency``: float, in ``currency_id``, the item's currency
            - ``accrued_currency``, ``claimed_currency``: all of it, and what was claimed
            - ``slices``: list of dicts with ``date_from``, ``date_to`` (both inclusive),
              ``days``, ``balance``, ``rate`` (percent), ``year`` (365 or 366) and
              ``amount`` (four decimals more than the currency, not rounded to it)
        :raise UserError: names the half-year whose rate is missing
        """
        late_items = self._fetch_items(items, until)
        parts = self._cut(late_items, until, missing)
        late_items = [item for item in late_items if item.row["id"] in parts]
        units = self._round(late_items, parts)
        return self._prepare_interest(items, late_items, parts, units, until)

    def _get_indemnity(self, items, until):
        """The fixed indemnity of invoices paid late or still unpaid, not claimed yet.

        Once for each invoice, however many instalments are late: it stands with the one
        that was due first (Code de commerce, article D441-5).

        :param items: ids of receivable journal items, or tuples that begin with the id
        :param date until: the day on which lateness is looked at
        :return: dict, for every id that was asked for, id -> float, company currency
        """
        found = dict.fromkeys(self._get_ids(items), 0.0)
        seen = set()
        for item in self._fetch_items(items, until):
            row = item.row
            late = slices(item.debt, until, lambda _since: Decimal(0))
            if late and not row["indemnity_claimed"] and row["move_id"] not in seen:
                seen.add(row["move_id"])
                found[row["id"]] = float(row["indemnity"])
        return found

    def _get_interest_stops(self, partner_ids, root):
        """Hook: from which day proceedings forbid interest on earlier invoices.

        Code de commerce, article L622-28: the opening judgment stops the interest.

        :param partner_ids: ids of commercial partners
        :param root: root company
        :return: dict, partner id -> date; the earliest date where none is known
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT f.partner_id, f.insolvency_date FROM credit_profile f
                LEFT JOIN credit_reason r ON r.id = f.status_reason_id
                WHERE f.partner_id = ANY(%(partners)s) AND f.company_id = %(root)s
                AND (f.insolvency_date IS NOT NULL
                    OR f.status <> 'normal' AND r.code = 'status_insolvency')""",
                partners=list(partner_ids),
                root=root.id,
            )
        )
        return {partner_id: day or date.min for partner_id, day in rows}

    # === AMOUNTS === #

    def _get_ids(self, items):
        return [item if isinstance(item, int) else item[0] for item in items]

    def _cut(self, late_items, until, missing):
        """The slices of each item; without those that want an unknown rate."""
        rates = self._fetch_rates({item.row["country_id"] for item in late_items})
        parts = {}
        for item in late_items:
            row, rate_on = item.row, self._get_rate_on(item.row, rates)
            try:
                parts[row["id"]] = slices(item.debt, until, rate_on, self._method(item))
            except UnknownRateError as error:
                if missing is None:
                    raise self._get_missing_error(*error.rate) from error
                missing[row["id"]] = error.rate
        return parts

    def _method(self, item):
        return Method(not item.row["fixed"], bool(item.row["actual"]))

    def _round(self, late_items, parts):
        """Interest in the smallest unit, rounded once for each invoice or instalment."""
        units, by_move = {}, {}
        for item in late_items:
            by_move.setdefault(item.row["move_id"], []).append(item)
        for group in by_move.values():
            exact = [total(parts[item.row["id"]]) for item in group]
            if group[0].row["per_item"]:
                rounded = [round_half_up(amount) for amount in exact]
            else:
                rounded = round_together(exact)
            keys = [item.row["id"] for item in group]
            units.update(zip(keys, rounded, strict=True))
        return units

    def _prepare_interest(self, items, late_items, parts, units, until):
        nothing = {
            "amount": 0.0,
            "amount_currency": 0.0,
            "accrued_currency": 0.0,
            "claimed_currency": 0.0,
            "currency_id": False,
            "slices": [],
        }
        found = {item_id: dict(nothing) for item_id in self._get_ids(items)}
        rates = self._get_conversions(late_items, until)
        for item in late_items:
            row, scale = item.row, item.row["scale"]
            currency, company = row["currency_id"], row["company_id"]
            left = max(units[row["id"]] - item.claimed, 0) / scale
            own = self.env["res.company"].browse(company).currency_id
            found[row["id"]] = {
                "amount": own.round(left * rates[currency, company]),
                "amount_currency": left,
                "accrued_currency": units[row["id"]] / scale,
                "claimed_currency": item.claimed / scale,
                "currency_id": currency,
                "slices": [
                    self._prepare_slice(part, scale) for part in parts[row["id"]]
                ],
            }
        return found

    def _prepare_slice(self, part, scale):
        return {
            "date_from": part.first,
            "date_to": part.last,
            "days": part.days,
            "balance": part.balance / scale,
            "rate": float(part.rate),
            "year": part.year,
            "amount": float(Fraction(round(part.amount * 10_000), 10_000 * scale)),
        }

    def _get_conversions(self, late_items, until):
        """Rates from the items' currencies to their companies', once each."""
        currencies = self.env["res.currency"]
        return {
            (currency_id, company_id): currencies._get_conversion_rate(
                currencies.browse(currency_id), company.currency_id, company, until
            )
            for currency_id, company_id in {
                (item.row["currency_id"], item.row["company_id"]) for item in late_items
            }
            for company in self.env["res.company"].sudo().browse(company_id)
        }

    # === RATES === #

    def _get_country(self, partner, root):
        """The country whose law applies to the contracts with a debtor.

        :param partner: ``res.partner``, the commercial one
        :param root: root company
        :return: ``res.country``, at most one: the credit file's, else the policy's, else
            the company's
        """
        # sudo: which law applies, nothing more, whoever prints.
        profile = self.env["credit.profile"].sudo()
        profile = profile.search(
            [("partner_id", "=", partner.id), ("company_id", "=", root.id)]
        )
        policy = profile.policy_id or root._get_credit_policy()
        return (
            profile.interest_country_id
            or policy.interest_country_id
            or root.sudo().account_fiscal_country_id
            or root.sudo().country_id
        )

    def _fetch_rates(self, country_ids):
        """Rates as exact numbers, None where one is known to be missing."""
        rows = self.env.execute_query(
            SQL(
                """SELECT country_id, kind, date_from,
                    CASE WHEN is_missing IS NOT TRUE THEN rate::text END,
                    (rate * factor + points)::text
                FROM credit_interest_rate WHERE country_id = ANY(%s)""",
                [country_id for country_id in country_ids if country_id],
            )
        )
        return {
            (country, kind, since): rate and Rate(Decimal(rate), Decimal(applied))
            for country, kind, since, rate, applied in rows
        }

    def _get_rate_on(self, row, rates):
        """The rate of a half-year under the terms of one item."""

        country_id = row["country_id"]
        # A country without any legal rate has no floor; one missing half-year is an error.
        kinds = {kind for country, kind, _since in rates if country == country_id}

        def known(kind, since):
            rate = rates.get((country_id, kind, since))
            if rate is None:
                raise UnknownRateError(country_id, kind, since)
            return rate

        def rate_on(since):
            if row["consumer"]:
                if "legal_individual" in kinds:
                    return known("legal_individual", since).applied
                return known("legal", since).published
            if row["mode"] == "contractual":
                agreed = Decimal(row["rate"])
                if "legal" not in kinds:
                    return agreed
                return contractual_rate(agreed, known("legal", since).applied)
            return known("ecb", since).applied

        return rate_on

    def _get_missing_error(self, country_id, kind, since):
        return UserError(
            self.env._(
                "Late interest cannot be computed: the rate “%(kind)s” of the %(period)s "
                "is not known for %(country)s. Enter it under Credit ▸ Configuration ▸ "
                "Late-Interest Rates.",
                **self._name_rate(country_id, kind, since),
            )
        )

    def _name_rate(self, country_id, kind, since):
        rate = self.env["credit.interest.rate"]
        kinds = dict(rate._fields["kind"]._description_selection(self.env))
        country = self.env["res.country"].browse(country_id)
        return {
            "kind": kinds[kind],
            "period": rate._get_period_name(since),
            "country": country.name or self.env._("the company's country"),
        }
