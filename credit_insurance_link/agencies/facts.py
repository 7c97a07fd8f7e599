# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What agencies and registers told us, in one neutral vocabulary, without Odoo."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from stdnum.fr import siren as siren_number

# What may have happened to a company. The first four open insolvency proceedings.
OPENINGS = ("safeguard", "receivership", "liquidation", "personal_recovery")
EVENT_KINDS = (
    *OPENINGS,
    "conversion",
    "plan",
    "closure",
    "proceedings_other",
    "conciliation",
    "deregistration",
    "sale",
    "closed",
    "score_change",
    "other",
)


@dataclass(frozen=True, slots=True)
class ScoreFact:
    """A score as an agency gives it: opaque text beside what can be compared.

    ``position`` 0 to 100, higher is better, None where the agency's scale is not
    known; ``probability`` of default in per cent; ``payment_days`` paid late on
    average; ``scored_on`` the agency's own date, None where it tells none.
    """

    agency: str
    external_id: str
    raw_score: str
    scale: str = ""
    grade: str = ""
    position: int | None = None
    probability: Decimal | None = None
    recommended_limit: Decimal | None = None
    currency: str = ""
    payment_days: int | None = None
    previous: str = ""
    scored_on: date | None = None
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventFact:
    """Something that happened, as one notice tells it.

    ``sirens`` are all numbers that the notice carries: with more than one it is not
    certain whom it concerns; ``subject`` is the agency's own number of the company,
    where that is all it tells. ``notice`` is "new", "correction" or "cancellation";
    ``replaces`` the number of the notice that it corrects, where it says so.
    """

    agency: str
    external_id: str
    kind: str
    sirens: tuple[str, ...]
    published_on: date
    subject: str = ""
    notice: str = "new"
    replaces: str = ""
    happened_on: date | None = None
    title: str = ""
    court: str = ""
    details: str = ""
    url: str = ""
    old_value: str = ""
    new_value: str = ""
    raw: dict = field(default_factory=dict)

    def __post_init__(self):
        if self.kind not in EVENT_KINDS:
            raise ValueError(f"Unknown kind of event {self.kind!r}")


@dataclass(frozen=True, slots=True)
class CompanyFact:
    """A company as a register knows it."""

    siren: str
    name: str
    is_active: bool
    created_on: date | None = None
    closed_on: date | None = None
    siret: str = ""
    activity: str = ""
    legal_form: str = ""
    address: str = ""
    city: str = ""
    postcode: str = ""
    staff: str = ""
    raw: dict = field(default_factory=dict)


def to_siren(value):
    """The SIREN that a text holds, empty when it holds none that is valid."""
    number = re.sub(r"[\s.\u00a0\u202f]", "", str(value or ""))
    return number if re.fullmatch(r"\d{9}", number) and is_siren(number) else ""


def is_siren(number):
    """Whether nine digits are a SIREN (check digit)."""
    return siren_number.is_valid(number)


def to_day(value):
    """A date of an answer ("2026-03-12" or with its time); None for anything else."""
    try:
        return date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None


def to_decimal(value):
    """A number of an answer, exact; None for nothing and for what is no number."""
    text = str(value if value is not None else "").strip()
    return Decimal(text) if re.fullmatch(r"-?\d+(?:\.\d+)?", text) else None
