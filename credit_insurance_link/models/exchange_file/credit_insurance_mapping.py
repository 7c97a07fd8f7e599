# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...files import columns
from ...files.portfolio import Mapping
from ..credit_cover_decision import OUTCOMES
from ..credit_cover_request import LAYERS

FIELDS = [
    ("policy_number", "Policy Number"),
    ("buyer_id", "Insurer's Number of the Buyer"),
    ("national_id", "National Number"),
    ("vat", "VAT Number"),
    ("own_reference", "Our Reference of the Customer"),
    ("name", "Name"),
    ("country", "Country"),
    ("currency", "Currency"),
    ("amount", "Amount Granted"),
    ("amount_requested", "Amount Asked"),
    ("date_requested", "Date of the Request"),
    ("outcome", "Decision"),
    ("layer", "Layer"),
    ("external_id", "Number of the Cover"),
    ("decided_at", "Date of the Decision"),
    ("effective_from", "In Force From"),
    ("expires_on", "Until"),
    ("insured_percent", "Insured (%)"),
    ("max_terms_days", "Longest Terms (days)"),
    ("reasons", "Reasons"),
    ("conditions", "Conditions"),
    ("grade", "Grade"),
    ("grade_date", "Date of the Grade"),
    ("topup_amount", "Top-Up: Amount"),
    ("topup_to", "Top-Up: Until"),
    ("temporary_amount", "Temporary: Amount"),
    ("temporary_from", "Temporary: From"),
    ("temporary_to", "Temporary: Until"),
]


class CreditInsuranceMapping(models.Model):
    """How the files of an insurer are read: agreed upon once, used every time.

    Proposed from the headings, in French and English; a person has the last word.
    """

    _name = "credit.insurance.mapping"
    _description = "Column Mapping"
    _order = "name, id"

    name = fields.Char(required=True)
    insurer_id = fields.Many2one(
        "credit.insurer", required=True, index=True, ondelete="cascade"
    )
    policy_id = fields.Many2one(
        "credit.insurance.policy",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('insurer_id', '=', insurer_id)]",
        help="Empty: for all policies of this insurer.",
    )
    active = fields.Boolean(default=True)
    decimal = fields.Selection(
        [("auto", "As the column tells"), (",", "Comma"), (".", "Point")],
        string="Decimals",
        default="auto",
        required=True,
        help="Where neither the column nor you tell, “12.500” is refused: it may mean "
        "twelve and a half or twelve thousand five hundred.",
    )
    date_order = fields.Selection(
        [
            ("dmy", "Day, month, year"),
            ("mdy", "Month, day, year"),
            ("ymd", "Year, month, day"),
        ],
        string="Dates",
        default="dmy",
        required=True,
    )
    buyer_id_length = fields.Integer(
        string="Digits of the Buyer's Number",
        help="Zeros that a spreadsheet took away are put back. Coface's EASY number has "
        "14 digits. Zero: nothing is put back.",
    )
    policy_length = fields.Integer(string="Digits of the Policy Number")
    national_id_kind_id = fields.Many2one(
        "credit.identifier.type",
        string="Kind of National Number",
        help="A number's kind is never guessed from its length: SIREN and DUNS both have "
        "nine digits.",
    )
    country_id = fields.Many2one(
        "res.country",
        string="Country Unless Told",
        default=lambda self: self.env.company.country_id,
    )
    default_layer = fields.Selection(
        LAYERS, string="Layer Unless Told", default="primary", required=True
    )
    max_gone_percent = fields.Integer(
        string="Disappearances Allowed (%)",
        default=10,
        help="If more of the last portfolio is missing, the file is probably a filtered "
        "view: a manager has to confirm it.",
    )
    column_ids = fields.One2many(
        "credit.insurance.mapping.column", "mapping_id", string="Columns", copy=True
    )
    word_ids = fields.One2many(
        "credit.insurance.mapping.word", "mapping_id", string="Words", copy=True
    )

    _gone_range = models.Constraint(
        "CHECK(max_gone_percent BETWEEN 0 AND 100)", "A percentage is from 0 to 100."
    )
    _lengths_positive = models.Constraint(
        "CHECK(COALESCE(buyer_id_length, 0) BETWEEN 0 AND 40"
        " AND COALESCE(policy_length, 0) BETWEEN 0 AND 40)",
        "A number has 40 digits at most.",
    )

    @api.constrains("column_ids")
    def _check_columns(self):
        for mapping in self:
            fields_used = [c.field for c in mapping.column_ids if c.field]
            if len(fields_used) != len(set(fields_used)):
                raise ValidationError(
                    self.env._("Two columns of “%s” mean the same.", mapping.name)
                )

    def _read_header(self, header):
        """Add the columns of a file that the mapping does not know, with a proposal.

        :param list header: the cells of the first row
        """
        self.ensure_one()
        known = {column.key for column in self.column_ids}
        used = {column.field for column in self.column_ids}
        proposed = columns.propose(header)
        vals_list = []
        for index, cell in enumerate(header):
            key = columns.plain(cell or "")
            if key and key not in known:
                known.add(key)
                meaning = proposed.get(index)
                meaning = meaning if meaning not in used else False
                vals_list.append(
                    {
                        "mapping_id": self.id,
                        "heading": str(cell).strip(),
                        "field": meaning,
                        "sequence": index,
                    }
                )
        self.env["credit.insurance.mapping.column"].create(vals_list)
        if not self.national_id_kind_id:
            self.national_id_kind_id = self._propose_kind()

    def _propose_kind(self):
        """The kind of national number that the heading names."""
        heading = self.column_ids.filtered(lambda c: c.field == "national_id")
        code = "siret" if "siret" in (heading[:1].key or "") else "siren"
        kinds = self.env["credit.identifier.type"]
        return kinds.search([("code", "=", code)], limit=1)

    def _get_missing(self):
        """What the columns lack, as words for people."""
        self.ensure_one()
        lacks = columns.missing(column.field for column in self.column_ids)
        told = {
            "buyer": self.env._("a column that names the buyer"),
            "amount": self.env._("a column with the amount granted"),
        }
        return [told[code] for code in lacks]

    def _prepare_mapping(self, policy):
        """The mapping as the parser takes it.

        :param policy: whose portfolio is read
        """
        self.ensure_one()
        return Mapping(
            columns={c.key: c.field for c in self.column_ids if c.field},
            policy_number=policy.policy_number,
            currency=policy.currency_id.name,
            country=self.country_id.code or "",
            decimal="" if self.decimal == "auto" else self.decimal,
            date_order=self.date_order,
            buyer_id_length=self.buyer_id_length,
            policy_length=self.policy_length,
            national_id_kind=self.national_id_kind_id.code or "siren",
            default_layer=self.default_layer,
            outcomes={w.key: w.outcome for w in self.word_ids if w.outcome},
            layers={w.key: w.layer for w in self.word_ids if w.layer},
        )


class CreditInsuranceMappingColumn(models.Model):
    """What one column means."""

    _name = "credit.insurance.mapping.column"
    _description = "Column of a Mapping"
    _order = "sequence, id"
    _rec_name = "heading"

    mapping_id = fields.Many2one(
        "credit.insurance.mapping", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    heading = fields.Char(required=True)
    key = fields.Char(compute="_compute_key", store=True)
    field = fields.Selection(
        FIELDS,
        string="Means",
        help="Empty: the column is not read. What was asked is never taken as granted: "
        "choose “Amount Granted” only for what the insurer decided.",
    )

    @api.depends("heading")
    def _compute_key(self):
        for column in self:
            column.key = columns.plain(column.heading or "")


class CreditInsuranceMappingWord(models.Model):
    """What one word of the insurer means; unknown words grant nothing."""

    _name = "credit.insurance.mapping.word"
    _description = "Word of a Mapping"
    _order = "word, id"
    _rec_name = "word"

    mapping_id = fields.Many2one(
        "credit.insurance.mapping", required=True, index=True, ondelete="cascade"
    )
    word = fields.Char(help="Empty: what an empty cell means.")
    key = fields.Char(compute="_compute_key", store=True)
    outcome = fields.Selection(OUTCOMES, string="Decision")
    layer = fields.Selection(LAYERS)

    @api.depends("word")
    def _compute_key(self):
        for word in self:
            word.key = columns.plain(word.word or "")

    @api.constrains("outcome", "layer")
    def _check_meaning(self):
        if any(not word.outcome and not word.layer for word in self):
            raise ValidationError(
                self.env._("Say which decision or which layer the word means.")
            )
