# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from time import monotonic

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

PATIENCE = 20  # seconds that one transaction goes on handing out


class CreditDunningNotice(models.Model):
    """Look again, then send: what goes out is right at that moment (P13)."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.dunning.notice"

    @api.model
    def _claim(self, run, limit):
        """Take the next notices of a run for this transaction alone.

        Locking: rows that another worker has taken are skipped, not waited for; they are
        given back by a rollback or a crash, and they are no longer prepared after its
        commit. So a notice is handed out once.

        :return: notices, locked until the end of the transaction
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM credit_dunning_notice
                WHERE run_id = %s AND state = 'prepared' AND date_checked IS NULL
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED""",
                run.id,
                limit,
            )
        )
        notices = self.browse(row[0] for row in rows)
        notices.invalidate_recordset()
        return notices

    def _send(self):
        """Look at claimed notices again and hand out what still stands.

        Speed: PDFs of invoices may take a second each; after a while the rest is left to
        another transaction, before Odoo ends this one.

        :return: those that were dealt with
        """
        reasons = self._recheck()
        self.write({"date_checked": fields.Datetime.now()})
        for reason, notices in self.grouped(lambda notice: reasons[notice]).items():
            if reason:
                notices.write({"state": "skipped", "reason_id": reason.id})
        due = self.filtered(
            lambda notice: not reasons[notice] and notice.state == "prepared"
        )
        sent, late = due._deliver_in_time()
        late.date_checked = False
        sent.filtered(lambda notice: not notice.is_test)._mark_sent()
        return self - late

    def _deliver_in_time(self):
        """Hand out one after the other, the first whatever it takes.

        :return: tuple, those that were sent and those that it was too late for
        """
        end = monotonic() + PATIENCE
        sent = self.browse()
        for number, notice in enumerate(self):
            if number and monotonic() > end:
                return sent, self[number:]
            if notice._deliver_safely():
                sent |= notice
        return sent, self.browse()

    def _deliver_safely(self):
        """Hand out one notice; a failure is its own and is told on it."""
        try:
            with self.env.cr.savepoint():
                self._deliver()
                self.env.flush_all()
        except OperationalError:
            # Two transactions met: the whole one is tried again.
            raise
        except Exception as error:  # pylint: disable=broad-except
            # Whatever one customer's template does, the others get their message.
            self.invalidate_recordset()
            self.write({"state": "failed", "error": self._word_failure(error)})
            return False
        return True

    def _word_failure(self, error):
        if isinstance(error, UserError):
            return str(error)
        return f"{type(error).__name__}: {error}"

    def _deliver(self):
        """Hook: hand the messages of one notice to its channels.

        Called for one notice at a time, right after ``_recheck``, inside a savepoint: in
        the same transaction the notice becomes sent and its level counts. What may not
        be rolled back (SMTP, a gateway) happens later, from a queue. In a test run
        (``is_test``) the messages are written and nothing is queued.

        :raise Exception: when it cannot be sent; this notice fails, the others go on
        """
        self.ensure_one()

    def _mark_sent(self):
        """Record what was handed out: levels count from here on."""
        self.write(
            {"state": "sent", "date_sent": fields.Datetime.now(), "error": False}
        )
        self._forget_former_steps()
        self._apply_effects()
        self.profile_id._credit_changed(self.env._("A reminder was sent."))

    def _forget_former_steps(self):
        """Where a plan started again, what was reached before does not count any more."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """UPDATE credit_dunning_item o SET counts = FALSE
                FROM credit_dunning_item i
                WHERE i.notice_id = ANY(%s) AND i.kind = 'step'
                AND o.move_line_id = i.move_line_id AND o.id <> i.id
                AND o.counts AND o.kind = 'step' AND o.rank >= i.rank
                RETURNING o.id""",
                self.ids,
            )
        )
        self.env["credit.dunning.item"].invalidate_model(["counts"])

    # === EFFECTS === #

    def _apply_effects(self):
        """Let each level have its effect on the credit files, once."""
        for level, notices in self.grouped("level_id").items():
            getattr(notices, f"_dunning_effect_{level.sudo().effect}")()

    def _dunning_effect_none(self):
        """Hook: the level has no effect. Add a method for each value that is added."""

    def _dunning_effect_watch(self):
        self._raise_status("watch")

    def _dunning_effect_hold(self):
        self._raise_status("hold")

    def _dunning_effect_stop(self):
        self._raise_status("stop")

    def _raise_status(self, status):
        """Make credit files stricter, never milder; a person lifts it."""
        # sudo: the manager who set the level decided this; whoever sends only follows it.
        profiles = self.profile_id.sudo()
        order = list(dict(profiles._fields["status"].selection))
        milder = profiles.filtered(
            lambda profile: order.index(profile.status) < order.index(status)
        )
        reason = self.env.ref("credit_control.credit_reason_status_overdue").sudo()
        for notice in self.filtered(lambda notice: notice.profile_id in milder):
            profile = notice.profile_id.sudo()
            values = profile._prepare_status(
                status, reason.id, self._word_effect(notice), None
            )
            profile.write(values)
            profile._message_log(body=profile._word_status(values))

    def _word_effect(self, notice):
        return self.env._(
            "%(level)s of %(date)s",
            level=notice.level_id.sudo().name,
            date=fields.Date.to_string(notice.date),
        )
