# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How a cover of Atradius reads. Field map and tags: atradius.py. Codes: [B]."""

from .adapter import read_amount, read_date, read_moment, read_rows, read_text
from .facts import GRANTING, Code, DecisionFact, Identifier

# Appendix "Cover Codes" [B2].
DECISIONS = {
    "DC01": "granted",
    "DC02": "granted_conditional",
    "DC03": "refused",
    "DC04": "partial",
    "DC05": "increase_refused",
    "DC06": "preliminary_partial",
    "DC07": "preliminary_refused",
    "DC08": "cancelled",
    "DC09": "reduced",
    "DC10": "granted_conditional",
    "DC11": "granted",
    "DC21": "granted",  # still runs; what is announced is in pending_action
    "DC22": "reduced",
}
# What ended. TCLD, CIND: cover is no longer under this policy; that it ends is [G].
HISTORIC = {
    "WCLD": "cancelled",
    "CCLD": "cancelled",
    "PCLD": "cancelled",
    "TCLD": "cancelled",
    "CIND": "cancelled",
    "ECLD": "expired",
    "SCLD": "superseded",
}
# These end a version, not the cover [B]; its present version is told elsewhere.
VERSIONS = {"ACLD", "ICLD", "MCLD", "ARCH"}
APPLICATIONS = {"CCLA", "RCLA", "SCLA", "TCLA"}
PENDING = {
    "B": "other",
    "C": "cancellation",
    "F": "withdrawal",
    "P": "withdrawal_postponed",
    "R": "other",
    "T": "transfer",
    "V": "other",
    "W": "withdrawal",
}
LAYERS = {"credit-limit": "primary", "credit-check": "credit_check"}
ENDED = ("cancelled", "expired", "superseded")


def read_cover(row, policy_number, currency):
    """Return the facts of one cover: one, or two when its limit is split.

    Order of reading: historicCode, decisionCode, granted amount [B]. The pending
    indicator never decides the state.

    :raise ValueError: the row cannot be read
    """
    historic = read_text(row.get("historicCode"))
    if historic in VERSIONS or historic in APPLICATIONS:
        return []
    outcome = get_outcome(row, historic)
    common = read_common(row, policy_number, currency)
    if outcome in ENDED:
        return end_parts(row, outcome, common)
    parts = split_amount(row)
    if outcome in GRANTING and parts is None:
        # A grant without an amount, or whose parts do not add up, is nobody's guess.
        return [DecisionFact(outcome="unknown", **common, **read_first(row))]
    first, second = parts or (None, None)
    facts = [DecisionFact(outcome=outcome, amount=first, **common, **read_first(row))]
    if second is not None and outcome in GRANTING:
        facts.append(second_part(row, outcome, second, common))
    return facts


def get_outcome(row, historic):
    """Return our word for the state; a code that nobody told us of is unknown."""
    if historic:
        return HISTORIC.get(historic, "unknown")
    code = read_text(row.get("decisionCode"))
    if not code:
        is_referred = read_text(row.get("coverStatus")).upper() == "REFERRED"
        return "referred" if is_referred else "unknown"
    return DECISIONS.get(code, "unknown")


def read_common(row, policy_number, currency):
    """What both parts of a cover have in common."""
    cover_id = read_text(row.get("coverId"))
    buyer_id = read_text(row.get("buyerId"))
    if not cover_id or not buyer_id:
        raise ValueError("a cover without number or buyer")
    told = read_text(row.get("policyId"))
    if told and told.lstrip("0") != policy_number.lstrip("0"):
        raise ValueError(f"a cover of another policy, {told}")
    cover_type = read_text(row.get("coverType"))
    if cover_type not in LAYERS:
        raise ValueError(f"unknown coverType {cover_type!r}")
    return {
        "external_id": cover_id,
        "policy_number": policy_number,
        "buyer_external_id": buyer_id,
        "layer": LAYERS[cover_type],
        "currency": read_currency(row, currency),
        "code": read_text(row.get("historicCode"))
        or read_text(row.get("decisionCode")),
        "decided_at": read_date(row.get("decisionDate")),
        "version": read_moment(row.get("decisionDate")),
        "buyer_name": read_text(row.get("buyerName")),
        "identifiers": read_identifiers(row),
        "own_reference": read_text(row.get("customerRefNumber")),
        "requested_amount": read_amount(
            row.get("creditLimitApplicationAmountInPolicyCurrency")
        ),
        "is_preliminary": read_text(row.get("decisionCode")) in ("DC06", "DC07"),
        "raw": row,
        **read_pending(row),
    }


def read_currency(row, currency):
    """The policy's currency; another one than we know is not guessed away."""
    told = read_text(row.get("policyCurrencyCode"))
    if told and currency and told != currency:
        raise ValueError(f"amounts in {told}, the policy is in {currency}")
    return told or currency


def read_identifiers(row):
    kinds = {"SN": "siren", "VAT": "vat"}
    return tuple(
        Identifier(kinds[item["uidType"]], read_text(item.get("uid")))
        for item in read_rows(row.get("uniqueIdentifiers"))
        if item.get("uidType") in kinds and item.get("uid")
    )


def read_pending(row):
    """What is announced; DC21 announces a withdrawal by itself [B]."""
    sign = read_text(row.get("pendingProcessIndicator"))
    action = PENDING.get(sign, "other") if sign else ""
    if not action and read_text(row.get("decisionCode")) == "DC21":
        action = "withdrawal"
    is_running = not read_text(row.get("historicCode"))
    moment = read_date(row.get("withdrawalDate")) if is_running else None
    return {"pending_action": action, "pending_date": moment if action else None}


def split_amount(row):
    """Return (first, second or None); None when no amount can be relied on."""
    first, second, total = (
        read_amount((row.get(name) or {}).get("decisionAmtInPolicyCurrency"))
        for name in ("firstAmtDecision", "secondAmtDecision", "totalDecision")
    )
    if first is None:
        # Only a total: it is the limit, unless a second part hides in it.
        return (total, None) if total is not None and not second else None
    if total is not None and first + (second or 0) != total:
        return None
    return first, second


def read_first(row):
    """What belongs to the first amount, or to the whole where nothing is split."""
    part = row.get("firstAmtDecision") or {}
    total = row.get("totalDecision") or {}
    return {
        "effective_from": read_date(row.get("effectFromDate")),
        "expires_on": read_date(part.get("decisionExpiryDate"))
        or read_date(total.get("decisionExpiryDate")),
        "conditions": read_conditions(part) or read_conditions(total),
    }


def second_part(row, outcome, amount, common):
    """The second amount is a layer of its own, mostly until a day."""
    part = row["secondAmtDecision"]
    values = {
        **common,
        "external_id": f"{common['external_id']}/2",
        "layer": "temporary",
    }
    return DecisionFact(
        outcome=outcome,
        amount=amount,
        effective_from=read_date(row.get("effectFromDate")),
        expires_on=read_date(part.get("decisionExpiryDate")),
        conditions=read_conditions(part),
        **values,
    )


def end_parts(row, outcome, common):
    """The end of a cover ends both its parts."""
    end = read_date(row.get("withdrawalDate")) or read_date(row.get("effectiveToDate"))
    moment = row.get("withdrawalDate") or row.get("effectiveToDate")
    values = {
        **common,
        "decided_at": end or common["decided_at"],
        "version": read_moment(moment) or common["version"],
        "effective_from": end,
    }
    facts = [DecisionFact(outcome=outcome, **values)]
    if (row.get("secondAmtDecision") or {}).get("decisionAmtInPolicyCurrency"):
        second = f"{common['external_id']}/2"
        values = {**values, "external_id": second, "layer": "temporary"}
        facts.append(DecisionFact(outcome=outcome, **values))
    return facts


def read_conditions(part):
    return tuple(
        Code(
            read_text(item.get("conditionCode")),
            read_text(item.get("conditionDescription")),
        )
        for item in read_rows(part.get("decisionConditions"))
    )
