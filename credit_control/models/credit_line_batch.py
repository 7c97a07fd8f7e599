# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

# Written by the steps of a batch only, never by a form or a caller from outside.
FLOW_FIELDS = frozenset(
    {
        "state",
        "company_id",
        "asker_id",
        "approver_id",
        "date_applied",
        "row_ids",
        "document_ids",
    }
)
RUNNING = ("applying", "undoing")
COUNTED = (
    "row_count",
    "problem_count",
    "change_count",
    "done_count",
    "skipped_count",
    "above_count",
    "over_count",
    "held_count",
    "cleared_count",
    "total_before",
    "total_after",
    "increase",
)


class CreditLineBatch(models.Model):
    """Change the credit lines of many debtors at once, after a preview.

    Nothing is written to any line before it is applied; each debtor is changed wholly
    or not at all, and what nobody has touched since can be taken back.
    """

    _name = "credit.line.batch"
    _description = "Limit-Change Batch"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.rooted"]
    _order = "id desc"

    name = fields.Char(
        required=True,
        default=lambda self: self._default_name(),
        help="Written into the history of each line that this batch changes.",
    )
    company_id = fields.Many2one(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "Choose"),
            ("ready", "Preview"),
            ("waiting", "Waiting for Approval"),
            ("applying", "Applying"),
            ("paused", "Stopped"),
            ("done", "Applied"),
            ("undoing", "Undoing"),
            ("undone", "Undone"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
    )
    reason = fields.Text(
        required=True, help="Shown to whoever approves, and kept with each change."
    )
    source = fields.Selection(
        [("files", "Choose credit files"), ("sheet", "From a spreadsheet")],
        default="files",
        required=True,
    )
    policy_ids = fields.Many2many("credit.policy", string="Policies")
    risk_class_ids = fields.Many2many("credit.risk.class", string="Risk Classes")
    partner_tag_ids = fields.Many2many("res.partner.category", string="Customer Tags")
    profile_domain = fields.Char(
        string="Other Conditions",
        help="Conditions on credit files; all of them must be met.",
    )
    sheet = fields.Binary(string="Spreadsheet", attachment=True, copy=False)
    sheet_name = fields.Char(copy=False)
    kind_id = fields.Many2one(
        "credit.line.kind",
        string="Kind of Line",
        required=True,
        default=lambda self: self.env["credit.line"]._default_kind_id(),
        ondelete="restrict",
    )
    target = fields.Selection(
        [
            ("change", "Change the line, open one where there is none"),
            ("only", "Change the line, leave out who has none"),
            ("open", "Open an extra line for each"),
        ],
        string="Which Line",
        default="change",
        required=True,
        help="Lines that pay for certain goods, terms or methods only are never touched.",
    )
    operation = fields.Selection(
        [
            ("set", "Set to an amount"),
            ("add", "Add an amount"),
            ("percent", "Change by percent"),
            ("score", "By the customer's score"),
        ],
        default="percent",
        required=True,
        help="An amount in the spreadsheet goes first.",
    )
    amount = fields.Monetary(help="Negative to take away, where it is added.")
    percent = fields.Float(help="-30 takes away 30 percent, 10 adds 10 percent.")
    score_ids = fields.One2many(
        "credit.line.batch.score", "batch_id", string="Score Table", copy=True
    )
    rounding = fields.Selection(
        [
            ("0", "To the cent"),
            ("10", "To tens"),
            ("100", "To hundreds"),
            ("500", "To five hundreds"),
            ("1000", "To thousands"),
            ("5000", "To five thousands"),
        ],
        string="Round",
        default="100",
        required=True,
    )
    rounding_way = fields.Selection(
        [("half", "to the nearest"), ("down", "down"), ("up", "up")],
        default="half",
        required=True,
    )
    floor = fields.Monetary(string="At Least", help="Zero: no lower end.")
    ceiling = fields.Monetary(string="At Most", help="Zero: no upper end.")
    date_from = fields.Date(string="Start", help="Empty: stays as it is.")
    date_to = fields.Date(string="End", help="Empty: stays as it is.")
    row_ids = fields.One2many("credit.line.batch.row", "batch_id", readonly=True)
    document_ids = fields.One2many(
        "credit.line.batch.document", "batch_id", readonly=True
    )
    asker_id = fields.Many2one(
        "res.users", string="Prepared by", readonly=True, copy=False
    )
    approver_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_applied = fields.Datetime(string="Applied on", readonly=True, copy=False)
    row_count = fields.Integer(string="Debtors", compute="_compute_counts")
    problem_count = fields.Integer(string="Problems", compute="_compute_counts")
    change_count = fields.Integer(string="To Change", compute="_compute_counts")
    done_count = fields.Integer(string="Changed", compute="_compute_counts")
    skipped_count = fields.Integer(string="Left Alone", compute="_compute_counts")
    above_count = fields.Integer(compute="_compute_counts")
    over_count = fields.Integer(string="Over the Limit", compute="_compute_counts")
    held_count = fields.Integer(string="Newly Held", compute="_compute_counts")
    cleared_count = fields.Integer(string="Cleared", compute="_compute_counts")
    total_before = fields.Monetary(string="Before", compute="_compute_counts")
    total_after = fields.Monetary(string="After", compute="_compute_counts")
    increase = fields.Monetary(
        compute="_compute_counts", help="The sum of all amounts that rise."
    )
    progress = fields.Float(compute="_compute_counts")
    alone = fields.Boolean(compute="_compute_alone")

    _floor_below_ceiling = models.Constraint(
        "CHECK(COALESCE(floor, 0) >= 0 AND COALESCE(ceiling, 0) >= 0 AND"
        " (COALESCE(ceiling, 0) = 0 OR COALESCE(floor, 0) <= ceiling))",
        "The lower end cannot be above the upper end, and neither can be negative.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "A credit line cannot end before it starts.",
    )

    @api.model
    def _default_name(self):
        today = self.env.company._credit_today()
        return self.env._("Limits of %s", fields.Date.to_string(today))

    @api.depends("state", "row_ids.amount", "row_ids.selected", "row_ids.state")
    def _compute_counts(self):
        found = self._count_rows()
        for batch in self:
            figures = found.get(batch._origin.id, {})
            for name in COUNTED:
                batch[name] = figures.get(name, 0)
            total = batch.change_count + batch.done_count + batch.skipped_count
            finished = total - batch.change_count
            if batch.state in ("undoing", "undone"):
                finished = total - batch.done_count
            batch.progress = 100.0 * finished / (total or 1)

    def _count_rows(self):
        """Count the rows of these batches in one statement.

        :return: dict, batch id -> {field: figure}
        """
        self.env["credit.line.batch.row"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT b.id, COUNT(r.id) AS row_count,
                    COUNT(*) FILTER (WHERE r.state = 'problem') AS problem_count,
                    COUNT(*) FILTER (WHERE %(todo)s) AS change_count,
                    COUNT(*) FILTER (WHERE r.state = 'done') AS done_count,
                    COUNT(*) FILTER (WHERE r.state IN ('skipped', 'undone'))
                        AS skipped_count,
                    COUNT(*) FILTER (WHERE %(todo)s AND r.worth > %(authority)s)
                        AS above_count,
                    COUNT(*) FILTER (WHERE %(todo)s AND r.over > 0) AS over_count,
                    COALESCE(SUM(r.held_count) FILTER (WHERE %(todo)s), 0) AS held_count,
                    COALESCE(SUM(r.cleared_count) FILTER (WHERE %(todo)s), 0)
                        AS cleared_count,
                    COALESCE(SUM(r.amount_before) FILTER (WHERE %(sum)s), 0)
                        AS total_before,
                    COALESCE(SUM(r.amount) FILTER (WHERE %(sum)s), 0) AS total_after,
                    COALESCE(SUM(GREATEST(r.amount - r.amount_before, 0))
                        FILTER (WHERE %(sum)s), 0) AS increase
                FROM unnest(%(ids)s::int[]) AS b(id)
                LEFT JOIN credit_line_batch_row r ON r.batch_id = b.id
                GROUP BY b.id""",
                ids=self._origin.ids,
                todo=SQL("r.state = 'todo' AND r.selected"),
                sum=SQL("(r.state = 'todo' AND r.selected OR r.state = 'done')"),
                authority=self.env.user._get_credit_authority(
                    self[:1].company_id or self.env.company
                ),
            )
        )
        return {row.pop("id"): row for row in rows}

    @api.depends("state", "row_ids.amount", "row_ids.selected")
    @api.depends_context("uid")
    def _compute_alone(self):
        for batch in self:
            batch.alone = not batch._get_obstacle(self.env.user, alone=True)

    # === RIGHTS === #

    def _check_analyst(self):
        self.env["credit.line"]._check_analyst()
        if self.env.su:
            return
        for batch in self.sudo():  # only its company is read
            if batch.company_id not in self.env.user.company_ids.sudo().root_id:
                raise AccessError(self.env._("You do not work for this company."))

    def _get_authority(self, user):
        return user._get_credit_authority(self.company_id)

    def _get_obstacle(self, user, *, alone=False):
        """Why a user may not answer for this batch.

        For each debtor all lines of the kind count together, as for a single change.
        What one person applies alone also stays within his authority in sum, so that
        many small steps are no way around it.

        :param user: ``res.users``
        :param bool alone: without a second person
        :return: str, a sentence, or an empty string when he may
        """
        self.ensure_one()
        authority = self._get_authority(user)
        money = self.currency_id.format
        above = self.env["credit.line.batch.row"].search_count(
            [*self._get_todo_domain(), ("worth", ">", authority)]
        )
        if above:
            return self.env._(
                "The authority of %(user)s ends at %(authority)s. Debtors who would have "
                "more: %(count)s.",
                count=above,
                authority=money(authority),
                user=user.name,
            )
        increase = self.increase
        if alone and self.currency_id.compare_amounts(increase, authority) > 0:
            return self.env._(
                "The amounts rise by %(increase)s in all, more than one person decides "
                "alone (%(authority)s).",
                increase=money(increase),
                authority=money(authority),
            )
        return ""

    def _get_todo_domain(self):
        return [
            ("batch_id", "=", self._origin.id),
            ("state", "=", "todo"),
            ("selected", "=", True),
        ]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_analyst()
        if not self.env.su and any(FLOW_FIELDS.intersection(v) for v in vals_list):
            self._refuse_forged()
        batches = super().create(vals_list)
        batches.sudo().asker_id = self.env.user
        return batches

    def write(self, vals):
        self._check_analyst()
        if not self.env.su:
            if FLOW_FIELDS.intersection(vals):
                self._refuse_forged()
            chosen = set(vals) & set(self._get_choice_fields())
            if chosen and any(batch.state != "draft" for batch in self):
                raise UserError(self.env._("Go back to the first step to choose anew."))
        return super().write(vals)

    def _refuse_forged(self):
        raise AccessError(self.env._("The steps of a batch are taken by its buttons."))

    @api.model
    def _get_choice_fields(self):
        """The fields that decide what the rows are."""
        return [
            "source",
            "policy_ids",
            "risk_class_ids",
            "partner_tag_ids",
            "profile_domain",
            "sheet",
            "sheet_name",
            "kind_id",
            "target",
            "operation",
            "amount",
            "percent",
            "score_ids",
            "rounding",
            "rounding_way",
            "floor",
            "ceiling",
            "date_from",
            "date_to",
            "reason",
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if any(b.state not in ("draft", "ready", "cancel") for b in self):
            raise UserError(
                self.env._("A batch that was sent or applied is kept as a record.")
            )
        self._check_analyst()
