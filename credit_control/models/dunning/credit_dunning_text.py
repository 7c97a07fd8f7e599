# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

# The standard text of each kind of level, when a level names no template.
TEMPLATES = {
    "before": "credit_control.credit_dunning_mail_before",
    "reminder": "credit_control.credit_dunning_mail_1",
    "formal_notice": "credit_control.credit_dunning_mail_formal",
    "handover": "credit_control.credit_dunning_mail_handover",
}


# The standard words of each kind of level, when a level has no letter of its own.
LETTERS = {
    "before": "credit_control.credit_dunning_level_before",
    "reminder": "credit_control.credit_dunning_level_1",
    "formal_notice": "credit_control.credit_dunning_level_4",
    "handover": "credit_control.credit_dunning_level_5",
}


class CreditDunningLevel(models.Model):
    _inherit = "credit.dunning.level"  # pylint: disable=consider-merging-classes-inherited

    def _get_mail_template(self):
        """Hook: the e-mail template of a level, else the standard one of its kind.

        :return: ``mail.template``
        :raise UserError: when the standard one was deleted
        """
        self.ensure_one()
        # sudo: templates are for their editors; the text of a follow-up is for all.
        level, templates = self.sudo(), self.env["mail.template"].sudo()
        template = level.mail_template_id
        if not template:
            # Speed: the id is cached, and goes with its record.
            names = self.env["ir.model.data"].sudo()
            template = templates.browse(
                names._xmlid_to_res_id(TEMPLATES[level.kind], raise_if_not_found=False)
            )
        if not template:
            raise UserError(
                self.env._("The level %s has no e-mail template.", level.name)
            )
        return template

    def _get_letter_body(self):
        """Hook: the words of letters and of the portal, else those of its kind.

        :return: Markup, False when the standard ones were deleted
        """
        self.ensure_one()
        if not is_html_empty(self.letter_body):
            return self.letter_body
        standard = self.env.ref(LETTERS[self.kind], raise_if_not_found=False)
        return standard and standard.letter_body


class CreditDunningNotice(models.Model):
    """Ready-made words and tables for e-mail templates: plain fields, so that whoever
    may write a template without code can use them."""

    _inherit = "credit.dunning.notice"  # pylint: disable=consider-merging-classes-inherited

    text_total = fields.Char(compute="_compute_texts", compute_sudo=True)
    text_deadline = fields.Char(compute="_compute_texts", compute_sudo=True)
    text_handover = fields.Char(compute="_compute_texts", compute_sudo=True)
    text_signature = fields.Html(compute="_compute_texts", compute_sudo=True)
    text_items = fields.Html(
        compute="_compute_texts", compute_sudo=True, sanitize=False
    )
    text_claims = fields.Html(
        compute="_compute_texts", compute_sudo=True, sanitize=False
    )
    text_payment = fields.Html(
        compute="_compute_texts", compute_sudo=True, sanitize=False
    )

    @api.depends("item_ids.amount_currency", "item_ids.amount_residual", "level_id")
    @api.depends_context("lang")
    def _compute_texts(self):
        for notice in self:
            accounts = notice._get_account_values()
            payment = notice._get_payment_values()
            notice.text_total = notice._get_total_text()
            notice.text_deadline = payment["deadline"]
            notice.text_handover = notice._word_handover()
            notice.text_signature = notice._get_signature()
            notice.text_items = notice._render_part("items", accounts)
            notice.text_claims = notice._render_part("claims", accounts)
            notice.text_payment = notice._render_part("payment", payment)

    def _forget_texts(self):
        """Items are also written past the ORM: what was read before does not count."""
        self.invalidate_recordset(
            [name for name in self._fields if name[:5] == "text_"]
        )

    def _render_part(self, part, values):
        return self.env["ir.qweb"]._render(
            f"credit_control.dunning_mail_{part}", values
        )

    def _word_handover(self):
        """Hook: to whom the file is handed over, as words within a sentence."""
        words = {
            "collection": self.env._("a debt collection agency"),
            "insurer": self.env._("our credit insurer"),
            "lawyer": self.env._("a lawyer or bailiff"),
        }
        return words.get(self.level_id.handover_to, "")

    def _get_signature(self):
        """Who signs: the responsible person, how to reach him, and the company."""
        lines = [self._get_contact_text(), self.company_id.name]
        return Markup("<br/>").join(escape(line) for line in lines if line)
