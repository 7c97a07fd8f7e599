# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditDunningLevel(models.Model):
    """One step of a plan: when it is due, by which channels, and what it sets off."""

    _name = "credit.dunning.level"
    _description = "Follow-up Level"
    _order = "plan_id, delay, sequence, id"

    plan_id = fields.Many2one(
        "credit.dunning.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id")
    currency_id = fields.Many2one(related="plan_id.currency_id")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    rank = fields.Integer(
        compute="_compute_rank",
        store=True,
        help="1 for the first reminder after the due date; 0 before it.",
    )
    delay = fields.Integer(
        string="Days after Due Date",
        required=True,
        help="Negative: before the due date. Such a reminder is sent only to who owes "
        "nothing overdue.",
    )
    kind = fields.Selection(
        [
            ("before", "Before the due date"),
            ("reminder", "Reminder"),
            ("formal_notice", "Formal notice"),
            ("handover", "Hand-over"),
        ],
        required=True,
        default="reminder",
    )
    by_email = fields.Boolean(string="E-mail", default=True)
    by_letter = fields.Boolean(string="Letter")
    by_phone = fields.Boolean(string="Phone")
    by_sms = fields.Boolean(string="SMS")
    by_portal = fields.Boolean(string="Portal")
    letter_instead = fields.Boolean(
        string="No E-mail: Letter Instead",
        compute="_compute_letter_instead",
        store=True,
        readonly=False,
        help="A customer without e-mail address gets a letter instead. Off: its message "
        "fails and is listed with the others that failed.",
    )
    channels = fields.Char(compute="_compute_channels")
    mail_template_id = fields.Many2one(
        "mail.template",
        string="E-mail Template",
        ondelete="restrict",
        domain=[("model", "=", "credit.dunning.notice")],
    )
    letter_body = fields.Html(
        string="Words of the Letter",
        translate=True,
        help="The words of the letter, also on the portal. Empty: the standard words of "
        "this kind of level. A paragraph with {indemnity} is left out where none is owed: "
        "for private persons, for instance.",
    )
    phone_script = fields.Text(
        translate=True, help="What the call screen proposes to say."
    )
    sms_body = fields.Text(string="SMS Text", translate=True)
    attach_invoices = fields.Boolean(
        help="The e-mail carries the PDF of each invoice that it lists."
    )
    fee = fields.Selection(
        "_selection_claim",
        required=True,
        default="claim",
        help="Once per message. Announce: the message tells the amount. Claim: it is part "
        "of what is asked, and booked.",
    )
    fee_amount = fields.Monetary(string="Amount of the Fee", help="Zero: no fee.")
    interest = fields.Selection(
        "_selection_claim",
        string="Late Interest",
        required=True,
        default="none",
        help="Announce: the message tells the amount. Claim: it is part of what is asked.",
    )
    indemnity = fields.Selection(
        "_selection_claim",
        string="Recovery Indemnity",
        required=True,
        default="none",
        help="For each invoice that is paid late; how much, the settings say: 40 € in France "
        "(C. com. L441-10 and D441-5).",
    )
    minimum_amount = fields.Monetary(
        string="Minimum",
        help="Below this total, credits taken off, the debtor is left in peace.",
    )
    quiet_days = fields.Integer(
        default=7, help="So many days must have passed since the last contact."
    )
    deadline_days = fields.Integer(
        string="Deadline (days)",
        default=8,
        help="How long the message gives the debtor to pay.",
    )
    responsible = fields.Selection(
        [
            ("analyst", "Credit analyst of the customer"),
            ("salesperson", "Salesperson of the customer"),
            ("user", "A given person"),
        ],
        required=True,
        default="analyst",
        help="Who gets the calls and tasks of this level.",
    )
    user_id = fields.Many2one("res.users", string="Person")
    effect = fields.Selection(
        [
            ("none", "Nothing"),
            ("watch", "Watch"),
            ("hold", "Forced hold"),
            ("stop", "Stop list"),
        ],
        string="Effect on the Credit File",
        required=True,
        default="none",
        help="Set when the message is sent, unless the credit file is stricter already. "
        "Watch warns about each document, forced hold holds them, the stop list stops "
        "them. A person lifts it.",
    )
    handover_to = fields.Selection(
        [
            ("collection", "Debt collection agency"),
            ("insurer", "Credit insurer"),
            ("lawyer", "Lawyer or bailiff"),
        ],
        string="Hand over to",
    )

    _plan_delay_uniq = models.UniqueIndex(
        "(plan_id, delay)", "A plan has one level per number of days."
    )
    _amounts_positive = models.Constraint(
        "CHECK(COALESCE(fee_amount, 0) >= 0 AND COALESCE(minimum_amount, 0) >= 0"
        " AND COALESCE(quiet_days, 0) >= 0 AND COALESCE(deadline_days, 0) >= 0)",
        "Amounts and days of a level are zero or more.",
    )
    _before_due = models.Constraint(
        "CHECK((kind = 'before') = (delay < 0))",
        "Levels before the due date have a negative number of days, and only they.",
    )
    _user_given = models.Constraint(
        "CHECK(responsible <> 'user' OR user_id IS NOT NULL)",
        "Name the person who acts at this level.",
    )

    @api.model
    def _selection_claim(self):
        return [
            ("none", self.env._("No")),
            ("announce", self.env._("Announce only")),
            ("claim", self.env._("Claim")),
        ]

    @api.depends("plan_id.level_ids.delay", "plan_id.level_ids.kind")
    def _compute_rank(self):
        for plan in self.plan_id:
            steps = plan.level_ids.sorted(lambda level: (level.delay, level.sequence))
            reminders = steps.filtered(lambda level: level.kind != "before")
            (steps - reminders).rank = 0
            for rank, level in enumerate(reminders, 1):
                level.rank = rank
        self.filtered(lambda level: not level.plan_id).rank = 0

    @api.depends("kind")
    def _compute_letter_instead(self):
        # A courtesy before the due date is not worth a stamp.
        for level in self:
            level.letter_instead = level.kind != "before"

    @api.depends(lambda self: self._get_channel_names())
    @api.depends_context("lang")
    def _compute_channels(self):
        names = self._get_channel_names()
        labels = {
            name: self._fields[name]._description_string(self.env) for name in names
        }
        for level in self:
            level.channels = ", ".join(labels[name] for name in names if level[name])

    @api.model
    def _get_channel_names(self):
        """Hook: the fields that switch channels on, in the order of words."""
        return ["by_email", "by_letter", "by_phone", "by_sms", "by_portal"]

    def _get_responsible(self, profile):
        """Hook: who gets the calls and tasks of this level.

        :param profile: ``credit.profile`` of the debtor
        :return: ``res.users``, at most one
        """
        self.ensure_one()
        if self.responsible == "user":
            return self.user_id
        if self.responsible == "salesperson":
            return profile.partner_id.user_id
        return profile.analyst_id
