# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From a situation to verdicts."""

from dataclasses import replace

from .case import Case
from .network import Network
from .rule import EFFECTS
from .rules import get_kind
from .situation import Situation
from .verdict import Reason, Verdict, WayOut


def decide(situation):
    """Decide the documents one after another.

    One that may pass counts for the next, one that is held does not.

    :param situation: a :class:`Situation`
    :return: tuple of :class:`Verdict`, in the order of the documents
    """
    base = Network(situation.lines).plus(situation.items)
    owed = [document.before for document in situation.documents]
    network = base.plus(_flat(owed))
    verdicts = []
    for index, document in enumerate(situation.documents):
        others = _flat(owed[:index] + owed[index + 1 :])
        rest = base.plus(others) if document.before else network
        case = Case(situation, document, rest, others)
        verdict = _judge(case)
        verdicts.append(verdict)
        if verdict.outcome != "hold":
            network, owed[index] = case.network_after, case.items
    return tuple(verdicts)


def replay(data):
    """Decide again what :meth:`Situation.to_json` recorded."""
    return decide(Situation.from_json(data))


def _flat(parts):
    return tuple(item for part in parts for item in part)


def _judge(case):
    reasons, rules = _evaluate(case)
    effects = {reason.effect for reason in reasons}
    effect = max(effects, key=EFFECTS.index, default="inform")
    stopped = effect == "stop"
    release = _check_release(case) if effect == "hold" else None
    released = bool(release) and release.code == "released"
    held = stopped or (effect == "hold" and not released)
    observed = held and case.situation.observe
    if released or effect == "inform":
        outcome = "pass"
    else:
        outcome = "hold" if held and not observed else "warn"
    return Verdict(
        key=case.document.key,
        outcome=outcome,
        reasons=(*reasons, release) if release else reasons,
        ways_out=_get_ways_out(case, rules, held and not stopped)
        if outcome != "pass"
        else (),
        uncovered_before=case.before.uncovered,
        uncovered_after=case.after.uncovered,
        added=case.added,
        fits=case.fits,
        before=case.before,
        after=case.after,
        released=released,
        observed=observed,
        stopped=stopped,
    )


def _evaluate(case):
    """Return one reason per code, the strongest, and the rules that spoke."""
    by_code, spoke = {}, []
    if not case.situation.managed or case.is_paid:
        return (), ()
    for rule in case.situation.rules:
        reasons = _ask(rule, case)
        exemption = _find_exemption(rule, case) if reasons else None
        if exemption:
            values = {"exemption": exemption.key, "of": reasons[0].code}
            reasons = (Reason("excepted", "inform", values),)
        elif reasons:
            spoke.append(rule)
        for reason in reasons:
            known = by_code.get(reason.code)
            if not known or EFFECTS.index(reason.effect) > EFFECTS.index(known.effect):
                by_code[reason.code] = reason
    return tuple(by_code.values()), tuple(spoke)


def _ask(rule, case):
    kind = get_kind(rule.kind)
    if not rule.is_for(case.document.checkpoint, case.belongs):
        return ()
    return tuple(kind.reasons(rule, case)) if kind.is_asked(case) else ()


def _find_exemption(rule, case):
    """Return the first exception that lifts a rule here."""
    for exemption in case.situation.exemptions:
        if exemption.is_about(rule) and _holds(exemption, case):
            return exemption
    return None


def _holds(exemption, case):
    if not exemption.is_for(case.document.checkpoint, case.belongs):
        return False
    if not exemption.kind:
        return True
    # What nobody knows frees nobody: None is neither within nor beyond.
    speaks = get_kind(exemption.kind).speaks(exemption, case)
    return speaks is exemption.beyond


def _check_release(case):
    """Return the reason that tells what a document's release is worth, if any."""
    document, release = case.document, case.document.release
    if not release:
        return None
    values = {
        "release": release.key,
        "amount": release.amount,
        "ceiling": release.ceiling,
        "total": document.total,
        "until": release.until.isoformat() if release.until else "",
    }
    if release.until and case.situation.today > release.until:
        return Reason("release_expired", "inform", values)
    if document.total > release.ceiling:
        return Reason("release_exceeded", "inform", values)
    return Reason("released", "inform", values)


def _get_ways_out(case, rules, releasable):
    """Return one way out per code; the largest amount does for every rule.

    Where rules of several kinds speak, a way out that does for one kind only names it.
    """
    rules = _strongest(rules)
    by_code, kinds_by_code = {}, {}
    for rule in rules:
        for way in get_kind(rule.kind).ways_out(rule, case):
            kinds_by_code.setdefault(way.code, set()).add(rule.kind)
            known = by_code.get(way.code)
            if not known or way.amount > known.amount:
                by_code[way.code] = way
    kinds = {rule.kind for rule in rules}
    for code, way in by_code.items():
        if kinds_by_code[code] != kinds:
            values = {**way.values, "kinds": sorted(kinds_by_code[code])}
            by_code[code] = replace(way, values=values)
    if kinds_by_code.get("deposit") != kinds:
        _offer_prepayment(by_code, case)
    if releasable:
        values = {"total": case.document.total}
        by_code["release"] = WayOut("release", case.added, values)
    return tuple(by_code.values())


def _strongest(rules):
    """Return the rules that make the outcome: what only warns does not keep it held."""
    held = [rule for rule in rules if rule.effect in ("hold", "stop")]
    return held or [rule for rule in rules if rule.effect == "warn"]


def _offer_prepayment(by_code, case):
    """What is paid for is never held, whatever the rules say."""
    by_code.pop("deposit", None)
    owed = sum(item.amount for item in case.items)
    if owed > 0 and not case.document.before:
        by_code["deposit"] = WayOut("deposit", owed)
