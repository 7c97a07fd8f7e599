# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..credit_insurance_duty_term import AT_HOME

REASON = "credit_control.credit_reason_status_insolvency"
STRONGER = {"normal": 0, "watch": 1, "hold": 2, "stop": 3}
RETENTION_MONTHS = 3


class CreditAgencyEvent(models.Model):
    """What the opening of insolvency proceedings sets going, and how it is lifted."""

    _inherit = "credit.agency.event"  # pylint: disable=consider-merging-classes-inherited

    def _apply(self):
        """Freeze follow-ups, stop orders, start the clocks, propose the notice."""
        for event in self.filtered(lambda event: not event.is_applied):
            for profile in event._open_profiles():
                event._apply_to(profile)
            event.is_applied = True

    def _open_profiles(self):
        """The credit files of the debtor; one is opened wherever he owes us something."""
        profiles, debtor = self._get_profiles(), self.partner_id
        self.env.flush_all()
        # sudo: whoever started the watch need not see what the debtor owes.
        groups = (
            self.env["credit.exposure"]
            .sudo()
            ._read_group([("partner_id", "=", debtor.id)], ["company_id"])
        )
        for (company,) in groups:
            if company not in profiles.company_id:
                profiles |= profiles._get_or_create(debtor, company)
        return profiles

    def _apply_to(self, profile):
        """Hook: what the opening does to one credit file."""
        profile.write(
            {
                "insolvency_event_id": self.id,
                # Debts from before are neither chased nor do they bear interest.
                "insolvency_date": self.happened_on or self.published_on,
            }
        )
        self._stop_orders(profile)
        self._start_clocks(profile)
        self._propose_notice(profile)
        profile.message_post(
            body=self.env._(
                "%(event)s, published on %(day)s (%(notice)s). Follow-ups are frozen.",
                event=self.name,
                day=format_date(self.env, self.published_on),
                notice=self.external_id,
            )
        )

    def _stop_orders(self, profile):
        """Put the file on the status that the company chose; never on a weaker one."""
        status = profile.company_id.credit_insolvency_status
        if STRONGER.get(status, 0) <= STRONGER[profile.status]:
            return
        reason = self.env.ref(REASON)
        note = f"{self.name} · {self.court or ''} · {self.external_id}"
        # The company's setting is the rule; a person lifts it.
        profile.write(profile._prepare_status(status, reason.id, note, None))

    def _start_clocks(self, profile):
        """Start what the law asks for, both from the day of publication.

        Declaration of claims: two months (C. com. L622-24, R622-24), afterwards the
        claim is lost; a person makes them four on the duty of a creditor who resides
        abroad. Retention of title: three months (L624-9), without relief.
        """
        published = self.published_on
        declared = published + relativedelta(months=AT_HOME)
        claimed = published + relativedelta(months=RETENTION_MONTHS)
        self._start_clock(profile, "declaration", declared)
        self._start_clock(profile, "retention", claimed)

    def _start_clock(self, profile, kind, deadline):
        """Open a duty of the law, once per debtor, kind and publication.

        :param str kind: "declaration" or "retention"
        :param date deadline: last day
        """
        duties = self.env["credit.insurance.duty"].sudo()
        where = {
            "kind": kind,
            "partner_id": self.partner_id.id,
            "company_id": profile.company_id.id,
            "date_anchor": self.published_on,
        }
        if duties.search(
            [(name, "=", value) for name, value in where.items()], limit=1
        ):
            return
        duties.create(
            {
                **where,
                "deadline": deadline,
                "anchor": "published",
                "open_amount": max(profile.exposure, 0.0),
                "stake_amount": max(profile.exposure, 0.0),
                "currency_id": profile.currency_id.id,
                "user_id": profile._get_status_keeper().id,
            }
        )

    def _propose_notice(self, profile):
        """Prepare the notice to each insurer that covers the debtor; a person sends it."""
        notices = self.env["credit.insurance.overdue"].sudo()
        notices._propose_insolvency(
            self.partner_id,
            profile.company_id,
            self.happened_on or self.published_on,
            profile.company_id._credit_today(),
        )

    # === LIFTING === #

    def action_lift(self):
        """Take back what the event set going: a person decides, and is named.

        The stop is lifted, follow-ups go on. Duties stay on record: whoever lifts
        closes them with the reason.
        """
        self._check_person()
        for event in self:
            event._check_liftable()
            profiles = event._get_profiles()
            frozen = profiles.filtered(lambda p, e=event: p.insolvency_event_id == e)
            event._lift(frozen)
        return True

    def _check_liftable(self):
        if not self.is_applied:
            raise UserError(self.env._("Nothing was set going by this event."))

    def _lift(self, profiles):
        reason = self.env.ref(REASON)
        stopped = profiles.filtered(lambda p: p.status_reason_id == reason)
        # As the person himself: taking off the stop list asks for its own rights.
        stopped.with_user(self.env.user).set_status("normal")
        profiles.write({"insolvency_event_id": False, "insolvency_date": False})
        # sudo: rights were checked by the button.
        self.sudo().is_applied = False
        for profile in profiles:
            profile.message_post(
                body=self.env._("The effects of “%s” were lifted.", self.name)
            )
        self.message_post(body=self.env._("Lifted."))
