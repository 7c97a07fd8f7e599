# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import formatLang, html2plaintext
from odoo.tools.image import image_data_uri

FORMAL = ("formal_notice", "handover")


class CreditDunningNotice(models.Model):
    """What stands in a letter; every value is a text or an amount of the notice itself.

    A formal notice names the debt, its ground, the deadline and what follows (C. civ.
    1344 and 1344-1), with the computation of late interest and the fixed indemnity
    (C. com. L441-10 and D441-5).
    """

    _inherit = "credit.dunning.notice"  # pylint: disable=consider-merging-classes-inherited

    def _render_letter(self):
        """Write the letter of this notice, as one page that needs nothing else.

        :return: tuple, subject (str) and the whole page (str)
        :raise UserError: when there is nobody to write to
        """
        notice = self._in_language()
        values = notice._get_letter_values()
        page = notice.env["ir.qweb"]._render("credit_control.dunning_letter", values)
        return values["title"], str(page)

    def _get_letter_values(self):
        """Hook: what the template of letters shows.

        :return: dict; texts in the language of the reader
        """
        company = self.company_id
        return {
            "lang": self.env.context["lang"],
            "notice": self,
            "company": company.partner_id,
            "logo": self._get_logo(),
            "sender": self._get_address_lines(company.partner_id),
            "sender_contact": self._get_sender_contact(),
            "title": self._get_subject(),
            "address": self._get_address()[1].split("\n"),
            "body": self._fill_html(self.level_id._get_letter_body()),
            "signatory": self.user_id.name,
            "contact": self._get_contact_text(),
            "is_formal": self.level_id.kind in FORMAL,
            "is_french_law": self._get_law_country().code == "FR",
            "is_consumer": self.env["credit.interest"]._is_consumer(self.partner_id),
            "indemnity": company.credit_indemnity_amount
            and self._word_fixed_indemnity(),
            **self._get_references(),
            **self._get_account_values(),
            **self._get_payment_values(),
        }

    def _get_law_country(self):
        """The country whose law applies, as late interest is computed."""
        return self.env["credit.interest"]._get_country(
            self.partner_id, self.company_id
        )

    def _get_logo(self):
        """The logo as data, so that the stored letter needs no other file."""
        company = self.company_id
        if company.logo and not company.uses_default_logo:
            return image_data_uri(company.logo)
        return ""

    def _get_subject(self):
        """Hook: the title of letters and of what stands in the portal."""
        total = self._get_total_text()
        titles = {
            "before": self.env._("Due soon: %s", total),
            "reminder": self.env._("Reminder: %s to pay", total),
            "formal_notice": self.env._("Formal notice to pay"),
            "handover": self.env._("Your file is handed over"),
        }
        return titles[self.level_id.kind]

    def _get_references(self):
        partner = self.partner_id
        return {
            "reference": self._get_reference(),
            "date_written": self._word_date(self.date),
            "account_number": partner.ref
            or partner.company_registry
            or str(partner.id),
            "customer_vat": partner.vat,
        }

    def _get_reference(self):
        """What a customer quotes so that his answer finds its way."""
        return f"R{self.run_id.id}-{self.id}"

    def _get_sender_contact(self):
        company = self.company_id
        parts = [
            company.phone,
            company.email,
            company.company_registry,
            company.vat,
        ]
        return " · ".join(part for part in parts if part)

    def _get_contact_text(self):
        user = self.user_id
        parts = [user.name, user.phone, user.email] if user else []
        return ", ".join(part for part in parts if part)

    # === ADDRESSES === #

    def _get_address(self):
        """The contact and the lines in the window of the envelope.

        :return: tuple, ``res.partner`` and str, one line each
        :raise UserError: when neither the contact nor the customer has a postal address
        """
        candidates = self._get_contacts("letter")
        contact = next((found for found in candidates if self._is_postal(found)), None)
        if not contact:
            raise UserError(
                self.env._(
                    "%s has no postal address: street and city are needed.",
                    self.partner_id.display_name,
                )
            )
        names = [self.partner_id.name]
        if contact != self.partner_id and contact.name:
            names.append(contact.name)
        return contact, "\n".join(names + self._get_address_lines(contact))

    def _is_postal(self, partner):
        return bool(partner.street and partner.city)

    def _get_address_lines(self, partner):
        """A postal address as its country writes it, without our own country."""
        lines = partner._display_address(without_company=True).split("\n")
        home = self.company_id.country_id
        if partner.country_id == home:
            lines = [line for line in lines if line.strip() != home.name]
        return [line.strip() for line in lines if line.strip()]

    # === AMOUNTS === #

    def _get_account_values(self):
        """Items by currency, what is claimed on top, and how it was computed."""
        claims = self._get_claims()
        accounts = [
            self._prepare_account(currency, items)
            for currency, items in self.item_ids.grouped(
                lambda item: item.move_currency_id or self.currency_id
            ).items()
        ]
        claimed = sum(claim["claimed"] for claim in claims)
        own = all(account["currency"] == self.currency_id for account in accounts)
        total = self.amount_total + claimed
        return {
            "accounts": accounts,
            "claims": [
                {"text": claim["text"], "amount": claim["shown"]} for claim in claims
            ],
            # Amounts of several currencies have no sum that anybody could transfer.
            "grand_total": self._money(total, self.currency_id)
            if claimed and own
            else "",
            "slices": self._get_slices() if self._shows_interest() else [],
            "leap_years": self.company_id.credit_interest_actual,
        }

    def _prepare_account(self, currency, items):
        def money(amount):
            return self._number(amount, currency)

        late = items.filtered(
            lambda item: not item.date_maturity or item.date_maturity <= self.date
        )
        return {
            "currency": currency,
            "rows": [self._prepare_row(item, currency) for item in items],
            "credits": any(item.kind == "credit" for item in items),
            "total": money(sum(items.mapped("amount_currency"))),
            "overdue": money(sum(late.mapped("amount_currency"))) if late else "",
        }

    def _prepare_row(self, item, currency):
        line, residual = item.move_line_id, item.amount_currency
        late = item.days_late > 0 and item.kind != "credit"
        amount = line.amount_currency if line else residual
        return {
            "name": item.name or item.move_id.name,
            "order": item.move_id.ref or item.move_id.invoice_origin,
            "date": self._word_date(item.date),
            "date_due": ""
            if item.kind == "credit"
            else self._word_date(item.date_maturity),
            "days_late": str(item.days_late) if late else "",
            "amount": self._number(amount, currency),
            "paid": self._number(amount - residual, currency),
            "balance": self._number(residual, currency),
            "lead": item == self.lead_item_id,
        }

    def _number(self, amount, currency):
        return formatLang(self.env, amount, digits=currency.decimal_places)

    def _money(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)

    def _shows_interest(self):
        return self.level_id.interest != "none" and self.interest_amount > 0

    def _get_claims(self):
        """Interest, indemnity and fee: claimed, or only announced.

        :return: list of dicts with ``text``, ``shown`` (str) and ``claimed`` (float,
            company currency; zero when only announced)
        """
        level, currency = self.level_id, self.currency_id
        claims = [
            (self._word_interest(), self.interest_amount, level.interest),
            (self._word_indemnity(), self.indemnity_amount, level.indemnity),
            (self.env._("Fee"), self.fee_amount, level.fee),
        ]
        return [
            {
                "text": text
                if how == "claim"
                else self.env._("%s, not asked for yet", text),
                "shown": self._money(amount, currency),
                "claimed": amount if how == "claim" else 0.0,
            }
            for text, amount, how in claims
            if how != "none" and not currency.is_zero(amount)
        ]

    def _word_interest(self):
        return self.env._("Late payment interest until %s", self._word_date(self.date))

    def _word_indemnity(self):
        count = len(self.item_ids.filtered("indemnity_amount"))
        if not count:
            return self.env._("Fixed indemnity for recovery costs")
        return self.env._(
            "Fixed indemnity for recovery costs: %(count)s × %(amount)s",
            count=count,
            amount=self._money(self.indemnity_amount / count, self.currency_id),
        )

    def _get_slices(self):
        """How the interest of each item was computed, period by period."""
        lines = self.item_ids.filtered("interest_amount").move_line_id
        found = self.env["credit.interest"]._get_interest(lines.ids, self.date)
        rows = []
        for line in lines:
            rows += [
                self._prepare_slice(line, part) for part in found[line.id]["slices"]
            ]
            if claimed := found[line.id]["claimed_currency"]:
                rows.append(self._prepare_claimed(line, claimed))
        return rows

    def _prepare_claimed(self, line, claimed):
        """What of these periods was claimed or waived by an earlier letter."""
        names = ("date_from", "date_to", "days", "balance", "rate")
        digits = line.currency_id.decimal_places + 2
        return {
            **dict.fromkeys(names, ""),
            "name": self.env._("%s, claimed or waived before", line.move_id.name),
            "amount": formatLang(self.env, -claimed, digits=digits),
        }

    def _prepare_slice(self, line, part):
        currency = line.currency_id
        return {
            "name": line.move_id.name,
            "date_from": self._word_date(part["date_from"]),
            "date_to": self._word_date(part["date_to"]),
            "days": str(part["days"]),
            "balance": self._money(part["balance"], currency),
            "rate": f"{formatLang(self.env, part['rate'], digits=2)} %",
            "amount": formatLang(
                self.env, part["amount"], digits=currency.decimal_places + 2
            ),
        }

    # === PAYMENT === #

    def _get_payment_values(self):
        return {
            "deadline": self._word_deadline(),
            "bank": self._get_bank(),
            "communication": self._get_communication(),
            "online": self._get_payment_link(),
        }

    def _word_deadline(self):
        level = self.level_id
        if level.kind == "before":
            return self.env._("on the due date")
        if not level.deadline_days:
            return self.env._("at once")
        if level.kind in FORMAL:
            # C. civ. 1344-1: the delay runs from the day the debtor was put on notice.
            return self.env._(
                "within %s days of receipt of this letter", level.deadline_days
            )
        return self.env._("by %s", self._word_date(self._get_deadline()))

    def _get_bank(self):
        """The account that the leading invoice names, else the company's first one."""
        company = self.company_id
        named = self.lead_item_id.move_id.partner_bank_id
        banks = named or company.partner_id.bank_ids.filtered(
            lambda bank: bank.company_id in (company, company.browse())
        )
        bank = banks[:1]
        return bank and {
            "holder": bank.acc_holder_name or company.name,
            "number": bank.acc_number,
            "bic": bank.bank_id.bic,
        }

    def _get_communication(self):
        names = [name for name in self.item_ids.mapped("name") if name]
        if len(names) <= 3:
            return ", ".join(names) or self._get_reference()
        return self._get_reference()

    def _get_payment_link(self):
        """Hook: where the customer pays by himself; empty: nowhere.

        :return: str, an address
        """
        return f"{self.get_base_url()}/my/credit"

    @api.model
    def _get_letter_text(self, page):
        """The text of a letter without its form, as two letters are compared."""
        return html2plaintext(page)
