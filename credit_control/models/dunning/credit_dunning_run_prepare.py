# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, split_every

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}
CHUNK = 1000
SKIP_COLUMNS = (
    "run_id, company_id, date, profile_id, partner_id, move_line_id, date_maturity,"
    " days_late, reason_id, until, res_model, res_id, pauses, amount"
)


class CreditDunningRun(models.Model):
    """Prepare what a run would send, and note why others are left out."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.dunning.run"

    def action_prepare(self):
        """Prepare the messages of the day, anew when there are some already.

        :raise AccessError: for others than credit analysts and invoicing users
        :raise UserError: when something was sent already
        """
        self._check_dunner()
        self.check_access("write")
        for run in self:
            if run.state != "draft":
                raise UserError(self.env._("Only a dry run can be prepared anew."))
            # sudo: what others may not write is written by this flow only.
            run.sudo()._prepare()
        return True

    def _check_dunner(self):
        """Refuse who does no follow-ups."""
        if self.env.su or any(map(self.env.user.has_group, self._get_dunner_groups())):
            return
        raise AccessError(
            self.env._("Only credit analysts and invoicing users send follow-ups.")
        )

    def _get_dunner_groups(self):
        """Hook: who may prepare and send follow-ups."""
        return [
            "credit_control.credit_control_group_analyst",
            "account.group_account_invoice",
        ]

    def _prepare(self):
        """Write the notices and skips of a run."""
        self.ensure_one()
        self.notice_ids.unlink()
        self.skip_ids.unlink()
        company = self.company_id
        self.is_test = not company.credit_dunning_live
        debtors = self._gather(company, self.date)
        chosen = [debtor for debtor in debtors.values() if debtor.outcome.message]
        self._open_profiles(chosen)
        notices = self._create_notices(chosen)
        self._insert_items(notices, chosen)
        self._insert_skips(debtors.values())
        self.invalidate_recordset()
        notices._set_leads()
        notices._set_claims()
        self.date_prepared = self.env.cr.now()
        return notices

    def _open_profiles(self, debtors):
        """Open a credit file for each debtor that has none: it keeps the history."""
        missing = [debtor for debtor in debtors if not debtor.profile_id]
        profiles = self.env["credit.profile"].with_context(**QUIET)
        for chunk in split_every(CHUNK, missing):
            created = profiles.create(
                [
                    {"partner_id": debtor.partner_id, "company_id": self.company_id.id}
                    for debtor in chunk
                ]
            )
            for debtor, profile in zip(chunk, created, strict=True):
                debtor.profile_id = profile.id

    def _create_notices(self, debtors):
        notices = self.env["credit.dunning.notice"].with_context(**QUIET)
        recipients = self._get_recipients([debtor.partner_id for debtor in debtors])
        # Speed: read all at once what each notice needs of its credit file and customer.
        self.env["credit.profile"].browse([d.profile_id for d in debtors]).fetch(
            ["partner_id", "company_id", "analyst_id"]
        )
        for chunk in split_every(CHUNK, debtors):
            notices |= notices.create(
                [
                    self._prepare_notice(debtor, recipients.get(debtor.partner_id))
                    for debtor in chunk
                ]
            )
        return notices

    def _prepare_notice(self, debtor, recipient):
        """Hook: values of the notice of one debtor.

        :param debtor: Debtor with a message
        :param recipient: ``res.partner`` that gets it
        """
        message = debtor.outcome.message
        level = self.env["credit.dunning.level"].browse(message.level.key)
        profile = self.env["credit.profile"].browse(debtor.profile_id)
        unit = 10**self.company_id.currency_id.decimal_places
        listed = {*message.steps, *message.listed}
        overdue = sum(row["cents"] for row in debtor.owed if row["id"] in listed)
        lead = next(row for row in debtor.owed if row["id"] == message.lead)
        return {
            "run_id": self.id,
            "date": self.date,
            "is_test": self.is_test,
            "profile_id": debtor.profile_id,
            "level_id": level.id,
            "rank": message.level.rank,
            "recipient_id": recipient.id,
            "lang": recipient.lang,
            "days_late": lead["late"],
            "user_id": level._get_responsible(profile).id,
            "amount_overdue": overdue / unit,
            "amount_credit": (message.total - overdue) / unit,
            "amount_total": message.total / unit,
            "fee_amount": level.fee_amount if level.fee != "none" else 0.0,
        }

    def _get_recipients(self, partner_ids):
        """Hook: to which contact of each debtor messages go.

        :param partner_ids: commercial partners
        :return: dict, partner id -> ``res.partner``
        """
        partners = self.env["res.partner"].browse(partner_ids)
        contacts = self.env["res.partner"].search(
            [("parent_id", "in", partners.ids), ("type", "=", "invoice")], order="id"
        )
        found = {partner.id: partner for partner in partners}
        for contact in reversed(contacts):
            found[contact.parent_id.id] = contact
        return found

    # === ITEMS AND SKIPS === #

    def _insert_items(self, notices, debtors):
        """Write the items of notices: steps, what is listed with them, credits.

        Speed: tens of thousands of rows; the ORM takes a minute for what takes a second.
        Only what was chosen is told to the database, the rest it copies from the items.
        """
        rows = []
        for notice_id, debtor in zip(notices._ids, debtors, strict=True):
            rows += self._prepare_items(notice_id, debtor)
        if not rows:
            return
        self.env.flush_all()
        self.env.execute_query(self._query_insert_items(rows))
        notices.invalidate_recordset(["item_ids"])

    def _prepare_items(self, notice_id, debtor):
        """What was chosen: notice, journal item, kind, level and rank of each item."""
        message = debtor.outcome.message
        listed = set(message.listed)
        for row in debtor.owed:
            if level := message.steps.get(row["id"]):
                yield notice_id, row["id"], "step", level.key, level.rank
            elif row["id"] in listed:
                rank = row["rank"] or 0
                yield notice_id, row["id"], "listed", row["level_id"], rank
        for row in debtor.credits:
            yield notice_id, row["id"], "credit", None, 0

    def _query_insert_items(self, rows):
        notice_ids, line_ids, kinds, level_ids, ranks = map(
            list, zip(*rows, strict=True)
        )
        return SQL(
            """INSERT INTO credit_dunning_item (
                notice_id, profile_id, move_line_id, move_id,
                name, date, date_maturity, days_late, kind, level_id, rank, counts,
                amount_residual, move_currency_id, amount_currency)
            SELECT n.id, n.profile_id, l.id, l.move_id,
                m.name, COALESCE(m.invoice_date, m.date),
                COALESCE(l.date_maturity, l.date),
                CASE WHEN c.kind = 'credit' THEN 0
                    ELSE n.date - COALESCE(l.date_maturity, l.date) END,
                c.kind, c.level_id, c.rank, TRUE,
                l.amount_residual, l.currency_id, l.amount_residual_currency
            FROM unnest(%(notices)s::int[], %(lines)s::int[], %(kinds)s::varchar[],
                %(levels)s::int[], %(ranks)s::int[])
                AS c(notice_id, line_id, kind, level_id, rank)
            JOIN credit_dunning_notice n ON n.id = c.notice_id
            JOIN account_move_line l ON l.id = c.line_id
            JOIN account_move m ON m.id = l.move_id
            RETURNING id""",
            notices=notice_ids,
            lines=line_ids,
            kinds=kinds,
            levels=level_ids,
            ranks=ranks,
        )

    def _insert_skips(self, debtors):
        reasons = self._get_reason_ids()
        rows = []
        for debtor in debtors:
            for skip in debtor.outcome.skips:
                rows.append(self._prepare_skip(debtor, skip, reasons))
        if rows:
            # pylint: disable-next=sql-injection
            query = f"INSERT INTO credit_dunning_skip ({SKIP_COLUMNS}) VALUES %s"
            self.env.cr.execute_values(query, rows, page_size=CHUNK)

    def _get_reason_ids(self):
        reasons = self.env["credit.reason"].sudo().search_fetch([], ["code"])
        return {reason.code: reason.id for reason in reasons}

    def _prepare_skip(self, debtor, skip, reasons):
        """A row: one item that is left out for itself, or what is left out together."""
        unit = 10**self.company_id.currency_id.decimal_places
        rows = [row for row in debtor.owed if row["id"] in set(skip.items)]
        excuse = debtor.skips.get(None)
        alone = None
        if not excuse and len(rows) == 1:
            alone = rows[0]
            excuse = debtor.skips.get(alone["id"])
        until = self.date + timedelta(skip.days) if skip.days else None
        code = skip.reason
        return (
            self.id,
            self.company_id.id,
            self.date,
            debtor.profile_id,
            debtor.partner_id,
            alone and alone["id"],
            min((row["due"] for row in rows), default=None),
            max((row["late"] for row in rows), default=0),
            reasons[code if code in reasons else f"dunning_{code}"],
            excuse.until if excuse else until,
            excuse and excuse.model or None,
            excuse and excuse.res_id,
            bool(excuse and excuse.pauses),
            skip.amount / unit,
        )
