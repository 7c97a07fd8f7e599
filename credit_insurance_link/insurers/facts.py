# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an insurer told us, in one neutral vocabulary, without Odoo.

Adapters, file imports and forms all produce these; ``credit.cover.decision`` takes
them in. Amounts are Decimal in the currency of the policy, dates are dates as the
insurer printed them. What was asked is never what was granted: two fields (P12).
"""

import hashlib
import json
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal

# What a decision may say. Basis: UN/EDIFACT RECECO, segment CCD, code 4507 [A].
OUTCOMES = (
    "granted",
    "granted_conditional",
    "partial",
    "refused",
    "increase_refused",
    "reduced",
    "cancelled",
    "expired",
    "superseded",
    "maintained",
    "preliminary_partial",
    "preliminary_refused",
    "referred",
    "unknown",
)
# The granted amount of these is the cover from their effective date on.
GRANTING = frozenset(
    {"granted", "granted_conditional", "partial", "preliminary_partial", "reduced"}
)
# These end cover: of the same external id where it is known, else of the layer.
ENDING = frozenset({"refused", "preliminary_refused", "cancelled", "expired"})
# These change no cover: what ran before runs on ("superseded" ends only what the
# same external id granted; the decision that took its place is another fact).
NEUTRAL = frozenset(
    {"increase_refused", "maintained", "superseded", "referred", "unknown"}
)

LAYERS = (
    "primary",
    "topup",
    "temporary",
    "discretionary",
    "credit_check",
    "grade_cover",
)
# UN/EDIFACT 4505 [A]: new 2, increase 3, reduce 7, cancel 6, renew 8, preliminary 4.
REQUEST_TYPES = (
    "new",
    "increase",
    "reduce",
    "cancel",
    "renew",
    "preliminary",
    "grade_only",
)
# "rejected": the insurer took the request in and will not handle it, nothing changed.
# "unknown": nobody knows whether it arrived; search by own reference, never repeat.
REQUEST_STATES = ("referred", "decided", "rejected", "unknown")
# OVD default, EXP extension, RES rescheduling (Allianz Trade portal [A]).
OVERDUE_KINDS = ("default", "extension", "rescheduling")
PENDING_ACTIONS = (
    "withdrawal",
    "withdrawal_postponed",
    "cancellation",
    "reduction",
    "transfer",
    "other",
)


def _plain(value):
    """Return a value as JSON holds it, the same for equal facts."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if hasattr(value, "to_json"):
        return value.to_json()
    return value


def _require(name, value, known):
    if value not in known:
        raise ValueError(f"Unknown {name} {value!r}")


def _require_amount(name, value):
    """Refuse floats and negative amounts: cover is exact and never below nothing."""
    if value is None:
        return
    if not isinstance(value, Decimal) or not value.is_finite() or value < 0:
        raise ValueError(f"{name} must be a Decimal of at least 0, not {value!r}")


class Fact:
    """Base of the dataclasses: how a fact becomes JSON."""

    __slots__ = ()

    def to_json(self):
        """Return the fact as JSON-typed values (dates ISO, amounts as strings)."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}


@dataclass(frozen=True, slots=True)
class Identifier(Fact):
    """A number that names a legal entity.

    ``kind`` is our type's code (siren, siret, vat, lei, duns ...), ``country`` ISO 3166
    alpha-2, ``value`` the compact number.
    """

    kind: str
    value: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Code(Fact):
    """A reason or a condition: the insurer's code and words, both as printed."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class BuyerCandidate(Fact):
    """A company that an insurer or agency proposes for one of our debtors.

    ``score`` 0 to 100 is how sure the source is; ``matched_on`` the kind of the
    number it was found by, empty when it was found by name: such a candidate is
    never confirmed without a human. Grades are opaque strings.
    """

    external_id: str
    name: str = ""
    identifiers: tuple[Identifier, ...] = ()
    country: str = ""
    address: str = ""
    score: int = 0
    matched_on: str = ""
    trading_status: str = ""
    grade: str = ""
    grade_scale: str = ""
    grade_previous: str = ""
    grade_date: date | None = None


@dataclass(frozen=True, slots=True)
class PolicyFact(Fact):
    """What an insurer says of a policy itself."""

    policy_number: str
    state: str = "unknown"
    currency: str = ""
    date_start: date | None = None
    date_end: date | None = None
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecisionFact(Fact):
    """One version of one decision of an insurer on one layer of one buyer's cover.

    ``amount`` is what is GRANTED, None when the insurer named none (then nothing is
    granted by it); ``requested_amount`` what was asked, for reading only.
    ``effective_from`` None means from ``decided_at``; ``expires_on`` is the last day.
    ``insured_percent`` None means the policy's. ``pending_action`` is announced, not
    yet true: cover still runs. ``version`` empty means the hash of the substance.
    ``raw`` is the source's record, kept as it came.
    """

    external_id: str
    policy_number: str
    buyer_external_id: str
    outcome: str
    layer: str = "primary"
    version: str = ""
    amount: Decimal | None = None
    requested_amount: Decimal | None = None
    currency: str = ""
    decided_at: date | None = None
    effective_from: date | None = None
    expires_on: date | None = None
    insured_percent: Decimal | None = None
    max_terms_days: int | None = None
    identifiers: tuple[Identifier, ...] = ()
    buyer_name: str = ""
    reasons: tuple[Code, ...] = ()
    conditions: tuple[Code, ...] = ()
    is_preliminary: bool = False
    pending_action: str = ""
    pending_date: date | None = None
    own_reference: str = ""
    code: str = ""
    raw: dict = field(default_factory=dict)

    def __post_init__(self):
        _require("outcome", self.outcome, OUTCOMES)
        _require("layer", self.layer, LAYERS)
        _require("pending action", self.pending_action, ("", *PENDING_ACTIONS))
        _require_amount("A granted amount", self.amount)
        _require_amount("A requested amount", self.requested_amount)
        if self.amount is None and self.outcome in GRANTING:
            raise ValueError(f"{self.outcome} names no granted amount")

    @property
    def fingerprint(self):
        """Hash of the substance: the same words told twice have the same."""
        substance = self.to_json()
        del substance["raw"], substance["version"]
        text = json.dumps(substance, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def key(self):
        """What makes it one version of one decision: (external id, version)."""
        return self.external_id, self.version or self.fingerprint


@dataclass(frozen=True, slots=True)
class CoverOrder(Fact):
    """What we ask of an insurer; every transport sends the same one.

    ``reference`` is our own (the request's UUID): the only handle to find a request
    again after a broken answer. ``cover_external_id`` names the cover to change.
    """

    reference: str
    request_type: str
    policy_number: str
    buyer_external_id: str
    layer: str = "primary"
    amount: Decimal | None = None
    currency: str = ""
    terms_days: int | None = None
    date_from: date | None = None
    date_to: date | None = None
    is_urgent: bool = False
    comment: str = ""
    cover_external_id: str = ""
    business_unit: str = ""
    extension: str = ""
    customer_reference: str = ""

    def __post_init__(self):
        _require("request type", self.request_type, REQUEST_TYPES)
        _require("layer", self.layer, LAYERS)
        _require_amount("A requested amount", self.amount)


@dataclass(frozen=True, slots=True)
class RequestAnswer(Fact):
    """What became of a request.

    ``external_job_id`` is to be polled, ``external_request_id`` names the request or
    cover at the insurer; ``decisions`` what the answer already decided; ``reason`` why
    it was rejected, in the insurer's words.
    """

    state: str
    external_job_id: str = ""
    external_request_id: str = ""
    decisions: tuple[DecisionFact, ...] = ()
    reason: str = ""
    raw: dict = field(default_factory=dict)

    def __post_init__(self):
        _require("request state", self.state, REQUEST_STATES)


@dataclass(frozen=True, slots=True)
class OverdueInvoice(Fact):
    """One invoice of an overdue notice; amounts in ``currency``, taxes included."""

    number: str
    date_issue: date
    date_due: date
    amount: Decimal
    amount_open: Decimal
    currency: str
    amount_untaxed: Decimal | None = None
    date_due_extended: date | None = None


@dataclass(frozen=True, slots=True)
class Overdue(Fact):
    """A notice of overdue to an insurer: default, extension or rescheduling."""

    reference: str
    kind: str
    policy_number: str
    buyer_external_id: str
    invoices: tuple[OverdueInvoice, ...]
    cause: str = ""
    comment: str = ""

    def __post_init__(self):
        _require("overdue kind", self.kind, OVERDUE_KINDS)


@dataclass(frozen=True, slots=True)
class OverdueAnswer(Fact):
    """What the insurer answered; only "acknowledged" stops a clock."""

    state: str
    external_id: str = ""
    received_on: date | None = None
    reason: str = ""

    def __post_init__(self):
        _require("overdue state", self.state, ("acknowledged", "rejected", "unknown"))
