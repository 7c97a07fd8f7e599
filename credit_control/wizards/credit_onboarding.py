# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL


class CreditOnboarding(models.TransientModel):
    """Turn the credit limits of native Odoo into credit lines, after a preview.

    Nothing is written before "Create lines". A debtor who has a line of any state is
    left alone, so that running it again creates nothing twice.
    """

    _name = "credit.onboarding"
    _description = "Credit Onboarding"
    _transient_max_hours = 24.0

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("choose", "Choose"),
            ("preview", "Preview"),
            ("creating", "Creating"),
            ("done", "Done"),
            ("undoing", "Undoing"),
            ("undone", "Undone"),
        ],
        default="choose",
        required=True,
        readonly=True,
    )
    native_on = fields.Boolean(compute="_compute_native")
    native_default = fields.Monetary(compute="_compute_native")
    has_risk_fields = fields.Boolean(compute="_compute_native")
    include_default = fields.Boolean(
        string="Customers Under the Default Limit",
        default=True,
        help="Customers without a limit of their own get a line of the native default.",
    )
    line_state = fields.Selection(
        [("active", "Active: they count at once"), ("draft", "Drafts to look through")],
        string="New Lines",
        default="active",
        required=True,
    )
    mode = fields.Selection(
        selection=lambda self: self._selection_policy("mode"),
        required=True,
        default=lambda self: self._default_mode(),
        help="Written to the default policy. Observe for some weeks before you hold.",
    )
    no_line = fields.Selection(
        selection=lambda self: self._selection_policy("no_line"),
        string="Debtors Without Line",
        required=True,
        default=lambda self: self._get_policy().no_line or "unmanaged",
        help="Who has no native limit may buy without limit there. Here you decide.",
    )
    default_amount = fields.Monetary(
        default=lambda self: self._get_policy().default_amount,
        help="Credit of a debtor without line, in the company's currency.",
    )
    origin = fields.Char(readonly=True)
    date_run = fields.Date(readonly=True)
    date_undo = fields.Date(compute="_compute_date_undo")
    policy_before = fields.Json(readonly=True)
    managed_count = fields.Integer(readonly=True)
    unlimited_count = fields.Integer(readonly=True)
    debtor_count = fields.Integer(compute="_compute_counts")
    over_count = fields.Integer(compute="_compute_counts")
    above_count = fields.Integer(compute="_compute_counts")
    created_count = fields.Integer(compute="_compute_counts")
    skipped_count = fields.Integer(compute="_compute_counts")
    quotation_count = fields.Integer(compute="_compute_counts")
    order_count = fields.Integer(compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")

    _default_amount_positive = models.Constraint(
        "CHECK(COALESCE(default_amount, 0) >= 0)",
        "The default line of a policy cannot be negative. Use zero for no credit.",
    )

    @api.model
    def _get_policy(self):
        return (self.company_id or self.env.company)._get_credit_policy()

    @api.model
    def _default_mode(self):
        """Observe in a company that has no line yet: starting must not stop anything."""
        company = self.env.company.root_id
        lines = self.env["credit.line"].sudo()
        has_lines = lines.search_count([("company_id", "=", company.id)], limit=1)
        return self._get_policy().mode if has_lines else "observe"

    @api.model
    def _selection_policy(self, name):
        field = self.env["credit.policy"]._fields[name]
        return field._description_selection(self.env)

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("From Limits to Lines")

    @api.depends("company_id")
    def _compute_native(self):
        debtors = self.env["credit.onboarding.debtor"]
        for wizard in self:
            company = wizard.company_id
            wizard.native_on = company.sudo().account_use_credit_limit
            wizard.native_default = debtors._get_native_default(company)
            wizard.has_risk_fields = bool(debtors._get_risk_columns())

    @api.depends("state", "company_id")
    def _compute_date_undo(self):
        for wizard in self:
            domain = [
                ("date_onboarded", "!=", False),
                ("company_id", "=", wizard.company_id.id),
            ]
            line = self.env["credit.line"].search(domain, order="id desc", limit=1)
            wizard.date_undo = line.date_onboarded

    def _compute_counts(self):
        for wizard in self:
            rows, documents = wizard._count_debtors(), wizard._count_documents()
            wizard.debtor_count = rows["selected"]
            wizard.over_count = rows["over"]
            wizard.above_count = rows["above"]
            wizard.created_count = rows["created"]
            wizard.skipped_count = rows["skipped"]
            wizard.quotation_count = documents.get(False, 0)
            wizard.order_count = documents.get(True, 0)
            finished = rows["created"] + rows["skipped"]
            wizard.progress = 100.0 * finished / (rows["selected"] or 1)

    def _count_debtors(self):
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """SELECT COUNT(*) FILTER (WHERE selected) AS selected,
                    COUNT(*) FILTER (WHERE selected AND over > 0) AS over,
                    COUNT(*) FILTER (WHERE selected AND amount * rate > %s) AS above,
                    COUNT(*) FILTER (WHERE result = 'created') AS created,
                    COUNT(*) FILTER (WHERE result = 'skipped') AS skipped
                FROM credit_onboarding_debtor WHERE onboarding_id = %s""",
                self._get_authority(),
                self.ids[0] if self.ids else None,
            )
        )[0]

    def _count_documents(self):
        groups = self.env["credit.onboarding.document"]._read_group(
            [("onboarding_id", "in", self.ids)], ["is_confirmed"], ["__count"]
        )
        return dict(groups)

    # === RIGHTS === #

    def _check_manager(self):
        self.ensure_one()
        if not self.env.user.has_group("credit_control.credit_control_group_manager"):
            raise AccessError(
                self.env._("Only credit managers turn limits into lines.")
            )
        if self.company_id not in self.env.user.company_ids.sudo().root_id:
            raise AccessError(self.env._("You do not work for this company."))

    def _get_authority(self):
        return self.env.user._get_credit_authority(self.company_id)

    # === PREVIEW === #

    def action_preview(self):
        """List who would get which line and what would be held; nothing else is written.

        :raise AccessError: for others than credit managers
        """
        self._check_manager()
        self._check_state("choose", "preview")
        debtors = self.env["credit.onboarding.debtor"]
        debtors._clear(self)
        self.write({**debtors._fill(self), "state": "preview"})
        return self.action_refresh_documents()

    def action_refresh_documents(self):
        """List again what would be held, after amounts or choices were changed."""
        self._check_manager()
        self._check_state("preview")
        documents = self.env["credit.onboarding.document"]
        documents._clear(self)
        documents._fill(self)
        return True

    def action_back(self):
        self._check_manager()
        self._check_state("preview")
        self.state = "choose"
        return True

    def action_refresh(self):
        """Show the figures of now: the page is loaded again after each button."""
        self._check_manager()
        return True

    def _check_state(self, *states):
        if self.state not in states:
            raise UserError(self.env._("This step is over. Open the page again."))

    # === LISTS === #

    def action_open_debtors(self):
        return self._open_rows("credit.onboarding.debtor", self.env._("Customers"))

    def action_open_over(self):
        action = self._open_rows(
            "credit.onboarding.debtor", self.env._("Over the Limit")
        )
        action["domain"] += [("over", ">", 0)]
        return action

    def action_open_documents(self):
        return self._open_rows(
            "credit.onboarding.document", self.env._("Would Be Held Today")
        )

    def action_open_lines(self):
        """Open the lines of this run."""
        action = self._open_rows("credit.line", self.env._("Created Lines"))
        domain = Domain("date_onboarded", "=", self.date_run)
        domain &= Domain("company_id", "=", self.company_id.id)
        return {
            **action,
            "domain": list(domain),
            "views": [(False, "list"), (False, "form")],
        }

    def _open_rows(self, model, name):
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "list")],
            "domain": [("onboarding_id", "=", self.id)],
        }
