# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from . import national_numbers as numbers


class CreditOpening(models.Model):
    """What an accepted sheet leads to: customer, terms, credit file and line."""

    _inherit = "credit.opening"  # pylint: disable=consider-merging-classes-inherited

    needs_approval = fields.Boolean(compute="_compute_needs_approval")

    @api.depends("granted_amount", "granted_kind_id", "grants_line", "partner_id")
    @api.depends_context("uid")
    def _compute_needs_approval(self):
        for opening in self:
            opening.needs_approval = opening._exceeds_authority(self.env.user)

    def _check_acceptable(self):
        problems = self._get_accept_problems()
        if problems:
            raise UserError(
                self.env._("Before this account is accepted:")
                + "".join(f"\n• {problem}" for problem in problems)
            )

    def _get_accept_problems(self):
        """Hook: what keeps the account from being accepted.

        :return: list, of sentences, empty when nothing does
        """
        problems = []
        lacking = self.document_ids.filtered("is_required")
        for document_type in lacking.type_id:
            papers = lacking.filtered(lambda paper, t=document_type: paper.type_id == t)
            if not set(papers.mapped("status")) & {"valid", "expiring", "waived"}:
                labels = dict(papers._fields["status"]._description_selection(self.env))
                problems.append(
                    self.env._(
                        "%(document)s: %(status)s. Ask for it, or waive it with a reason.",
                        document=document_type.name,
                        status=labels[papers[:1].status].lower(),
                    )
                )
        if not self.partner_id and self.duplicate_ids and not self.is_distinct:
            problems.append(
                self.env._(
                    "%s carries the same number: choose it as the customer, or tick “Not "
                    "the Same Customer”.",
                    self.duplicate_ids[0].display_name,
                )
            )
        kind = self.granted_kind_id
        if self.grants_line and kind.needs_end_date and not self.granted_date_to:
            problems.append(
                self.env._("A line of kind %(kind)s needs an end date.", kind=kind.name)
            )
        return problems

    def _get_kin_worth(self):
        """What the debtor's other lines of this kind are worth, company currency."""
        # sudo: who asks may not read lines; only the sum is compared.
        lines = self._get_debtor_file().sudo().line_ids
        kin = lines.filtered(lambda line: line.kind_id == self.granted_kind_id)
        return sum(line._get_worth() for line in kin - self._get_former_line())

    def _get_debtor_file(self):
        debtor = self.partner_id.commercial_partner_id
        return self.env["credit.profile"].search(
            [("partner_id", "=", debtor.id), ("company_id", "=", self.company_id.id)]
        )

    def _get_former_line(self):
        """The line that this sheet changes rather than opening a second one."""
        lines = self._get_debtor_file().line_ids.filtered(
            lambda line: (
                line.kind_id == self.granted_kind_id
                and line.state in ("active", "suspended")
                and line.currency_id == self.currency_id
                and not line.is_scoped
            )
        )
        return lines if len(lines) == 1 else lines.browse()

    def _accept(self):
        """Open the account: customer, terms, file, documents, line, answer."""
        self._move("accepted", **self._sign())
        debtor = self._apply_customer()
        profile = self._apply_file(debtor)
        self._apply_terms(debtor)
        # sudo: the flow alone ties a sheet and its documents to the file.
        self.sudo().write({"profile_id": profile.id, "partner_id": debtor.id})
        present = self.sudo().document_ids.filtered("is_present")
        present.write({"profile_id": profile.id})
        if self.grants_line:
            self._apply_line(profile)
        self._tell_accepted(profile)

    def _apply_customer(self):
        """The customer of this sheet, made or completed.

        :return: ``res.partner``
        """
        # sudo: analysts open accounts without the right to change every contact.
        partners = self.env["res.partner"].sudo()
        debtor = partners.browse(self.partner_id.commercial_partner_id.id)
        values = self._prepare_partner_vals()
        if not debtor:
            debtor = partners.create(values)
        else:
            debtor.write(
                {name: value for name, value in values.items() if not debtor[name]}
            )
        self._apply_bank_account(debtor)
        return debtor.sudo(False)

    def _prepare_partner_vals(self):
        """Hook: values of the customer; of a known one only what is empty is filled."""
        values = {
            source: self[name]
            for name, source in self._get_identity_sources().items()
            if name != "country_id" and self[name]
        }
        return {
            **values,
            "is_company": True,
            "country_id": self.country_id.id,
            "user_id": self.user_id.id,
        }

    def _apply_bank_account(self, debtor):
        iban = numbers.compact(self.iban)
        known = debtor.bank_ids.mapped("sanitized_acc_number")
        if iban and iban not in known:
            debtor.bank_ids = [Command.create({"acc_number": iban})]

    def _apply_file(self, debtor):
        """Open the credit file, as the reviewer himself could (tracked)."""
        profile = self.env["credit.profile"]._get_or_create(debtor, self.company_id)
        profile.write(
            {
                name: self[name].id if name.endswith("_id") else self[name]
                for name in ("policy_id", "analyst_id", "review_date")
                if self[name]
            }
        )
        return profile

    def _apply_terms(self, debtor):
        """Set terms and method for the company and its branches."""
        values = {}
        if self.granted_term_id:
            values["property_payment_term_id"] = self.granted_term_id.id
        if self.granted_method_id:
            values["property_inbound_payment_method_line_id"] = (
                self.granted_method_id.id
            )
        if not values:
            return
        # sudo: branches where the reviewer does not work, and contacts, as above.
        branches = (
            self.env["res.company"]
            .sudo()
            .search([("id", "child_of", self.company_id.id)])
        )
        for company in branches:
            debtor.sudo().with_company(company).write(values)

    def _apply_line(self, profile):
        """Give the line as the reviewer: his authority is checked once more there."""
        former = self._get_former_line()
        reason = self.env._("Account opening: %s", self.customer_name)
        if former:
            change = self.env["credit.line.change"].create(
                {
                    "line_id": former.id,
                    "amount": self.granted_amount,
                    "date_to": self.granted_date_to,
                    "reason": reason,
                }
            )
            change.action_apply()
        else:
            line = self.env["credit.line"].create(self._prepare_line_vals(profile))
            line.message_post(body=reason)

    def _prepare_line_vals(self, profile):
        """Hook: values of the first credit line."""
        return {
            "profile_id": profile.id,
            "kind_id": self.granted_kind_id.id,
            "amount": self.granted_amount,
            "currency_id": self.currency_id.id,
            "date_to": self.granted_date_to,
            "state": "active",
            "origin": self.env._("Account opening"),
        }

    def _tell_accepted(self, profile):
        profile.message_post(
            body=self.env._("Account opened from the sheet of %s.", self.user_id.name)
        )

        def word(sheet):
            if not sheet.grants_line:
                return sheet.env._(
                    "The account of %s is open, without a credit line.",
                    sheet.customer_name,
                )
            return sheet.env._(
                "The account of %(customer)s is open: credit of %(amount)s, %(terms)s.",
                customer=sheet.customer_name,
                amount=sheet.currency_id.format(sheet.granted_amount),
                terms=sheet.granted_term_id.name or sheet.env._("no terms"),
            )

        self._tell(word, self.user_id)
