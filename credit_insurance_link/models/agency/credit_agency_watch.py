# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.credit_control.models.readers import job

from ...agencies.facts import EventFact
from ...insurers.errors import InsurerError, Refused
from .credit_agency_event_intake import FRANCE

BATCH = 40  # so many SIREN fit into one question to BODACC
OVERLAP = timedelta(days=5)  # notices appear some days after their date
FEEDS = ("creditsafe",)  # tell by themselves what changed


class CreditAgencyWatch(models.Model):
    """How far an agency was asked about one company: where the watch goes on."""

    _name = "credit.agency.watch"
    _description = "Watch on a Company"
    _order = "asked_until, siren, id"
    _rec_name = "siren"

    agency_id = fields.Many2one(
        "credit.agency", required=True, index=True, ondelete="cascade"
    )
    siren = fields.Char(string="SIREN", required=True)
    is_watched = fields.Boolean(default=True)
    asked_until = fields.Date(
        help="Everything until this day was asked and answered. A call that failed "
        "does not move it."
    )
    has_error = fields.Boolean()

    _company_uniq = models.Constraint(
        "UNIQUE(agency_id, siren)", "This company is watched already."
    )

    @api.model
    def _sync(self, agency):
        """Watch who owes us something, has credit or cover; let the others go.

        Two statements for any number of debtors.
        """
        self.env.flush_all()
        self.env.execute_query(self._query_add(agency))
        self.env.execute_query(self._query_leave(agency))
        self.invalidate_model()

    def _query_wanted(self):
        """The numbers of debtors with exposure, an active line or cover."""
        return SQL(
            """SELECT DISTINCT substr(n.entity_key, 4) AS siren
            FROM credit_identifier n WHERE n.entity_key LIKE 'FR:%%'
            AND n.partner_id IN (
                SELECT p.partner_id FROM credit_profile p JOIN credit_line l
                    ON l.profile_id = p.id AND l.state = 'active' WHERE p.active
                UNION SELECT b.partner_id FROM credit_insurer_buyer b
                    JOIN credit_cover_layer c ON c.buyer_id = b.id
                UNION SELECT e.partner_id FROM (%s) e WHERE e.amount > 0)""",
            self.env["credit.exposure"]._table_query,
        )

    def _query_add(self, agency):
        return SQL(
            """INSERT INTO credit_agency_watch (agency_id, siren, is_watched,
                create_uid, create_date, write_uid, write_date)
            SELECT %(agency)s, w.siren, TRUE, %(uid)s, %(now)s, %(uid)s, %(now)s
            FROM (%(wanted)s) w
            ON CONFLICT (agency_id, siren) DO UPDATE SET is_watched = TRUE
            WHERE NOT credit_agency_watch.is_watched RETURNING id""",
            agency=agency.id,
            uid=self.env.uid,
            now=self.env.cr.now(),
            wanted=self._query_wanted(),
        )

    def _query_leave(self, agency):
        return SQL(
            """UPDATE credit_agency_watch SET is_watched = FALSE
            WHERE agency_id = %s AND is_watched AND siren NOT IN (%s) RETURNING id""",
            agency.id,
            self._query_wanted(),
        )


class CreditAgency(models.Model):
    _inherit = "credit.agency"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @job
    def _cron_watch(self):
        """Ask every agency that is switched on about the companies that are due."""
        # sudo: the job writes how far it got, and events, whoever started it.
        agencies = self.sudo().search(self._get_watch_domain())
        for agency in agencies:
            if not agency._watch():
                return

    @api.model
    def _get_watch_domain(self):
        """Hook: the agencies that the watch asks by itself."""
        return [("state", "=", "on"), ("refresh_days", ">", 0), ("kind", "!=", "dnb")]

    def action_watch_now(self):
        """Let the watch ask now about the companies that are due, in the background.

        :return: dict, an action that tells so
        :raise UserError: when the agency is switched off
        """
        self.ensure_one()
        self._check_connection()
        if self.state != "on":
            raise UserError(self.env._("%s is switched off.", self.display_name))
        # sudo: starting this job is all that is done with it.
        self.env.ref("credit_insurance_link.ir_cron_agency_watch").sudo()._trigger()
        told = self.env._("The watch starts now. What it finds is among the events.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "info", "message": told},
        }

    def _watch(self):
        """Ask batch by batch; each is kept before the next one is asked.

        :return: bool, False when the time of the job is up
        """
        if self.kind in FEEDS:
            return self._watch_feed()
        cron = self.env["ir.cron"]
        watch = self.env["credit.agency.watch"]
        watch._sync(self)
        failed = watch
        while rows := self._get_due(failed):
            gone = not self._watch_batch(rows)
            if gone:
                failed |= rows
            left = watch.search_count(self._get_due_domain(failed))
            if not cron._commit_progress(len(rows), remaining=left) and left:
                return False
            if gone and self._is_closed():
                break
        self.last_run = fields.Datetime.now()
        return True

    def _watch_feed(self):
        """Take in what an agency tells by itself of the companies we asked it about.

        :return: bool, True
        """
        try:
            with self._open() as client:
                facts = list(client.iter_changes())
        except InsurerError:
            # Noted on the agency; the feed is read again another day.
            return True
        self.env["credit.agency.event"]._take_in(self, self._add_sirens(facts))
        self.last_run = fields.Datetime.now()
        return True

    def _add_sirens(self, facts):
        """Say whom facts are about that name a company by the agency's number only.

        Whom the number means is known from the scores that were asked for by SIREN.
        """
        asked = self.env["credit.agency.score"].search(
            [
                ("agency_id", "=", self.id),
                ("external_id", "in", [fact.subject for fact in facts]),
            ]
        )
        partners = {score.external_id: score.partner_id for score in asked}
        numbers = self.env["credit.identifier"].search(
            [
                ("partner_id", "in", asked.partner_id.ids),
                ("entity_key", "=like", f"{FRANCE}%"),
            ]
        )
        keys = {number.partner_id: number.entity_key for number in numbers}
        sirens = {
            subject: keys[partner].removeprefix(FRANCE)
            for subject, partner in partners.items()
            if partner in keys
        }
        return [
            replace(fact, sirens=(sirens[fact.subject],))
            for fact in facts
            if fact.subject in sirens
        ]

    def _is_closed(self):
        """Whether calling on makes no sense now: login refused or circuit open."""
        return self.state != "on" or (self.breaker or {}).get("state") == "open"

    def _get_due_domain(self, failed):
        last = self._today() - timedelta(days=self.refresh_days)
        return [
            ("agency_id", "=", self.id),
            ("is_watched", "=", True),
            ("id", "not in", failed.ids),
            "|",
            ("asked_until", "=", False),
            ("asked_until", "<=", last),
        ]

    def _get_due(self, failed):
        """The next companies to ask about: those asked about longest ago."""
        domain = self._get_due_domain(failed)
        return self.env["credit.agency.watch"].search(domain, limit=BATCH)

    def _watch_batch(self, rows):
        """Ask about some companies and keep the answers.

        :return: bool, False when the call failed: these are asked again another time
        """
        try:
            with self._open() as client:
                facts = self._get_facts(client, rows)
        except Refused:
            # Perhaps one company only is refused: that one must not stop the others.
            rows.has_error = True
            return len(rows) > 1 and all([self._watch_batch(row) for row in rows])
        except InsurerError:
            # Noted on the agency; the day is not moved, so nothing is ever missed.
            rows.has_error = True
            return False
        self.env["credit.agency.event"]._take_in(self, facts)
        rows.write({"asked_until": self._today(), "has_error": False})
        return True

    def _get_facts(self, client, rows):
        """Hook: what an agency tells about companies since they were last asked about.

        :param client: of ``_make_client``
        :param rows: ``credit.agency.watch``
        :return: list of EventFact
        """
        sirens = rows.mapped("siren")
        if "events" in client.capabilities:
            return list(client.iter_events(sirens, self._get_since(rows)))
        if "company" in client.capabilities:
            companies = [client.get_company(siren) for siren in sirens]
            return [
                self._to_closed(found) for found in companies if self._is_shut(found)
            ]
        return []

    def _get_since(self, rows):
        today = self._today()
        first = today - timedelta(days=self.lookback_days)
        return min(
            row.asked_until - OVERLAP if row.asked_until else first for row in rows
        )

    def _is_shut(self, company):
        # "Not found" proves nothing: the register hides who asked for it [A].
        return bool(company) and not company.is_active

    def _to_closed(self, company):
        """The event that a register's "closed" is; the same one every time."""
        day = company.closed_on or self._today()
        stamp = company.closed_on.isoformat() if company.closed_on else "closed"
        return EventFact(
            agency=self.kind,
            external_id=f"{company.siren}-{stamp}",
            kind="closed",
            sirens=(company.siren,),
            published_on=day,
            happened_on=company.closed_on,
            raw=company.raw,
        )
