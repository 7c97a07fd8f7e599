# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What every insurer's adapter offers, and what of it this one can do.

An adapter speaks one insurer's words and hands out our facts. It keeps nothing but its
channel. What is not verified for an insurer is missing from its ``capabilities``: the
forms hide it, and a file or the form itself takes its place.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from .errors import Garbled, Unsupported, WrongRoute
from .facts import BuyerCandidate, DecisionFact
from .http import Channel, Dialect

CAPABILITIES = (
    "resolve_buyer",
    "create_buyer",
    "request_cover",
    "change_cover",
    "find_request",
    "poll_request",
    "decisions",
    "portfolio",
    "policy",
    "grades",
    "overdues",
    "claims",
    "webhook",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where and with what to log in; ``base_url`` only for a simulator on this machine."""

    environment: str
    credentials: dict = field(default_factory=dict)
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class PolicyKey:
    """How an insurer is told which policy is meant; numbers keep their zeros."""

    number: str
    business_unit: str = ""
    extension: str = ""
    customer_reference: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that could not be read: the others go on without it."""

    external_id: str
    message: str
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was read; ``cursor`` is where to go on after it, empty at the end."""

    facts: tuple[DecisionFact, ...] = ()
    problems: tuple[Problem, ...] = ()
    buyers: tuple[BuyerCandidate, ...] = ()
    cursor: str = ""


class Adapter(Dialect):
    """The contract. Everything that talks raises InsurerError when it cannot."""

    key = ""
    name = ""
    hosts = {}  # environment -> address
    capabilities = frozenset()
    # Names of the credentials it needs, in the order of the form.
    credentials = ()
    # The purposes of calls whose stored answers ``read_again`` understands.
    replayable = frozenset()
    # Whether a request can be found again by our own reference. Without it, nobody
    # but a human decides whether a request that got no answer is sent again.
    has_own_reference = False
    # Whether looking for a company may be billed: then nobody asks twice for the same.
    is_search_billed = False

    def __init__(self, settings, **channel):
        """
        :param Settings settings: environment and credentials
        :param channel: see Channel: breaker, tokens, on_exchange
        """
        self.settings = settings
        self.base = settings.base_url or self.hosts.get(settings.environment, "")
        if not self.base:
            raise WrongRoute(f"{self.name}: no {settings.environment} is known")
        self.channel = Channel(
            self,
            name=f"{self.key} {settings.environment}",
            secrets=[value for value in settings.credentials.values() if value],
            trust_env=not settings.base_url,
            **channel,
        )

    def can(self, capability):
        return capability in self.capabilities

    def close(self):
        self.channel.close()

    def authenticate(self):
        """Log in, to see whether the credentials are right.

        :raise BadCredentials: they are not
        """
        self.channel.send(self.login_call())

    def resolve_buyer(self, country, identifiers, name="", address=None):
        """Find a company.

        :param str country: ISO 3166 alpha-2
        :param identifiers: Identifier, the best one first
        :return: list of BuyerCandidate, the surest first; may be empty
        """
        self._missing("resolve_buyer")

    def create_buyer(self, country, identifiers, name, address):
        """Make a company known that the insurer does not know; BuyerCandidate."""
        self._missing("create_buyer")

    def check_order(self, order):
        """Return why the insurer would refuse this CoverOrder, "" when nothing is known."""
        return ""

    def request_cover(self, order):
        """Ask for cover, once. The RequestAnswer never grants what it does not say."""
        self._missing("request_cover")

    def change_cover(self, order):
        """Ask for more, less or the end of a cover; RequestAnswer."""
        self._missing("change_cover")

    def find_request(self, order, since):
        """Look for a request that may have arrived.

        :param since: the date it was sent on
        :return: RequestAnswer, or None when it is certain that it did not arrive
        """
        self._missing("find_request")

    def poll_request(self, order, job_id, request_id):
        """Ask what became of a request; RequestAnswer."""
        self._missing("poll_request")

    def iter_decisions(self, policy, since=None, cursor=""):
        """Yield Pages of decisions since a date (all without), from a cursor on."""
        self._missing("decisions")

    def iter_portfolio(self, policy, cursor=""):
        """Yield Pages of all cover in force."""
        self._missing("portfolio")

    def get_policy(self, policy):
        """Return the PolicyFact of a PolicyKey."""
        self._missing("policy")

    def report_overdue(self, overdue):
        """Notify an Overdue; OverdueAnswer. Verified for no insurer: use the file."""
        self._missing("overdues")

    def submit_claim(self, claim):
        """File a claim. Verified for no insurer: use the file."""
        self._missing("claims")

    def read_again(self, purpose, data, policy):
        """Read a stored answer again, as the call with this purpose did.

        :return: a Page; nothing where the purpose holds no decisions
        """
        return Page()

    def _missing(self, capability):
        raise Unsupported(f"{self.name}: {capability}")


def to_key(order):
    """Return the PolicyKey of a CoverOrder."""
    return PolicyKey(
        order.policy_number,
        order.business_unit,
        order.extension,
        order.customer_reference,
        order.currency,
    )


def read_amount(value):
    """Return an exact amount; strings are common, empty ones mean none.

    :raise ValueError: it is no amount, or below zero
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError(f"{value!r} is no amount")
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is no amount") from error
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{value!r} is no amount")
    return amount


def read_date(value):
    """Return the date as printed: zones differ between calls, days must not."""
    if not value:
        return None
    return date.fromisoformat(str(value)[:10])


def read_moment(value):
    """Return a moment in UTC as ISO text, which puts versions of one day in order.

    Empty where only a day is printed: then nothing but the words tells versions apart.
    """
    text = read_text(value)
    if len(text) <= len("2026-01-01"):
        return ""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def read_text(value):
    """Return an id or a word as text; numbers are common where text is meant."""
    return "" if value is None else str(value).strip()


def read_rows(data, *names):
    """Return the list under one of the names, or the data itself when it is a list.

    :raise Garbled: there is no list of objects
    """
    for name in names:
        if isinstance(data, dict) and name in data:
            data = data[name]
    if data is None:
        return []
    if isinstance(data, dict):
        data = [data]
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise Garbled("the answer has another shape than expected")
    return data


def read_each(rows, read, id_name):
    """Read row by row: one that cannot be read becomes a Problem.

    :param read: called with a row, returns its facts
    :return: (facts, problems), both as tuples
    """
    facts, problems = [], []
    for row in rows:
        try:
            facts.extend(read(row))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            external_id = read_text(row.get(id_name))
            problems.append(Problem(external_id, f"{error}", row))
    return tuple(facts), tuple(problems)
