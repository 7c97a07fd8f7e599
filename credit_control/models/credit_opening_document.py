# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

EXPIRING_DAYS = 30


class CreditDocumentType(models.AbstractModel):
    """A catalogue of papers, in the order in which they are asked for."""

    _name = "credit.document.type"
    _description = "Kind of Document"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Technical name, used by other add-ons and integrations."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="What to ask the customer for, and why."
    )

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "The code of a document type must be unique."
    )


class CreditOpeningDocumentType(models.Model):
    """A paper that customers hand in: the catalogue from which policies choose."""

    _name = "credit.opening.document.type"
    _description = "Account Opening Document"
    _inherit = ["credit.document.type"]

    is_default = fields.Boolean(
        string="Required in New Policies",
        help="A new policy asks for this document. Change each policy as you need.",
    )
    max_age_months = fields.Integer(
        string="Oldest Allowed (months)",
        help="An older document is refused when the account is opened. Zero: any age.",
    )
    validity_months = fields.Integer(
        string="Renew After (months)",
        help="From its date on, the document counts this long; afterwards it is missing "
        "again. Zero: it counts for ever, unless an end date is entered.",
    )

    _months_positive = models.Constraint(
        "CHECK(COALESCE(max_age_months, 0) >= 0 AND COALESCE(validity_months, 0) >= 0)",
        "Ages are numbers of months, zero or more.",
    )


class CreditOpeningDocument(models.Model):
    """One paper of a customer, from the account opening on until it expires.

    Whether it counts depends on today's date alone: nothing has to run at night for an
    expired document to be missing.
    """

    _name = "credit.opening.document"
    _description = "Customer Document"
    _order = "type_sequence, date desc, id desc"
    _rec_name = "type_id"

    opening_id = fields.Many2one(
        "credit.opening", string="Account Opening", index=True, ondelete="cascade"
    )
    profile_id = fields.Many2one(
        "credit.profile", string="Credit File", index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index=True
    )
    type_id = fields.Many2one(
        "credit.opening.document.type",
        string="Document",
        required=True,
        index=True,
        ondelete="restrict",
    )
    type_sequence = fields.Integer(related="type_id.sequence", store=True)
    is_required = fields.Boolean(string="Required", compute="_compute_is_required")
    file = fields.Binary(attachment=True)
    file_name = fields.Char()
    date = fields.Date(
        string="Dated",
        compute="_compute_date",
        store=True,
        readonly=False,
        help="Date on the document itself; its age and its end are counted from here.",
    )
    date_to = fields.Date(
        string="Valid Until",
        compute="_compute_date_to",
        store=True,
        readonly=False,
        help="Last day on which it counts. Empty: it does not expire.",
    )
    is_waived = fields.Boolean(
        string="Waived", help="An analyst does without this document."
    )
    waive_reason = fields.Char(help="Why the document is not needed; kept for reviews.")
    is_present = fields.Boolean(compute="_compute_is_present", store=True)
    status = fields.Selection(
        [
            ("missing", "Missing"),
            ("old", "Too Old"),
            ("expired", "Expired"),
            ("expiring", "Expires Soon"),
            ("valid", "Valid"),
            ("waived", "Waived"),
        ],
        compute="_compute_status",
        search="_search_status",
    )
    note = fields.Char()

    _owned = models.Constraint(
        "CHECK(opening_id IS NOT NULL OR profile_id IS NOT NULL)",
        "A document belongs to an account opening or to a credit file.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date IS NULL OR date_to IS NULL OR date <= date_to)",
        "A document cannot end before its date.",
    )
    _present_idx = models.Index("(profile_id, type_id) WHERE is_present")

    @api.depends("opening_id.company_id", "profile_id.company_id")
    def _compute_company_id(self):
        for document in self:
            owner = document.profile_id or document.opening_id
            document.company_id = owner.company_id

    @api.depends("type_id", "opening_id.policy_id", "profile_id.policy_id")
    def _compute_is_required(self):
        for document in self:
            owner = document.profile_id or document.opening_id
            # sudo: whether a document is asked for is no secret of the policy.
            policy = (
                owner.sudo().policy_id
                or (owner.company_id or self.env.company)._get_credit_policy()
            )
            document.is_required = document.type_id in policy.opening_required_ids

    @api.depends("file")
    def _compute_date(self):
        for document in self:
            if document.file and not document.date:
                document.date = (
                    document.company_id or self.env.company
                )._credit_today()

    @api.depends("date", "type_id")
    def _compute_date_to(self):
        for document in self:
            months = document.type_id.validity_months
            if document.date and months:
                document.date_to = fields.Date.add(document.date, months=months)
            elif not document.date_to:
                document.date_to = False

    @api.depends("file", "is_waived")
    def _compute_is_present(self):
        for document in self:
            document.is_present = bool(document.file) or document.is_waived

    @api.depends("is_present", "is_waived", "date", "date_to", "opening_id.state")
    def _compute_status(self):
        for document in self:
            today = (document.company_id or self.env.company)._credit_today()
            document.status = document._get_status(today)

    def _get_status(self, today):
        if not self.is_present:
            return "missing"
        if self.date_to and self.date_to < today:
            return "expired"
        if self.is_waived:
            return "waived"
        if not self.profile_id and self._is_too_old(today):
            return "old"
        soon = fields.Date.add(today, days=EXPIRING_DAYS)
        return "expiring" if self.date_to and self.date_to <= soon else "valid"

    def _is_too_old(self, today):
        months = self.type_id.max_age_months
        return bool(
            months
            and self.date
            and self.date < fields.Date.subtract(today, months=months)
        )

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._credit_today()
        soon = fields.Date.add(today, days=EXPIRING_DAYS)
        present = Domain("is_present", "=", True)
        running = Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        domains = {
            "missing": ~present,
            "expired": present & Domain("date_to", "<", today),
            "expiring": present
            & Domain("date_to", ">=", today)
            & Domain("date_to", "<=", soon),
            "waived": present & Domain("is_waived", "=", True) & running,
            "valid": present
            & (Domain("date_to", "=", False) | Domain("date_to", ">", soon)),
        }
        return Domain.OR(domains[key] for key in value if key in domains)

    # === CHECKS AND RIGHTS === #

    @api.constrains("is_waived", "waive_reason")
    def _check_waived(self):
        if any(document.is_waived and not document.waive_reason for document in self):
            raise ValidationError(
                self.env._("Say why the document is waived: others will ask.")
            )

    @api.constrains("date")
    def _check_date(self):
        for document in self.filtered("date"):
            if document.date > document.company_id._credit_today():
                raise ValidationError(
                    self.env._("A document cannot be dated in the future.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        documents._check_editable(set().union(*vals_list))
        documents._credit_changed()
        return documents

    def write(self, vals):
        self._check_editable(vals)
        files = self.profile_id
        result = super().write(vals)
        self._check_editable(vals)
        self._credit_changed(files)
        return result

    def _credit_changed(self, files=()):
        """Look again at the waiting holds of these customers: a rule may ask for papers.

        :param files: credit files to which the papers belonged before
        """
        touched = self.profile_id | self.profile_id.browse(file.id for file in files)
        if touched:
            touched._credit_changed(self.env._("A document was handed in"))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        self._check_editable(())

    def _check_editable(self, names):
        """Papers of an open sheet are its owner's; those of a file the analysts'.

        :param names: fields that are written
        """
        if self.env.su or self.env.user.has_group(
            "credit_control.credit_control_group_analyst"
        ):
            self.filtered(
                lambda document: not document.profile_id
            ).opening_id._check_editable()
            return
        if {"is_waived", "waive_reason"}.intersection(names) and any(
            self.mapped("is_waived")
        ):
            raise AccessError(self.env._("Only credit analysts waive a document."))
        if self.filtered(
            lambda document: not document.opening_id or document.profile_id
        ):
            raise AccessError(
                self.env._(
                    "The documents of a credit file are kept by credit analysts."
                )
            )
        self.opening_id._check_editable()

    # === FACTS === #

    @api.model
    def _query_missing(self, partner_ids, root):
        """What the policies of debtors ask for and the debtors did not hand in.

        A document counts when it is present (or waived) and not expired today; a debtor
        without credit file has handed in nothing. For rule kinds and the diagnosis.

        :param list partner_ids: ids of commercial partners
        :param root: root company
        :return: SQL, one row per debtor: partner_id, missing (integer), type_ids (integer
            array, in the order of the catalogue)
        """
        return SQL(
            """SELECT d.partner_id, COUNT(t.id)::int AS missing,
                COALESCE(array_agg(t.id ORDER BY t.sequence, t.id)
                    FILTER (WHERE t.id IS NOT NULL), '{}') AS type_ids
            FROM unnest(%(partners)s::int[]) AS d(partner_id)
            LEFT JOIN credit_profile f
                ON f.partner_id = d.partner_id AND f.company_id = %(root)s
            LEFT JOIN credit_policy_opening_required_rel r
                ON r.policy_id = COALESCE(f.policy_id, %(policy)s)
            LEFT JOIN credit_opening_document_type t
                ON t.id = r.type_id AND t.active AND NOT EXISTS (
                    SELECT FROM credit_opening_document o
                    WHERE o.profile_id = f.id AND o.type_id = t.id AND o.is_present
                    AND (o.date_to IS NULL OR o.date_to >= %(today)s))
            GROUP BY d.partner_id""",
            partners=partner_ids,
            root=root.id,
            policy=root._get_credit_policy().id or None,
            today=root._credit_today(),
        )

    @api.model
    def _get_missing(self, partner_ids, company):
        """The required documents that debtors have not handed in or that expired.

        :param partner_ids: ids of commercial partners
        :param company: any company of the tree
        :return: dict, partner id -> ``credit.opening.document.type``
        """
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            self._query_missing(list(partner_ids), company.root_id)
        )
        types = self.env["credit.opening.document.type"]
        return {row["partner_id"]: types.browse(row["type_ids"]) for row in rows}
