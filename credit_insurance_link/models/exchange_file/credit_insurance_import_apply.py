# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.credit_control.models.readers import job

from ...insurers.facts import GRANTING, Code, DecisionFact, Identifier
from .credit_insurance_import import MANAGER

CHUNK = 500
OURS = "file:"  # begins the numbers of cover that we gave because the file gave none
AT_ONCE = 1000  # so many rows are applied in the request, the rest in the background


class CreditInsuranceImport(models.Model):
    """Apply a portfolio through the one door of decisions, some hundred rows at a time."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.import"

    def action_apply(self):
        """Apply what is new or changed; the rest stays for review."""
        self.ensure_one()
        self._check_analyst()
        if self.needs_confirmation:
            raise UserError(self._word_confirmation())
        return self._start()

    def action_apply_anyway(self):
        """Apply a file that is older, or from which much has disappeared."""
        self.ensure_one()
        self._check_analyst()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only credit managers confirm such a file."))
        # sudo: who confirmed is written by this button only.
        self.sudo().confirmed_by = self.env.user
        self.message_post(body=self._word_confirmation())
        return self._start()

    def _word_confirmation(self):
        told = []
        if self.is_old:
            told.append(
                self.env._(
                    "It is older than the portfolio of %s that was applied, or was applied "
                    "before it.",
                    self.previous_id.snapshot_date,
                )
            )
        if self.gone_percent > self.mapping_id.max_gone_percent:
            told.append(
                self.env._(
                    "%(percent)s %% of the last portfolio have disappeared: perhaps the "
                    "file is a filtered view.",
                    percent=self.gone_percent,
                )
            )
        told.append(self.env._("A credit manager may apply it all the same."))
        return " ".join(told)

    def _start(self):
        if self.state != "preview":
            raise UserError(self.env._("Look at the preview first."))
        # sudo: rights were checked by the buttons.
        portfolio = self.sudo()
        portfolio._check_known(portfolio.file_hash, portfolio._get_previous())
        portfolio.state = "applying"
        for _chunk in range(AT_ONCE // CHUNK):
            if not portfolio._apply_chunk():
                return True
        self._trigger_apply()
        return True

    def _trigger_apply(self):
        # sudo: starting this job is all that is done with it.
        self.env.ref("credit_insurance_link.ir_cron_import_apply").sudo()._trigger()

    def action_stop(self):
        """Stop after the rows that are being applied; those stay applied."""
        self._check_analyst()
        running = self.filtered("is_running")
        running._ask_to_stop()
        for portfolio in running:
            portfolio.message_post(body=self.env._("Asked to stop applying it."))
        self._trigger_apply()
        return True

    def action_go_on(self):
        """Go on where applying was stopped."""
        self.ensure_one()
        self._check_analyst()
        if self.state != "stopped":
            raise UserError(self.env._("It was not stopped."))
        # sudo: the state is written by the buttons only.
        self.sudo().state = "applying"
        self._trigger_apply()
        return True

    def _apply_chunk(self):
        """Apply the next rows; what was applied stays applied, wherever it stops.

        :return: int, how many rows are left
        """
        rows = self.env["credit.insurance.import.row"].sudo()
        todo = [("import_id", "=", self.id), ("state", "=", "todo")]
        chunk = rows.search(todo, limit=CHUNK, order="id")
        if chunk:
            self._apply_rows(chunk)
        left = rows.search_count(todo)
        if not left:
            self._finish()
        return left

    def _apply_rows(self, rows):
        """Hand rows to the door of decisions, and keep what it answered for each."""
        countries = self._get_countries({row.said["country"] for row in rows})
        facts = [self._prepare_fact(row, countries) for row in rows]
        decisions = self.env["credit.cover.decision"]
        answers = decisions._ingest(self.policy_id, facts, "file")
        for row, answer in zip(rows, answers, strict=True):
            refused = answer["status"] == "rejected"
            row.write(
                {
                    "state": "rejected" if refused else "done",
                    "decision_id": answer["decision"].id,
                    "problem": answer["error"] or row.problem,
                }
            )
        self._confirm_buyers(rows)

    def _confirm_buyers(self, rows):
        """Rows that our reference or a person matched: their buyers are confirmed."""
        for row in rows.filtered(lambda r: r.match_state in ("reference", "person")):
            buyer = row.decision_id.buyer_id
            if buyer and row.partner_id and buyer.match_state != "confirmed":
                # Decisions and layers were inserted beside the ORM's cache.
                buyer.invalidate_recordset(["layer_ids", "decision_ids"])
                buyer.sudo()._apply_match(
                    {
                        "partner_id": row.partner_id.id,
                        "match_state": "confirmed",
                        "matched_on": row.match_state,
                        "matched_value": row.said["own_reference"] or row.name,
                        "match_score": 100,
                    }
                )

    def _finish(self):
        self.write({"state": "done", "applied_on": fields.Datetime.now()})
        self.message_post(
            body=self.env._(
                "Applied: %(done)s rows; problems: %(problems)s; to review: %(review)s.",
                done=self.done_count,
                problems=self.problem_count,
                review=self.review_count,
            ),
            partner_ids=self.create_uid.partner_id.ids,
        )

    @api.model
    @job
    def _cron_apply(self):
        """Go on with the portfolios that are too large for one request."""
        cron = self.env["ir.cron"]
        # sudo: rights were checked when somebody started applying.
        for portfolio in self.sudo().search([("state", "=", "applying")], order="id"):
            left = 1
            while left and not portfolio._stop_if_asked():
                left = portfolio._apply_chunk()
                if not cron._commit_progress(CHUNK, remaining=left) and left:
                    return

    # === FACTS === #

    def _prepare_fact(self, row, countries):
        """Hook: the fact that a row is.

        Its version holds the day of the snapshot: a limit that comes back after having
        been another is told again, and counts again.
        """
        said, amount = row.said, row.has_amount and row.said["amount"]
        decided = row.decided_at or self.snapshot_date
        return DecisionFact(
            external_id=said["external_id"] or f"{OURS}{row.key}",
            version=f"{self.snapshot_date}:{row.fingerprint[:16]}",
            policy_number=self.policy_id.policy_number,
            buyer_external_id=row.buyer_number or "",
            buyer_name=row.name or "",
            layer=row.layer,
            outcome=row.outcome if amount or row.outcome not in GRANTING else "unknown",
            amount=Decimal(amount) if amount else None,
            requested_amount=_decimal(said["amount_requested"]),
            currency=said["currency"],
            decided_at=decided,
            effective_from=_day(said["effective_from"]) or decided,
            expires_on=row.date_expiry or None,
            insured_percent=_decimal(said["insured_percent"]),
            max_terms_days=said["max_terms_days"],
            identifiers=self._get_row_identifiers(row, countries),
            reasons=_codes(said["reasons"]),
            conditions=_codes(said["conditions"]),
            raw={"file": self.file_name, "line": row.number, **said},
        )

    def _get_row_identifiers(self, row, countries):
        """The row's numbers, else those of the customer that it was matched with."""
        country = countries.get(row.said["country"]) or ""
        country = country or self.mapping_id.country_id.code or ""
        found = []
        if row.national_id and row.national_id != row.said["vat"]:
            kind = self.mapping_id.national_id_kind_id.code or "siren"
            found.append(Identifier(kind, row.national_id, country))
        if row.said["vat"]:
            found.append(Identifier("vat", row.said["vat"], country))
        if found or row.buyer_number or not row.partner_id:
            return tuple(found)
        numbers = row.partner_id.sudo().credit_identifier_ids
        return tuple(
            Identifier(number.type_id.code, number.value, number.country_id.code or "")
            for number in numbers
            if number.state != "invalid"
        )

    def _end_cover(self, rows):
        """Record that the insurer ended the cover of rows that disappeared."""
        countries = self._get_countries({row.said["country"] for row in rows})
        facts = [
            replace(
                self._prepare_fact(row, countries),
                outcome="cancelled",
                amount=Decimal(0),
                decided_at=self.snapshot_date,
                effective_from=self.snapshot_date,
                expires_on=None,
                version=f"{self.snapshot_date}:gone",
            )
            for row in rows
        ]
        answers = self.env["credit.cover.decision"]._ingest(
            self.policy_id, facts, "file"
        )
        for row, answer in zip(rows, answers, strict=True):
            if answer["status"] == "rejected":
                raise UserError(answer["error"])
            decision = answer["decision"].id
            row.write({"review": "cancel", "state": "done", "decision_id": decision})


def _decimal(text):
    return Decimal(text) if text else None


def _day(text):
    return date.fromisoformat(text) if text else None


def _codes(text):
    return (Code("", text),) if text else ()
