# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When a policy's duties fall due: plain dates, no Odoo, no database.

Typical values, never constants: each policy has its own. Sources by confidence, [A] an
insurer's own page, [C] a secondary page: stop of cover at the oldest due date plus the
longest extension [A Atradius BE]; notice within 30 days after the longest extension
[A Atradius UK] or 15 days after default [A Allianz Trade portal]; hand-over to collection
within 30 days after the longest extension of the oldest invoice [A Atradius BE]; the
waiting period starts when the insurer received the notice [A Coface glossary] or with the
due date (D+60 stop, D+90 notice, D+180 loss, 6 months to claim) [C].

Dates count from the original due date unless the insurer accepted an extension, in
calendar days; a deadline on a weekend stays there and is warned of on the business day
before.
"""

from dataclasses import dataclass
from datetime import date, timedelta

STOP, NOTICE, EXTENSION = "stop", "notice", "extension"
HANDOVER, CLAIM, TURNOVER, REPLY = "handover", "claim", "turnover", "reply"
SATURDAY = 5
FIRST, SECOND = 15, 5  # days ahead of a deadline on which somebody is alerted


@dataclass(frozen=True, slots=True)
class Clock:
    """So many calendar days after an anchor.

    :ivar str anchor: "due" (original due date), "extension_end", "stop_cover",
        "notice_sent", "notice_received", "handover", "loss" or "insolvency"
    """

    days: int
    anchor: str = "due"

    @property
    def runs(self):
        """On the due date itself nothing is overdue: 0 days from there is no duty."""
        return bool(self.days) or self.anchor != "due"


NEVER = Clock(0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a policy says about dates.

    :ivar int extension_days: longest extension that the insured may grant alone
    :ivar Clock stop: until deliveries stop
    :ivar Clock notice: until the overdue is reported
    :ivar Clock handover: until the file is handed over to collection
    :ivar Clock waiting: until the date of loss
    :ivar Clock claim: until the claim is filed
    :ivar int insolvency_days: until an insolvency that became known is reported
    """

    extension_days: int = 0
    stop: Clock = NEVER
    notice: Clock = NEVER
    handover: Clock = NEVER
    waiting: Clock = NEVER
    claim: Clock = NEVER
    insolvency_days: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What has happened with a buyer, None for what has not.

    :ivar date sent_on: the notice left us
    :ivar date received_on: the insurer received the notice
    :ivar date handed_on: the file was handed over to collection
    :ivar date judged_on: insolvency proceedings opened
    :ivar date known_on: we learned of them
    """

    sent_on: date | None = None
    received_on: date | None = None
    handed_on: date | None = None
    judged_on: date | None = None
    known_on: date | None = None


NOTHING = Facts()


@dataclass(frozen=True, slots=True)
class Debt:
    """One open item.

    :ivar key: names the item for the caller
    :ivar date date_due: as first invoiced
    :ivar accepted_to: the due date that the insurer accepted instead, or None
    :ivar asked_to: an extension that is asked and not accepted, or None
    """

    key: object
    date_due: date
    accepted_to: date | None = None
    asked_to: date | None = None

    @property
    def due(self):
        """From when the insurer counts."""
        return self.accepted_to or self.date_due


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be done at the latest on ``deadline``.

    :ivar str anchor: what the days count from, as in :class:`Clock`; also "known" (of an
        insolvency), "period" and "request"
    :ivar date anchored_on: that day
    :ivar key: the item that drives it, or None
    """

    kind: str
    deadline: date
    anchor: str
    anchored_on: date
    key: object = None


def get_duties(terms, debts, facts=NOTHING):
    """Date the duties of one buyer under one policy; the oldest item drives them.

    :param Terms terms: of the policy
    :param debts: iterable of Debt, what is open and insured
    :param Facts facts: what has happened
    :return: tuple of Duty, the earliest first
    """
    debts = list(debts)
    if not debts:
        return ()
    anchors = _Anchors(terms, debts, facts)
    found = [anchors.stop(), anchors.notice(), anchors.handover(), anchors.claim()]
    found += [_extension(terms, debt) for debt in debts]
    return tuple(sorted(filter(None, found), key=lambda duty: duty.deadline))


def get_stop(terms, debts, facts=NOTHING):
    """The stop of cover of one buyer.

    :param debts: iterable of Debt, what is open, insured and overdue
    :return: Duty, or None while nothing stops
    """
    debts = list(debts)
    return _Anchors(terms, debts, facts).stop() if debts else None


def get_loss_date(terms, debts, facts=NOTHING):
    """The day on which the loss is established: judgment, or end of the waiting period.

    :return: date, or None as long as it is not known
    """
    debts = list(debts)
    return _Anchors(terms, debts, facts).day("loss")[0] if debts else facts.judged_on


def get_period_duty(period_end, days):
    """The declaration of turnover of a period."""
    deadline = period_end + timedelta(days=days)
    return Duty(TURNOVER, deadline, "period", period_end)


def get_reply_duty(asked_on, days):
    """The answer to an insurer who asks for documents."""
    return Duty(REPLY, asked_on + timedelta(days=days), "request", asked_on)


class _Anchors:
    """The days from which the duties of one buyer count."""

    def __init__(self, terms, debts, facts):
        self.terms, self.facts = terms, facts
        self.oldest = min(debts, key=lambda debt: (debt.due, debt.date_due))
        self.ending = min(debts, key=lambda debt: get_extension_end(terms, debt))

    def day(self, anchor, above=()):
        """Return the day of an anchor, None when unknown, and the item that drives it.

        :param above: anchors that wait for this one; a circle never comes to a day
        """
        facts, oldest, ending = self.facts, self.oldest, self.ending
        if anchor == "due":
            return oldest.due, oldest.key
        if anchor == "extension_end":
            return get_extension_end(self.terms, ending), ending.key
        if anchor in above:
            return None, None
        if anchor == "stop_cover":
            return self._end(self.terms.stop, (*above, anchor))
        if anchor == "loss":
            if facts.judged_on:
                return facts.judged_on, oldest.key
            return self._end(self.terms.waiting, (*above, anchor))
        if anchor == "handover" and not facts.handed_on:
            return self._end(self.terms.handover, (*above, anchor))
        happened = {
            "notice_sent": facts.sent_on,
            "notice_received": facts.received_on,
            "handover": facts.handed_on,
            "insolvency": facts.judged_on,
        }
        return happened[anchor], oldest.key

    def _end(self, clock, above):
        start, key = self.day(clock.anchor, above) if clock.runs else (None, None)
        return start and start + timedelta(days=clock.days), key

    def _duty(self, kind, clock):
        deadline, key = self._end(clock, (kind,))
        if not deadline:
            return None
        start = deadline - timedelta(days=clock.days)
        return Duty(kind, deadline, clock.anchor, start, key)

    def _known(self, kind, days):
        known = self.facts.known_on
        if not known:
            return None
        deadline = known + timedelta(days=days)
        return Duty(kind, deadline, "known", known, self.oldest.key)

    def stop(self):
        return _earliest(self._duty(STOP, self.terms.stop), self._known(STOP, 0))

    def notice(self):
        known = self._known(NOTICE, self.terms.insolvency_days)
        return _earliest(self._duty(NOTICE, self.terms.notice), known)

    def handover(self):
        return self._duty(HANDOVER, self.terms.handover)

    def claim(self):
        clock = self.terms.claim
        if self.facts.judged_on and clock.runs:
            # The loss is there with the judgment, whatever a default would wait for.
            clock = Clock(clock.days, "loss")
        return self._duty(CLAIM, clock)


def get_extension_end(terms, debt):
    """Last day of the extension; one that the insurer accepted is not extended again."""
    alone = debt.date_due + timedelta(days=terms.extension_days)
    return max(alone, debt.accepted_to) if debt.accepted_to else alone


def _extension(terms, debt):
    """An extension beyond what the insured may grant is asked before that ends."""
    end = get_extension_end(terms, debt)
    if not debt.asked_to or debt.asked_to <= end:
        return None
    return Duty(EXTENSION, end, "extension_end", end, debt.key)


def _earliest(*duties):
    return min(filter(None, duties), key=lambda duty: duty.deadline, default=None)


def get_warning_day(deadline, holidays=frozenset()):
    """The last business day on which somebody is at work before a deadline.

    :param holidays: dates that are no business days either
    """
    day = deadline
    while day.weekday() >= SATURDAY or day in holidays:
        day -= timedelta(days=1)
    return day


def get_alert(deadline, today):
    """Which alert a deadline deserves: None, "first", "second", "daily" or "missed".

    Counted to the business day before a weekend. On J-15 once, on J-5 once, then daily.
    """
    if today > deadline:
        return "missed"
    left = (get_warning_day(deadline) - today).days
    if left > FIRST:
        return None
    if left > SECOND:
        return "first"
    return "second" if left == SECOND else "daily"
