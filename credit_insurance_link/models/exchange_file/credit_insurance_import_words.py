# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditInsuranceImportRow(models.Model):
    """What is wrong with a row, in the words of who reads it (P9)."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.import.row"

    trouble = fields.Text(string="Problem", compute="_compute_trouble")

    @api.depends("faults", "problem")
    @api.depends_context("lang")
    def _compute_trouble(self):
        for row in self:
            told = [row._word_fault(*fault) for fault in row.faults or ()]
            row.trouble = " ".join(filter(None, [*told, row.problem])) or False

    @api.model
    def _word_fault(self, field, code, text):
        """A sentence about one cell.

        :param str field: of ``credit.insurance.mapping.column``
        :param str code: of ``files.portfolio.Problem``
        :param str text: what the cell holds
        """
        fields_ = self.env["credit.insurance.mapping.column"]._fields["field"]
        names = dict(fields_._description_selection(self.env))
        words = self._get_fault_words().get(code) or self.env._("cannot be read")
        told = {"column": names.get(field, field), "trouble": words}
        if text:
            return self.env._(
                "%(column)s: %(trouble)s (“%(cell)s”).", cell=text, **told
            )
        return self.env._("%(column)s: %(trouble)s.", **told)

    @api.model
    def _get_fault_words(self):
        """Hook: code -> words."""
        return {
            "number": self.env._("this is no amount"),
            "ambiguous": self.env._(
                "thousands or decimals? Choose the decimals in the mapping"
            ),
            "negative": self.env._("an amount below zero"),
            "empty": self.env._("missing, though cover was granted"),
            "mangled": self.env._(
                "a spreadsheet destroyed this number; format the column as text and "
                "export again"
            ),
            "length": self.env._("too long for this kind of number"),
            "checksum": self.env._("its check digit is wrong"),
            "date": self.env._("this is no date"),
            "percent": self.env._("this is no percentage"),
            "days": self.env._("this is no number of days"),
            "unknown": self.env._(
                "a word that is not known; add it to the words of the mapping"
            ),
            "untold": self.env._("nothing says what was decided"),
            "characters": self.env._(
                "characters were lost on the way; save the file again as CSV UTF-8"
            ),
            "double": self.env._("the file speaks of this cover twice"),
            "nobody": self.env._("nothing names the buyer"),
        }
