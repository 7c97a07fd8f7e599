# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

from .credit_line_batch import RUNNING
from .readers import job

CHUNK = 500  # debtors changed together
AT_ONCE = 1000  # so many are done in the request, the rest in the background
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class CreditLineBatch(models.Model):
    """Apply a batch and take it back, some hundred debtors at a time."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.line.batch"

    def _work_on(self):
        """Work on what is left; leave what is too much for one request to the cron."""
        for _chunk in range(AT_ONCE // CHUNK):
            if not self._work_once()[1]:
                return True
        # sudo: starting this job is all that is done with it.
        self.env.ref("credit_control.ir_cron_line_batch").sudo()._trigger()
        return True

    def _work_once(self):
        """Do one chunk.

        :return: tuple, how many rows were done, how many are left
        """
        # sudo: rights and authority were checked for these very rows by the buttons;
        # lines and rows are written here only.
        batch = self.sudo()
        applying = batch.state == "applying"
        rows = batch._get_next_rows()
        if applying:
            batch._apply_safely(rows)
        else:
            batch._undo_rows(rows)
        left = batch._count_left()
        if not left:
            batch._finish()
        return len(rows), left

    def _get_next_rows(self):
        """The rows of the next debtors, all rows of each (nobody is changed by halves)."""
        rows = self.env["credit.line.batch.row"].sudo()
        found = rows.search(self._get_left_domain(), limit=CHUNK, order="id")
        return rows.search(
            [*self._get_left_domain(), ("partner_id", "in", found.partner_id.ids)]
        )

    def _get_left_domain(self):
        if self.state == "applying":
            return self._get_todo_domain()
        return [("batch_id", "=", self.id), ("state", "=", "done")]

    def _count_left(self):
        if self.state not in RUNNING:
            return 0
        return self.env["credit.line.batch.row"].search_count(self._get_left_domain())

    def _finish(self):
        applied = self.state == "applying"
        self.state = "done" if applied else "undone"
        skipped = self.env._("Left alone: %s.", self.skipped_count)
        body = (
            self.env._("Applied. Debtors changed: %(count)s.", count=self.done_count)
            if applied
            else self.env._("Taken back.")
        )
        self.message_post(
            body=f"{body} {skipped}" if self.skipped_count else body,
            partner_ids=(self.asker_id | self.approver_id).partner_id.ids,
        )

    # === APPLY === #

    def _apply_safely(self, rows):
        """Apply a chunk; when it fails, debtor by debtor, so that only one is left out."""
        try:
            with self.env.cr.savepoint():
                self._apply_rows(rows)
        except UserError:
            for debtor_rows in rows.grouped("partner_id").values():
                try:
                    with self.env.cr.savepoint():
                        self._apply_rows(debtor_rows)
                except UserError as error:
                    debtor_rows._leave_alone(str(error))

    def _apply_rows(self, rows):
        """Change or open the lines of these rows, with their history."""
        changed = rows.filtered(lambda row: row._is_stale()) | self._find_opened(rows)
        stale = rows.filtered(lambda row: row.partner_id in changed.partner_id)
        stale._leave_alone(
            self.env._("The line or the customer changed since the preview.")
        )
        rows -= stale
        self._open_lines(rows.filtered("is_new"))
        self._change_lines(rows.filtered(lambda row: not row.is_new))
        rows.state = "done"
        # Everything that can refuse does so inside the savepoint.
        self.env.flush_all()

    def _find_opened(self, rows):
        """The rows whose debtor got a line of this kind since the preview."""
        new = rows.filtered(lambda row: row.is_new)
        profiles = self._find_profiles(new.partner_id)
        lines = self._find_lines(list(profiles.values()), new.kind_id)
        return new.filtered(
            lambda row: self._choose_line(
                lines.get((profiles.get(row.partner_id), row.kind_id), [])
            )
        )

    def _open_lines(self, rows):
        profiles = self._get_profile_ids(rows.partner_id)
        lines = self.env["credit.line"].sudo().with_context(**QUIET)
        created = lines.create(
            [self._prepare_line(row, profiles[row.partner_id.id]) for row in rows]
        )
        for row, line in zip(rows, created, strict=True):
            row.write({"line_id": line.id, "profile_id": line.profile_id.id})
        created._message_log_batch(
            {line.id: self._word_change(None, line.amount) for line in created}
        )

    def _get_profile_ids(self, partners):
        """The credit files of these debtors, opened where missing.

        :return: dict, partner id -> id of the file
        """
        found = {
            partner.id: profile.id
            for partner, profile in self._find_profiles(partners).items()
        }
        profiles = self.env["credit.profile"].sudo().with_context(**QUIET)
        created = profiles.create(
            [
                {"partner_id": partner.id, "company_id": self.company_id.id}
                for partner in partners
                if partner.id not in found
            ]
        )
        return {**found, **{p.partner_id.id: p.id for p in created}}

    def _prepare_line(self, row, profile_id):
        """Hook: values of a line that a batch opens."""
        return {
            "profile_id": profile_id,
            "kind_id": row.kind_id.id,
            "amount": row.amount,
            "currency_id": self.currency_id.id,
            "date_from": row.date_from,
            "date_to": row.date_to,
            "state": "active",
            "origin": self.name,
            "note": self.reason,
        }

    def _change_lines(self, rows):
        """Write each line, and its change as if it had been entered by hand."""
        values = [row._prepare_line_values() for row in rows]
        self._record_changes(rows, values, self.reason)
        # Speed: one message per line is written in one go below, without tracking,
        # which would look at each field of each line for itself.
        for row, vals in zip(rows, values, strict=True):
            row.line_id.with_context(**QUIET).write(vals)
        rows.line_id._message_log_batch(
            {
                row.line_id.id: self._word_change(row.amount_before, row.amount)
                for row in rows
            }
        )

    def _record_changes(self, rows, values, reason):
        changes = (
            self.env["credit.line.change"]
            .sudo()
            .create(
                [
                    {
                        "line_id": row.line_id.id,
                        "reason": f"{self.name}: {reason}",
                        "amount": vals["amount"],
                        "date_from": vals["date_from"],
                        "date_to": vals["date_to"],
                    }
                    for row, vals in zip(rows, values, strict=True)
                ]
            )
        )
        changes.write(
            {
                "state": "done",
                "approver_id": self.approver_id.id,
                "date_answer": self.date_applied,
            }
        )
        for row, change in zip(rows, changes, strict=True):
            row.change_id = change
        return changes

    def _word_change(self, before, after):
        money = self.currency_id.format
        if before is None:
            return self.env._(
                "Opened with %(amount)s by %(batch)s.",
                amount=money(after),
                batch=self.name,
            )
        return self.env._(
            "%(before)s → %(after)s by %(batch)s.",
            before=money(before),
            after=money(after),
            batch=self.name,
        )

    # === UNDO === #

    def _undo_rows(self, rows):
        """Set back what nobody has touched since; leave the rest as it is."""
        touched = rows.filtered(lambda row: not row._is_untouched())
        touched._leave_alone(self.env._("Changed since: it stays as it is."))
        rows -= touched
        self._delete_opened(rows.filtered("is_new"))
        changed = rows.filtered(lambda row: not row.is_new)
        values = [row._prepare_former_values() for row in changed]
        self._record_changes(changed, values, self.env._("taken back"))
        for row, vals in zip(changed, values, strict=True):
            row.line_id.with_context(**QUIET).write(vals)
        changed.line_id._message_log_batch(
            {
                row.line_id.id: self._word_change(row.amount, row.amount_before)
                for row in changed
            }
        )
        rows.state = "undone"

    def _delete_opened(self, rows):
        """Delete lines, not end them: who never had one is what the policy says."""
        lines = rows.line_id.with_context(**QUIET)
        lines.write({"state": "draft"})
        lines.unlink()

    # === CRON === #

    @api.model
    @job
    def _cron_work(self):
        """Go on with the batches that are too large for one request."""
        cron = self.env["ir.cron"]
        for batch in self.search([("state", "in", RUNNING)], order="id"):
            worker = batch.with_user(batch.approver_id).with_company(batch.company_id)
            left = 1
            while left:
                done, left = worker._work_once()
                if not cron._commit_progress(done, remaining=left) and left:
                    return
                # Somebody may have stopped it between two transactions.
                worker.invalidate_recordset(["state"])
                if worker.state not in RUNNING:
                    break


class CreditLineBatchRow(models.Model):
    _inherit = "credit.line.batch.row"

    def _leave_alone(self, why):
        self.write({"state": "skipped", "problem": why})

    def _is_stale(self):
        """Whether the line is not what the preview showed any more."""
        line, debtor = self.line_id, self.partner_id
        if not debtor.active or debtor.commercial_partner_id != debtor:
            return True
        if self.is_new:
            return False
        return (
            not line
            or line.state != "active"
            or self.currency_id.compare_amounts(line.amount, self.amount_before) != 0
            or (line.date_from, line.date_to)
            != (self.date_from_before, self.date_to_before)
        )

    def _prepare_line_values(self):
        return {
            "amount": self.amount,
            "date_from": self.date_from or self.date_from_before,
            "date_to": self.date_to or self.date_to_before,
        }

    def _prepare_former_values(self):
        return {
            "amount": self.amount_before,
            "date_from": self.date_from_before,
            "date_to": self.date_to_before,
        }

    def _is_untouched(self):
        """Whether the line still is as this row left it, without any later change."""
        line = self.line_id
        if not line or line.state != "active":
            return False
        later = line.change_ids.filtered(lambda change: change.id > self.change_id.id)
        as_left = self._prepare_line_values()
        same = not self.currency_id.compare_amounts(line.amount, self.amount)
        return (
            same
            and not later
            and line.date_from == as_left["date_from"]
            and line.date_to == as_left["date_to"]
        )
