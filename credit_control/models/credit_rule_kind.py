# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import formatLang

from ..engine import get_kind, rule_kinds


class CreditRuleKind(models.AbstractModel):
    """The words of the kinds of rules: name, help, condition, and what was found.

    An add-on's kind may bring them itself, as lazily translated attributes of its class:
    ``title``, ``help``, ``beyond``, ``within``, ``found``.
    """

    _name = "credit.rule.kind"
    _description = "Kind of Credit Rule"

    @api.model
    def _get_word(self, kind, word):
        """One word of a kind in the reader's language, or an empty string."""
        known = self._get_words().get(kind)
        if known:
            return known.get(word, "")
        # A lazily translated attribute of an add-on's class: str() translates it.
        return self._translate(getattr(get_kind(kind), word, ""))

    @api.model
    def _translate(self, text):
        translate = getattr(text, "_translate", None)
        return translate(self.env.lang or "en_US") if translate else str(text)

    @api.model
    def _get_titles(self):
        """The titles of all kinds, looked up once."""
        known = self._get_words()
        return {
            kind: known[kind]["title"] if kind in known else self._get_name(kind)
            for kind in rule_kinds()
        }

    @api.model
    def _get_name(self, kind):
        return self._get_word(kind, "title") or kind

    @api.model
    def _get_help(self, kind):
        return self._get_word(kind, "help")

    @api.model
    def _word_beyond(self, kind, threshold, limit=1):
        """The condition under which a rule speaks, to follow "when".

        :param str threshold: in words
        :param limit: the threshold itself
        """
        if not limit and (anything := self._get_word(kind, "anything")):
            return anything
        words = self._get_word(kind, "beyond") or self.env._(
            "“%(title)s” is beyond %(threshold)s"
        )
        return words % {"title": self._get_name(kind), "threshold": threshold}

    @api.model
    def _word_within(self, kind, threshold):
        """The condition under which a rule is silent, to follow "when"."""
        words = self._get_word(kind, "within") or self.env._(
            "“%(title)s” is within %(threshold)s"
        )
        return words % {"title": self._get_name(kind), "threshold": threshold}

    @api.model
    def _word_found(self, kind, values):
        """What a rule found, as a sentence.

        :param dict values: of the reason, already put into words
        """
        words = self._get_word(kind, "found") or self.env._(
            "%(title)s: %(measured)s (allowed: %(threshold)s)"
        )
        return words % {"title": self._get_name(kind), **values}

    @api.model
    def _word_value(self, unit, value, currency):
        """A figure with its unit.

        :param str unit: of the kind: amount, days, percent or number
        :param value: main units for an amount, basis points for a percentage
        """
        if unit == "amount":
            return formatLang(self.env, value, currency_obj=currency)
        if unit == "percent":
            digits = 2 if value % 100 else 0
            return self.env._("%s %%", formatLang(self.env, value / 100, digits=digits))
        if unit == "days":
            return self.env._("1 day") if value == 1 else self.env._("%s days", value)
        return formatLang(self.env, value, digits=0)
