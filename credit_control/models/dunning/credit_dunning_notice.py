# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class CreditDunningNotice(models.Model):
    """One message to one debtor in one run, led by its oldest item (P13).

    Amounts are in the company's currency; what is credited is netted.
    """

    _name = "credit.dunning.notice"
    _description = "Follow-up Notice"
    _inherit = ["credit.filed", "mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"
    _order = "id desc"
    _rec_name = "partner_id"

    run_id = fields.Many2one(
        "credit.dunning.run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date = fields.Date(readonly=True, help="The day of the run.")
    is_test = fields.Boolean(string="Test", readonly=True)
    profile_id = fields.Many2one(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    level_id = fields.Many2one(
        "credit.dunning.level",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    rank = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Rank of the level when the notice was made.",
    )
    kind = fields.Selection(related="level_id.kind", store=True)
    channels = fields.Char(
        compute="_compute_channels",
        compute_sudo=True,
        help="How this customer is written to; a letter where it has no e-mail address.",
    )
    recipient_id = fields.Many2one("res.partner", readonly=True, index=True)
    lang = fields.Char(
        string="Language", readonly=True, help="Language of the recipient."
    )
    item_ids = fields.One2many("credit.dunning.item", "notice_id", readonly=True)
    lead_item_id = fields.Many2one(
        "credit.dunning.item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The oldest item whose step is due; it decides the level.",
    )
    days_late = fields.Integer(
        readonly=True, aggregator="max", help="Of the oldest item that leads."
    )
    user_id = fields.Many2one(
        "res.users", string="Responsible", readonly=True, index=True
    )
    amount_overdue = fields.Monetary(
        readonly=True, help="What the listed items owe, before credits."
    )
    amount_credit = fields.Monetary(
        string="Credits", readonly=True, help="Unallocated credits, below zero."
    )
    amount_total = fields.Monetary(
        string="To Pay", readonly=True, help="Overdue, credits taken off."
    )
    fee_amount = fields.Monetary(string="Fee", readonly=True)
    interest_amount = fields.Monetary(string="Late Interest", readonly=True)
    indemnity_amount = fields.Monetary(string="Recovery Indemnity", readonly=True)
    amount_claimed = fields.Monetary(
        string="Claimed in All",
        compute="_compute_amount_claimed",
        help="To pay, with the fee, the interest and the indemnities that are claimed.",
    )
    state = fields.Selection(
        [
            ("prepared", "Prepared"),
            ("sending", "Sending"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("skipped", "Skipped"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="prepared",
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    reason_id = fields.Many2one(
        "credit.reason",
        string="Skipped Because",
        readonly=True,
        ondelete="restrict",
        help="What was found when the notice was looked at again before sending.",
    )
    error = fields.Text(readonly=True, help="Why it could not be sent.")
    date_checked = fields.Datetime(
        readonly=True, help="When it was looked at again for sending."
    )
    date_sent = fields.Datetime(string="Sent on", readonly=True)

    _run_profile_uniq = models.UniqueIndex(
        "(run_id, profile_id)", "A debtor gets one message per run."
    )
    _sent_idx = models.Index("(profile_id, date) WHERE state = 'sent'")

    @api.depends(
        "amount_total", "fee_amount", "interest_amount", "indemnity_amount", "level_id"
    )
    def _compute_amount_claimed(self):
        for notice in self:
            level = notice.level_id.sudo()
            notice.amount_claimed = (
                notice.amount_total
                + notice._get_claimed_fee()
                + (notice.interest_amount if level.interest == "claim" else 0)
                + (notice.indemnity_amount if level.indemnity == "claim" else 0)
            )

    @api.model
    def _get_history_action(self, domain):
        """Open what was sent, the newest first.

        :param domain: of notices
        :return: action
        """
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_control.credit_dunning_notice_action"
        )
        action["domain"] = domain
        action["context"] = {"search_default_not_left": 1}
        return action

    # === PREPARING === #

    def _set_leads(self):
        """Point each notice at the item that leads it: its oldest step."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """UPDATE credit_dunning_notice n SET lead_item_id = i.id
                FROM (SELECT DISTINCT ON (notice_id) notice_id, id
                    FROM credit_dunning_item
                    WHERE kind = 'step' AND notice_id = ANY(%s)
                    ORDER BY notice_id, date_maturity, move_line_id) i
                WHERE n.id = i.notice_id RETURNING n.id""",
                self.ids,
            )
        )
        self.invalidate_recordset(["lead_item_id"])

    def _set_claims(self):
        """Work out interest and indemnities where the level tells or claims them.

        Where a rate is missing the notice fails with what is missing, the others go on.
        """
        for (level, day), notices in self.grouped(
            lambda notice: (notice.level_id, notice.date)
        ).items():
            notices._set_claims_of(level, day)

    def _set_claims_of(self, level, day):
        if level.interest == level.indemnity == "none":
            return
        items, missing = self._get_claim_items(), {}
        source, keys = self.env["credit.interest"], list(items)
        interest = (
            source._get_interest(keys, day, missing) if level.interest != "none" else {}
        )
        indemnity = (
            source._get_indemnity(keys, day) if level.indemnity != "none" else {}
        )
        failed = {items[key][1]: rate for key, rate in missing.items()}
        self._fail_without_rates(failed)
        self._write_claims(
            [
                (
                    item_id,
                    interest[key]["amount"] if interest else 0.0,
                    indemnity.get(key, 0.0),
                )
                for key, (item_id, notice_id) in items.items()
                if notice_id not in failed
            ]
        )

    def _fail_without_rates(self, failed):
        """Say which rate is missing.

        :param dict failed: id of the notice -> (country id, kind, first day)
        """
        source = self.env["credit.interest"]
        notices = self.filtered(lambda notice: notice.id in failed)
        for rate, mine in notices.grouped(lambda notice: failed[notice.id]).items():
            error = str(source._get_missing_error(*rate))
            mine.write({"state": "failed", "error": error})

    def _get_claim_items(self):
        """What these notices list: dict, id of the journal item -> ids of item, notice."""
        rows = self.env.execute_query(
            SQL(
                """SELECT move_line_id, id, notice_id FROM credit_dunning_item
                WHERE notice_id = ANY(%s) AND kind <> 'credit'
                AND move_line_id IS NOT NULL""",
                self.ids,
            )
        )
        return {line_id: (item_id, notice_id) for line_id, item_id, notice_id in rows}

    def _write_claims(self, rows):
        """Write amounts on items and their sums on notices.

        Speed: two statements for any number of items.

        :param rows: list of (item id, interest, indemnity)
        """
        if not rows:
            return
        ids, interest, indemnity = map(list, zip(*rows, strict=True))
        self.env.execute_query(
            SQL(
                """UPDATE credit_dunning_item i
                SET interest_amount = c.interest, indemnity_amount = c.indemnity
                FROM unnest(%s::int[], %s::numeric[], %s::numeric[])
                    AS c(id, interest, indemnity) WHERE i.id = c.id RETURNING i.id""",
                ids,
                interest,
                indemnity,
            )
        )
        self.env.execute_query(
            SQL(
                """UPDATE credit_dunning_notice n
                SET interest_amount = s.interest, indemnity_amount = s.indemnity
                FROM (SELECT notice_id, SUM(interest_amount) AS interest,
                        SUM(indemnity_amount) AS indemnity
                    FROM credit_dunning_item WHERE notice_id = ANY(%s)
                    GROUP BY notice_id) s
                WHERE n.id = s.notice_id RETURNING n.id""",
                self.ids,
            )
        )
        names = ["interest_amount", "indemnity_amount"]
        self.item_ids.invalidate_recordset(names)
        self.invalidate_recordset([*names, "amount_claimed"])
