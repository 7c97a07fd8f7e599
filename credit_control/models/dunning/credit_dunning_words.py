# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from datetime import timedelta

from lxml.html import fragment_fromstring, tostring
from markupsafe import Markup, escape

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, formatLang

GAP = re.compile(r"\{(\w+)\}")
SENTENCES = re.compile(r"(?<=[.!?]\s)")
BLOCKS = ("p", "li", "div", "td", "h1", "h2", "h3", "h4", "blockquote")
TEXTS = ("letter_body", "phone_script", "sms_body")
GAPS = frozenset(
    {
        "customer",
        "company",
        "level",
        "date",
        "total",
        "invoice",
        "invoice_date",
        "due_date",
        "days_late",
        "deadline",
        "deadline_days",
        "indemnity",
        "contact",
    }
)


def gaps(text):
    """Name the gaps of a text that a person wrote: ``Dear {customer}``."""
    return set(GAP.findall(text or ""))


def leave_out(html, gap):
    """Leave out the paragraphs of a formatted text that name something.

    :param str html: what a person wrote
    :param str gap: name of the gap
    :return: str
    """
    root = fragment_fromstring(html, create_parent="div")
    for block in list(root.iterdescendants(*BLOCKS)):
        innermost = next(block.iterdescendants(*BLOCKS), None) is None
        if innermost and gap in gaps(block.text_content()):
            block.drop_tree()
    return "".join(
        [
            escape(root.text or ""),
            *(tostring(part, encoding="unicode") for part in root),
        ]
    )


def leave_out_sentences(text, gap):
    """Leave out the sentences of a plain text that name something.

    :param str text: what a person wrote
    :param str gap: name of the gap
    :return: str
    """
    return "".join(
        part for part in SENTENCES.split(text) if gap not in gaps(part)
    ).strip()


def fill(text, values):
    """Fill the gaps of a text; nothing is evaluated, an unknown gap stays.

    Values are not looked at again: a customer called ``{total}`` stays one.

    :param str text: what a person wrote
    :param dict values: name of the gap -> str
    :return: str
    """
    return GAP.sub(lambda gap: values.get(gap[1], gap[0]), text or "")


class CreditDunningLevel(models.Model):
    """Texts of a level have gaps in braces; whoever writes them runs no code."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.dunning.level"

    @api.constrains(*TEXTS)
    def _check_gaps(self):
        for level in self:
            unknown = set().union(*(gaps(level[name]) for name in TEXTS)) - GAPS
            if unknown:
                raise ValidationError(
                    self.env._(
                        "These words in braces are not known: %(unknown)s. "
                        "Known are: %(known)s.",
                        unknown=", ".join(sorted(unknown)),
                        known=", ".join(f"{{{gap}}}" for gap in sorted(GAPS)),
                    )
                )


class CreditDunningNotice(models.Model):
    _inherit = "credit.dunning.notice"  # pylint: disable=consider-merging-classes-inherited

    def _in_language(self):
        """The notice for its reader: in his language, whoever sends it.

        Rights do not decide what a customer owes (P7), so it is read by the system.

        :return: ``credit.dunning.notice``
        """
        self.ensure_one()
        return (
            self.sudo()
            .with_context(lang=self._get_lang())
            .with_company(self.company_id)
        )

    def _get_lang(self):
        """Hook: the language of the messages, always one that is installed."""
        langs = dict(self.env["res.lang"].get_installed())
        wanted = (self.lang, self.recipient_id.lang, self.company_id.partner_id.lang)
        return next((lang for lang in wanted if lang in langs), "en_US")

    def _get_words(self):
        """What the gaps in the texts of a level are filled with, in the reader's words.

        Hook: another add-on adds a word here and its name to ``GAPS``.

        :return: dict, name of the gap -> str
        """
        lead, level = self.lead_item_id or self.item_ids[:1], self.level_id
        return {
            "customer": self.partner_id.name or "",
            "company": self.company_id.name,
            "level": level.name,
            "date": self._word_date(self.date),
            "total": self._get_total_text(),
            "invoice": lead.name or lead.move_id.name or "",
            "invoice_date": self._word_date(lead.date),
            "due_date": self._word_date(lead.date_maturity),
            "days_late": str(max(self.days_late, 0)),
            "deadline": self._word_date(self._get_deadline()),
            "deadline_days": str(level.deadline_days),
            "indemnity": self._word_fixed_indemnity(),
            "contact": self.user_id.name or self.company_id.name,
        }

    def _get_total_text(self):
        """What is to be paid: one amount for each currency the items are in."""
        totals = {}
        for item in self.item_ids:
            currency = item.move_currency_id or self.currency_id
            totals[currency] = totals.get(currency, 0.0) + item.amount_currency
        return " + ".join(
            self._word_money(amount, currency) for currency, amount in totals.items()
        ) or self._word_money(0.0, self.currency_id)

    def _word_fixed_indemnity(self):
        """What the company claims for each invoice that is paid late."""
        company = self.company_id
        return self._word_money(company.credit_indemnity_amount, company.currency_id)

    def _get_deadline(self):
        return self.date + timedelta(days=self.level_id.deadline_days)

    def _word_date(self, date):
        return format_date(self.env, date) if date else ""

    def _word_money(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)

    def _is_told_in_vain(self, text):
        source = self.env["credit.interest"]
        return source._is_told_in_vain(text, self.partner_id, self.company_id)

    def _fill_text(self, text):
        """Fill a plain text of the level, without what is not true of this debtor."""
        if self._is_told_in_vain(text):
            text = leave_out_sentences(text, "indemnity")
        return fill(text, self._get_words())

    def _fill_html(self, html):
        """Fill a formatted text of the level; what is filled in stays plain text.

        Paragraphs about what is not true of this debtor are left out.
        """
        words = {key: str(escape(word)) for key, word in self._get_words().items()}
        html = str(html or "")
        if self._is_told_in_vain(html):
            html = leave_out(html, "indemnity")
        return Markup(fill(html, words))


class CreditInterest(models.AbstractModel):
    _inherit = "credit.interest"  # pylint: disable=consider-merging-classes-inherited

    def _is_told_in_vain(self, text, partner, root):
        """Hook: whether a text names the fixed indemnity to a debtor who owes none.

        Between professionals only: Code de commerce, articles L441-10 and D441-5.

        :param str text: with gaps
        :param partner: ``res.partner``, the commercial one
        :param root: root company
        """
        # Speed: whose text does not name it is not asked who he is.
        return "indemnity" in gaps(text) and (
            not root.credit_indemnity_amount or self._is_consumer(partner)
        )
