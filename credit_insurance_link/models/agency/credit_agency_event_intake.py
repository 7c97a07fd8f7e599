# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.credit_control.models.readers import for_reader

FRANCE = "FR:"  # how the key of a legal entity begins when its number is a SIREN


class CreditAgencyEvent(models.Model):
    """How events come in: once each, by number, in any order."""

    _inherit = "credit.agency.event"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _take_in(self, agency, facts):
        """Keep what an agency told; what is known already is left out.

        An opening that carries one number only, and that of a debtor, is acted upon at
        once; everything else waits for a person. Four statements for any number of
        facts, plus the effects of what is new.

        :param agency: who told
        :param facts: list of ``agencies.facts.EventFact``
        :return: the new events
        """
        # sudo: events are kept as they came, whoever started the watch.
        events = self.sudo()
        partners = self._get_partners({n for fact in facts for n in fact.sirens})
        known = events._get_known(agency, facts)
        vals_list, seen = [], set()
        for fact in sorted(facts, key=lambda fact: fact.published_on):
            for number in fact.sirens:
                for partner in partners.get(number, ()):
                    key = fact.external_id, partner.id
                    if key not in known and key not in seen:
                        seen.add(key)
                        vals_list.append(
                            events._prepare_event(agency, fact, number, partner)
                        )
        created = events.create(vals_list)
        created._link_replaced()
        created._act()
        return created

    @api.model
    def _get_partners(self, sirens):
        """The debtors with these numbers.

        :param sirens: iterable of SIREN
        :return: dict, SIREN -> commercial partners
        """
        # sudo: numbers are compared whoever started the watch.
        numbers = self.env["credit.identifier"].sudo()
        keys = [FRANCE + siren for siren in sirens]
        found = numbers.search([("entity_key", "in", keys)])
        return {
            key.removeprefix(FRANCE): group.partner_id
            for key, group in found.grouped("entity_key").items()
        }

    def _get_known(self, agency, facts):
        found = self.search(
            [
                ("agency_id", "=", agency.id),
                ("external_id", "in", [fact.external_id for fact in facts]),
            ]
        )
        return {(event.external_id, event.partner_id.id) for event in found}

    @api.model
    def _prepare_event(self, agency, fact, number, partner):
        """Hook: values of the event that a notice makes for one debtor."""
        others = [siren for siren in fact.sirens if siren != number]
        words = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "name": fact.title or words[fact.kind],
            "agency_id": agency.id,
            "external_id": fact.external_id,
            "partner_id": partner.id,
            "kind": fact.kind,
            "is_opening": self._is_opening(fact.kind) and fact.notice != "cancellation",
            "notice": fact.notice,
            "published_on": fact.published_on,
            "happened_on": fact.happened_on,
            "court": fact.court,
            "details": fact.details,
            "url": fact.url,
            "siren": number,
            "other_sirens": ", ".join(others),
            "old_value": fact.old_value,
            "new_value": fact.new_value,
            "is_certain": not others,
            "replaces": fact.replaces,
            "is_sandbox": agency.environment == "sandbox",
            "raw_payload": fact.raw,
        }

    def _link_replaced(self):
        """Find what corrections and cancellations are about, by its number."""
        for event in self.filtered(lambda event: event.notice != "new"):
            former = event.replaces and self.search(
                [
                    ("agency_id", "=", event.agency_id.id),
                    ("partner_id", "=", event.partner_id.id),
                    ("external_id", "=", event.replaces),
                ]
            )
            if former:
                event.replaces_id = former

    # === WHAT FOLLOWS === #

    def _act(self):
        """Do what is certain; ask a person for the rest."""
        for event in self.filtered(lambda event: not event.is_sandbox):
            if event.notice == "cancellation":
                event._take_back()
            elif event._is_certain_opening():
                event._apply()
            event._tell()

    def _is_certain_opening(self):
        """Whether nobody needs to be asked: one number, a first notice, an opening."""
        return self.is_opening and self.is_certain and self.notice == "new"

    def _take_back(self):
        """A cancelled notice counts no more; what was done is undone by a person."""
        former = self.replaces_id
        if not former or not self.is_certain:
            return
        former.state = "withdrawn"
        former.message_post(
            body=self.env._("The notice was cancelled by %s.", self.external_id)
        )

    def _tell(self):
        """Ask the person who keeps the credit file to look at it."""
        profiles = self._get_profiles()
        if not profiles:
            # Nobody keeps a file: a manager of the company is asked.
            profiles = profiles.new({"company_id": self.env.company.root_id.id})
        for keeper in {profile._get_status_keeper() for profile in profiles}:
            event = for_reader(self, keeper)
            event.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=keeper.id,
                summary=event._word_task(),
                note=self.details,
            )

    def _word_task(self):
        values = {"customer": self.partner_id.display_name, "event": self.name}
        if self.notice == "cancellation" and self.replaces_id.is_applied:
            return self.env._(
                "The notice about %(customer)s was cancelled: lift what it stopped?",
                **values,
            )
        if self.is_applied:
            return self.env._("%(customer)s: %(event)s. Orders are stopped.", **values)
        if self.is_opening and not self.is_certain:
            return self.env._("Does this concern %(customer)s? %(event)s", **values)
        return self.env._("%(customer)s: %(event)s", **values)

    def _get_profiles(self):
        # sudo: the files of a debtor in all root companies are concerned.
        profiles = self.env["credit.profile"].sudo()
        return profiles.search([("partner_id", "=", self.partner_id.id)])
