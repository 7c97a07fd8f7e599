# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from odoo import api, models
from odoo.tools import SQL

# What changes the lines of a policy's buyers.
GIVING_FIELDS = frozenset(
    {
        "state",
        "date_start",
        "date_end",
        "environment",
        "currency_id",
        "discretionary_max_amount",
        "discretionary_automatic",
        "exclude_public",
        "exclude_persons",
        "exclude_affiliates",
    }
)


class CreditInsurancePolicy(models.Model):
    """What a policy covers, whom, and how the lines learn of it."""

    _inherit = "credit.insurance.policy"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        result = super().write(vals)
        if GIVING_FIELDS.intersection(vals):
            # sudo: lines follow the policy; who may change it was checked above.
            self.sudo()._follow_all()
        return result

    def _follow_all(self):
        """Let the lines of all buyers follow: what the policy gives changed."""
        for policy in self:
            policy._get_buyers()._follow_cover(policy)

    def _get_buyers(self):
        """The buyers that this policy may cover."""
        return self.env["credit.insurer.buyer"].search(self._get_buyers_domain())

    def _get_buyers_domain(self):
        self.ensure_one()
        return [
            ("insurer_id", "=", self.insurer_id.id),
            ("company_id", "=", self.company_id.id),
            ("environment", "=", self.environment),
        ]

    def _get_responsible(self):
        """Hook: who gets the activities about this policy.

        :return: ``res.users``, one
        """
        self.ensure_one()
        if self.user_id.active:
            return self.user_id
        group = self.env.ref("credit_control.credit_control_group_manager")
        # sudo: who is in a group is no secret among colleagues.
        managers = group.sudo().all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        return managers[:1] or self.env.ref("base.user_admin")

    def _gives_credit(self):
        """Whether lines follow this policy: sandboxes never give credit."""
        real = self.environment == "production" or self.insurer_id.adapter == "demo"
        return self.state == "live" and real

    def _get_country_terms(self, country):
        """The percentages and longest terms in a country.

        :param country: ``res.country``, may be empty
        :return: dict, of the fields of ``credit.insurance.policy.country``
        """
        row = self.country_ids.filtered(lambda row: row.country_id == country)[:1]
        names = (*self._get_percent_fields(), "max_payment_terms_days")
        terms = {name: (row[name] if row else 0) or self[name] for name in names}
        return {**terms, "is_excluded": row.is_excluded}

    @api.model
    def _bulk_insert(self, model, rows):
        """Append rows to a model that nothing but this add-on writes.

        Speed: a portfolio has tens of thousands of them, and records without computed
        fields, history or followers need nothing of what the ORM does besides.

        :param model: an empty recordset
        :param list rows: dicts with the same keys
        :return: list of int, the new ids, in the order of ``rows``
        """
        if not rows:
            return []
        now, uid = self.env.cr.now(), self.env.uid
        stamp = {"create_date": now, "write_date": now, "create_uid": uid}
        stamp["write_uid"] = uid
        names = [*rows[0], *stamp]
        values = [
            tuple(
                model._fields[name].convert_to_column_insert(value, model)
                for name, value in {**row, **stamp}.items()
            )
            for row in rows
        ]
        found = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(model._table),
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(values),
            )
        )
        return [row[0] for row in found]

    # === WHOM IT COVERS === #

    def _covers(self, buyer):
        """Hook: whether a buyer can be covered at all, whatever the insurer decided.

        :param buyer: ``credit.insurer.buyer``, one
        """
        self.ensure_one()
        return (buyer.insurer_id, buyer.company_id, buyer.environment) == (
            self.insurer_id,
            self.company_id,
            self.environment,
        )

    def _get_discretionary(self, buyer):
        """Hook: what we may grant to a buyer on our own.

        Whether the insurer's decision displaces it is for the engine to say.

        :param buyer: ``credit.insurer.buyer``, one
        :return: float, in the policy's currency
        """
        self.ensure_one()
        amount = self.discretionary_max_amount
        if amount and not self.discretionary_automatic:
            own = self._convert_from_company(buyer.discretionary_amount)
            amount = min(own, amount)
        if amount and self._get_exclusion(buyer.partner_ids, buyer.country_id):
            return 0.0
        return amount

    def _get_discretionary_start(self, buyer):
        """The first day on which a buyer has discretionary cover, None for always."""
        if self.discretionary_automatic:
            return self.date_start or None
        return buyer.discretionary_date or None

    def _clip(self, spans, today):
        """Cover ends with the policy.

        :param list spans: of the engine
        :return: list of Span, from today on
        """
        first, last = self.date_start or None, self.date_end or None
        clipped = [
            replace(
                span,
                start=max(span.start, first or span.start),
                end=min(filter(None, (span.end, last)), default=None),
            )
            for span in spans
        ]
        return [s for s in clipped if s.end is None or s.end >= max(s.start, today)]

    def _word_layer(self, layer):
        """The name of a line: only the credit group reads it."""
        if layer == "primary":
            return self.insurer_id.name
        field = self.env["credit.cover.layer"]._fields["layer"]
        words = dict(field._description_selection(self.env))
        return f"{self.insurer_id.name} · {words[layer]}"

    def _convert_from_company(self, amount):
        company = self.company_id
        return company.currency_id._convert(
            amount, self.currency_id, company, company._credit_today()
        )
