# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

ANALYST = "credit_control.credit_control_group_analyst"
MANAGER = "credit_control.credit_control_group_manager"
FLOW_FIELDS = frozenset(
    {"state", "row_ids", "file_hash", "previous_id", "gone_percent", "is_old"}
    | {"confirmed_by", "applied_on"}
)


class CreditInsuranceImport(models.Model):
    """A portfolio of an insurer as a file: read, compared, reviewed, then applied.

    The file is the whole portfolio of the policy on a day. What it does not hold any
    more is put before a person, never cancelled by itself.
    """

    _name = "credit.insurance.import"
    _description = "Portfolio from a File"
    _inherit = ["credit.stoppable", "mail.thread", "mail.activity.mixin"]
    _order = "snapshot_date desc, id desc"
    _rec_name = "file_name"

    policy_id = fields.Many2one(
        "credit.insurance.policy",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_policy_id(),
    )
    insurer_id = fields.Many2one(related="policy_id.insurer_id")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")
    mapping_id = fields.Many2one(
        "credit.insurance.mapping",
        compute="_compute_mapping_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('insurer_id', '=', insurer_id)]",
        help="Empty: one is proposed from the headings of the file.",
    )
    file = fields.Binary(required=True, copy=False)
    file_name = fields.Char(required=True, copy=False)
    file_hash = fields.Char(readonly=True, copy=False, index="btree_not_null")
    snapshot_date = fields.Date(
        string="As of",
        required=True,
        default=lambda self: self.env.company._credit_today(),
        tracking=True,
        help="The day of the export. Cover without dates of its own starts on it.",
    )
    state = fields.Selection(
        [
            ("draft", "Columns"),
            ("preview", "Review"),
            ("applying", "Being Applied"),
            ("stopped", "Stopped"),
            ("done", "Applied"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    previous_id = fields.Many2one(
        "credit.insurance.import",
        string="Compared With",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    is_old = fields.Boolean(
        readonly=True,
        copy=False,
        help="A later portfolio was applied already, or this very file before it.",
    )
    gone_percent = fields.Integer(string="Disappeared (%)", readonly=True, copy=False)
    needs_confirmation = fields.Boolean(compute="_compute_needs_confirmation")
    confirmed_by = fields.Many2one("res.users", readonly=True, copy=False)
    applied_on = fields.Datetime(readonly=True, copy=False)
    row_ids = fields.One2many(
        "credit.insurance.import.row", "import_id", readonly=True, copy=False
    )
    row_count = fields.Integer(compute="_compute_counts")
    new_count = fields.Integer(string="New", compute="_compute_counts")
    changed_count = fields.Integer(string="Changed", compute="_compute_counts")
    same_count = fields.Integer(string="Unchanged", compute="_compute_counts")
    gone_count = fields.Integer(string="Disappeared", compute="_compute_counts")
    problem_count = fields.Integer(string="With Problems", compute="_compute_counts")
    todo_count = fields.Integer(string="To Apply", compute="_compute_counts")
    done_count = fields.Integer(string="Applied", compute="_compute_counts")
    review_count = fields.Integer(string="To Review", compute="_compute_counts")
    progress = fields.Integer(compute="_compute_counts")

    def _default_policy_id(self):
        policies = self.env["credit.insurance.policy"].search(
            [("state", "=", "live")], limit=2
        )
        return policies if len(policies) == 1 else policies.browse()

    @api.depends("policy_id")
    def _compute_mapping_id(self):
        mappings = self.env["credit.insurance.mapping"]
        for portfolio in self:
            policy = portfolio.policy_id
            found = mappings.search(
                [
                    ("insurer_id", "=", policy.insurer_id.id),
                    ("policy_id", "in", (policy.id, False)),
                ]
            )
            own = found.filtered("policy_id")[:1]
            portfolio.mapping_id = own or found[:1]

    def _get_running_state(self):
        return "applying"

    @api.depends("is_old", "gone_percent", "mapping_id.max_gone_percent", "state")
    def _compute_needs_confirmation(self):
        for portfolio in self:
            allowed = portfolio.mapping_id.max_gone_percent
            portfolio.needs_confirmation = portfolio.state == "preview" and (
                portfolio.is_old or portfolio.gone_percent > allowed
            )

    @api.depends("row_ids.state", "row_ids.review")
    def _compute_counts(self):
        groups = self.env["credit.insurance.import.row"]._read_group(
            [("import_id", "in", self.ids)],
            ["import_id", "status", "state", "review"],
            ["__count"],
        )
        found = {}
        for portfolio, *key, count in groups:
            found.setdefault(portfolio, {})[tuple(key)] = count
        for portfolio in self:
            portfolio.update(self._count(found.get(portfolio._origin, {})))

    @api.model
    def _count(self, counts):
        """The counts of an import.

        :param dict counts: (status, state, review) -> rows
        """

        def count(status=None, state=None, review=None):
            asked = (status, state, review)
            return sum(
                number
                for key, number in counts.items()
                if all(
                    want in (None, has) for want, has in zip(asked, key, strict=True)
                )
            )

        todo, done = count(state="todo"), count(state="done")
        work = todo + done - count("unchanged", "done")
        return {
            "row_count": sum(counts.values()),
            "new_count": count("new"),
            "changed_count": count("changed"),
            "same_count": count("unchanged"),
            "gone_count": count("disappeared"),
            "problem_count": count(state="problem") + count(state="rejected"),
            "todo_count": todo,
            "done_count": done,
            "review_count": count("disappeared", review="open"),
            "progress": 100 * (work - todo) // work if work else 100,
        }

    @api.model_create_multi
    def create(self, vals_list):
        self._check_flow_writer(*vals_list)
        self._check_file(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_flow_writer(vals)
        if "file" in vals:
            self._check_file(vals)
        if {"file", "policy_id", "snapshot_date"}.intersection(vals):
            if any(portfolio.state not in ("draft", "preview") for portfolio in self):
                raise UserError(self.env._("It is applied already; import a new file."))
        result = super().write(vals)
        if {"file", "policy_id", "snapshot_date", "mapping_id"}.intersection(vals):
            # What was reviewed is not what would be applied any more.
            self.filtered(lambda p: p.state == "preview").sudo().state = "draft"
        return result

    def _check_flow_writer(self, *vals_list):
        if not self.env.su and any(map(FLOW_FIELDS.intersection, vals_list)):
            raise AccessError(self.env._("Use the buttons: they check what they do."))

    def _check_file(self, *vals_list):
        # The web client drops an empty file without saying so.
        if not all(vals.get("file") for vals in vals_list):
            raise UserError(
                self.env._(
                    "There is no file, or the file is empty. Export the portfolio from "
                    "your insurer's portal again, and choose that file."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if any(
            portfolio.state in ("applying", "stopped", "done") for portfolio in self
        ):
            raise UserError(self.env._("What was applied stays on record."))

    def _check_analyst(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(ANALYST):
            raise AccessError(self.env._("Only credit analysts import portfolios."))

    # === BUTTONS === #

    def action_cancel(self):
        """Give the file up; nothing of it was applied."""
        self._check_analyst()
        if any(portfolio.state not in ("draft", "preview") for portfolio in self):
            raise UserError(self.env._("It is applied already."))
        # sudo: the state is written by the buttons only.
        self.sudo().state = "cancelled"
        return True

    def action_open_rows(self):
        """Open the rows, those with problems first when there are some."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_insurance_import_row_action"
        )
        first = "problems" if self.problem_count else "differences"
        return {
            **action,
            "domain": [("import_id", "=", self.id)],
            "context": {f"search_default_{first}": 1},
        }

    def action_open_review(self):
        """Open what has disappeared from the insurer's portfolio."""
        return {
            **self.action_open_rows(),
            "context": {"search_default_gone": 1},
        }
